"""What looks wrong in the panel as a whole: a table of rows in, the findings out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.panel.findings import (
    KINDS,
    conflicts,
    far_from_peers,
    findings,
    jumps_in_series,
    parts_above_wholes,
    rates_over_100,
    unit_changes,
    years_out_of_range,
)
from pipeline.tables import frame
from schemas.derive import example, validate
from schemas.values import FINDING_KINDS
from tests.unit.panel.rows import Row, panel_row

APPLICATIONS, ACCEPTED, RATE = "reconsideration.applications", "reconsideration.accepted", "litigation.loss_rate"


def found(rows: pl.DataFrame) -> list[tuple[int, float | None]]:
    return rows.sort("finding_id").select("year", "expected").rows()


def series(values: list[float], **changes: Any) -> pl.DataFrame:
    return frame("panel", [panel_row(value, year=2014 + place, **changes) for place, value in enumerate(values)])


def test_every_kind_has_a_severity() -> None:
    assert set(KINDS) == set(FINDING_KINDS)


@pytest.mark.parametrize(
    ("values", "years"),
    [
        pytest.param([60, 62, 65, 620, 70], [2017], id="ten times its neighbours"),
        pytest.param([60, 62, 65, 6, 70], [2017], id="a tenth of its neighbours"),
        pytest.param([60, 62, 65, 180, 70], [], id="three times is no wonder"),
        pytest.param([60, 620, 65], [], id="three years are too few"),
        pytest.param([10, 30, 90, 270, 810], [], id="steady growth"),
        pytest.param([0, 62, 65, 60, 70], [], id="zero is a value of its own"),
        pytest.param([60, 600, 5, 62, 2000, 70, 700], [], id="a series that jumps all the time"),
    ],
)
def test_a_jump_is_far_from_the_median_of_its_series(values: list[float], years: list[int]) -> None:
    assert [year for year, _ in found(jumps_in_series(series(values)))] == years


def test_a_jump_says_what_it_was_held_against() -> None:
    (row,) = jumps_in_series(series([60, 62, 65, 620, 70])).to_dicts()
    assert (row["value"], row["expected"], row["message"]) == (
        620.0,
        65.0,
        "620 件 is 9.53846 times the median of the series (65, with 4 other years)",
    )


def test_a_region_is_held_against_regions_of_its_level() -> None:
    codes = [f"3307{number}" for number in range(81, 91)]
    regions = frame("regions", [example("regions") | {"region_code": code} for code in codes])
    rows = frame("panel", [panel_row(60.0 if code != "330785" else 60000.0, region_code=code) for code in codes])
    (row,) = far_from_peers(rows, regions).to_dicts()
    assert (row["region_code"], row["expected"]) == ("330785", 60.0)
    assert far_from_peers(rows.head(6), regions).is_empty()
    province = regions.with_columns(pl.when(pl.col("region_code") == "330785").then(pl.lit("province")).otherwise("level").alias("level"))
    assert far_from_peers(rows, province).is_empty()


def test_a_rate_is_at_most_100_percent() -> None:
    indicators = frame("indicators", [example("indicators") | {"code": RATE, "value_type": "rate", "unit": "%"}, example("indicators")])
    rates = [panel_row(value, code=RATE, unit="%", year=2014 + place) for place, value in enumerate([99.0, 100.0, 101.0])]
    assert found(rates_over_100(frame("panel", [*rates, panel_row(620, year=2016)]), indicators)) == [(2016, 100.0)]


def test_a_part_is_not_above_its_whole() -> None:
    parts = pl.DataFrame({"code": [ACCEPTED], "whole": [APPLICATIONS]})
    rows = [
        panel_row(98, year=2020),
        panel_row(120, year=2020, code=ACCEPTED),
        panel_row(98, year=2021),
        panel_row(89, year=2021, code=ACCEPTED),
    ]
    (row,) = parts_above_wholes(frame("panel", rows), parts).to_dicts()
    assert (row["year"], row["value"], row["expected"], len(row["observation_ids"])) == (2020, 120.0, 98.0, 2)


def test_an_approximate_part_may_be_below() -> None:
    parts = pl.DataFrame({"code": [ACCEPTED], "whole": [APPLICATIONS]})
    rows = [panel_row(98, comparator="gt"), panel_row(120, code=ACCEPTED)]
    assert parts_above_wholes(frame("panel", rows), parts).is_empty()


@pytest.mark.parametrize(
    ("year", "report_year", "wrong"), [(2022, 2022, 0), (2017, 2022, 0), (2023, 2022, 1), (2005, 2022, 1), (2022, None, 0)]
)
def test_a_report_tells_of_its_own_year_or_a_few_before(year: int, report_year: int | None, wrong: int) -> None:
    row = example("vintages") | {"year": year, "report_year": report_year}
    assert years_out_of_range(frame("vintages", [row])).height == wrong


def test_occasions_among_things_are_another_unit() -> None:
    panel = series([60, 62, 65, 70])
    units = ["人", "人", "人次", "人"]
    observations = panel.select("observation_id", pl.concat_str(pl.lit("q"), "year").alias("quantity_id"))
    quantities = pl.DataFrame({"quantity_id": observations["quantity_id"], "unit": units})
    (row,) = unit_changes(panel, observations, quantities).to_dicts()
    assert (row["year"], row["message"]) == (2016, "told in 人次, while 3 other years of the series are told in 人")
    alike = quantities.with_columns(pl.Series("unit", ["件", "宗", "起", "件"]))
    assert unit_changes(panel, observations, alike).is_empty()


def test_a_conflict_is_listed_with_all_its_tellings() -> None:
    row = panel_row(62, agreement="conflict") | {"values": [62.0, 64.5], "observation_ids": ["x", "y"]}
    (told,) = conflicts(frame("panel", [row, panel_row(1, year=2020)])).to_dicts()
    assert told["message"] == "one report tells several values: 62, 64.5"
    assert told["observation_ids"] == [row["observation_id"], "y"]


ROWS = st.lists(
    st.builds(
        panel_row,
        st.sampled_from([0.0, 1.0, 60.0, 62.0, 101.0, 6e6]),
        year=st.integers(2014, 2021),
        code=st.sampled_from([APPLICATIONS, ACCEPTED, RATE]),
        region_code=st.sampled_from(["330783", "330112", "440303"]),
        agreement=st.sampled_from(["single", "conflict"]),
    ),
    unique_by=lambda row: (row["region_code"], row["code"], row["year"]),
)


@given(ROWS, st.randoms(use_true_random=False))
def test_findings_are_valid_and_the_order_of_the_rows_makes_no_difference(rows: list[Row], random: Any) -> None:
    def made(given: list[Row]) -> pl.DataFrame:
        panel = pl.concat([frame("panel", []), *(frame("panel", [row]) for row in given)])
        told = frame(
            "vintages",
            [
                example("vintages") | {name: row[name] for name in ("region_code", "code", "year", "value", "observation_id", "report_id")}
                for row in given
            ],
        )
        observations = panel.select("observation_id", pl.col("observation_id").alias("quantity_id"))
        quantities = observations.select("quantity_id", pl.lit("件").alias("unit"))
        indicators = frame("indicators", [example("indicators") | {"code": RATE, "value_type": "rate", "unit": "%"}])
        regions = frame("regions", [example("regions") | {"region_code": code} for code in ("330783", "330112", "440303")])
        return validate("findings", findings(panel, told, observations, quantities, indicators, regions))

    once = made(rows)
    random.shuffle(rows)
    assert made(rows).equals(once)
