"""What people read in 59 work reports, against what the pipeline reads in them: 150 observations and 300 numerals, drawn at random.

`tests/gold/corpus-sample.jsonl`: an observation as it came out when it was drawn, and the verdict; for a wrong one that has a right
reading, that reading too (`added`). `tests/gold/corpus-numerals.jsonl`: a numeral between six characters of the body either side (its `nth`
occurrence), what it is, and whether it was read so when it was drawn (`verdict`; a wrong one with `read_as`).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.batch import extract_files
from pipeline.evaluation import evaluation, gold_sets, report_names
from pipeline.records import RawFile
from schemas.values import DISPOSITIONS
from tests.conftest import REPOSITORY
from tests.support import SHARED

GOLD = REPOSITORY / "tests" / "gold"
CORPUS = SHARED / "corpus"
# Dispositions of which the corpus has hundreds, and which the numerals therefore have at least fifteen of.
FREQUENT = ("quantity", "name", "section_label", "period", "list_word", "ordinal", "year", "date")

pytestmark = pytest.mark.skipif(not (CORPUS / "manifest.csv").is_file(), reason="needs the shared work reports")

Frames = Mapping[str, pl.DataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    """The tables of the corpus and the seeds, by the whole extraction."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        files = [RawFile("corpus", row["path"], (CORPUS / row["path"]).read_bytes(), title=row["title"]) for row in csv.DictReader(lines)]
    seeds = [RawFile("seeds", path.name, path.read_bytes()) for path in sorted((SHARED / "seeds").glob("*.txt"))]
    return extract_files([*files, *seeds])


def gold_rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def bodies(frames: Frames) -> dict[str, tuple[str, str]]:
    """File name -> report id and body."""
    return {
        Path(path).name: (report_id, body) for path, report_id, body in frames["reports"].select("path", "report_id", "body").iter_rows()
    }


def test_the_sample_is_150_observations_as_they_came_out_when_drawn() -> None:
    drawn = [row for row in gold_rows("corpus-sample.jsonl") if not row.get("added")]
    verdicts = Counter(row["verdict"] for row in drawn)
    assert len(drawn) == 150 and set(verdicts) <= {"right", "wrong"}
    assert all(row.get("note") for row in drawn if row["verdict"] == "wrong"), "a wrong one says why"
    assert verdicts["right"] / len(drawn) >= 0.95


def test_observations_judged_right_still_come_out_and_those_judged_wrong_do_not_come_back(frames: Frames) -> None:
    (sample,) = [each for each in gold_sets(GOLD) if each.name == "corpus-sample"]
    made = evaluation(frames["reports"], frames["observations"], [sample], report_names(GOLD))
    missed = made.filter((pl.col("code") != "") & (pl.col("rows_missed") > 0)).select("code", "rows_missed").rows()
    total = made.filter(pl.col("code") == "").row(0, named=True)
    assert missed == []
    assert total["rows_false"] == 0
    assert total["precision"] >= 0.95


def test_every_quote_of_the_sample_stands_in_its_report(frames: Frames) -> None:
    texts = dict(frames["raw_texts"].select("report_id", "raw_text").iter_rows())
    by_name = bodies(frames)
    for row in gold_rows("corpus-sample.jsonl"):
        assert row["quote"] in texts[by_name[row["report"]][0]], row


def test_the_seeds_score_as_the_floor_asks(frames: Frames) -> None:
    (seeds,) = [each for each in gold_sets(GOLD) if each.name == "seeds"]
    total = evaluation(frames["reports"], frames["observations"], [seeds], report_names(GOLD)).row(0, named=True)
    assert total["code"] == "" and total["precision"] >= 0.98 and total["recall"] >= 0.95


def place(body: str, row: Mapping[str, Any]) -> int:
    """Where the numeral of a gold row stands in the body."""
    found = -1
    for _ in range(row["nth"]):
        found = body.index(row["before"] + row["text"] + row["behind"], found + 1)
    return found + len(row["before"])


def covering(frames: Frames, table: str, report_id: str) -> dict[int, dict[str, Any]]:
    """Offset in the body -> the row of the table whose span it lies in."""
    rows = frames[table].filter(pl.col("report_id") == report_id).iter_rows(named=True)
    return {offset: row for row in rows for offset in range(row["start"], row["end"])}


def misread(frames: Frames) -> Iterator[str]:
    """The sampled numerals that are read otherwise than a person read them."""
    by_name = bodies(frames)
    spans: dict[str, tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]] = {}
    for row in gold_rows("corpus-numerals.jsonl"):
        report_id, body = by_name[row["report"]]
        if report_id not in spans:
            spans[report_id] = covering(frames, "numerals", report_id), covering(frames, "quantities", report_id)
        numerals, quantities = spans[report_id]
        at = place(body, row)
        read = numerals.get(at, {}).get("disposition", "none")
        if read == "quantity" == row["disposition"]:
            values = {name: quantities[at][name] for name in ("value", "value_high", "unit", "comparator")}
            if values == {name: row[name] for name in values}:
                continue
            read = f"{values}"
        if read != row["disposition"] or read == "none":
            yield f"{row['before']}【{row['text']}】{row['behind']} in {row['report']}: {row['disposition']}, read as {read}"


def test_of_300_numerals_drawn_at_random_97_in_100_are_read_as_a_person_reads_them(frames: Frames) -> None:
    rows = gold_rows("corpus-numerals.jsonl")
    drawn = Counter(row.get("read_as", row["disposition"]) for row in rows)
    assert len(rows) == 300
    assert all(drawn[name] >= 15 for name in FREQUENT), drawn
    wrong = list(misread(frames))
    assert len(wrong) <= 0.03 * len(rows), "\n".join(wrong)


def test_every_numeral_of_seeds_and_corpus_has_one_disposition_and_every_digit_is_in_one(frames: Frames) -> None:
    assert frames["raw_files"]["status"].to_list() == ["parsed"] * 64
    assert set(frames["numerals"]["disposition"]) <= set(DISPOSITIONS)
    for report_id, body in bodies(frames).values():
        spans = frames["numerals"].filter(pl.col("report_id") == report_id).sort("start").select("start", "end").rows()
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), report_id
        inside = {offset for start, end in spans for offset in range(start, end)}
        assert [
            body[offset - 5 : offset + 6] for offset, character in enumerate(body) if character in "0123456789" and offset not in inside
        ] == []
