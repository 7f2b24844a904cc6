"""The laws that hold for every run (docs/architecture.md), as functions from tables to what breaks them.

Each takes the frames of one collection and returns a sentence for every row found wrong, at most `SHOWN` of them; none means that
the law holds. The assets run them before they write, so that rows that break a law never reach the lake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import polars as pl

from pipeline.manifest import Entry
from schemas.derive import InvalidTableError, dangling, validate
from schemas.registry import table

SHOWN = 10
Frames = Mapping[str, pl.DataFrame]


def breaks_schema(names: Sequence[str], frames: Frames) -> list[str]:
    """What of the tables `names` does not meet their pandera models."""
    broken = []
    for name in names:
        try:
            validate(name, frames[name])
        except InvalidTableError as error:
            broken.append(str(error))
    return broken


def breaks_law_1(entries: Sequence[Entry], frames: Frames) -> list[str]:
    """Every raw file is in `raw_files` exactly once: parsed, a duplicate of a named report, or quarantined with a reason."""

    def broken() -> Iterator[str]:
        found = Counter(frames["raw_files"]["path"])
        for entry in entries:
            if found[entry.path] != 1:
                yield f"{entry.path} is in raw_files {found[entry.path]} times"
        yield from (f"{path} is in raw_files, but not in the collection" for path in found.keys() - {entry.path for entry in entries})
        reports = Counter(frames["reports"]["report_id"])
        for row in frames["raw_files"].iter_rows(named=True):
            if row["status"] == "parsed" and reports[row["report_id"]] != 1:
                yield f"{row['path']} is parsed and has {reports[row['report_id']]} rows in reports"
            if row["status"] == "duplicate" and not row["duplicate_of"]:
                yield f"{row['path']} is a duplicate of no report"
            if row["status"] == "quarantined" and not row["reason"].strip():
                yield f"{row['path']} is quarantined without a reason"
        yield from (f"report {report} comes from no file" for report in reports.keys() - set(frames["raw_files"]["report_id"]))

    return list(islice(broken(), SHOWN))


def breaks_law_2(frames: Frames) -> list[str]:
    """Every numeral has one disposition, no two share a character, and the quantities are those called so and no others."""

    def broken() -> Iterator[str]:
        numerals = frames["numerals"].sort("report_id", "start", "end")
        overlapping = numerals.filter((pl.col("start") < pl.col("end").shift(1)) & (pl.col("report_id") == pl.col("report_id").shift(1)))
        for row in overlapping.iter_rows(named=True):
            yield f"report {row['report_id']}: the numeral {row['text']!r} at {row['start']} overlaps the one before it"
        measuring = numerals.filter(pl.col("disposition") == "quantity")
        places = frames["quantities"].select("report_id", "quantity_id", "quote", low="start", high="end")
        pairs = measuring.join(places, on="report_id").filter((pl.col("start") >= pl.col("low")) & (pl.col("end") <= pl.col("high")))
        for row in measuring.join(pairs, on=["report_id", "start"], how="anti").iter_rows(named=True):
            yield f"report {row['report_id']}: the numeral {row['text']!r} at {row['start']} is called a quantity and is in none"
        for row in places.join(pairs, on="quantity_id", how="anti").iter_rows(named=True):
            yield f"quantity {row['quantity_id']} ({row['quote']!r}) has no numeral"

    return list(islice(broken(), SHOWN))


def breaks_law_3(name: str, frames: Frames) -> list[str]:
    """`raw_text[raw_start:raw_end]` is the quote, character for character, for every row of table `name` (quantities or observations)."""
    texts = dict(frames["raw_texts"].select("report_id", "raw_text").iter_rows())

    def broken() -> Iterator[str]:
        for report_id, start, end, quote in frames[name].select("report_id", "raw_start", "raw_end", "quote").iter_rows():
            there = texts.get(report_id, "")[start:end]
            if there != quote:
                yield f"report {report_id}: the raw text holds {there!r} at {start}..{end}, and {name} quotes {quote!r}"

    return list(islice(broken(), SHOWN))


def breaks_near_misses(frames: Frames) -> list[str]:
    """Every near miss is of a report and a quantity that exist, and is no observation."""
    both = frames["near_misses"].join(frames["observations"], left_on="near_miss_id", right_on="observation_id", how="semi")
    coded = [f"near_misses holds {name!r}, which is an observation" for name in both["near_miss_id"][:SHOWN]]
    return [*coded, *breaks_references("near_misses", frames)]


def breaks_references(name: str, frames: Frames) -> list[str]:
    """Rows of table `name` that point to a row of another of the frames which is not there."""
    return [
        f"{name}.{key.column} names {value!r}, which is not in {key.table}"
        for key in table(name).foreign_keys
        if key.table in frames
        for value in dangling(frames[name], key, frames[key.table])[:SHOWN]
    ]
