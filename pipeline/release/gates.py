"""Which differences from the release before must be declared in the changelog.

A reader relies on tables, columns, types, units, keys and codes: what is gone or means something else must be named. And values are
looked at once more when unusually many of them changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.release.versions import Declared

#: The largest share of the panel's values, in percent, that may change without being declared.
CHANGED_PERCENT = 5.0
CODES = "SELECT code, superseded_by FROM {}.indicators"
SHARE = """
    SELECT count(*), count(*) FILTER (o.value <> n.value OR o.value_high IS DISTINCT FROM n.value_high)
    FROM old.panel AS o JOIN release.panel AS n USING (region_code, code, year)
"""


@dataclass(frozen=True, slots=True)
class _Column:
    """What a reader relies on of a column."""

    type: str
    unit: str
    required: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a reader relies on of a table."""

    columns: Mapping[str, _Column]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What of the shape, the codes and the values differs.

    `breaking` maps the name of a table, column or code to what happened to it; `renamed` maps retired codes to their successors;
    `shared` and `changed` count the panel rows that both releases have, and those of them with another value.
    """

    breaking: Mapping[str, str]
    added: tuple[str, ...]
    renamed: Mapping[str, str]
    new_codes: tuple[str, ...]
    shared: int
    changed: int

    @property
    def changed_percent(self) -> float:
        """The share of changed values."""
        return 100 * self.changed / self.shared if self.shared else 0.0


def differences(connection: duckdb.DuckDBPyConnection, old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    """What differs between two releases attached as `old` and `release`, given their Data Package descriptors."""
    before, now = _tables(old), _tables(new)
    breaking = dict(each for name, shape in before.items() for each in _broken_shape(name, shape, now.get(name)))
    then, here = (dict(connection.execute(CODES.format(side)).fetchall()) for side in ("old", "release"))
    breaking |= dict.fromkeys(sorted(then.keys() - here.keys()), "the code is gone")
    renamed = {code: str(successor) for code, successor in sorted(here.items()) if successor and not then.get(code)}
    row = connection.execute(SHARE).fetchone()
    shared, changed = (int(row[0]), int(row[1])) if row else (0, 0)
    added = [
        *(name for name in now if name not in before),
        *(f"{name}.{column}" for name in now if name in before for column in now[name].columns if column not in before[name].columns),
    ]
    return Differences(breaking, tuple(added), renamed, tuple(sorted(here.keys() - then.keys())), shared, changed)


def undeclared(found: Differences, said: Declared, old_schema: str, new_schema: str) -> list[str]:
    """A sentence for every difference that the changelog should declare and does not."""
    sentences = [
        f"`{name}`: {what}; name it in a line `- Breaking: …`" for name, what in found.breaking.items() if name not in said.breaking
    ]
    shape = [name for name, what in found.breaking.items() if what != "the code is gone"]
    if shape and _major(new_schema) <= _major(old_schema):
        sentences.append(f"the shape breaks ({', '.join(shape)}): raise the first number of SCHEMA_VERSION in schemas/version.py")
    allowed = max(CHANGED_PERCENT, said.changed_percent or 0.0)
    if found.changed_percent > allowed:
        sentences.append(
            f"{found.changed} of {found.shared} panel values changed ({found.changed_percent:.1f} %, {allowed:g} % is allowed); "
            "look at them, then write a line `- Values changed: up to N %, because …`"
        )
    return sentences


def _tables(package: Mapping[str, Any]) -> dict[str, _Shape]:
    found = {}
    for resource in package["resources"]:
        if resource["format"] == "parquet":
            schema = resource["schema"]
            columns = {
                each["name"]: _Column(each["type"], each["unit"], each.get("constraints", {}).get("required", False))
                for each in schema["fields"]
            }
            found[resource["name"].replace("-", "_")] = _Shape(columns, tuple(schema["primaryKey"]))
    return found


def _broken_shape(name: str, before: _Shape, now: _Shape | None) -> Iterator[tuple[str, str]]:
    """What of a table is gone or means something else: its name or table.column, and what happened."""
    if now is None:
        yield name, "the table is gone"
        return
    if before.key != now.key:
        yield name, f"its key was {', '.join(before.key)} and is {', '.join(now.key)}"
    for column, facts in before.columns.items():
        broken = _broken_column(facts, now.columns.get(column))
        if broken:
            yield f"{name}.{column}", broken


def _broken_column(before: _Column, now: _Column | None) -> str:
    if now is None:
        return "the column is gone"
    if before.type != now.type:
        return f"its type was {before.type} and is {now.type}"
    if before.unit != now.unit:
        return f"its unit was {before.unit!r} and is {now.unit!r}"
    return "it may be empty now" if before.required and not now.required else ""


def _major(schema_version: str) -> int:
    return int(schema_version.split(".", maxsplit=1)[0])
