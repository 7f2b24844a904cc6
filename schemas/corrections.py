"""What people corrected by hand in what the program read."""

from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl

from schemas.columns import Model, Texts, choice_column, collection_column, column, quantity_of_report, report_column, requires, text_column
from schemas.registry import ForeignKey
from schemas.values import CORRECTED_FIELDS, EXAMPLE_QUANTITY, QUANTITY_ID

FILE = "data/corrections.csv"


def as_read_column() -> Any:
    """What stood in a row before a person corrected it."""
    texts: Texts = column(
        "As read",
        "What a person corrected (table corrections), as field=value before; empty for nearly all rows.",
        source=FILE,
        example=[],
    )
    return texts


class Corrections(Model):
    """Corrections by hand."""

    collection: str = collection_column()
    report_id: str = report_column("The report that the number stands in.")
    quantity_id: str = text_column(
        "Quantity", "The number that is corrected.", source=FILE, example=EXAMPLE_QUANTITY, str_matches=QUANTITY_ID
    )
    field: str = choice_column(
        "Field",
        "The column of quantities that is corrected; code: the indicator of the observation that the number became.",
        CORRECTED_FIELDS,
        source=FILE,
        example="value",
    )
    expect: str = text_column("Expected", "What the program reads, and the correction is for; empty for null.", source=FILE, example="26")
    value: str = text_column("Value", "What it should be; empty for null, or for an observation that is none.", source=FILE, example="62")
    reason: str = text_column(
        "Reason", "Why.", source=FILE, example="The page shows 62; the digits are swapped in the file.", str_length={"min_value": 1}
    )
    who: str = text_column("Who", "Who says so.", source=FILE, example="A. Reader", str_length={"min_value": 1})

    quantity_is_of_the_report = quantity_of_report()
    something_changes = requires("value is not what is expected", pl.col("value") != pl.col("expect"), broken_by={"value": "26"})

    class Config:
        """The table."""

        title = "Corrections"
        description = (
            "A row is a correction by hand of a number as the program read it. Quantities and observations have the corrected value, and "
            "what was read beside it in as_read."
        )
        unique: ClassVar[list[str]] = ["quantity_id", "field"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "quantity_id", "field"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id"), ForeignKey("quantity_id", "quantities", "quantity_id")],
        }
