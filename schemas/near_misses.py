"""Why a number has no code: the indicators that a quantity came near to, and what stood against each."""

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
    no_null_items,
    quantity_of_report,
    report_column,
    requires,
    text_column,
)
from schemas.registry import ForeignKey
from schemas.values import CONDITIONS, EXAMPLE_CODE, EXAMPLE_OBSERVATION, EXAMPLE_QUANTITY, OBSERVATION_ID, QUANTITY_ID

CODING = "pipeline.coding"

_CONDITION = (
    "What stood against it. Of the rule's own conditions (docs/codebook-format.md): topic, the passage is about something else; "
    "role, it is a change, a share or a rank; owner, the number is somebody else's; side, the counted thing is on the wrong side of "
    "the number; clause, member, sentence, context, a word that the rule wants is not there; nearest, of words that exclude each "
    "other another one is told nearer to the number; not_near, not_clause, not_sentence, not_first, not_context, a word is there "
    "that bars it. Where the rule held: rival, another indicator fits as well; joint, it is told of two indicators together; "
    "period, it is of several years, of a part of the year or of each time; range, it is outside what the indicator can be; year, "
    "an earlier year without its name; part, it is a part of the number told before it; milestone, a mark passed on the way to the "
    "next number; glossary, it stands in a list of terms explained."
)


class NearMisses(Model):
    """The rules that a quantity nearly met."""

    collection: str = collection_column()
    near_miss_id: str = text_column(
        "Near miss", "<quantity_id>-<code>.", source="quantity_id and code", example=EXAMPLE_OBSERVATION, str_matches=OBSERVATION_ID
    )
    report_id: str = report_column()
    quantity_id: str = text_column(
        "Quantity", "The quantity that is not the indicator's.", source="quantities", example=EXAMPLE_QUANTITY, str_matches=QUANTITY_ID
    )
    code: str = code_column("The indicator that it came near to (table indicators).")
    rule: str = text_column(
        "Rule",
        "The rule of the indicator that came nearest: its code and its number in docs/codebook.md.",
        source=CODING,
        example=f"{EXAMPLE_CODE}#1",
        str_length={"min_value": 1},
    )
    condition: str = choice_column("Condition", _CONDITION, CONDITIONS, source=CODING, example="not_near")
    words: Texts = column(
        "Words",
        "For a word that bars: the words found. For a word that is wanted (nearest too): up to 8 of those that would do. For topic, "
        "role, owner and period: what it is instead. For rival and joint: the other indicators. Else empty.",
        source=CODING,
        example=["答复"],
    )

    id_names_its_origin = requires(
        "near_miss_id is <quantity_id>-<code>",
        pl.col("near_miss_id") == pl.format("{}-{}", "quantity_id", "code"),
        broken_by={"code": "reconsideration.accepted"},
    )
    quantity_is_of_the_report = quantity_of_report()
    rule_is_of_the_code = requires(
        "rule is <code>#<number>", pl.col("rule").str.starts_with(pl.col("code") + "#"), broken_by={"rule": "reconsideration.accepted#1"}
    )
    words_have_values = no_null_items("words")

    class Config:
        """The table."""

        title = "Near misses"
        description = (
            "A row is a quantity and an indicator that it is not, though it met everything but one condition of a rule of the codebook. "
            "A quantity in neither observations nor near_misses came near to none: its words are no indicator's, or two conditions failed."
        )
        unique: ClassVar[list[str]] = ["near_miss_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "near_miss_id"],
            "foreign_keys": [
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("quantity_id", "quantities", "quantity_id"),
                ForeignKey("code", "indicators", "code"),
            ],
        }
