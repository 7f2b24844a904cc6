"""The differences between two releases, by key, and why.

Both are DuckDB databases attached to one connection, as `old` and `release`. Every row of a table that both have is added, removed or
the same; of a row that both have, every cell of a column that both have is the same or changed. The cause of each is found in what the
two say of themselves: which reports, corrections and codebook entries they have, and which code read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.release.layout import DATABASE, lake_tables
from schemas.registry import table
from schemas.sql import identifier, literal

#: A text is cut here; the whole is in the releases themselves.
CHARACTERS = 500
#: Tables whose rows do not come from reports.
REFERENCE = {"regions": "reference", "indicators": "codebook", "corrections": "correction"}
#: A file is there because it was collected, whether it could be read or not.
FILES = {"added": "new_report", "removed": "withdrawn_report"}


def compare(connection: duckdb.DuckDBPyConnection, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Fill the table `changes` of the database in use. `before` and `now` are the provenances of those attached as `old` and `release`."""
    _prepare(connection, before, now)
    last = _last_cause(connection, before, now)
    for name in common_tables(connection):
        connection.execute(f"INSERT INTO changes {_differences(connection, name, last)}")


def attach_old(connection: duckdb.DuckDBPyConnection, old: Path) -> None:
    """Attach the database of the release before."""
    connection.execute(f"ATTACH {literal(str(old / DATABASE))} AS old (READ_ONLY)")


def common_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that both releases have and this program knows."""
    return [name for name in lake_tables() if _columns(connection, "old", name) and _columns(connection, "release", name)]


def _columns(connection: duckdb.DuckDBPyConnection, database: str, name: str) -> list[str]:
    sql = "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ? ORDER BY column_index"
    return [str(column) for (column,) in connection.execute(sql, [database, name]).fetchall()]


def _prepare(connection: duckdb.DuckDBPyConnection, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Make the temporary tables in which causes are looked up: reports of one side only, corrected numbers, changed codebook entries."""
    for side, here, there in (("new", "release", "old"), ("old", "old", "release")):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {side}_reports AS "
            f"SELECT report_id FROM {here}.reports WHERE report_id NOT IN (SELECT report_id FROM {there}.reports)"
        )
    corrected = "SELECT NULL::VARCHAR AS quantity_id WHERE false"
    if _columns(connection, "release", "corrections") and _columns(connection, "old", "corrections"):
        rows = "SELECT quantity_id, field, value FROM {}.corrections"
        new, old = rows.format("release"), rows.format("old")
        corrected = f"SELECT DISTINCT quantity_id FROM (({new} EXCEPT {old}) UNION ALL ({old} EXCEPT {new}))"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE corrected AS {corrected}")
    entries = {**before["codebook"], **now["codebook"]}
    codes = [code for code in sorted(entries) if before["codebook"].get(code) != now["codebook"].get(code)]
    connection.execute("CREATE OR REPLACE TEMP TABLE changed_codes AS SELECT unnest(CAST(? AS VARCHAR[])) AS code", [codes])


