"""What follows from the models: types, DDL, dictionary; and that the models say what a reader must know."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from schemas import derive
from schemas.registry import TABLES, table

NUMBERS = (pl.Int64, pl.Float64, pl.List(pl.Int64), pl.List(pl.Float64))


def test_the_tables_are_those_of_the_architecture() -> None:
    assert list(TABLES) == [
        "raw_files",
        "raw_texts",
        "reports",
        "sections",
        "issues",
        "numerals",
        "quantities",
        "corrections",
        "observations",
        "near_misses",
        "audits",
        "duplicates",
        "panel",
        "vintages",
        "targets",
        "coverage",
        "implied",
        "growth_checks",
        "findings",
        "evaluation",
        "regions",
        "indicators",
        "materializations",
    ]
    unpartitioned = {name for name, each in TABLES.items() if not each.partitioned}
    of_all = {"duplicates", "panel", "vintages", "targets", "coverage", "implied", "growth_checks", "findings", "evaluation"}
    assert unpartitioned == {*of_all, "regions", "indicators", "materializations"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_and_its_columns_say_what_they_are(name: str) -> None:
    each = table(name)
    assert each.title and each.description.endswith(".")
    for column_name, column in each.schema.columns.items():
        where = f"{name}.{column_name}"
        assert column.title, where
        assert column.description.endswith("."), where
        assert column.metadata["source"], where
        assert column.metadata["unit"], where
        numeric = derive.polars_schema(name)[column_name] in NUMBERS
        assert (derive.unit(column) == "none") <= (not numeric), f"{where} is a number without a unit"


@pytest.mark.parametrize("name", TABLES)
def test_key_order_and_foreign_keys_name_columns_there_are(name: str) -> None:
    each = table(name)
    assert set(each.key) <= set(each.columns)
    assert set(each.sort) <= set(each.columns)
    for key in each.foreign_keys:
        assert key.column in each.columns
        assert key.column_there in table(key.table).key
        assert derive.duckdb_type(derive.polars_schema(name)[key.column]).removesuffix("[]") == "VARCHAR"


@pytest.mark.parametrize("name", TABLES)
def test_the_sort_order_tells_all_rows_apart(name: str) -> None:
    each = table(name)
    same_place_same_row = {"quantities": {"report_id", "raw_start"}}  # its id is made of these
    assert set(each.key) <= set(each.sort) or same_place_same_row[name] <= set(each.sort)


def test_an_unknown_table_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(KeyError, match="there is no table 'report'; the tables are raw_files, raw_texts, reports"):
        table("report")


@pytest.mark.parametrize("name", TABLES)
def test_duckdb_takes_the_ddl_and_an_example_row_comes_back_as_it_was(name: str) -> None:
    row = pl.DataFrame([derive.example(name)], schema=derive.polars_schema(name))
    with duckdb.connect() as connection:
        for statement in derive.duckdb_ddl(name) * 2:
            connection.execute(statement)
        connection.register("incoming", row.to_arrow())
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
        stored = pl.DataFrame(pl.from_arrow(connection.execute(f"FROM {name}").to_arrow_table()))
        comments = connection.execute("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
        described = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [name]).fetchone()
    assert stored.cast(derive.polars_schema(name)).equals(row)  # type: ignore[arg-type]
    assert comments == [(column, comment) for column, _, _, comment in derive.duckdb_columns(name)]
    assert described is not None and described[0].startswith(table(name).title)


def test_a_comment_holds_title_description_and_unit() -> None:
    comments = {name: comment for name, _, _, comment in derive.duckdb_columns("raw_files")}
    assert comments["size"] == "Size. Length of the file. Unit: bytes."


@pytest.mark.parametrize("name", TABLES)
def test_the_arrow_schema_holds_every_column_with_its_words(name: str) -> None:
    schema = derive.arrow_schema(name)
    assert tuple(schema.names) == table(name).columns
    for field in schema:
        column = table(name).schema.columns[field.name]
        assert field.nullable == column.nullable
        assert field.metadata[b"title"].decode() == column.title
        assert field.metadata[b"unit"].decode() == derive.unit(column)
        assert field.metadata[b"description"] and field.metadata[b"source"]
    empty = pl.DataFrame(pl.from_arrow(schema.empty_table()))
    assert empty.schema == derive.polars_schema(name)


def test_arrow_types_are_plain_ones() -> None:
    schema = derive.arrow_schema("reports")
    assert schema.field("body").type == pa.string()
    assert schema.field("recipients").type == pa.list_(pa.string())
    assert schema.field("published_on").type == pa.date32()
    assert schema.field("report_year").type == pa.int64()


def test_names_and_texts_are_quoted_for_sql() -> None:
    from schemas.sql import identifier, literal

    assert identifier('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"


def test_the_data_dictionary_is_up_to_date() -> None:
    assert derive.DICTIONARY.read_text(encoding="utf-8") == derive.data_dictionary(), "run `python -m schemas.derive`"


def test_the_data_dictionary_names_every_table_column_and_rule() -> None:
    text = derive.data_dictionary()
    for name, each in TABLES.items():
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for column in each.columns:
            assert f"\n| `{column}` | " in section
        for check in each.schema.checks:
            assert check.name in section


def test_looking_up_a_table_imports_nothing_heavy() -> None:
    code = "import sys, schemas.registry; assert 'reports' in schemas.registry.TABLES; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandera", "polars", "pyarrow", "duckdb", "pandas"} & set(loaded)
