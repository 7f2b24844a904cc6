"""What the numbers mean: observations of the codebook's indicators, and the arithmetic among a report's own numbers."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    Texts,
    choice_column,
    code_column,
    collection_column,
    column,
    comparator_column,
    finite,
    high_end,
    no_null_items,
    not_reversed,
    quantity_of_report,
    raw_offset,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.corrections import as_read_column
from schemas.registry import ForeignKey
from schemas.values import (
    AUDIT_ID,
    AUDIT_KINDS,
    EXAMPLE_OBSERVATION,
    EXAMPLE_QUANTITY,
    EXAMPLE_REPORT,
    OBSERVATION_ID,
    QUANTITY_ID,
    REGION_CODE_OR_EMPTY,
    SCOPES,
    STATUSES,
    VERDICTS,
)

CODING = "pipeline.coding"
AUDIT = "pipeline.audit"


class Observations(Model):
    """The coded quantities."""

    collection: str = collection_column()
    observation_id: str = text_column(
        "Observation", "<quantity_id>-<code>.", source="quantity_id and code", example=EXAMPLE_OBSERVATION, str_matches=OBSERVATION_ID
    )
    report_id: str = report_column()
    quantity_id: str = text_column(
        "Quantity", "The quantity that carries the value.", source="quantities", example=EXAMPLE_QUANTITY, str_matches=QUANTITY_ID
    )
    region_code: str = text_column(
        "Region",
        "GB/T 2260 code of the report's region; empty if not known.",
        source="reports",
        example="330783",
        str_matches=REGION_CODE_OR_EMPTY,
    )
    code: str = code_column()
    year: int = year_column(
        "Year", "The year the value is about; for a target the year by which it must hold.", source=CODING, example=2017
    )
    value: float = column("Value", "The number in the codebook's unit.", source="quantities", unit="as in unit", example=62.0)
    value_high: float = column(
        "Upper value", "Upper end of a range; else null.", source="quantities", unit="as in unit", example=None, nullable=True
    )
    unit: str = text_column("Unit", "The codebook's unit.", source="indicators", example="件", str_length={"min_value": 1})
    comparator: str = comparator_column()
    status: str = choice_column(
        "Status", "actual: it was so; target: it shall be so by the year.", STATUSES, source=CODING, example="actual"
    )
    scope: str = choice_column(
        "Scope",
        "Whose number it is: the government itself, the whole jurisdiction, one department, or subordinate units.",
        SCOPES,
        source=CODING,
        example="jurisdiction",
    )
    quote: str = text_column(
        "Quote",
        "raw_text[raw_start:raw_end]: the number with enough words to see what it is, character for character.",
        source="the raw text",
        example="收到行政复议申请62件",
        str_length={"min_value": 1},
    )
    raw_start: int = raw_offset("Raw start", "Where the quote begins in the raw text.", example=504)
    raw_end: int = raw_offset("Raw end", "Just behind the quote in the raw text.", example=515)
    matched_by: str = text_column(
        "Matched by", "The telling of the codebook that matched.", source=CODING, example="received", str_length={"min_value": 1}
    )
    as_read: Texts = as_read_column()

    as_read_has_values = no_null_items("as_read")
    id_names_its_origin = requires(
        "observation_id is <quantity_id>-<code>",
        pl.col("observation_id") == pl.format("{}-{}", "quantity_id", "code"),
        broken_by={"code": "reconsideration.accepted"},
    )
    quantity_is_of_the_report = quantity_of_report()
    quote_fills_its_span = requires(
        "quote is as long as raw_start..raw_end",
        pl.col("quote").str.len_chars() == pl.col("raw_end") - pl.col("raw_start"),
        broken_by={"quote": "62件"},
    )
    span_is_not_empty = not_reversed("raw_start", "raw_end", empty=False, broken_by={"raw_end": 504})
    value_is_finite = finite("value")
    high_value_is_finite = finite("value_high")
    range_runs_upward = high_end()

    class Config:
        """The table."""

        title = "Observations"
        description = "A row is a quantity whose meaning is in the codebook: region, indicator and year, with value, status and evidence."
        unique: ClassVar[list[str]] = ["observation_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "raw_start", "observation_id"],
            "foreign_keys": [
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("quantity_id", "quantities", "quantity_id"),
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("code", "indicators", "code"),
            ],
        }


class Audits(Model):
    """Identities that a report's numbers should meet."""

    collection: str = collection_column()
    audit_id: str = text_column(
        "Audit", "<report_id>-a<n>, n in the order of the text.", source=AUDIT, example=f"{EXAMPLE_REPORT}-a1", str_matches=AUDIT_ID
    )
    report_id: str = report_column()
    kind: str = choice_column(
        "Kind",
        "sum: a whole and its parts; bound: a part and its whole; ratio: a rate and its terms; difference: a change and its ends.",
        AUDIT_KINDS,
        source=AUDIT,
        example="sum",
    )
    expression: str = text_column(
        "Expression", "The identity in numbers.", source=AUDIT, example="380 = 302 + 63 + 15", str_length={"min_value": 1}
    )
    left: float = column("Left side", "Value of the left side.", source=AUDIT, unit="as the quantities", example=380.0)
    right: float = column("Right side", "Value of the right side.", source=AUDIT, unit="as the quantities", example=380.0)
    difference: float = column("Difference", "left minus right.", source="left and right", unit="as the quantities", example=0.0)
    tolerance: float = column(
        "Tolerance", "How far the sides may differ because the text rounds.", source=AUDIT, unit="as the quantities", example=0.5, ge=0
    )
    verdict: str = choice_column(
        "Verdict", "Whether the identity holds; incomplete if parts are not told.", VERDICTS, source=AUDIT, example="holds"
    )
    rule: str = text_column("Rule", "The rule that found the identity.", source=AUDIT, example="of_which", str_length={"min_value": 1})
    quantity_ids: Texts = column(
        "Quantities", "The quantities used, in the order of the expression.", source="quantities", example=[EXAMPLE_QUANTITY]
    )

    id_names_its_report = requires(
        "audit_id begins with report_id",
        pl.col("audit_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )
    difference_is_left_minus_right = requires(
        "difference is left minus right",
        (pl.col("difference") - (pl.col("left") - pl.col("right"))).abs() <= 1e-9 * (1 + pl.col("left").abs()),
        broken_by={"difference": 1.0},
    )
    left_is_finite = finite("left")
    right_is_finite = finite("right")
    tolerance_is_finite = finite("tolerance")
    uses_quantities = requires(
        "quantity_ids names at least one quantity", pl.col("quantity_ids").list.len() > 0, broken_by={"quantity_ids": []}
    )
    quantities_have_values = no_null_items("quantity_ids")

    class Config:
        """The table."""

        title = "Audits"
        description = "A row is an arithmetic identity among a report's own numbers, and whether it holds."
        unique: ClassVar[list[str]] = ["audit_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "audit_id"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id"), ForeignKey("quantity_ids", "quantities", "quantity_id")],
        }
