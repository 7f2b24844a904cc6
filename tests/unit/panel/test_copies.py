"""Which of several copies of a report counts, over all collections and whatever order they were read in."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl

from pipeline.panel import duplicates, marked
from pipeline.tables import frame
from schemas.derive import example, validate
from tests.unit.panel.rows import REPORTS

A, B, C, D = REPORTS
TEXT = "\n".join(f"第{n}项工作扎实推进,全年办理事项{n * 37}件,群众满意度达到{60 + n}%,得到各方面充分肯定。" for n in range(1, 20))


def tables(*copies: tuple[str, str, str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reports and raw files of (report, collection, day, body)."""
    reports = [
        example("reports") | {"report_id": report, "collection": collection, "path": f"{report}.txt", "body": body}
        for report, collection, _, body in copies
    ]
    files = [
        example("raw_files")
        | {"report_id": report, "sha256": report * 4, "collection": collection, "path": f"{report}.txt", "retrieved_at": day}
        for report, collection, day, _ in copies
    ]
    return frame("reports", reports), frame("raw_files", files)


def kept(*copies: tuple[str, str, str, str], regions: dict[str, str] | None = None) -> dict[str, str]:
    reports, files = tables(*copies)
    for report, region in (regions or {}).items():
        code = pl.when(pl.col("report_id") == report).then(pl.lit(region)).otherwise("region_code")
        reports = reports.with_columns(code.alias("region_code"))
    rows = validate("duplicates", duplicates(reports, files))
    return dict(rows.select("report_id", "duplicate_of").iter_rows())


def test_the_copy_retrieved_first_counts_whatever_its_collection_and_id() -> None:
    assert kept((A, "a", "2024-03-02", TEXT), (B, "z", "2024-03-01", TEXT + "\n特此报告。")) == {A: B}


def test_of_one_day_the_first_collection_counts_and_an_unknown_day_comes_last() -> None:
    assert kept((B, "b", "2024-03-01", TEXT), (A, "a", "2024-03-01", TEXT)) == {B: A}
    assert kept((A, "a", "", TEXT), (B, "b", "2024-03-01", TEXT)) == {A: B}


def test_the_order_of_the_rows_makes_no_difference() -> None:
    copies = [
        (A, "a", "2024-03-03", TEXT),
        (B, "b", "2024-03-01", TEXT),
        (C, "c", "2024-03-02", TEXT + "以上。"),
        (D, "d", "", "另一份报告。"),
    ]
    results = [kept(*order) for order in itertools.permutations(copies)]
    assert all(result == {A: B, C: B} for result in results)


def test_a_text_that_two_regions_bear_is_two_reports() -> None:
    copies = (A, "a", "2024-03-01", TEXT), (B, "a", "2024-03-02", TEXT)
    assert kept(*copies, regions={B: "330112"}) == {}
    assert kept(*copies, regions={B: ""}) == {B: A}


def test_reports_are_marked_and_marks_that_no_longer_hold_are_taken_off() -> None:
    reports, files = tables((A, "a", "2024-03-01", TEXT), (B, "a", "2024-03-02", TEXT))
    stale: dict[str, Any] = {"duplicate_of": pl.Series([B, None])}
    found = marked(reports.with_columns(**stale), duplicates(reports, files))
    assert found.columns == reports.columns
    assert found.select("report_id", "duplicate_of").rows() == [(A, None), (B, A)]
