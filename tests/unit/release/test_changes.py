"""What differs between two releases, why, and what of it must be declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.release import gates
from pipeline.release.changes import compare
from pipeline.release.layout import lake_tables
from pipeline.release.versions import Declared
from pipeline.tables import frame
from schemas.derive import duckdb_create, example, polars_schema, validate
from schemas.registry import table
from schemas.sql import identifier

FIRST, SECOND = "5294964d9a8dd071", "9e406318b9223388"
CODE, OTHER = "reconsideration.applications", "reconsideration.accepted"
SAME = {"code": {"reading": "a"}, "codebook": {CODE: "1", OTHER: "1"}}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def report(report_id: str) -> dict[str, Any]:
    return {"report_id": report_id}


def panel(value: float, report_id: str = FIRST, code: str = CODE, year: int = 2017) -> dict[str, Any]:
    told = f"{report_id}-512-{code}"
    return {
        "code": code,
        "year": year,
        "value": value,
        "values": [value],
        "report_id": report_id,
        "observation_id": told,
        "observation_ids": [told],
    }


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for database in ("old", "release"):
            connection.execute(f"ATTACH ':memory:' AS {database}; USE {database}")
            for name in lake_tables():
                connection.execute(duckdb_create(name))
        connection.execute("USE release")
        connection.execute(duckdb_create("changes"))
        yield connection


def put(connection: duckdb.DuckDBPyConnection, database: str, rows: Rows) -> None:
    for name, given in rows.items():
        made = frame(name, [example(name) | dict(row) for row in given])
        connection.register("made", made.to_arrow())
        connection.execute(f"INSERT INTO {database}.{identifier(name)} BY NAME SELECT * FROM made")


def changed(connection: duckdb.DuckDBPyConnection, old: Rows, new: Rows, before: Any = SAME, now: Any = SAME) -> pl.DataFrame:
    """The table `changes` between two releases, as its schema has it."""
    put(connection, "old", old)
    put(connection, "release", new)
    compare(connection, before, now)
    found = pl.DataFrame(pl.from_arrow(connection.execute("FROM changes").to_arrow_table())).cast(polars_schema("changes"))
    return validate("changes", found.sort(table("changes").sort))


def told(found: pl.DataFrame, name: str = "panel") -> list[tuple[Any, ...]]:
    rows = found.filter(pl.col("table_name") == name, pl.col("column_name").is_in(["", "value"]))
    return rows.select("row_key", "change", "column_name", "old_value", "new_value", "cause").rows()


KEY = f"330783|{CODE}|2017"


def test_equal_releases_have_no_changes(connection: duckdb.DuckDBPyConnection) -> None:
    rows = {"reports": [report(FIRST)], "panel": [panel(62)]}
    assert changed(connection, rows, rows).height == 0


def test_a_row_of_a_new_report_is_added_for_it(connection: duckdb.DuckDBPyConnection) -> None:
    old = {"reports": [report(FIRST)], "panel": [panel(62)]}
    new = {"reports": [report(FIRST), report(SECOND)], "panel": [panel(62), panel(70, SECOND, year=2018)]}
    found = changed(connection, old, new)
    assert told(found) == [(f"330783|{CODE}|2018", "added", "", None, None, "new_report")]
    assert told(found, "reports") == [(SECOND, "added", "", None, None, "new_report")]


def test_an_old_value_told_anew_by_a_new_report_is_restated(connection: duckdb.DuckDBPyConnection) -> None:
    old = {"reports": [report(FIRST)], "panel": [panel(62)]}
    new = {"reports": [report(FIRST), report(SECOND)], "panel": [panel(63, SECOND)]}
    assert told(changed(connection, old, new)) == [(KEY, "changed", "value", "62.0", "63.0", "restatement")]


def test_a_row_of_a_withdrawn_report_is_removed_for_it(connection: duckdb.DuckDBPyConnection) -> None:
    old = {"reports": [report(FIRST)], "panel": [panel(62)]}
    assert told(changed(connection, old, {})) == [(KEY, "removed", "", None, None, "withdrawn_report")]


def test_a_corrected_number_changes_for_that(connection: duckdb.DuckDBPyConnection) -> None:
    base = {"reports": [report(FIRST)]}
    new = {**base, "panel": [panel(62)], "corrections": [{"expect": "26", "value": "62"}]}
    assert told(changed(connection, {**base, "panel": [panel(26)]}, new)) == [(KEY, "changed", "value", "26.0", "62.0", "correction")]


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        ({**SAME, "codebook": {CODE: "2", OTHER: "1"}, "code": {"reading": "b"}}, "codebook"),
        ({**SAME, "codebook": {CODE: "1", OTHER: "2"}, "code": {"reading": "b"}}, "extractor"),
    ],
)
def test_else_the_codebook_or_the_program_is_the_cause(connection: duckdb.DuckDBPyConnection, now: Any, cause: str) -> None:
    base = {"reports": [report(FIRST)]}
    found = changed(connection, {**base, "panel": [panel(26)]}, {**base, "panel": [panel(62)]}, now=now)
    assert told(found) == [(KEY, "changed", "value", "26.0", "62.0", cause)]


def test_every_changed_cell_is_a_row_and_texts_are_cut(connection: duckdb.DuckDBPyConnection) -> None:
    old, new = {"reports": [{"body": "旧" * 600}]}, {"reports": [{"body": "新" * 600, "title": "题"}]}
    found = changed(connection, old, new).filter(table_name="reports")
    assert found.select("column_name", pl.col("new_value").str.len_chars()).rows() == [("body", 500), ("title", 1)]


# -- gates --------------------------------------------------------------------------------------------------------------------


def package() -> dict[str, Any]:
    columns = [
        {"name": "code", "type": "string", "unit": "none", "constraints": {"required": True}},
        {"name": "value", "type": "number", "unit": "件"},
    ]
    return {"resources": [{"name": "growth-checks", "format": "parquet", "schema": {"fields": columns, "primaryKey": ["code"]}}]}


def without_nothing(made: dict[str, Any]) -> None:
    """Leave the package as it is."""


def fields(made: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made["resources"][0]["schema"]["fields"]
    return found


BREAKING = [
    (lambda made: made["resources"].clear(), {"growth_checks": "the table is gone"}),
    (lambda made: fields(made).pop(), {"growth_checks.value": "the column is gone"}),
    (lambda made: fields(made)[1].update(type="string"), {"growth_checks.value": "its type was number and is string"}),
    (lambda made: fields(made)[1].update(unit="元"), {"growth_checks.value": "its unit was '件' and is '元'"}),
    (lambda made: fields(made)[0].pop("constraints"), {"growth_checks.code": "it may be empty now"}),
    (lambda made: made["resources"][0]["schema"].update(primaryKey=["value"]), {"growth_checks": "its key was code and is value"}),
    (lambda made: fields(made).append({"name": "new", "type": "string", "unit": "none"}), {}),
    (without_nothing, {}),
]


@pytest.mark.parametrize(("change", "expected"), BREAKING)
def test_what_a_reader_relies_on_breaks_when_it_is_gone_or_other(
    connection: duckdb.DuckDBPyConnection, change: Any, expected: dict[str, str]
) -> None:
    new = deepcopy(package())
    change(new)
    found = gates.differences(connection, package(), new)
    assert found.breaking == expected
    assert bool(gates.undeclared(found, Declared(), "1.0.0", "2.0.0")) == bool(expected)
    assert gates.undeclared(found, Declared(frozenset(expected)), "1.0.0", "2.0.0") == []
    same_number = gates.undeclared(found, Declared(frozenset(expected)), "1.0.0", "1.1.0")
    assert bool(same_number) == bool(expected) and all("raise the first number of SCHEMA_VERSION" in each for each in same_number)


def test_codes_that_are_gone_break_and_superseded_ones_are_told(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, "old", {"indicators": [{"code": "a.gone"}, {"code": "a.old"}]})
    put(connection, "release", {"indicators": [{"code": "a.old", "superseded_by": "a.new"}, {"code": "a.new"}]})
    found = gates.differences(connection, package(), package())
    assert (found.breaking, found.renamed, found.new_codes) == ({"a.gone": "the code is gone"}, {"a.old": "a.new"}, ("a.new",))
    assert len(gates.undeclared(found, Declared(), "1.0.0", "1.0.0")) == 1
    assert gates.undeclared(found, Declared(frozenset({"a.gone"})), "1.0.0", "1.0.0") == []


@pytest.mark.parametrize(("number", "declared", "passes"), [(1, None, True), (2, None, False), (2, 10.0, True), (3, 10.0, False)])
def test_more_than_a_set_share_of_changed_values_must_be_declared(
    connection: duckdb.DuckDBPyConnection, number: int, declared: float | None, passes: bool
) -> None:
    rows = [panel(62, year=year) for year in range(2000, 2020)]
    put(connection, "old", {"panel": rows})
    put(connection, "release", {"panel": [*(panel(63, year=2000 + place) for place in range(number)), *rows[number:]]})
    found = gates.differences(connection, package(), package())
    assert (found.shared, found.changed, found.changed_percent) == (20, number, 5.0 * number)
    assert (gates.undeclared(found, Declared(changed_percent=declared), "1.0.0", "1.0.0") == []) is passes
