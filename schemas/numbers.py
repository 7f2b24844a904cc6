"""The numbers of a report: every numeral with its disposition, and those that measure something."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    Texts,
    body_offset,
    choice_column,
    collection_column,
    column,
    comparator_column,
    finite,
    high_end,
    nested,
    no_null_items,
    not_reversed,
    raw_offset,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.corrections import as_read_column
from schemas.registry import ForeignKey
from schemas.values import DISPOSITIONS, EXAMPLE_QUANTITY, KINDS, PERIODS, QUANTITY_ID, ROLES

EXTRACT = "pipeline.extract"


class Numerals(Model):
    """All numbers written in a body."""

    collection: str = collection_column()
    report_id: str = report_column()
    start: int = body_offset("Start", "Where the numeral begins.", source=EXTRACT, example=500)
    end: int = body_offset("End", "Just behind the numeral.", source=EXTRACT, example=502)
    text: str = text_column("Text", "The numeral as the body has it.", source="the body", example="62")
    disposition: str = choice_column(
        "Disposition",
        "What the numeral is: quantity if it measures something, else why it does not.",
        DISPOSITIONS,
        source=EXTRACT,
        example="quantity",
    )
    rule: str = text_column("Rule", "The rule that decided.", source=EXTRACT, example="number with a unit", str_length={"min_value": 1})

    text_fills_its_span = requires(
        "text is as long as start..end", pl.col("text").str.len_chars() == pl.col("end") - pl.col("start"), broken_by={"text": "620"}
    )
    span_is_not_empty = not_reversed("start", "end", empty=False, broken_by={"end": 500, "text": ""})

    class Config:
        """The table."""

        title = "Numerals"
        description = "A row is a number written in the body of a report, in any script, with exactly one disposition."
        unique: ClassVar[list[str]] = ["report_id", "start"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "start"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id")],
        }


class Quantities(Model):
    """The numbers that measure something."""

    collection: str = collection_column()
    quantity_id: str = text_column(
        "Quantity", "<report_id>-<raw_start>.", source="report_id and raw_start", example=EXAMPLE_QUANTITY, str_matches=QUANTITY_ID
    )
    report_id: str = report_column()
    start: int = body_offset(
        "Start", "Where the shortest span with number, unit and words of approximation begins.", source=EXTRACT, example=500
    )
    end: int = body_offset("End", "Just behind that span.", source=EXTRACT, example=503)
    number_start: int = body_offset("Number start", "Where the digits begin.", source=EXTRACT, example=500)
    number_end: int = body_offset("Number end", "Just behind the digits.", source=EXTRACT, example=502)
    raw_start: int = raw_offset("Raw start", "Where the quote begins in the raw text.", example=512)
    raw_end: int = raw_offset("Raw end", "Just behind the quote in the raw text.", example=515)
    quote: str = text_column(
        "Quote", "raw_text[raw_start:raw_end], character for character.", source="the raw text", example="62件", str_length={"min_value": 1}
    )
    sentence: str = text_column(
        "Sentence", "The sentence around it, as the file has it.", source="the raw text", example="全年收到行政复议申请62件。"
    )
    value: float = column(
        "Value", "The number in base units: 13.3亿元 is 1330000000, 四成 is 40.", source=EXTRACT, unit="as in unit", example=62.0
    )
    value_high: float = column(
        "Upper value", "Upper end where the text gives a range; else null.", source=EXTRACT, unit="as in unit", example=None, nullable=True
    )
    unit: str = text_column(
        "Unit", "Measure word or unit after scaling, in simplified characters; empty if the text has none.", source=EXTRACT, example="件"
    )
    kind: str = choice_column("Kind", "What sort of measure it is.", KINDS, source=EXTRACT, example="count")
    comparator: str = comparator_column()
    role: str = choice_column(
        "Role",
        "level the thing itself, change against an earlier period, share of a whole, target, previous period's value, or rank.",
        ROLES,
        source=EXTRACT,
        example="level",
    )
    section_no: int = column(
        "Section", "The innermost section it stands in; 0 is before any.", source=EXTRACT, unit="ordinal", example=2, ge=0
    )
    counted: str = text_column("Counted", "The thing counted, as the body has it.", source=EXTRACT, example="行政复议申请")
    predicate: str = text_column("Predicate", "The verb that governs the number, as the body has it.", source=EXTRACT, example="收到")
    topic: str = text_column(
        "Topic",
        "What the passage is about: a key of schemas/data/topics.yaml, by the nearest of its words; empty if there is none.",
        source=EXTRACT,
        example="reconsideration",
    )
    year: int = year_column(
        "Year",
        "Calendar year the text itself puts on the number; null where it is the report's own.",
        source=EXTRACT,
        example=None,
        nullable=True,
    )
    period: str = choice_column(
        "Period",
        "What it covers other than one year: multi several years, since all from an earlier year on, part less than a year, each a rate "
        "per period, aim what was to be ensured at no time named; empty for one year or a state.",
        PERIODS,
        source=EXTRACT,
        example="",
    )
    sentence_start: int = body_offset("Sentence start", "Where the sentence begins.", source=EXTRACT, example=490)
    sentence_end: int = body_offset("Sentence end", "Just behind the sentence.", source=EXTRACT, example=504)
    clause_start: int = body_offset("Clause start", "Where the clause begins.", source=EXTRACT, example=490)
    clause_end: int = body_offset("Clause end", "Just behind the clause.", source=EXTRACT, example=503)
    rule: str = text_column("Rule", "The rule that decided.", source=EXTRACT, example="number with a unit", str_length={"min_value": 1})
    page: int = column(
        "Page",
        "Page of a paged file on which the quote begins, from 1; null for others.",
        source="pipeline.ingest",
        unit="ordinal",
        example=None,
        nullable=True,
        ge=1,
    )
    as_read: Texts = as_read_column()

    as_read_has_values = no_null_items("as_read")
    id_names_its_place = requires(
        "quantity_id is <report_id>-<raw_start>",
        pl.col("quantity_id") == pl.format("{}-{}", "report_id", "raw_start"),
        broken_by={"raw_start": 511, "raw_end": 514},
    )
    quote_fills_its_span = requires(
        "quote is as long as raw_start..raw_end",
        pl.col("quote").str.len_chars() == pl.col("raw_end") - pl.col("raw_start"),
        broken_by={"quote": "62"},
    )
    span_is_not_empty = not_reversed("start", "end", empty=False, broken_by={"start": 502, "end": 502})
    raw_span_is_not_empty = not_reversed("raw_start", "raw_end", empty=False, broken_by={"raw_end": 512})
    number_is_not_empty = not_reversed("number_start", "number_end", empty=False, broken_by={"number_end": 500})
    sentence_is_not_reversed = not_reversed("sentence_start", "sentence_end", broken_by={"sentence_end": 480})
    clause_is_not_reversed = not_reversed("clause_start", "clause_end", broken_by={"clause_end": 480})
    number_is_in_its_span = nested("number_start", "number_end", "start", "end", broken_by={"number_end": 504})
    span_is_in_its_sentence = nested("start", "end", "sentence_start", "sentence_end", broken_by={"sentence_start": 501})
    value_is_finite = finite("value")
    high_value_is_finite = finite("value_high")
    range_runs_upward = high_end()

    class Config:
        """The table."""

        title = "Quantities"
        description = "A row is a numeral that measures something: value, unit, comparator, role, and the characters it was read from."
        unique: ClassVar[list[str]] = ["quantity_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "raw_start"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id")],
        }
