"""What follows from the panel and is not in it: implied values, growth told against earlier vintages, findings."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    Texts,
    choice_column,
    code_column,
    column,
    finite,
    no_null_items,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.registry import ForeignKey
from schemas.values import (
    BASES,
    EXAMPLE_OBSERVATION,
    EXAMPLE_QUANTITY,
    EXAMPLE_REPORT,
    FINDING_KINDS,
    OBSERVATION_ID,
    QUANTITY_ID,
    REGION_CODE,
    SEVERITIES,
    VERDICTS,
)

GROWTH = "pipeline.panel.growth"
IMPLIED = "pipeline.panel.implied"
FINDINGS = "pipeline.panel.findings"


def _region() -> str:
    column_: str = text_column("Region", "GB/T 2260 code of the region.", source="observations", example="330783", str_matches=REGION_CODE)
    return column_


class Implied(Model):
    """Values that no report tells but that follow from what it tells."""

    observation_id: str = text_column(
        "Observation",
        "The observation it follows from: the level that a growth is told of, or the rate.",
        source="observations",
        example=EXAMPLE_OBSERVATION,
        str_matches=OBSERVATION_ID,
    )
    report_id: str = report_column()
    region_code: str = _region()
    code: str = code_column("The indicator of the implied value.")
    year: int = year_column("Year", "The year of the implied value.", source=IMPLIED, example=2016)
    value: float = column("Value", "The implied value, not rounded.", source=IMPLIED, unit="as in unit", example=89.6)
    low: float = column("Low", "Smallest value that rounds to what is told.", source=IMPLIED, unit="as in unit", example=89.5)
    high: float = column("High", "Largest value that rounds to what is told.", source=IMPLIED, unit="as in unit", example=89.7)
    unit: str = text_column("Unit", "The codebook's unit.", source="indicators", example="件", str_length={"min_value": 1})
    basis: str = choice_column(
        "Basis",
        "growth: a level and its growth rate; change: a level and its absolute change; rate: a numerator and a rate.",
        BASES,
        source=IMPLIED,
        example="growth",
    )
    expression: str = text_column(
        "Expression", "How it follows, in numbers.", source=IMPLIED, example="62 / (1 - 30.8%) = 89.6", str_length={"min_value": 1}
    )
    quantity_ids: Texts = column("Quantities", "The numbers it follows from.", source="quantities", example=[EXAMPLE_QUANTITY])

    observation_is_of_the_report = requires(
        "observation_id begins with report_id",
        pl.col("observation_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )
    value_is_between = requires(
        "value lies between low and high", (pl.col("low") <= pl.col("value")) & (pl.col("value") <= pl.col("high")), broken_by={"low": 90.0}
    )
    value_is_finite = finite("value")
    low_is_finite = finite("low", broken=float("-inf"))
    high_is_finite = finite("high", broken=float("inf"))
    quantities_have_values = no_null_items("quantity_ids")

    class Config:
        """The table."""

        title = "Implied values"
        description = (
            "A row is a value that no report tells but that follows from two numbers of one. Implied values are never in the panel."
        )
        unique: ClassVar[list[str]] = ["observation_id", "code", "year", "basis"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "code", "year", "observation_id", "basis"],
            "foreign_keys": [
                ForeignKey("observation_id", "observations", "observation_id"),
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("quantity_ids", "quantities", "quantity_id"),
            ],
        }


class GrowthChecks(Model):
    """Growth told against the vintage of the earlier year."""

    observation_id: str = text_column(
        "Observation",
        "The level that the growth is told of.",
        source="observations",
        example=EXAMPLE_OBSERVATION,
        str_matches=OBSERVATION_ID,
    )
    quantity_id: str = text_column(
        "Quantity", "The growth told.", source="quantities", example=f"{EXAMPLE_REPORT}-520", str_matches=QUANTITY_ID
    )
    report_id: str = report_column("The report that tells the growth.")
    region_code: str = _region()
    code: str = code_column()
    year: int = year_column("Year", "The year of the level; the growth is from the year before.", source="observations", example=2017)
    previous_observation_id: str = text_column(
        "Earlier observation",
        "The value of the year before, as the best other report tells it.",
        source="vintages",
        example="9e406318b9223388-40-reconsideration.applications",
        str_matches=OBSERVATION_ID,
    )
    expression: str = text_column(
        "Expression", "The identity in numbers.", source=GROWTH, example="(62 - 90) / 90 = -31.11% ≈ -30.8%", str_length={"min_value": 1}
    )
    left: float = column("Computed", "The growth from the two levels.", source=GROWTH, unit="as the growth", example=-31.0)
    right: float = column("Told", "The growth told, negative for a fall.", source="quantities", unit="as the growth", example=-30.0)
    difference: float = column("Difference", "left minus right.", source=GROWTH, unit="as the growth", example=-1.0)
    tolerance: float = column(
        "Tolerance", "How far the sides may differ because the text rounds.", source=GROWTH, unit="as the growth", example=0.1, ge=0
    )
    verdict: str = choice_column(
        "Verdict", "Whether the two reports agree; incomplete if a number is told approximately.", VERDICTS, source=GROWTH, example="fails"
    )

    difference_is_left_minus_right = requires(
        "difference is left minus right",
        (pl.col("difference") - (pl.col("left") - pl.col("right"))).abs() <= 1e-9 * (1 + pl.col("left").abs()),
        broken_by={"difference": 1.0},
    )
    another_report = requires(
        "previous_observation_id is of another report",
        pl.col("previous_observation_id").str.slice(0, 16) != pl.col("report_id"),
        broken_by={"previous_observation_id": EXAMPLE_OBSERVATION},
    )
    left_is_finite = finite("left")
    right_is_finite = finite("right")
    tolerance_is_finite = finite("tolerance")

    class Config:
        """The table."""

        title = "Growth checks"
        description = "A row is a growth that a report tells, against the earlier year's value in another report: an audit across reports."
        unique: ClassVar[list[str]] = ["observation_id", "quantity_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "code", "year", "observation_id", "quantity_id"],
            "foreign_keys": [
                ForeignKey("observation_id", "observations", "observation_id"),
                ForeignKey("previous_observation_id", "observations", "observation_id"),
                ForeignKey("quantity_id", "quantities", "quantity_id"),
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
            ],
        }


class Findings(Model):
    """What looks wrong in the panel as a whole."""

    finding_id: str = text_column(
        "Finding",
        "Made from what it is about.",
        source=FINDINGS,
        example="jump_in_series-330783-2017-reconsideration.applications",
        str_matches=r"^\S+$",
    )
    kind: str = choice_column(
        "Kind",
        "jump_in_series: far from the series' own other years; far_from_peers: far from regions of the same level in that year; "
        "rate_over_100; part_above_whole: above another indicator that contains it; year_out_of_range: a year that the report can "
        "hardly tell of; unit_change: counted in another unit than the series' other years; conflict: one report tells different values.",
        FINDING_KINDS,
        source=FINDINGS,
        example="jump_in_series",
    )
    severity: str = choice_column(
        "Severity", "error: surely wrong; warning: look at it; info: worth knowing.", SEVERITIES, source=FINDINGS, example="warning"
    )
    region_code: str = _region()
    code: str = code_column()
    year: int = year_column("Year", "The year of the value.", source="panel", example=2017)
    value: float = column("Value", "The value found.", source="panel", unit="as in unit", example=62.0)
    expected: float = column(
        "Expected",
        "What it was held against (a median, a limit, the whole); null for kinds without one.",
        source=FINDINGS,
        unit="as in unit",
        example=6.0,
        nullable=True,
    )
    message: str = text_column(
        "Message",
        "What was found and what was expected.",
        source=FINDINGS,
        example="62 件 is 10 times the median of 5 other years (6)",
        str_length={"min_value": 1},
    )
    observation_ids: Texts = column("Observations", "The evidence, the value found first.", source="panel", example=[EXAMPLE_OBSERVATION])

    names_its_kind = requires(
        "finding_id begins with kind", pl.col("finding_id").str.starts_with(pl.col("kind")), broken_by={"kind": "unit_change"}
    )
    has_evidence = requires(
        "observation_ids names the evidence", pl.col("observation_ids").list.len() > 0, broken_by={"observation_ids": []}
    )
    evidence_has_values = no_null_items("observation_ids")
    value_is_finite = finite("value")
    expected_is_finite = finite("expected")

    class Config:
        """The table."""

        title = "Findings"
        description = "A row is something about the panel as a whole that a person should look at; no value is changed for it."
        unique: ClassVar[list[str]] = ["finding_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["kind", "region_code", "code", "year", "finding_id"],
            "foreign_keys": [
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("observation_ids", "observations", "observation_id"),
            ],
        }
