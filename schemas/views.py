"""The views and macros of `views.sql`, for the lake and for any other DuckDB database with the same tables.

A statement of the file has its name and description as a comment above it: `-- name: text`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

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
    text = (resources.files("schemas") / "views.sql").read_text(encoding="utf-8")
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
    made.append(f"CREATE OR REPLACE VIEW {VERSION} AS SELECT {literal(version_of(made))} AS version")
    return made


def version_of(statements: Sequence[str]) -> str:
    """A name for what statements make: the first 16 hex digits of their hash."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