def _last_cause(connection: duckdb.DuckDBPyConnection, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What is to blame where a row itself does not tell: the code if it changed, else what else did."""
    if before["code"]["reading"] != now["code"]["reading"]:
        return "extractor"
    for temporary, cause in (("new_reports", "new_report"), ("old_reports", "withdrawn_report"), ("corrected", "correction")):
        if connection.execute(f"SELECT 1 FROM {temporary} LIMIT 1").fetchone():
            return cause
    return "reference"


def _differences(connection: duckdb.DuckDBPyConnection, name: str, last: str) -> str:
    old, new = (_columns(connection, database, name) for database in ("old", "release"))
    shared = [column for column in new if column in old]
    key = [column for column in table(name).key if column in shared]
    joined = " AND ".join(f"o.{identifier(column)} = n.{identifier(column)}" for column in key)
    both = f"old.{identifier(name)} AS o JOIN release.{identifier(name)} AS n ON {joined}"
    cells = [column for column in shared if column not in key]
    parts = [
        _rows(name, "added", f"release.{identifier(name)} AS n ANTI JOIN old.{identifier(name)} AS o ON {joined}", "n", new, last),
        _rows(name, "removed", f"old.{identifier(name)} AS o ANTI JOIN release.{identifier(name)} AS n ON {joined}", "o", old, last),
    ]
    if cells:
        parts.append(_cells(name, both, cells, new, last))
    return " UNION ALL ".join(parts)


def _rows(name: str, change: str, source: str, side: str, columns: Sequence[str], last: str) -> str:
    return (
        f"SELECT {literal(name)}, {_key(name, side)}, '{change}', '', NULL, NULL, {_cause(name, change, [side], columns, last)}, "
        f"{_or(side, 'code', columns, literal(''))}, {_or(side, 'report_id', columns, 'NULL')} FROM {source}"
    )


def _cells(name: str, both: str, cells: Sequence[str], columns: Sequence[str], last: str) -> str:
    differ = " OR ".join(f"o.{identifier(column)} IS DISTINCT FROM n.{identifier(column)}" for column in cells)
    pairs = ", ".join(
        f"CASE WHEN o.{quoted} IS DISTINCT FROM n.{quoted} THEN "
        f"{{'name': {literal(column)}, 'old': left(CAST(o.{quoted} AS VARCHAR), {CHARACTERS}), "
        f"'new': left(CAST(n.{quoted} AS VARCHAR), {CHARACTERS})}} END"
        for column in cells
        for quoted in [identifier(column)]
    )
    return (
        f"SELECT {literal(name)}, row_key, 'changed', cell.name, cell.old, cell.new, cause, code, report_id FROM ("
        f"SELECT {_key(name, 'n')} AS row_key, {_cause(name, 'changed', ['n', 'o'], columns, last)} AS cause, "
        f"{_or('n', 'code', columns, literal(''))} AS code, {_or('n', 'report_id', columns, 'NULL')} AS report_id, "
        f"unnest(list_filter([{pairs}], lambda pair: pair IS NOT NULL)) AS cell FROM {both} WHERE {differ})"
    )


def _key(name: str, side: str) -> str:
    return f"concat_ws('|', {', '.join(f'{side}.{identifier(column)}' for column in table(name).key)})"


def _or(side: str, column: str, columns: Sequence[str], otherwise: str) -> str:
    return f"{side}.{identifier(column)}" if column in columns else otherwise


def _cause(name: str, change: str, sides: Sequence[str], columns: Sequence[str], last: str) -> str:
    """The SQL for the cause of a difference; the first that fits, from the certain to the likely."""
    if name in REFERENCE:
        return literal(REFERENCE[name])
    if name == "raw_files" and change in FILES:
        return literal(FILES[change])
    side = sides[0]
    whens: list[str] = []
    quantity = _quantity(side, columns)
    if quantity:
        whens.append(f"WHEN {quantity} IN (SELECT quantity_id FROM corrected) THEN 'correction'")
    if "report_id" in columns:
        new = "restatement" if change == "changed" else "new_report"
        whens.append(f"WHEN {side}.report_id IN (SELECT report_id FROM new_reports) THEN '{new}'")
        whens += [f"WHEN {each}.report_id IN (SELECT report_id FROM old_reports) THEN 'withdrawn_report'" for each in sides]
    if "code" in columns:
        whens.append(f"WHEN {side}.code IN (SELECT code FROM changed_codes) THEN 'codebook'")
    return f"CASE {' '.join(whens)} ELSE {literal(last)} END" if whens else literal(last)


def _quantity(side: str, columns: Sequence[str]) -> str:
    """The SQL for the quantity that a row comes from; empty if it comes from none."""
    if "quantity_id" in columns:
        return f"{side}.quantity_id"
    if "observation_id" in columns:
        return f"regexp_extract({side}.observation_id, '^[0-9a-f]+-[0-9]+')"
    return ""
