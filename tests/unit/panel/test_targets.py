"""What shall be reached, beside what has been reached."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.panel import panel, targets
from pipeline.tables import frame
from schemas.derive import validate
from tests.unit.panel.rows import REPORTS, Row, report, telling

PLAN, *YEARS = REPORTS
RATE = {"code": "litigation.loss_rate", "unit": "%"}


def rows_of(tellings: list[Row], reports: list[Row] | None = None) -> list[dict[str, Any]]:
    told = frame("observations", tellings)
    documents = frame("reports", reports or [report(PLAN, 2021, document_type="plan"), *(report(name, 2022) for name in YEARS)])
    return validate("targets", targets(documents, told, panel(documents, told))).to_dicts()


def target(value: float, comparator: str = "ge", **changes: Any) -> Row:
    return telling(PLAN, value, **{"status": "target", "comparator": comparator, "year": 2025, **changes})


def actual(value: float, year: int, place: int = 0, **changes: Any) -> Row:
    return telling(YEARS[place], value, **{"year": year, "raw_start": 1000 + year, **changes})


MET = [
    ("ge", 100, "eq", 100, True),
    ("ge", 100, "eq", 99, False),
    ("gt", 100, "eq", 100, False),
    ("gt", 100, "gt", 100, True),
    ("le", 7, "eq", 5.2, True),
    ("le", 7, "eq", 7.1, False),
    ("lt", 3, "eq", 3, False),
    ("lt", 3, "lt", 3, True),
    ("eq", 100, "eq", 100, True),
    ("eq", 100, "eq", 120, True),
    ("eq", 100, "eq", 80, False),
    ("ge", 100, "gt", 90, None),
    ("ge", 100, "ge", 100, True),
    ("le", 7, "gt", 6, None),
    ("le", 7, "gt", 8, False),
    ("ge", 100, "lt", 90, False),
]


@pytest.mark.parametrize(("how", "threshold", "told", "value", "met"), MET)
def test_a_target_is_met_as_far_as_the_actual_says(how: str, threshold: float, told: str, value: float, met: bool | None) -> None:
    (row,) = rows_of([target(threshold, how, **RATE), actual(value, 2024, comparator=told, **RATE)])
    assert (row["met"], row["actual"], row["actual_year"]) == (met, value, 2024)


def test_a_time_without_a_comparator_is_one_to_keep_to() -> None:
    days = {"code": "service.approval_days", "unit": "天"}
    (row,) = rows_of([target(80, "eq", **days), actual(90, 2024, **days)])
    assert row["met"] is False


def test_without_an_actual_nothing_is_said() -> None:
    (row,) = rows_of([target(80)])
    assert (row["actual"], row["actual_year"], row["actual_observation_id"], row["met"], row["trend"]) == (
        None,
        None,
        None,
        None,
        "unknown",
    )


def test_the_latest_actual_up_to_the_horizon_counts_and_the_trend_leads_there() -> None:
    (row,) = rows_of([target(80), actual(50, 2022), actual(60, 2023), actual(66, 2024), actual(10, 2026)])
    assert (row["actual"], row["actual_year"], row["trend"], row["slope"]) == (66.0, 2024, "rising", 8.0)


@pytest.mark.parametrize(("values", "trend"), [([9, 8, 6], "falling"), ([5, 5, 5], "steady"), ([5], "unknown")])
def test_a_trend_falls_or_stays(values: list[float], trend: str) -> None:
    (row,) = rows_of([target(3, "le"), *(actual(value, 2022 + place) for place, value in enumerate(values))])
    assert row["trend"] == trend


def test_one_odd_year_does_not_turn_the_trend() -> None:
    (row,) = rows_of([target(80), *(actual(value, 2020 + place) for place, value in enumerate([10, 20, 500, 40, 50]))])
    assert (row["trend"], row["slope"]) == ("rising", 10.0)


def test_other_regions_and_indicators_do_not_count() -> None:
    others = [actual(90, 2024, region_code="330112"), actual(90, 2024, place=1, code="reconsideration.accepted")]
    assert rows_of([target(80), *others])[0]["actual"] is None


def test_targets_of_duplicates_and_of_unknown_regions_are_left_out() -> None:
    assert not rows_of([target(80)], [report(PLAN, 2021, duplicate_of=YEARS[0])])
    assert not rows_of([target(80, region_code="")])
