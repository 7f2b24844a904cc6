"""The views and macros of `views.sql`: kept in the lake's catalog, and the same for any other DuckDB database with the same tables.

DuckLake keeps views and macros (table macros too) in its catalog, so a reader has them by attaching the lake, without this package.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import duckdb

from schemas.sql import identifier, literal

#: The view that says which version of the views a database has.
VERSION = "views_version"
_STATEMENT = re.compile(r"^-- (?P<name>\w+): (?P<says>.+?)^(?P<sql>CREATE (?P<kind>VIEW|MACRO) .+?;)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class View:
    """A view or a macro: its name, what it is, and the statement that makes it."""

    name: str
    kind: str
    description: str
    statement: str


def views(codes: Sequence[str]) -> list[View]:
    """The views and macros in the order in which they can be made. `codes` are the indicators that `panel_wide` can show."""
    text = (resources.files("pipeline.lake") / "views.sql").read_text(encoding="utf-8")
    wide = ", ".join(f"any_value(value) FILTER (code = {literal(code)}) AS {identifier(code)}" for code in sorted(codes))
    found = []
    for match in _STATEMENT.finditer(text):
        says = " ".join(line.removeprefix("--").strip() for line in match["says"].splitlines())
        found.append(View(match["name"], match["kind"], says, match["sql"].rstrip(";").replace("{wide}", wide or "NULL AS none")))
    return found


def create_statements(codes: Sequence[str]) -> list[str]:
    """The statements that make all views and macros, or make them anew, with their comments; for any DuckDB database with the tables."""
    made: list[str] = []
    for view in views(codes):
        made.append(view.statement.replace("CREATE ", "CREATE OR REPLACE ", 1))
        if view.kind == "VIEW":
            made.append(f"COMMENT ON VIEW {identifier(view.name)} IS {literal(view.description)}")
    made.append(f"CREATE OR REPLACE VIEW {VERSION} AS SELECT {literal(_version(made))} AS version")
    return made


def _version(statements: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]


def outdated_views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that bring the views of the database in use up to date; none if they are.

    The indicators are those of its table `indicators`.
    """
    codes = [str(code) for (code,) in connection.execute("SELECT code FROM indicators ORDER BY code").fetchall()]
    wanted = create_statements(codes)
    try:
        if connection.execute(f"SELECT version FROM {VERSION}").fetchone() == (_version(wanted[:-1]),):
            return []
    except duckdb.CatalogException:
        pass  # none yet
    names = {view.name for view in views(codes)} | {VERSION}
    there = connection.execute(
        "SELECT view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal AND NOT temporary"
    ).fetchall()
    return [*(f"DROP VIEW {identifier(name)}" for (name,) in sorted(there) if name not in names), *wanted]
