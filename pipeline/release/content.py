"""The hash of a table's rows, whatever holds them: a DuckDB table and Parquet files with the same rows have the same hash.

A row is written as its cells in the order of the columns, each as `<bytes>:<text>` (`-` for null; a list as `[` its items `]`), so that
no two rows are written alike. The table's hash is the SHA-256 of the hex SHA-256 of its rows, a line each, in the table's sort order.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import polars as pl

from schemas.derive import polars_schema
from schemas.registry import table
from schemas.sql import identifier


def content_hash(connection: duckdb.DuckDBPyConnection, name: str, source: str) -> str:
    """The hash (64 hex digits) of the rows that the SQL `source` gives for a table; its columns must be those of the schema."""
    order = ", ".join(f"{identifier(column)} ASC NULLS LAST" for column in table(name).sort)
    reader = connection.execute(f"SELECT {row_hash(name)} AS row_hash FROM {source} ORDER BY {order}, row_hash").to_arrow_reader(100_000)
    digest = hashlib.sha256()
    for batch in reader:
        digest.update("".join(f"{each}\n" for each in batch.column(0).to_pylist()).encode())
    return digest.hexdigest()


def row_hash(name: str) -> str:
    """The SQL expression for the hash of a row of a table."""
    cells = [_cell(identifier(column), polars_type) for column, polars_type in polars_schema(name).items()]
    return f"sha256(concat({', '.join(cells)}))"


def _cell(value: str, polars_type: pl.DataType) -> str:
    if isinstance(polars_type, pl.List):
        items = f"array_to_string(list_transform({value}, lambda item: {_scalar('item')}), '')"
        return f"CASE WHEN {value} IS NULL THEN '-' ELSE '[' || coalesce({items}, '') || ']' END"
    return _scalar(value)


def _scalar(value: str) -> str:
    text = f"CAST({value} AS VARCHAR)"
    return f"CASE WHEN {value} IS NULL THEN '-' ELSE strlen({text}) || ':' || {text} END"


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
