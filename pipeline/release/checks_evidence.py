"""The evidence of a release: quotes are where they are said to be, and what is made of the observations says what they say."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.release.checks import Checked, Problem
from pipeline.release.layout import PROVENANCE
from pipeline.release.provenance import RAW_FILES, read_provenance

SHOWN = 5
#: The sample is taken by a hash of the key: everybody who checks a release looks at the same rows, and nobody chose them.
QUOTES = """
    SELECT sampled.key, sampled.raw_start, sampled.raw_end, sampled.quote, raw_texts.raw_text FROM (
        SELECT {key} AS key, report_id, raw_start, raw_end, quote FROM {name} ORDER BY sha256({key}), {key} LIMIT {sample}
    ) AS sampled LEFT JOIN raw_texts USING (report_id) ORDER BY sampled.key
"""
PANEL = """
    SELECT concat_ws('|', panel.region_code, panel.code, panel.year), panel.value, observations.value FROM panel
    LEFT JOIN observations USING (observation_id)
    WHERE panel.value IS DISTINCT FROM observations.value OR panel.value_high IS DISTINCT FROM observations.value_high
        OR panel.code IS DISTINCT FROM observations.code OR panel.year IS DISTINCT FROM observations.year
        OR panel.unit IS DISTINCT FROM observations.unit
    ORDER BY ALL LIMIT 5
"""


def check_quotes(checked: Checked) -> Iterator[Problem]:
    """For a sample of observations and quantities: `raw_text[raw_start:raw_end]` is the quote, character for character."""
    for name, key in (("observations", "observation_id"), ("quantities", "quantity_id")):
        rows = checked.connection.execute(QUOTES.format(name=name, key=key, sample=checked.sample))
        while batch := rows.fetchmany(100):
            for found, start, end, quote, raw_text in batch:
                there = None if raw_text is None else raw_text[start:end]
                if there != quote:
                    yield Problem(
                        f"table {name}, row {found}", f"quotes {quote!r}, and the report's raw text has {there!r} at {start}..{end}"
                    )


def check_panel(checked: Checked) -> Iterator[Problem]:
    """Every value of the panel is that of the observation it names."""
    for key, value, told in checked.connection.execute(PANEL).fetchall():
        yield Problem(f"table panel, row {key}", f"has {value}, and its observation has {told}")


def check_provenance(checked: Checked) -> Iterator[Problem]:
    """`provenance.json` lists the raw files of the table `raw_files`, and has the version of the descriptor."""
    said = read_provenance(checked.release)
    if said["version"] != checked.package["version"]:
        yield Problem(PROVENANCE, f"is of version {said['version']}, and the Data Package of {checked.package['version']}")
    rows = checked.connection.execute(RAW_FILES).to_arrow_table().to_pylist()
    if said["raw_files"] != rows:
        told = {(row["collection"], row["path"]): row for row in said["raw_files"]}
        there = {(row["collection"], row["path"]): row for row in rows}
        differ = [key for key in sorted(told.keys() | there.keys()) if told.get(key) != there.get(key)]
        for key in differ[:SHOWN]:
            yield Problem(f"{PROVENANCE}, raw file {'/'.join(key)}", "is not what table raw_files says")
