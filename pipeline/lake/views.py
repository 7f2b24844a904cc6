"""The views and macros of `schemas/views.sql` in the lake.

DuckLake keeps views and macros (table macros too) in its catalog, so a reader has them by attaching the lake, without this package.
"""

from __future__ import annotations

import duckdb

from schemas.sql import identifier
from schemas.views import VERSION, create_statements, version_of, views


def outdated_views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that bring the views of the database in use up to date; none if they are.

    The indicators are those of its table `indicators`.
    """
    codes = [str(code) for (code,) in connection.execute("SELECT code FROM indicators ORDER BY code").fetchall()]
    wanted = create_statements(codes)
    try:
        if connection.execute(f"SELECT version FROM {VERSION}").fetchone() == (version_of(wanted[:-1]),):
            return []
    except duckdb.CatalogException:
        pass  # none yet
    names = {view.name for view in views(codes)} | {VERSION}
    there = connection.execute(
        "SELECT view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal AND NOT temporary"
    ).fetchall()
    return [*(f"DROP VIEW {identifier(name)}" for (name,) in sorted(there) if name not in names), *wanted]
