"""Rows into frames: the one place where plain mappings become the columns that `schemas` declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from schemas.derive import InvalidTableError, polars_schema, validate
from schemas.registry import table


def frame(table_name: str, rows: Iterable[Mapping[str, Any]], *, check: bool = False) -> pl.DataFrame:
    """The rows as a frame with the table's columns, types and order, sorted by the table's sort order.

    A row has every column of the table and no other. Integers stand for floats, tuples for lists, and ISO text (or '' for null) for dates;
    a value of any other type is an error. With `check`, the frame is validated too.
    Raises InvalidTableError, or KeyError for an unknown table.
    """
    schema = polars_schema(table_name)
    given = list(rows)
    for number, row in enumerate(given):
        if row.keys() != schema.keys():
            missing, unknown = sorted(schema.keys() - row.keys()), sorted(row.keys() - schema.keys())
            raise InvalidTableError(f"table {table_name}, row {number}: missing columns {missing}, unknown columns {unknown}")
    built = pl.DataFrame([_series(table_name, name, polars_type, [row[name] for row in given]) for name, polars_type in schema.items()])
    ordered = in_order(table_name, built)
    return validate(table_name, ordered) if check else ordered


def in_order(table_name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows sorted by the table's sort order (total, since it includes the key)."""
    return rows.sort(table(table_name).sort, nulls_last=True, maintain_order=True)


def _series(table_name: str, column: str, polars_type: pl.DataType, values: list[Any]) -> pl.Series:
    try:
        if polars_type == pl.Date:
            values = [_date(value) for value in values]
        elif isinstance(polars_type, pl.List):
            values = [list(value) if isinstance(value, tuple) else value for value in values]
        return pl.Series(column, values, dtype=polars_type, strict=True)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0]
        raise InvalidTableError(f"table {table_name}, column {column}: expected {polars_type}: {said}") from error


def _date(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value))
