"""Which value the panel takes when several reports tell one, and how it says whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.panel import panel, vintages
from pipeline.tables import frame
from schemas.derive import example, validate
from schemas.values import COMPARATORS, DOCUMENT_TYPES, SCOPES

A, B, C = "a" * 16, "b" * 16, "c" * 16
Row = Mapping[str, Any]


def report(report_id: str, year: int | None, **changes: Any) -> Row:
    return example("reports") | {"report_id": report_id, "report_year": year} | changes


def telling(report_id: str, value: float, **changes: Any) -> Row:
    row = example("observations") | {"report_id": report_id, "value": value, "year": 2022} | changes
    start = row["raw_start"]
    quantity = f"{report_id}-{start}"
    return row | {"quantity_id": quantity, "observation_id": f"{quantity}-{row['code']}", "raw_end": start + len(str(row["quote"]))}


def panel_of(reports: list[Row], tellings: list[Row]) -> pl.DataFrame:
    return validate("panel", panel(frame("reports", reports, check=True), frame("observations", tellings, check=True)))


def only_row(reports: list[Row], tellings: list[Row]) -> dict[str, Any]:
    rows = panel_of(reports, tellings).to_dicts()
    assert len(rows) == 1
    return rows[0]


def test_one_report_that_tells_one_value_is_single() -> None:
    row = only_row([report(A, 2022)], [telling(A, 62)])
    assert row == {
        "region_code": "330783",
        "code": "reconsideration.applications",
        "year": 2022,
        "status": "actual",
        "value": 62.0,
        "value_high": None,
        "unit": "件",
        "comparator": "eq",
        "observation_id": f"{A}-504-reconsideration.applications",
        "report_id": A,
        "vintages": 1,
        "agreement": "single",
        "scope": "jurisdiction",
        "issuer_kind": "government",
        "observation_ids": [f"{A}-504-reconsideration.applications"],
        "values": [62.0],
    }


CHOICES = [
    pytest.param({"year": 2022}, {}, {"year": 2023}, {}, id="the year's own report before a later one"),
    pytest.param({"year": 2023}, {}, {"year": 2021}, {}, id="a later report before an earlier one"),
    pytest.param({"year": 2023}, {}, {"year": None}, {}, id="a report with a year before one without"),
    pytest.param({"year": 2023}, {}, {"year": 2025}, {}, id="the nearer of two later reports"),
    pytest.param({"year": 2022}, {"comparator": "approx"}, {"year": 2023}, {}, id="the year's own report even if it is approximate"),
    pytest.param({"document_type": "annual_report"}, {}, {"document_type": "work_report"}, {}, id="the annual before the work report"),
    pytest.param({"document_type": "work_report"}, {}, {"document_type": "case"}, {}, id="the work report before a case write-up"),
    pytest.param({}, {"scope": "government"}, {}, {"scope": "department"}, id="the government before a department"),
    pytest.param({}, {"scope": "government", "comparator": "approx"}, {}, {"scope": "department"}, id="scope before exactness"),
    pytest.param({}, {"scope": "government"}, {}, {"scope": "jurisdiction"}, id="the scope of the definition before another"),
    pytest.param({}, {"comparator": "eq"}, {}, {"comparator": "approx"}, id="exact before approximate"),
    pytest.param({}, {"comparator": "approx"}, {}, {"comparator": "ge"}, id="approximate before a bound"),
    pytest.param({}, {}, {}, {"value_high": 90.0}, id="one value before a range"),
    pytest.param({"published_on": date(2023, 5, 1)}, {}, {"published_on": date(2023, 4, 1)}, {}, id="the copy published later"),
    pytest.param({"published_on": date(2023, 5, 1)}, {}, {"published_on": None}, {}, id="a dated copy before an undated one"),
]


@pytest.mark.parametrize(("better_report", "better", "worse_report", "worse"), CHOICES)
def test_the_better_telling_is_taken(better_report: Row, better: Row, worse_report: Row, worse: Row) -> None:
    for first, second in [(A, B), (B, A)]:
        reports = [report(first, **({"year": 2022} | dict(better_report))), report(second, **({"year": 2022} | dict(worse_report)))]
        row = only_row(reports, [telling(first, 80, **better), telling(second, 70, **worse)])
        assert (row["value"], row["report_id"], row["agreement"], row["vintages"]) == (80.0, first, "revised", 2)
        assert row["values"] == [70.0, 80.0]


def test_the_whole_places_number_is_taken_where_the_indicator_is_defined_for_it() -> None:
    both = [telling(A, 16, raw_start=100, scope="government"), telling(A, 96, raw_start=900, scope="jurisdiction")]
    for code, value in (("litigation.cases", 96.0), ("reconsideration.applications", 16.0)):
        named = [{**each, "code": code, "observation_id": f"{each['quantity_id']}-{code}"} for each in both]
        assert only_row([report(A, 2022)], named)["value"] == value


def test_in_one_report_the_earlier_telling_is_taken_and_the_conflict_told() -> None:
    row = only_row([report(A, 2022)], [telling(A, 64, raw_start=900), telling(A, 62, raw_start=100)])
    assert (row["value"], row["agreement"], row["vintages"], row["values"]) == (62.0, "conflict", 1, [62.0, 64.0])


def test_a_conflict_inside_one_report_is_told_even_if_another_report_was_taken() -> None:
    row = only_row([report(A, 2022), report(B, 2023)], [telling(A, 62), telling(B, 62), telling(B, 64, raw_start=900)])
    assert (row["report_id"], row["value"], row["agreement"], row["vintages"]) == (A, 62.0, "conflict", 2)


def test_the_same_value_told_twice_in_one_report_is_no_conflict() -> None:
    assert only_row([report(A, 2022)], [telling(A, 62), telling(A, 62, raw_start=900)])["agreement"] == "single"


def test_a_later_report_that_tells_the_same_value_agrees() -> None:
    row = only_row([report(A, 2022), report(B, 2023)], [telling(A, 62), telling(B, 62)])
    assert (row["agreement"], row["vintages"], row["values"]) == ("agree", 2, [62.0])


def test_a_range_with_another_upper_end_is_a_revision() -> None:
    row = only_row([report(A, 2022), report(B, 2023)], [telling(A, 62, value_high=70.0), telling(B, 62, value_high=75.0)])
    assert (row["agreement"], row["value_high"]) == ("revised", 70.0)


def test_the_tellings_of_a_row_are_listed_the_chosen_one_first() -> None:
    row = only_row([report(A, 2024), report(B, 2022)], [telling(A, 64), telling(B, 62)])
    assert row["observation_ids"] == [f"{B}-504-reconsideration.applications", f"{A}-504-reconsideration.applications"]


def test_a_department_is_not_set_against_the_government() -> None:
    reports = [report(A, 2023), report(B, 2022, issuer_kind="department")]
    row = only_row(reports, [telling(A, 62), telling(B, 5)])
    assert (row["value"], row["issuer_kind"], row["agreement"], row["vintages"]) == (62.0, "government", "single", 1)


def test_a_department_is_taken_where_nobody_else_tells_and_the_row_says_so() -> None:
    row = only_row([report(A, 2022, issuer_kind="department")], [telling(A, 5)])
    assert (row["value"], row["issuer_kind"]) == (5.0, "department")


# -- what was known when ---------------------------------------------------------------------------------------------------------


def known(reports: list[Row], tellings: list[Row]) -> list[tuple[str, int, date, str, date | None]]:
    rows = validate("vintages", vintages(frame("reports", reports), frame("observations", tellings)))
    return rows.select("report_id", "rank", "known_on", "dated_by", "chosen_until").rows()


def dated(report_id: str, year: int | None, published: date | None, signed: date | None = None) -> Row:
    return report(report_id, year, published_on=published, signed_on=signed)


def test_a_telling_is_known_from_its_publication_or_signature_or_when_such_reports_are_due() -> None:
    reports = [dated(A, 2022, date(2023, 3, 1), date(2023, 1, 5)), dated(B, 2022, None, date(2023, 1, 6)), dated(C, 2022, None)]
    rows = known(reports, [telling(A, 1, year=2022), telling(B, 1, year=2021), telling(C, 1, year=2020)])
    assert [(row[2], row[3]) for row in rows] == [
        (date(2023, 4, 1), "estimated"),
        (date(2023, 1, 6), "signed"),
        (date(2023, 3, 1), "published"),
    ]


def test_a_telling_of_a_report_without_year_or_date_is_known_when_reports_about_its_year_are_due() -> None:
    assert known([dated(A, None, None)], [telling(A, 1)])[0][2:4] == (date(2023, 4, 1), "estimated")


def test_a_telling_was_chosen_until_a_better_one_was_known() -> None:
    later_and_better = [dated(A, 2022, date(2024, 5, 1)), dated(B, 2023, date(2024, 3, 1)), dated(C, 2024, date(2025, 3, 1))]
    rows = known(later_and_better, [telling(A, 62), telling(B, 61), telling(C, 60)])
    assert [(row[0], row[1], row[4]) for row in rows] == [(A, 1, None), (B, 2, date(2024, 5, 1)), (C, 3, date(2024, 3, 1))]


LEFT_OUT = [
    pytest.param(report(A, 2022), telling(A, 62, status="target"), id="a target"),
    pytest.param(report(A, 2022, duplicate_of=C), telling(A, 62), id="a duplicate report"),
    pytest.param(report(A, 2022, region_code=""), telling(A, 62, region_code=""), id="a report without a region"),
    pytest.param(report(B, 2022), telling(A, 62), id="an observation whose report is not there"),
]


@pytest.mark.parametrize(("document", "observation"), LEFT_OUT)
def test_what_does_not_count_is_not_in_the_panel(document: Row, observation: Row) -> None:
    assert panel_of([document], [observation]).height == 0


def test_other_regions_codes_and_years_are_rows_of_their_own() -> None:
    tellings = [
        telling(A, 1),
        telling(A, 2, year=2021, raw_start=900),
        telling(A, 3, code="reconsideration.accepted"),
        telling(B, 4, region_code="330112"),
    ]
    rows = panel_of([report(A, 2022), report(B, 2022, region_code="330112")], tellings)
    assert rows["value"].to_list() == [4.0, 3.0, 2.0, 1.0]
    assert rows["agreement"].unique().to_list() == ["single"]


REPORTS = st.lists(
    st.builds(
        report,
        st.sampled_from([A, B, C]),
        st.sampled_from([None, 2021, 2022, 2023]),
        document_type=st.sampled_from(DOCUMENT_TYPES),
        published_on=st.sampled_from([None, date(2023, 1, 1), date(2023, 2, 1)]),
        duplicate_of=st.sampled_from([None, None, "d" * 16]),
    ),
    unique_by=lambda row: row["report_id"],
    min_size=1,
)
TELLINGS = st.lists(
    st.builds(
        telling,
        st.sampled_from([A, B, C]),
        st.sampled_from([1.0, 2.0, 3.0]),
        value_high=st.sampled_from([None, 5.0]),
        year=st.sampled_from([2021, 2022]),
        raw_start=st.integers(0, 5),
        scope=st.sampled_from(SCOPES),
        comparator=st.sampled_from(COMPARATORS),
        status=st.sampled_from(["actual", "actual", "target"]),
    ),
    unique_by=lambda row: row["observation_id"],
)


@given(REPORTS, TELLINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(reports: list[Row], tellings: list[Row], random: Any) -> None:
    once = panel(frame("reports", reports), frame("observations", tellings))
    random.shuffle(reports)
    random.shuffle(tellings)
    documents = pl.concat([frame("reports", [row]) for row in reports])
    observations = pl.concat([frame("observations", []), *(frame("observations", [row]) for row in tellings)])
    assert panel(documents, observations).equals(once)


@given(REPORTS, TELLINGS, st.dates(date(2022, 1, 1), date(2025, 12, 31)))
def test_as_of_a_day_the_panel_holds_what_a_panel_of_the_reports_known_by_then_would(
    reports: list[Row], tellings: list[Row], day: date
) -> None:
    documents, observations = frame("reports", reports), frame("observations", tellings)
    told = vintages(documents, observations)
    held = told.filter((pl.col("known_on") <= day) & (pl.col("chosen_until").is_null() | (pl.col("chosen_until") > day)))
    by_then = told.filter(pl.col("known_on") <= day).get_column("observation_id")
    expected = panel(documents, observations.filter(pl.col("observation_id").is_in(by_then.implode())))
    assert (
        held.select("region_code", "code", "year", "observation_id").rows()
        == expected.select("region_code", "code", "year", "observation_id").rows()
    )


@given(REPORTS, TELLINGS)
def test_every_row_is_one_of_the_tellings_and_every_key_that_counts_has_a_row(reports: list[Row], tellings: list[Row]) -> None:
    rows = panel_of(reports, tellings)
    originals = {row["report_id"] for row in reports if row["duplicate_of"] is None}
    counted = [row for row in tellings if row["status"] == "actual" and row["report_id"] in originals]
    assert set(rows.select("region_code", "code", "year").rows()) == {(row["region_code"], row["code"], row["year"]) for row in counted}
    by_id = {row["observation_id"]: row for row in counted}
    for row in rows.to_dicts():
        chosen = by_id[row["observation_id"]]
        assert all(row[name] == chosen[name] for name in ("value", "value_high", "unit", "comparator", "report_id", "year"))
        same_key = [other for other in counted if other["year"] == row["year"]]
        assert row["values"] == sorted({other["value"] for other in same_key})
        assert row["vintages"] == len({other["report_id"] for other in same_key})
