"""The tables as one DuckDB file, with their comments, and the same views and macros as the lake. It needs no extension."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.release.layout import DATABASE, table_files
from pipeline.release.parquet import scan
from schemas.derive import duckdb_ddl
from schemas.registry import table
from schemas.sql import identifier, literal
from schemas.views import create_statements

#: Enough for a million observations; DuckDB spills what is more to the disk.
MEMORY = "1GB"
QUIET = {"memory_limit": MEMORY, "autoinstall_known_extensions": "false", "python_enable_replacements": "false"}
#: The oldest DuckDB that must be able to open the file.
STORAGE_VERSION = "v1.5.0"


@contextmanager
def open_database(release: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the database of a release, with its tables by their bare names. Nothing outside it is loaded by itself."""
    with tempfile.TemporaryDirectory(prefix="fazhi-") as spill, duckdb.connect(config={**QUIET, "temp_directory": spill}) as connection:
        how = "READ_ONLY" if read_only else f"STORAGE_VERSION '{STORAGE_VERSION}'"
        connection.execute(f"ATTACH {literal(str(release / DATABASE))} AS release ({how})")
        connection.execute("USE release")
        yield connection


def fill(connection: duckdb.DuckDBPyConnection, release: Path, name: str) -> None:
    """Make a table with its comments and fill it from its Parquet files, in order."""
    for statement in duckdb_ddl(name):
        connection.execute(statement)
    order = ", ".join(f"{identifier(column)} ASC NULLS LAST" for column in table(name).sort)
    connection.execute(f"INSERT INTO {identifier(name)} BY NAME SELECT * FROM {scan(table_files(release, name))} ORDER BY {order}")


def add_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views and macros over the tables."""
    codes = [str(code) for (code,) in connection.execute("SELECT code FROM indicators ORDER BY code").fetchall()]
    for statement in create_statements(codes):
        connection.execute(statement)
