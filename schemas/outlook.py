"""Beside the panel: what governments set out to reach, and what their reports leave out."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    choice_column,
    code_column,
    column,
    comparator_column,
    finite,
    high_end,
    optional_report_column,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.registry import ForeignKey
from schemas.values import COVERAGES, EXAMPLE_CODE, EXAMPLE_OBSERVATION, EXAMPLE_REPORT, OBSERVATION_ID, REGION_CODE, TRENDS

TARGETS = "pipeline.panel.targets"
COVERAGE = "pipeline.panel.coverage"


class Targets(Model):
    """What shall be reached by when."""

    observation_id: str = text_column(
        "Observation",
        "The telling of the target.",
        source="observations",
        example=f"{EXAMPLE_REPORT}-90-{EXAMPLE_CODE}",
        str_matches=OBSERVATION_ID,
    )
    report_id: str = report_column("The report or plan that sets the target.")
    region_code: str = text_column(
        "Region", "GB/T 2260 code of the region that sets it.", source="observations", example="330783", str_matches=REGION_CODE
    )
    code: str = code_column()
    year: int = year_column("Horizon", "The year by which the target must hold.", source="observations", example=2020)
    comparator: str = comparator_column()
    value: float = column("Threshold", "The number to reach or to keep to.", source="observations", unit="as in unit", example=50.0)
    value_high: float = column(
        "Upper threshold", "Upper end of a range; else null.", source="observations", unit="as in unit", example=None, nullable=True
    )
    unit: str = text_column("Unit", "The codebook's unit.", source="indicators", example="件", str_length={"min_value": 1})
    actual: float = column(
        "Latest actual",
        "The panel's value of the latest year that is not after the horizon; null if there is none.",
        source="panel",
        unit="as in unit",
        example=62.0,
        nullable=True,
    )
    actual_year: int = year_column("Year of the actual", "The year of that value.", source="panel", example=2017, nullable=True)
    actual_observation_id: str = column(
        "Observation of the actual",
        "The observation of that value.",
        source="panel",
        example=EXAMPLE_OBSERVATION,
        nullable=True,
        str_matches=OBSERVATION_ID,
    )
    met: bool = column(
        "Met",
        "Whether the latest actual meets the target; null if there is none or its own comparator leaves it open. A target told without "
        "a comparator is one to reach (at least), unless it is a time, which is one to keep to (at most).",
        source=TARGETS,
        example=True,
        nullable=True,
    )
    slope: float = column(
        "Slope",
        "Median yearly change of the region's last five values up to the horizon (Theil-Sen); null with fewer than two.",
        source=TARGETS,
        unit="unit a year",
        example=2.5,
        nullable=True,
    )
    trend: str = choice_column(
        "Trend", "Which way the slope points; unknown with fewer than two values.", TRENDS, source=TARGETS, example="rising"
    )

    observation_is_of_the_report = requires(
        "observation_id begins with report_id",
        pl.col("observation_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )
    actual_is_not_after_the_horizon = requires(
        "actual_year is not after year", pl.col("actual_year") <= pl.col("year"), broken_by={"actual_year": 2021}
    )
    actual_has_its_year_and_observation = requires(
        "actual, actual_year and actual_observation_id go together",
        (pl.col("actual").is_null() == pl.col("actual_year").is_null())
        & (pl.col("actual").is_null() == pl.col("actual_observation_id").is_null()),
        broken_by={"actual_observation_id": None},
    )
    met_by_an_actual = requires(
        "met is said of an actual only",
        pl.col("met").is_null() | pl.col("actual").is_not_null(),
        broken_by={"actual": None, "actual_year": None, "actual_observation_id": None},
    )
    trend_has_a_slope = requires(
        "trend is unknown without a slope, and only then",
        (pl.col("trend") == "unknown") == pl.col("slope").is_null(),
        broken_by={"trend": "unknown"},
    )
    value_is_finite = finite("value")
    high_value_is_finite = finite("value_high")
    actual_is_finite = finite("actual")
    slope_is_finite = finite("slope")
    range_runs_upward = high_end()

    class Config:
        """The table."""

        title = "Targets"
        description = "A row is a target that a report or plan sets, beside the region's latest actual value."
        unique: ClassVar[list[str]] = ["observation_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "code", "year", "report_id", "observation_id"],
            "foreign_keys": [
                ForeignKey("observation_id", "observations", "observation_id"),
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("actual_observation_id", "observations", "observation_id"),
            ],
        }


class Coverage(Model):
    """What reports tell and what they leave out."""

    region_code: str = text_column(
        "Region", "GB/T 2260 code of a region that has a report.", source="reports", example="330783", str_matches=REGION_CODE
    )
    year: int = year_column("Year", "A year from the region's first to its last.", source=COVERAGE, example=2017)
    code: str = code_column()
    coverage: str = choice_column(
        "Coverage",
        "reported: the panel has a value; not_mentioned: the region's report of the year tells none; no_report: there is no report of the "
        "year, but of years before and after; unreadable: the only file of the year could not be read. Zero is a value, absence is not.",
        COVERAGES,
        source=COVERAGE,
        example="reported",
    )
    report_id: str = optional_report_column(
        "Report", "The region's own report of the year; null if there is none.", example="5294964d9a8dd071"
    )

    a_silent_report_is_named = requires(
        "not_mentioned names the report, no_report and unreadable name none",
        pl.when(pl.col("coverage") == "not_mentioned")
        .then(pl.col("report_id").is_not_null())
        .when(pl.col("coverage") == "reported")
        .then(True)
        .otherwise(pl.col("report_id").is_null()),
        broken_by={"coverage": "no_report"},
    )

    class Config:
        """The table."""

        title = "Coverage"
        description = "A row says of a region, year and indicator whether there is a value and, if not, why."
        unique: ClassVar[list[str]] = ["region_code", "year", "code"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "year", "code"],
            "foreign_keys": [
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("report_id", "reports", "report_id"),
            ],
        }
