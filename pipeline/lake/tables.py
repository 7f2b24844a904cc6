"""The tables of the lake against those of `schemas`: what to create or make anew, and which foreign keys point nowhere."""

from __future__ import annotations

import duckdb

from schemas.registry import TABLES, ForeignKey, table
from schemas.sql import identifier


def outdated(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that turn the tables there are into the tables of `schemas`; none if they agree."""
    from schemas.derive import duckdb_columns, duckdb_comments, duckdb_ddl

    there: dict[str, list[tuple[str, str, bool, str | None]]] = {}
    for name, *column in connection.execute(
        "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = 'lake' AND schema_name = 'main' ORDER BY table_name, column_index"
    ).fetchall():
        there.setdefault(name, []).append((column[0], column[1], column[2], column[3]))
    statements: list[str] = []
    for name, definition in TABLES.items():
        expected = duckdb_columns(name)
        if [column[:3] for column in there.get(name, [])] != [column[:3] for column in expected]:
            if name in there:
                statements.append(f"DROP TABLE {identifier(name)}")
                if "materializations" in there and name != "materializations":
                    statements.append(f"DELETE FROM materializations WHERE table_name = '{name}'")
            statements += duckdb_ddl(name)
            if definition.partitioned:
                statements.append(f"ALTER TABLE {identifier(name)} SET PARTITIONED BY (collection)")
        elif [column[3] for column in there[name]] != [column[3] for column in expected]:
            statements += duckdb_comments(name)
    return statements


def dangling_values(name: str, key: ForeignKey) -> str:
    """The query for the values of a foreign key that point nowhere: table_name, column_name, value."""
    column = identifier(key.column)
    listed = str(table(name).schema.columns[key.column].dtype).startswith("List")
    values = f"SELECT DISTINCT {f'unnest({column})' if listed else column} AS value FROM {identifier(name)}"
    return (
        f"SELECT '{name}' AS table_name, '{key.column}' AS column_name, value FROM ({values}) "
        f"WHERE value IS NOT NULL AND value <> '' AND value NOT IN (SELECT {identifier(key.column_there)} FROM {identifier(key.table)})"
    )
