"""The column types that several tables share, and the two words models are written in: `column` and `requires`.

A column says, beside its checks, what a reader of the data must know: title, description, unit, source (which step or file the value
comes from) and an example. The examples of a table together are one valid row, which the tests then break check by check.
A rule is a condition across columns of one row, with the change of the example row that breaks it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl

from schemas.values import COLLECTION, COMPARATORS, EARLIEST_YEAR, EXAMPLE_CODE, EXAMPLE_REPORT, INDICATOR_CODE, LATEST_YEAR, REPORT_ID

Texts = Annotated[pl.List, pl.String()]
Integers = Annotated[pl.List, pl.Int64()]
Numbers = Annotated[pl.List, pl.Float64()]


class Model(pa.DataFrameModel):
    """What all tables have in common: exactly the declared columns, in order, of exactly the declared types; nothing is cast."""

    class Config:
        """Settings every table inherits."""

        strict = True
        ordered = True
        coerce = False


def column(title: str, description: str, *, source: str, example: object, unit: str = "none", nullable: bool = False, **checks: Any) -> Any:
    """A column: what it holds, in which unit, where it comes from, a valid example, and its checks in the words of `pandera.Field`."""
    metadata = {"unit": unit, "source": source, "example": example}
    return pa.Field(title=title, description=description, nullable=nullable, metadata=metadata, **checks)


def requires(says: str, holds: pl.Expr, *, broken_by: Mapping[str, object]) -> Any:
    """A condition that every row must meet. `holds` gives one truth value a row (null counts as met); `broken_by` is the
    change of the example row that breaks it."""

    def check(cls: type[Model], data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(holds.fill_null(True))

    return pa.dataframe_check(check, name=says, error=says, statistics={"broken_by": dict(broken_by)})


def collection_column() -> Any:
    """The collection a row belongs to: the first column of every partitioned table."""
    return column(
        "Collection",
        "The delivery the raw file came in: the folder data/raw/<collection>/. Rows are replaced one collection at a time.",
        source="data/raw folder name",
        example="seeds",
        str_matches=COLLECTION,
    )


def report_column(description: str = "The report the row belongs to: the first 16 hex digits of the raw file's SHA-256.") -> Any:
    """The report a row belongs to."""
    return column("Report", description, source="SHA-256 of the raw file", example=EXAMPLE_REPORT, str_matches=REPORT_ID)


def optional_report_column(title: str, description: str, *, example: str | None) -> Any:
    """A report that a row may point to."""
    return column(title, description, source="SHA-256 of a raw file", example=example, nullable=True, str_matches=REPORT_ID)


def body_offset(title: str, description: str, *, source: str, example: int) -> Any:
    """A place in the body: Unicode code points from 0, half-open spans."""
    return column(title, description, source=source, unit="characters of the body", example=example, ge=0)


def raw_offset(title: str, description: str, *, example: int) -> Any:
    """A place in the raw text: Unicode code points from 0, half-open spans."""
    return column(title, description, source="pipeline.clean offset map", unit="characters of the raw text", example=example, ge=0)


def choice_column(title: str, description: str, values: Sequence[str], *, source: str, example: str) -> Any:
    """A column with a closed list of values."""
    return column(title, description, source=source, example=example, isin=list(values))


def text_column(title: str, description: str, *, source: str, example: str, **checks: Any) -> Any:
    """Text that is never null; the empty string means that there is none, unless a check forbids it."""
    return column(title, description, source=source, example=example, **checks)


def year_column(title: str, description: str, *, source: str, example: int | None, nullable: bool = False) -> Any:
    """A calendar year."""
    return column(
        title,
        description,
        source=source,
        unit="calendar year",
        example=example,
        nullable=nullable,
        in_range={"min_value": EARLIEST_YEAR, "max_value": LATEST_YEAR},
    )


def code_column(description: str = "The indicator in the codebook (table indicators).") -> Any:
    """An indicator of the codebook."""
    return column("Indicator", description, source="schemas/data/indicators", example=EXAMPLE_CODE, str_matches=INDICATOR_CODE)


def comparator_column() -> Any:
    """How the value bounds the true one."""
    return choice_column(
        "Comparator",
        "How the text qualifies the value: eq exactly, approx about, gt more than, ge at least, lt less than, le at most.",
        COMPARATORS,
        source="words of approximation in the text",
        example="eq",
    )


def finite(name: str, *, broken: float = float("nan")) -> Any:
    """The rule that a number is one: NaN and infinity are refused (both would pass `ge`)."""
    return requires(f"{name} is a finite number", pl.col(name).is_finite(), broken_by={name: broken})


def high_end() -> Any:
    """The rule that a range runs upward."""
    return requires("value_high is not below value", pl.col("value_high") >= pl.col("value"), broken_by={"value": 62.0, "value_high": 61.0})


def no_null_items(name: str) -> Any:
    """The rule that a list holds values only."""
    return requires(f"{name} holds no null", ~pl.col(name).list.eval(pl.element().is_null()).list.any(), broken_by={name: [None]})


def quantity_of_report() -> Any:
    """The rule that a row's quantity is one of its report."""
    return requires(
        "quantity_id begins with report_id",
        pl.col("quantity_id").str.slice(0, 16) == pl.col("report_id"),
        broken_by={"report_id": "0000000000000000"},
    )


def nested(inner_start: str, inner_end: str, outer_start: str, outer_end: str, *, broken_by: Mapping[str, object]) -> Any:
    """The rule that one span lies within another."""
    return requires(
        f"{inner_start}..{inner_end} lies within {outer_start}..{outer_end}",
        (pl.col(inner_start) >= pl.col(outer_start)) & (pl.col(inner_end) <= pl.col(outer_end)),
        broken_by=broken_by,
    )


def not_reversed(start: str, end: str, *, empty: bool = True, broken_by: Mapping[str, object]) -> Any:
    """The rule that a span ends at or behind its start (or, not `empty`, behind it)."""
    if empty:
        return requires(f"{end} is not before {start}", pl.col(end) >= pl.col(start), broken_by=broken_by)
    return requires(f"{end} is behind {start}", pl.col(end) > pl.col(start), broken_by=broken_by)
