"""The tables of a release: what their schemas promise, and that Parquet, DuckDB and CSV hold the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from pipeline.lake.tables import dangling_values
from pipeline.release.checks import Checked, Problem
from pipeline.release.content import content_hash, row_hash
from pipeline.release.layout import CONTENT_SUMS, DATABASE, csv_file, relative, released_tables, table_files
from pipeline.release.mirrors import mirror
from pipeline.release.parquet import ROWS_A_GROUP, read_groups, scan
from schemas.derive import InvalidTableError, arrow_schema, duckdb_columns, polars_schema, validate
from schemas.registry import table
from schemas.sql import identifier, literal
from schemas.views import create_statements, views

SHOWN = 5


def check_parquet(checked: Checked, name: str) -> Iterator[Problem]:
    """The Parquet files of a table: columns and types, every constraint of the schema, keys."""
    files = table_files(checked.release, name)
    if not files:
        yield Problem(f"data/{name}.parquet", "is missing")
        return
    expected = arrow_schema(name)
    for path in files:
        (place,) = relative(checked.release, [path])
        found = pq.read_schema(path)
        if not found.remove_metadata().equals(expected.remove_metadata()):
            yield Problem(f"{place}, table {name}", f"its columns are {_shape(found)}, the schema has {_shape(expected)}")
            return
        if _words(found) != _words(expected):
            yield Problem(f"{place}, table {name}", "its titles, descriptions or units are not those of the schema")
    yield from _broken_rows(name, files, relative(checked.release, files))
    yield from _double_keys(checked, name, scan(files))


def _words(schema: Any) -> list[dict[bytes, bytes]]:
    """What a schema says of its table and columns, without what Parquet adds to that."""
    told = {b"title", b"description", b"unit", b"source"}
    return [{key: value for key, value in (each.metadata or {}).items() if key in told} for each in (schema, *schema)]


def _shape(schema: Any) -> str:
    return ", ".join(f"{field.name} {field.type}{'' if field.nullable else ' not null'}" for field in schema)


def _broken_rows(name: str, files: Sequence[Path], places: Sequence[str]) -> Iterator[Problem]:
    """What the schema refuses. Small files are looked at together: a check of few rows costs as much as one of many."""
    waiting: list[pl.DataFrame] = []
    for path, place in zip(files, places, strict=True):
        for rows in read_groups(path):
            waiting.append(rows.cast(polars_schema(name)))
            if sum(each.height for each in waiting) >= ROWS_A_GROUP or path == files[-1]:
                yield from _refused(name, place if len(files) == 1 else f"data/{name}", pl.concat(waiting))
                waiting = []


def _refused(name: str, place: str, rows: pl.DataFrame) -> Iterator[Problem]:
    try:
        validate(name, rows)
    except InvalidTableError as error:
        for line in str(error).splitlines()[1 : SHOWN + 1]:
            yield Problem(place, f"table {name}: {line.removeprefix('- ')}")


def _double_keys(checked: Checked, name: str, source: str) -> Iterator[Problem]:
    key = ", ".join(identifier(column) for column in table(name).key)
    sql = (
        f"SELECT concat_ws('|', {key}) AS row_key, count(*) AS number FROM {source} "
        f"GROUP BY {key} HAVING number > 1 ORDER BY row_key LIMIT {SHOWN}"
    )
    for row_key, number in checked.connection.execute(sql).fetchall():
        yield Problem(f"table {name}, row {row_key}", f"there are {number} rows with this key ({', '.join(table(name).key)})")


def check_database_shape(checked: Checked, name: str) -> Iterator[Problem]:
    """The table in the database: columns, types, comments."""
    found = checked.connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = 'release' AND table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    expected = duckdb_columns(name)
    if not found:
        yield Problem(DATABASE, f"table {name} is missing")
    elif [row[:3] for row in found] != [row[:3] for row in expected]:
        for has, wants in zip_longest(found, expected):
            if has is None or wants is None or has[:3] != wants[:3]:
                yield Problem(f"{DATABASE}, table {name}", f"has the column {has and has[:3]}, the schema {wants and wants[:3]}")
                return
    elif found != expected:
        yield Problem(f"{DATABASE}, table {name}", "the comments of its columns are not those of the schema")


def check_rows(checked: Checked, name: str, listed: str | None, *, fresh: bool = False) -> Iterator[Problem]:
    """The rows of a table: Parquet against DuckDB, and both against the hash that was released (`listed`).

    `fresh`: `listed` was made from the Parquet files this moment, so that it need not be made again.
    """
    parquet, database = scan(table_files(checked.release, name)), f"release.{identifier(name)}"
    if listed is None:
        yield Problem(CONTENT_SUMS, f"has no line for table {name}")
    first = listed if fresh and listed else content_hash(checked.connection, name, parquet)
    second = content_hash(checked.connection, name, database)
    if listed not in (None, first):
        yield Problem(f"data/{name}.parquet, table {name}", f"its rows are not those of {CONTENT_SUMS}")
    if listed not in (None, second):
        yield Problem(f"{DATABASE}, table {name}", f"its rows are not those of {CONTENT_SUMS}")
    if first != second:
        yield from _different_rows(checked, name, parquet, database)


def _different_rows(checked: Checked, name: str, parquet: str, database: str) -> Iterator[Problem]:
    """Which rows and cells differ between Parquet and DuckDB, the first of them."""
    key = table(name).key
    joined = " AND ".join(f"p.{identifier(column)} = d.{identifier(column)}" for column in key)
    row_key = f"concat_ws('|', {', '.join(f'coalesce(p.{identifier(column)}, d.{identifier(column)})' for column in key)})"
    cells = ", ".join(
        f"CASE WHEN p.{quoted} IS DISTINCT FROM d.{quoted} THEN concat({literal(f'column {column}: ')}, "
        f"coalesce(left(CAST(p.{quoted} AS VARCHAR), 60), 'null'), ' in Parquet, ', "
        f"coalesce(left(CAST(d.{quoted} AS VARCHAR), 60), 'null'), ' in {DATABASE}') END"
        for column in polars_schema(name)
        for quoted in [identifier(column)]
    )
    sql = (
        f"SELECT {row_key}, p.row_hash IS NULL, d.row_hash IS NULL, list_filter([{cells}], lambda said: said IS NOT NULL) "
        f"FROM (SELECT *, {row_hash(name)} AS row_hash FROM {parquet}) AS p "
        f"FULL JOIN (SELECT *, {row_hash(name)} AS row_hash FROM {database}) AS d ON {joined} "
        f"WHERE p.row_hash IS DISTINCT FROM d.row_hash ORDER BY 1 LIMIT {SHOWN}"
    )
    rows = checked.connection.execute(sql).fetchall()
    for row, not_in_parquet, not_in_database, said in rows:
        place = f"table {name}, row {row}"
        if not_in_parquet or not_in_database:
            missing, there = ("Parquet", DATABASE) if not_in_parquet else (DATABASE, "Parquet")
            yield Problem(place, f"is in {there} and not in {missing}")
        else:
            yield Problem(place, "; ".join(said))
    if not rows:
        yield Problem(f"table {name}", f"a row is in Parquet or in {DATABASE} more often than in the other")


def check_references(checked: Checked) -> Iterator[Problem]:
    """Every value that points to another table points to a row of it."""
    there = set(released_tables())
    for name in released_tables():
        for key in table(name).foreign_keys:
            if key.table in there:
                for _, column, value in checked.connection.execute(f"{dangling_values(name, key)} ORDER BY value LIMIT {SHOWN}").fetchall():
                    yield Problem(f"table {name}, column {column}", f"{value!r} is not in {key.table}.{key.column_there}")


def check_mirror(checked: Checked, name: str) -> Iterator[Problem]:
    """A CSV file against what its table makes, byte for byte."""
    path = csv_file(checked.release, name)
    if not path.exists():
        yield Problem(f"csv/{name}.csv", "is missing")
        return
    with path.open("rb") as file:
        line = 1
        for part in mirror(checked.release, name):
            found = file.read(len(part))
            if found != part:
                line += _first_difference(part.splitlines(), found.splitlines())
                yield Problem(f"csv/{name}.csv, line {line}", f"is not what table {name} of the Parquet files says")
                return
            line += part.count(b"\n")
        if file.read(1):
            yield Problem(f"csv/{name}.csv, line {line}", f"is not in table {name} of the Parquet files")


def _first_difference(expected: Sequence[bytes], found: Sequence[bytes]) -> int:
    pairs = zip_longest(expected, found)
    return next((number for number, (first, second) in enumerate(pairs) if first != second), 0)


def check_views(checked: Checked) -> Iterator[Problem]:
    """The views and macros in the database: those of the schema, each with its statement, and each runs."""
    codes = [str(code) for (code,) in checked.connection.execute("SELECT code FROM indicators ORDER BY code").fetchall()]
    version = create_statements(codes)[-1].rsplit("'", 2)[1]
    if checked.connection.execute("SELECT version FROM views_version").fetchone() != (version,):
        yield Problem(DATABASE, "its views are not those of this schema")
    for view in views(codes):
        if view.kind == "VIEW":
            checked.connection.execute(f"SELECT * FROM {identifier(view.name)} LIMIT 0")
