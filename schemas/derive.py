"""Everything that follows from the models: polars, Arrow and DuckDB types, the data dictionary, and validation.

`python -m schemas.derive` writes `docs/data-dictionary.md`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.registry import RELEASE_TABLES, TABLES, ForeignKey, Table, table
from schemas.sql import identifier, literal
from schemas.views import views

if TYPE_CHECKING:
    import pyarrow as pa

DICTIONARY = Path(__file__).parent.parent / "docs" / "data-dictionary.md"
#: How many offending rows an error shows of each broken constraint.
SHOWN = 3

_DUCKDB_TYPES: Mapping[pl.DataType, str] = {
    pl.String(): "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Float64(): "DOUBLE",
    pl.Boolean(): "BOOLEAN",
    pl.Date(): "DATE",
}


class InvalidTableError(ValueError):
    """Rows that break what the schema of their table declares. The message names table, column, check and the first such rows."""


def polars_schema(table_name: str) -> pl.Schema:
    """The columns of a table with their polars types, in order."""
    return pl.Schema({name: column.dtype.type for name, column in table(table_name).schema.columns.items()})


def arrow_schema(table_name: str) -> "pa.Schema":
    """The Arrow schema of a table; title, description, unit and source are field metadata, title and description table metadata."""
    import pyarrow as pa

    definition = table(table_name)
    plain = pl.DataFrame(schema=polars_schema(table_name)).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    fields = []
    for field in plain:
        column = definition.schema.columns[field.name]
        metadata = {"title": column.title, "description": column.description, "unit": unit(column), "source": column.metadata["source"]}
        fields.append(pa.field(field.name, _without_large(field.type), nullable=column.nullable, metadata=metadata))
    return pa.schema(fields, metadata={"title": definition.title, "description": definition.description})


def _without_large(arrow_type: "pa.DataType") -> "pa.DataType":
    import pyarrow as pa

    if pa.types.is_large_string(arrow_type):
        return pa.string()
    if pa.types.is_large_list(arrow_type):
        return pa.list_(_without_large(arrow_type.value_type))
    return arrow_type


def unit(column: Any) -> str:
    """The unit of a column of a pandera schema; 'none' for text."""
    return str(column.metadata["unit"])


def duckdb_type(polars_type: pl.DataType) -> str:
    """The DuckDB type that holds a polars type."""
    if isinstance(polars_type, pl.List):
        inner = polars_type.inner
        return duckdb_type(inner if isinstance(inner, pl.DataType) else inner()) + "[]"
    return _DUCKDB_TYPES[polars_type]


def duckdb_columns(table_name: str) -> list[tuple[str, str, bool, str]]:
    """The columns of a table in DuckDB: name, type, whether it may be null, comment (title, description and unit)."""
    columns = table(table_name).schema.columns
    described = []
    for name, polars_type in polars_schema(table_name).items():
        column = columns[name]
        comment = f"{column.title}. {column.description}" + ("" if unit(column) == "none" else f" Unit: {unit(column)}.")
        described.append((name, duckdb_type(polars_type), bool(column.nullable), comment))
    return described


def duckdb_create(table_name: str) -> str:
    """The CREATE TABLE statement of a table. Keys are not in it (DuckLake has none): `validate` guards them."""
    lines = [
        f"  {identifier(name)} {type_name}{'' if nullable else ' NOT NULL'}" for name, type_name, nullable, _ in duckdb_columns(table_name)
    ]
    return f"CREATE TABLE IF NOT EXISTS {identifier(table_name)} (\n" + ",\n".join(lines) + "\n)"


def duckdb_comments(table_name: str) -> list[str]:
    """The COMMENT ON statements of a table and its columns."""
    definition = table(table_name)
    statements = [f"COMMENT ON TABLE {identifier(table_name)} IS {literal(f'{definition.title}. {definition.description}')}"]
    for name, _, _, comment in duckdb_columns(table_name):
        statements.append(f"COMMENT ON COLUMN {identifier(table_name)}.{identifier(name)} IS {literal(comment)}")
    return statements


def duckdb_ddl(table_name: str) -> list[str]:
    """The statements that make a table with its comments."""
    return [duckdb_create(table_name), *duckdb_comments(table_name)]


def example(table_name: str) -> dict[str, object]:
    """A valid row of a table: the examples of its columns."""
    return {name: column.metadata["example"] for name, column in table(table_name).schema.columns.items()}


def validate(table_name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame itself, if every row meets every constraint of its table; nothing is cast or dropped.

    Raises InvalidTableError with all broken constraints and the first rows that break each, KeyError for an unknown table, and
    TypeError for a LazyFrame: pandera skips value checks on those.
    """
    from pandera.errors import SchemaErrors

    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"table {table_name}: expected a polars DataFrame, got {type(frame).__name__}; collect a LazyFrame first")
    definition = table(table_name)
    try:
        definition.schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        raise InvalidTableError(_explain(definition, frame, errors.failure_cases)) from None
    return frame


