"""What is told, what is not, and why."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.panel import coverage, panel
from pipeline.tables import frame
from schemas.derive import example, validate
from tests.unit.panel.rows import REPORTS, Row, report, telling

A, B, C, D = REPORTS
CODES = ("reconsideration.applications", "reconsideration.concluded")
Cell = tuple[str, int, str]


def cells(reports: list[Row], tellings: list[Row] = [], files: list[Row] = []) -> dict[Cell, tuple[str, str | None]]:  # noqa: B006
    documents, told = frame("reports", reports), frame("observations", tellings)
    indicators = frame("indicators", [example("indicators") | {"code": code} for code in CODES])
    rows = validate("coverage", coverage(documents, frame("raw_files", files), panel(documents, told), indicators))
    return {(row["region_code"], row["year"], row["code"]): (row["coverage"], row["report_id"]) for row in rows.iter_rows(named=True)}


def unreadable(path: str) -> Row:
    lost: dict[str, Any] = {"path": path, "status": "quarantined", "reason": "a scan without text", "report_id": None}
    return example("raw_files") | lost


def test_an_indicator_is_reported_or_not_mentioned() -> None:
    found = cells([report(A, 2022)], [telling(A, 62)])
    assert found == {("330783", 2022, CODES[0]): ("reported", A), ("330783", 2022, CODES[1]): ("not_mentioned", A)}


def test_zero_is_a_value() -> None:
    assert cells([report(A, 2022)], [telling(A, 0)])["330783", 2022, CODES[0]] == ("reported", A)


def test_a_year_between_two_reports_has_no_report() -> None:
    found = cells([report(A, 2020), report(B, 2022)])
    assert {year: found["330783", year, CODES[0]] for year in (2020, 2021, 2022)} == {
        2020: ("not_mentioned", A),
        2021: ("no_report", None),
        2022: ("not_mentioned", B),
    }
    assert {year for _, year, _ in found} == {2020, 2021, 2022}


def test_a_later_report_may_tell_of_a_year_that_has_none() -> None:
    found = cells([report(A, 2020), report(B, 2022)], [telling(B, 62, year=2021)])
    assert found["330783", 2021, CODES[0]] == ("reported", None)
    assert found["330783", 2021, CODES[1]] == ("no_report", None)


def test_a_file_that_cannot_be_read_is_told_from_a_year_without_one() -> None:
    files = [unreadable("东阳市人民政府2021年法治政府建设情况报告.pdf")]
    found = cells([report(A, 2020), report(B, 2023)], [], files)
    assert {year: found["330783", year, CODES[0]][0] for year in (2021, 2022)} == {2021: "unreadable", 2022: "no_report"}


def test_an_unreadable_copy_of_a_report_that_was_read_changes_nothing() -> None:
    files = [unreadable("东阳市人民政府2020年法治政府建设情况报告.pdf")]
    assert cells([report(A, 2020)], [], files) == cells([report(A, 2020)])


def test_a_file_whose_name_tells_nothing_is_in_no_year() -> None:
    assert cells([report(A, 2020)], [], [unreadable("scan-001.pdf")]) == cells([report(A, 2020)])


def test_plans_and_duplicates_account_for_no_year() -> None:
    others = [report(B, 2021, document_type="plan"), report(D, 2021, duplicate_of=A)]
    assert {year for _, year, _ in cells([report(A, 2020), *others])} == {2020}


def test_a_department_accounts_for_a_year_only_where_the_government_does_not() -> None:
    departments = [report(B, 2020, issuer_kind="department"), report(C, 2021, issuer_kind="department")]
    found = cells([report(D, 2020, document_type="work_report"), *departments])
    assert [found["330783", year, CODES[0]] for year in (2020, 2021)] == [("not_mentioned", D), ("not_mentioned", C)]


def test_an_indicator_that_was_superseded_is_not_missed() -> None:
    indicators = frame("indicators", [example("indicators") | {"superseded_by": CODES[1]}])
    documents = frame("reports", [report(A, 2020)])
    assert coverage(documents, frame("raw_files", []), panel(documents, frame("observations", [])), indicators).is_empty()


@given(
    st.lists(st.builds(report, st.sampled_from(REPORTS), st.integers(2015, 2023)), unique_by=lambda row: row["report_id"]),
    st.lists(
        st.builds(telling, st.sampled_from(REPORTS), st.just(1.0), year=st.integers(2012, 2023)),
        unique_by=lambda row: row["observation_id"],
    ),
)
def test_every_year_from_first_to_last_has_every_indicator_once(reports: list[Row], tellings: list[Row]) -> None:
    found = cells(reports, tellings)
    years = sorted(row["report_year"] for row in reports)
    span = range(years[0], years[-1] + 1) if years else range(0)
    assert set(found) == {("330783", year, code) for year in span for code in CODES}
    documents, told = frame("reports", reports), frame("observations", tellings)
    valued = {(row[0], row[2], row[1]) for row in panel(documents, told).select(pl.col("region_code", "code", "year")).iter_rows()}
    for cell, (state, _) in found.items():
        assert (state == "reported") == (cell in valued)
