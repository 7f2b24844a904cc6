"""The panel: the best value of every region, indicator and year; and all the tellings it was chosen from."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    Numbers,
    Texts,
    choice_column,
    code_column,
    column,
    comparator_column,
    finite,
    high_end,
    no_null_items,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.registry import ForeignKey
from schemas.values import AGREEMENTS, DATINGS, EXAMPLE_OBSERVATION, ISSUER_KINDS, OBSERVATION_ID, REGION_CODE, SCOPES

PANEL = "pipeline.panel"


class Panel(Model):
    """Actual values over all vintages."""

    region_code: str = text_column(
        "Region", "GB/T 2260 code as the chosen report's year has it.", source="observations", example="330783", str_matches=REGION_CODE
    )
    code: str = code_column()
    year: int = year_column("Year", "The year the value is about.", source="observations", example=2017)
    status: str = choice_column(
        "Status", "Always actual; targets are not in the panel.", ("actual",), source="observations", example="actual"
    )
    value: float = column("Value", "The chosen value.", source="observations", unit="as in unit", example=62.0)
    value_high: float = column(
        "Upper value",
        "Upper end where the chosen value is a range; else null.",
        source="observations",
        unit="as in unit",
        example=None,
        nullable=True,
    )
    unit: str = text_column("Unit", "The codebook's unit.", source="indicators", example="件", str_length={"min_value": 1})
    comparator: str = comparator_column()
    observation_id: str = text_column(
        "Observation", "The observation chosen.", source=PANEL, example=EXAMPLE_OBSERVATION, str_matches=OBSERVATION_ID
    )
    report_id: str = report_column("The report (vintage) of the chosen observation.")
    vintages: int = column("Vintages", "How many reports tell a value of this row.", source=PANEL, unit="reports", example=1, ge=1)
    agreement: str = choice_column(
        "Agreement",
        "single: one report, one value; agree: several reports tell the same; revised: reports tell different values; "
        "conflict: one report tells different values.",
        AGREEMENTS,
        source=PANEL,
        example="single",
    )
    scope: str = choice_column("Scope", "Whose number the chosen one is.", SCOPES, source="observations", example="jurisdiction")
    issuer_kind: str = choice_column(
        "Issuer kind",
        "Who issued the chosen report. A department's number is taken only where no government's report tells one.",
        ISSUER_KINDS,
        source="reports",
        example="government",
    )
    observation_ids: Texts = column(
        "Observations",
        "All tellings of this row, the chosen one first, then in the order of preference; table vintages has their dates.",
        source=PANEL,
        example=[EXAMPLE_OBSERVATION],
    )
    values: Numbers = column("Values", "The distinct values told, ascending.", source="observations", unit="as in unit", example=[62.0])

    observation_is_of_the_report = requires(
        "observation_id begins with report_id",
        pl.col("observation_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )
    observation_is_of_the_code = requires(
        "observation_id ends with code",
        pl.col("observation_id").str.ends_with(pl.concat_str(pl.lit("-"), pl.col("code"))),
        broken_by={"code": "reconsideration.accepted"},
    )
    value_is_among_the_values = requires(
        "values holds value", pl.col("values").list.contains(pl.col("value")), broken_by={"values": [61.0]}
    )
    chosen_comes_first = requires(
        "observation_ids begins with observation_id",
        pl.col("observation_ids").list.first() == pl.col("observation_id"),
        broken_by={"observation_ids": [EXAMPLE_OBSERVATION.replace("512", "513")]},
    )
    observation_ids_have_values = no_null_items("observation_ids")
    values_ascend = requires(
        "values ascends",
        pl.col("values").list.diff().list.slice(1).list.eval(pl.element() > 0).list.all(),
        broken_by={"values": [62.0, 62.0]},
    )
    one_report_agrees_with_nobody = requires(
        "single and conflict or several vintages go together",
        pl.when(pl.col("agreement") == "single")
        .then(pl.col("vintages") == 1)
        .when(pl.col("agreement") == "conflict")
        .then(True)
        .otherwise(pl.col("vintages") > 1),
        broken_by={"agreement": "agree"},
    )
    values_have_values = no_null_items("values")
    value_is_finite = finite("value")
    high_value_is_finite = finite("value_high")
    range_runs_upward = high_end()

    class Config:
        """The table."""

        title = "Panel"
        description = "A row is the best actual value of an indicator in a region and year, with how far the reports that tell it agree."
        unique: ClassVar[list[str]] = ["region_code", "code", "year"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "code", "year"],
            "foreign_keys": [
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("observation_id", "observations", "observation_id"),
                ForeignKey("observation_ids", "observations", "observation_id"),
                ForeignKey("report_id", "reports", "report_id"),
            ],
        }


class Vintages(Model):
    """Every telling that counts for the panel."""

    region_code: str = text_column(
        "Region", "GB/T 2260 code as the report's year has it.", source="observations", example="330783", str_matches=REGION_CODE
    )
    code: str = code_column()
    year: int = year_column("Year", "The year the value is about.", source="observations", example=2017)
    rank: int = column(
        "Rank",
        "Place in the order of preference among the tellings of this region, indicator and year; the panel takes the first.",
        source=PANEL,
        unit="ordinal",
        example=1,
        ge=1,
    )
    observation_id: str = text_column(
        "Observation", "The telling.", source="observations", example=EXAMPLE_OBSERVATION, str_matches=OBSERVATION_ID
    )
    report_id: str = report_column("The report (vintage) that tells it.")
    value: float = column("Value", "The value told.", source="observations", unit="as in unit", example=62.0)
    value_high: float = column(
        "Upper value", "Upper end of a range; else null.", source="observations", unit="as in unit", example=None, nullable=True
    )
    unit: str = text_column("Unit", "The codebook's unit.", source="indicators", example="件", str_length={"min_value": 1})
    comparator: str = comparator_column()
    scope: str = choice_column("Scope", "Whose number it is.", SCOPES, source="observations", example="jurisdiction")
    issuer_kind: str = choice_column("Issuer kind", "Who issued the report.", ISSUER_KINDS, source="reports", example="government")
    report_year: int = year_column(
        "Report year", "The year the report is about; null if not found.", source="reports", example=2017, nullable=True
    )
    known_on: pl.Date = column(
        "Known",
        "The day from which the telling was known: of publication, else of signature, else 1 April after the report's year, by which such "
        "reports are due (《法治政府建设与责任落实督察工作规定》, article 24), or after the value's year if later.",
        source=PANEL,
        unit="date",
        example=date(2018, 3, 22),
    )
    dated_by: str = choice_column("Dated by", "Which of these the day is.", DATINGS, source=PANEL, example="published")
    chosen_until: pl.Date = column(
        "Chosen until",
        "The first day on which a better telling was known; null while there is none. As of a day the panel held the telling with "
        "known_on <= day < chosen_until (macro panel_as_of); a telling that was never chosen has chosen_until <= known_on.",
        source=PANEL,
        unit="date",
        example=None,
        nullable=True,
    )

    observation_is_of_the_report = requires(
        "observation_id begins with report_id",
        pl.col("observation_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )
    the_first_stays_chosen = requires(
        "rank 1 has no chosen_until, the others have one",
        (pl.col("rank") == 1) == pl.col("chosen_until").is_null(),
        broken_by={"rank": 2},
    )
    value_is_finite = finite("value")
    high_value_is_finite = finite("value_high")
    range_runs_upward = high_end()

    class Config:
        """The table."""

        title = "Vintages"
        description = (
            "A row is a telling of an actual value that counts for the panel: a region, indicator and year may have several, from several "
            "reports; nothing is overwritten."
        )
        unique: ClassVar[list[str]] = ["observation_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "code", "year", "rank", "observation_id"],
            "foreign_keys": [
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
                ForeignKey("observation_id", "observations", "observation_id"),
                ForeignKey("report_id", "reports", "report_id"),
            ],
        }
