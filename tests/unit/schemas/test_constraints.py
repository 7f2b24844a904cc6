"""Every constraint that a table declares is broken once, and seen to be refused; over all tables, so a new one is tested by being there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from pipeline.tables import frame
from schemas.columns import finite
from schemas.derive import InvalidTableError, example, polars_schema, validate, validate_references
from schemas.registry import RELEASE_TABLES, ForeignKey
from schemas.registry import TABLES as LAKE_TABLES

TABLES = {**LAKE_TABLES, **RELEASE_TABLES}

OTHER_TYPE = {pl.String(): 1, pl.Int64(): 1.5, pl.Float64(): "1", pl.Boolean(): "yes", pl.Date(): 1}


def row_of(table_name: str, /, **changes: Any) -> pl.DataFrame:
    return frame(table_name, [example(table_name) | changes])


def column_checks() -> Iterator[Any]:
    for name, each in TABLES.items():
        for column_name, column in each.schema.columns.items():
            for check in column.checks:
                for broken in violations(check.name, check.statistics):
                    yield pytest.param(name, column_name, check.name, broken, id=f"{name}.{column_name} {check.name} {broken!r}")


def violations(check: str, facts: dict[str, Any]) -> list[Any]:
    """Values that break a check of one column."""
    match check:
        case "isin":
            return ["neither of these"]
        case "str_matches":
            return ["\n", "neither\nof these"]
        case "str_length":
            return ["x" * (facts["min_value"] - 1)]
        case "in_range":
            return [facts["min_value"] - 1, facts["max_value"] + 1]
        case "greater_than_or_equal_to":
            return [facts["min_value"] - 1]
    raise AssertionError(f"say here what breaks the check {check}")


def rules() -> Iterator[Any]:
    for name, each in TABLES.items():
        for check in each.schema.checks:
            yield pytest.param(name, check.name, check.statistics["broken_by"], id=f"{name}: {check.name}")


def columns() -> Iterator[Any]:
    for name, each in TABLES.items():
        for column_name in each.columns:
            yield pytest.param(name, column_name, id=f"{name}.{column_name}")


@pytest.mark.parametrize("name", TABLES)
def test_the_examples_of_the_columns_are_a_valid_row(name: str) -> None:
    row = row_of(name)
    assert validate(name, row) is row


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_is_valid(name: str) -> None:
    assert frame(name, [], check=True).height == 0


@pytest.mark.parametrize(("name", "column", "check", "broken"), list(column_checks()))
def test_a_value_that_breaks_a_check_of_its_column_is_refused(name: str, column: str, check: str, broken: Any) -> None:
    with pytest.raises(InvalidTableError, match=rf"table {name}(.|\n)*column {column}: {check}"):
        validate(name, row_of(name, **{column: broken}))


@pytest.mark.parametrize(("name", "rule", "broken_by"), list(rules()))
def test_a_row_that_breaks_a_rule_is_refused(name: str, rule: str, broken_by: dict[str, Any]) -> None:
    with pytest.raises(InvalidTableError) as refused:
        validate(name, row_of(name, **broken_by))
    assert f"{rule} is broken 1 times" in str(refused.value) or (
        "finite" in rule and f"column {next(iter(broken_by))}: not_nullable" in str(refused.value)
    )


@pytest.mark.parametrize(("name", "column"), list(columns()))
def test_null_is_refused_unless_the_column_may_be_null(name: str, column: str) -> None:
    row = row_of(name).with_columns(pl.lit(None, dtype=polars_schema(name)[column]).alias(column))
    if TABLES[name].schema.columns[column].nullable:
        assert f"column {column}" not in said_of(name, row)
    else:
        assert f"column {column}: not_nullable" in said_of(name, row)


@pytest.mark.parametrize(("name", "column"), list(columns()))
def test_a_column_of_another_type_is_refused_not_cast(name: str, column: str) -> None:
    polars_type = polars_schema(name)[column]
    other = pl.lit(OTHER_TYPE.get(polars_type, "a list"))
    assert f"column {column}: dtype" in said_of(name, row_of(name).with_columns(other.alias(column)))


@pytest.mark.parametrize(("name", "column"), list(columns()))
def test_a_missing_column_is_refused(name: str, column: str) -> None:
    assert f"column_in_dataframe is broken 1 times, first by {column}" in said_of(name, row_of(name).drop(column))


@pytest.mark.parametrize("name", TABLES)
def test_a_column_too_many_is_refused(name: str) -> None:
    assert "surplus" in said_of(name, row_of(name).with_columns(pl.lit(1).alias("surplus")))


@pytest.mark.parametrize("name", TABLES)
def test_columns_out_of_order_are_refused(name: str) -> None:
    assert "column_ordered" in said_of(name, row_of(name).select(reversed(TABLES[name].columns)))


@pytest.mark.parametrize("name", TABLES)
def test_two_rows_with_one_key_are_refused_and_named(name: str) -> None:
    said = said_of(name, pl.concat([row_of(name), row_of(name)]))
    key = TABLES[name].key[0]
    assert "unique" in said and f"row 1 ({key}={example(name)[key]!r}" in said


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_float_column_takes_what_is_not_a_number(value: float) -> None:
    for name in TABLES:
        for column, polars_type in polars_schema(name).items():
            if polars_type == pl.Float64:
                assert f"{column}" in said_of(name, row_of(name, **{column: value})), f"{name}.{column} needs the rule {finite.__name__}"


def test_an_error_names_table_column_check_value_and_row() -> None:
    good, bad = example("numerals"), example("numerals") | {"start": 700, "end": 702, "disposition": "guess"}
    said = said_of("numerals", frame("numerals", [good, bad]))
    assert said.startswith("table numerals: 1 broken constraints\n- column disposition: isin(")
    assert said.endswith("is broken 1 times, first by guess in row 1 (report_id='5294964d9a8dd071', start=700)")


def test_a_lazy_frame_is_refused_because_its_values_would_not_be_checked() -> None:
    with pytest.raises(TypeError, match="collect a LazyFrame first"):
        validate("sections", row_of("sections").lazy())  # type: ignore[arg-type]


def foreign_keys() -> Iterator[Any]:
    for name, each in TABLES.items():
        for key in each.foreign_keys:
            yield pytest.param(name, key, id=f"{name}.{key.column} -> {key.table}.{key.column_there}")


def without_references(name: str) -> pl.DataFrame:
    """The example row of a table, pointing nowhere."""
    row = row_of(name)
    return row.with_columns(pl.lit(None, dtype=row.schema[key.column]).alias(key.column) for key in TABLES[name].foreign_keys)


@pytest.mark.parametrize(("name", "key"), list(foreign_keys()))
def test_a_foreign_key_is_checked_between_tables_given_together(name: str, key: ForeignKey) -> None:
    def tables(value: object) -> dict[str, pl.DataFrame]:
        row = without_references(name)
        held = [value] if isinstance(row.schema[key.column], pl.List) else value
        return {
            key.table: without_references(key.table),
            name: row.with_columns(pl.lit(held, dtype=row.schema[key.column]).alias(key.column)),
        }

    validate_references(tables(example(key.table)[key.column_there]))
    if key.across:
        validate_references(tables("nowhere"))
    else:
        with pytest.raises(InvalidTableError, match=rf"{name}, column {key.column}: 1 values are not in {key.table}: \['nowhere'\]"):
            validate_references(tables("nowhere"))


def test_empty_text_and_null_point_nowhere() -> None:
    regions = row_of("regions").clear()
    validate_references({"reports": row_of("reports", region_code="", region_name=""), "regions": regions})
    validate_references({"raw_files": row_of("raw_files", report_id=None), "reports": row_of("reports").clear()})


def said_of(name: str, rows: pl.DataFrame) -> str:
    """What validation says of the rows; empty if it takes them."""
    try:
        validate(name, rows)
    except InvalidTableError as error:
        return str(error)
    return ""
