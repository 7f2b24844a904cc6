"""How far observations agree with the gold sets."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import Model, column, requires, text_column
from schemas.registry import ForeignKey
from schemas.values import EXAMPLE_CODE

SCORED = "pipeline.evaluation"
SHARE = {"min_value": 0.0, "max_value": 1.0}


class Evaluation(Model):
    """Right, false and missed observations against what people read."""

    gold_set: str = text_column(
        "Gold set",
        "The set of facts compared with (tests/gold/sets.yaml).",
        source=SCORED,
        example="seeds",
        str_matches=r"^[a-z][a-z0-9-]*$",
    )
    code: str = text_column(
        "Indicator",
        "The indicator; empty for all together.",
        source="schemas/data/indicators",
        example=EXAMPLE_CODE,
        str_matches=r"^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)?$",
    )
    rows_right: int = column(
        "Right", "Observations that agree with a fact of the set.", source=SCORED, unit="observations", example=3, ge=0
    )
    rows_false: int = column(
        "False",
        "Observations that agree with none: of a complete set any other observation of its reports, of a sample those judged wrong.",
        source=SCORED,
        unit="observations",
        example=1,
        ge=0,
    )
    rows_missed: int = column("Missed", "Facts of the set that no observation agrees with.", source=SCORED, unit="facts", example=1, ge=0)
    precision: float = column(
        "Precision",
        "Right ones among the observations; null where there is none.",
        source=SCORED,
        unit="share",
        example=0.75,
        nullable=True,
        in_range=SHARE,
    )
    recall: float = column(
        "Recall",
        "Right ones among the facts; null where there is none. Of a sample it says how many of the right ones still come out.",
        source=SCORED,
        unit="share",
        example=0.75,
        nullable=True,
        in_range=SHARE,
    )

    precision_is_of_the_counts = requires(
        "precision is rows_right / (rows_right + rows_false)",
        (pl.col("precision") * (pl.col("rows_right") + pl.col("rows_false")) - pl.col("rows_right")).abs() < 1e-6,
        broken_by={"precision": 0.5},
    )
    recall_is_of_the_counts = requires(
        "recall is rows_right / (rows_right + rows_missed)",
        (pl.col("recall") * (pl.col("rows_right") + pl.col("rows_missed")) - pl.col("rows_right")).abs() < 1e-6,
        broken_by={"recall": 0.5},
    )

    class Config:
        """The table."""

        title = "Evaluation"
        description = "A row is an indicator (or all, under the empty code) and a gold set: how far the observations agree with it."
        unique: ClassVar[list[str]] = ["gold_set", "code"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["gold_set", "code"],
            "foreign_keys": [ForeignKey("code", "indicators", "code")],
        }