def _explain(definition: Table, frame: pl.DataFrame, failures: pl.DataFrame) -> str:
    broken = []
    for (context, column, check), cases in failures.group_by("schema_context", "column", "check", maintain_order=True):
        where = f"column {column}" if context == "Column" else f"table {definition.name}"
        rows = [_row(definition, frame, case) for case in cases.head(SHOWN).iter_rows(named=True)]
        broken.append(f"- {where}: {check} is broken {cases.height} times, first by {'; '.join(rows)}")
    return f"table {definition.name}: {len(broken)} broken constraints\n" + "\n".join(broken)


def _row(definition: Table, frame: pl.DataFrame, case: Mapping[str, Any]) -> str:
    found, index = str(case["failure_case"]), case["index"]
    key = [name for name in definition.key if name in frame.columns]
    if index is None or not key:
        return found
    named = f"row {index} ({', '.join(f'{name}={frame[name][index]!r}' for name in key)})"
    return f"{found} in {named}" if case["schema_context"] == "Column" else named


def validate_references(frames: Mapping[str, pl.DataFrame]) -> None:
    """Checks the foreign keys between the given tables of one collection; keys into tables not given, or into other collections, are
    left to the whole lake (`Lake.broken_references`). Raises InvalidTableError that names the first values that point nowhere."""
    broken = []
    for name, frame in frames.items():
        for key in table(name).foreign_keys:
            if key.across or key.table not in frames:
                continue
            missing = dangling(frame, key, frames[key.table])
            if missing:
                broken.append(f"- table {name}, column {key.column}: {len(missing)} values are not in {key.table}: {missing[:SHOWN]}")
    if broken:
        raise InvalidTableError("rows point to rows that do not exist\n" + "\n".join(broken))


def dangling(frame: pl.DataFrame, key: ForeignKey, there: pl.DataFrame) -> list[str]:
    """The distinct values of a foreign key column that are not in the table it points into, ascending."""
    values = frame.get_column(key.column)
    if isinstance(values.dtype, pl.List):
        values = values.explode()
    values = values.drop_nulls().unique()
    known = there.get_column(key.column_there).unique()
    return sorted(value for value in values.filter(~values.is_in(known.implode())).to_list() if value != "")


def data_dictionary(names: Sequence[str] = (*TABLES, *RELEASE_TABLES)) -> str:
    """The data dictionary in Markdown: every table, its key and order, every column with type, unit, source and constraints."""
    chosen = {name: table(name) for name in names}
    parts = [
        "# Data dictionary",
        "",
        "Generated from the models in `schemas/` by `python -m schemas.derive`; do not edit.",
        "",
        "Offsets count Unicode code points from 0, spans are half-open. Text is never null unless it says so: the empty string says that",
        "there is none. `?` after a type marks a column that may be null.",
        "",
        "| table | what a row is | key |",
        "|---|---|---|",
    ]
    parts += [f"| [`{name}`](#{name}) | {each.description} | {', '.join(each.key)} |" for name, each in chosen.items()]
    for name, each in chosen.items():
        parts += ["", *_dictionary_table(name, each)]
    parts += ["", *_dictionary_views()]
    return "\n".join(parts) + "\n"


def _dictionary_views() -> list[str]:
    head = ["## Views and macros", "", "Made of the tables above, in the lake and in a released DuckDB file (`schemas/views.sql`).", ""]
    rows = [f"| `{view.name}` | {view.kind.lower()} | {view.description} |" for view in views([])]
    return [*head, "| name | kind | what it tells |", "|---|---|---|", *rows]


def _dictionary_table(name: str, definition: Table) -> list[str]:
    lines = [f"## {name}", "", definition.description, "", f"Sorted by {', '.join(f'`{column}`' for column in definition.sort)}."]
    for key in definition.foreign_keys:
        lines.append(f"`{key.column}` points to `{key.table}.{key.column_there}`.")
    lines += ["", "| column | type | title and description | unit | source | allowed |", "|---|---|---|---|---|---|"]
    for column_name, polars_type in polars_schema(name).items():
        column = definition.schema.columns[column_name]
        cells = [
            f"`{column_name}`",
            duckdb_type(polars_type) + ("?" if column.nullable else ""),
            f"**{column.title}.** {column.description}",
            unit(column),
            column.metadata["source"],
            "; ".join(_allowed(check) for check in column.checks),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    rules = [str(check.name) for check in definition.schema.checks]
    return [*lines, "", "Every row: " + "; ".join(rules) + "."] if rules else lines


def _allowed(check: Any) -> str:
    facts: Mapping[str, Any] = check.statistics
    match check.name:
        case "isin":
            return ", ".join(f"`{value}`" if value else "empty" for value in facts["allowed_values"])
        case "str_matches":
            return f"`{facts['pattern']}`"
        case "str_length":
            return f"at least {facts['min_value']} character"
        case "in_range":
            return f"{facts['min_value']} to {facts['max_value']}"
        case "greater_than_or_equal_to":
            return f"at least {facts['min_value']}"
    raise ValueError(f"the data dictionary has no words for the check {check.name}")


if __name__ == "__main__":
    DICTIONARY.write_text(data_dictionary(), encoding="utf-8")
    sys.stdout.write(f"wrote {DICTIONARY}\n")
