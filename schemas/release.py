"""What a release has beside the lake's tables: what changed since the release before it."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import Model, choice_column, column, optional_report_column, requires, text_column
from schemas.values import EXAMPLE_CODE, NAME

CHANGES = "pipeline.release.changes"
CHANGE_KINDS = ("added", "removed", "changed")
#: Why a row or cell differs from the release before, as far as the two releases themselves show it.
CAUSES = (
    "new_report",
    "withdrawn_report",
    "restatement",
    "correction",
    "codebook",
    "extractor",
    "reference",
)


class Changes(Model):
    """Differences between two releases."""

    table_name: str = text_column("Table", "The table that differs.", source=CHANGES, example="panel", str_matches=NAME)
    row_key: str = text_column(
        "Row",
        "The key of the row, its columns joined by |.",
        source=CHANGES,
        example=f"330783|{EXAMPLE_CODE}|2017",
        str_length={"min_value": 1},
    )
    change: str = choice_column(
        "Change", "added or removed: the whole row; changed: one cell of it.", CHANGE_KINDS, source=CHANGES, example="changed"
    )
    column_name: str = text_column(
        "Column",
        "The column that changed; empty for a whole row.",
        source=CHANGES,
        example="value",
        str_matches=r"^([a-z][a-z0-9_]*)?$",
    )
    old_value: str = column(
        "Old value",
        "The value before, as text, cut after 500 characters; null if there was none.",
        source="the previous release",
        example="62.0",
        nullable=True,
    )
    new_value: str = column(
        "New value",
        "The value now, as text, cut after 500 characters; null if there is none.",
        source="this release",
        example="63.0",
        nullable=True,
    )
    cause: str = choice_column(
        "Cause",
        "new_report, withdrawn_report: the report is in one of the releases only; restatement: a new report tells an old value anew; "
        "correction: a person corrected the number; codebook: the indicator is defined or told otherwise; extractor: the program reads "
        "the same file otherwise; reference: the lists of regions or the like changed.",
        CAUSES,
        source=CHANGES,
        example="extractor",
    )
    code: str = text_column(
        "Indicator",
        "The indicator the row is about; empty if none. It may be retired.",
        source="the row",
        example=EXAMPLE_CODE,
        str_matches=r"^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)?$",
    )
    report_id: str = optional_report_column("Report", "The report the row comes from, in either release; null if none.", example=None)

    a_cell_has_a_column = requires(
        "column_name is there exactly for changed cells",
        (pl.col("change") == "changed") == (pl.col("column_name") != ""),
        broken_by={"column_name": ""},
    )

    class Config:
        """The table."""

        title = "Changes"
        description = "A row is a row or cell that differs from the release before this one."
        unique: ClassVar[list[str]] = ["table_name", "row_key", "column_name"]
        metadata: ClassVar[Mapping[str, object]] = {"sort": ["table_name", "row_key", "column_name"]}
