"""No flaw in a release stays unseen."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.release import Problem, verify
from pipeline.release.checks_files import write_sums
from pipeline.release.content import content_hash
from pipeline.release.layout import CONTENT_SUMS, PACKAGE, released_tables, table_files
from pipeline.release.parquet import scan

VERSION = "2026.11.0"


def files(release: Path) -> dict[str, str]:
    """Every file of a release with its hash."""
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in release.rglob("*") if path.is_file()
    }


@pytest.fixture
def copy(released: Path, tmp_path: Path) -> Path:
    """A copy of the release to be damaged."""
    return Path(shutil.copytree(released, tmp_path / VERSION))


def found(release: Path) -> list[Problem]:
    return verify(release).problems


def said(release: Path) -> str:
    return "\n".join(map(str, found(release)))


def test_nothing_is_found_in_a_copy(copy: Path) -> None:
    assert found(copy) == []


def test_a_flipped_byte_in_any_file_is_found_and_the_file_named(copy: Path) -> None:
    """By the lists of hashes alone, which are checked first; every file once, at a place chosen by a fixed seed."""
    from pipeline.release.checks_files import check_sums

    chosen = random.Random(20261101)
    for name in files(copy):
        path = copy / name
        before = path.read_bytes()
        place = chosen.randrange(len(before))
        path.write_bytes(before[:place] + bytes([before[place] ^ (1 << chosen.randrange(8))]) + before[place + 1 :])
        problems = list(check_sums(copy))
        assert problems, f"{name}, byte {place}"
        if name not in ("SHA256SUMS", "fazhi.duckdb.sha256"):
            assert [problem.place for problem in problems] == [name]
        path.write_bytes(before)
    assert list(check_sums(copy)) == []


@pytest.mark.parametrize("name", ["fazhi.duckdb", "data/panel.parquet", "datapackage.json", "croissant.json", "provenance.json"])
def test_a_damaged_file_stops_no_other_check(copy: Path, name: str) -> None:
    path = copy / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    problems = found(copy)
    assert problems[0].place == name
    assert all("Traceback" not in str(problem) for problem in problems)


def test_a_missing_and_a_surplus_file_are_named(copy: Path) -> None:
    (copy / "csv/panel.csv").unlink()
    (copy / "notes.txt").write_text("x")
    assert {"csv/panel.csv: is missing", "notes.txt: is in no list of hashes: it does not belong to the release"} <= set(
        map(str, found(copy))
    )


def rewrite(release: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the Parquet file of a table, and sign everything anew: as a careful forger or a faulty program would."""
    path = release / "data" / f"{name}.parquet"
    changed = change(pq.read_table(path))
    pq.write_table(changed, path)
    sign(release)


def sign(release: Path) -> None:
    with duckdb.connect() as connection:
        lines = []
        for name in released_tables():
            try:
                digest = content_hash(connection, name, scan(table_files(release, name)))
            except duckdb.Error:
                digest = "0" * 64  # a column is gone: no hash can be made
            lines.append(f"{digest}  {name}\n")
    (release / CONTENT_SUMS).write_text("".join(lines), encoding="utf-8")
    write_sums(release)


def with_cell(column: str, row: int, value: Any) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        values = rows.column(column).to_pylist()
        values[row] = value
        field = rows.schema.field(column)
        return rows.set_column(rows.schema.get_field_index(column), field, pa.array(values, field.type))

    return change


def key_of(release: Path, row: int) -> str:
    rows = pl.read_parquet(release / "data/panel.parquet")
    return "|".join(str(rows[name][row]) for name in ("region_code", "code", "year"))


def test_a_changed_cell_is_found_with_its_table_row_and_column(copy: Path) -> None:
    key = key_of(copy, 3)
    rewrite(copy, "panel", with_cell("value", 3, 123456.0))
    text = said(copy)
    assert f"table panel, row {key}: column value: 123456.0 in Parquet" in text
    assert "csv/panel.csv, line 5: is not what table panel of the Parquet files says" in text
    assert "values holds value is broken 1 times" in text


def test_a_cell_changed_in_the_database_alone_is_found(copy: Path) -> None:
    key = key_of(copy, 3)
    with duckdb.connect(str(copy / "fazhi.duckdb")) as connection:
        connection.execute("UPDATE panel SET value = 123456 WHERE concat_ws('|', region_code, code, year) = ?", [key])
    write_sums(copy)
    text = said(copy)
    assert f"table panel, row {key}: column value:" in text and "123456.0 in fazhi.duckdb" in text
    assert f"table panel, row {key}: has 123456.0, and its observation has" in text


def test_a_cell_changed_in_a_csv_is_found_with_its_line(copy: Path) -> None:
    path = copy / "csv/indicators.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    lines[7] = lines[7].replace(",", ",x", 1)
    path.write_text("".join(lines), encoding="utf-8-sig")
    write_sums(copy)
    assert "csv/indicators.csv, line 8: is not what table indicators of the Parquet files says" in said(copy)


def test_a_missing_row_is_found_in_all_three(copy: Path) -> None:
    key = key_of(copy, 3)
    rewrite(copy, "panel", lambda rows: pa.concat_tables([rows.slice(0, 3), rows.slice(4)]))
    text = said(copy)
    assert f"table panel, row {key}: is in fazhi.duckdb and not in Parquet" in text
    assert "csv/panel.csv, line 5" in text


def test_a_missing_column_and_one_of_another_type_are_found(copy: Path) -> None:
    rewrite(copy, "panel", lambda rows: rows.drop_columns(["agreement"]))
    assert "data/panel.parquet, table panel: its columns are region_code" in said(copy)


def test_a_column_of_another_type_is_found(copy: Path) -> None:
    rewrite(copy, "panel", lambda rows: rows.set_column(2, "year", rows.column("year").cast(pa.int32())))
    assert "data/panel.parquet, table panel: its columns are" in said(copy)


def test_a_doubled_key_is_found(copy: Path) -> None:
    key = key_of(copy, 3)
    rewrite(copy, "panel", lambda rows: pa.concat_tables([rows, rows.slice(3, 1)]))
    assert f"table panel, row {key}: there are 2 rows with this key (region_code, code, year)" in said(copy)


def test_a_value_that_points_nowhere_is_found(copy: Path) -> None:
    with duckdb.connect(str(copy / "fazhi.duckdb")) as connection:
        connection.execute("UPDATE audits SET quantity_ids = ['0000000000000000-1'] WHERE audit_id = (SELECT min(audit_id) FROM audits)")
    write_sums(copy)
    assert "table audits, column quantity_ids: '0000000000000000-1' is not in quantities.quantity_id" in said(copy)


def test_a_quote_that_is_not_where_it_says_is_found(copy: Path) -> None:
    rows = pq.read_table(copy / "data/observations.parquet")
    start, end = rows.column("raw_start")[0].as_py(), rows.column("raw_end")[0].as_py()
    with duckdb.connect(str(copy / "fazhi.duckdb")) as connection:
        observation = rows.column("observation_id")[0].as_py()
        connection.execute(
            "UPDATE observations SET raw_start = raw_start + 1, raw_end = raw_end + 1 WHERE observation_id = ?", [observation]
        )
    write_sums(copy)
    text = said(copy)
    assert f"table observations, row {observation}: quotes" in text and f"{start + 1}..{end + 1}" in text


def test_a_missing_view_and_a_changed_comment_are_found(copy: Path) -> None:
    with duckdb.connect(str(copy / "fazhi.duckdb")) as connection:
        connection.execute("DROP VIEW panel_labelled")
        connection.execute("COMMENT ON COLUMN panel.value IS 'something else'")
    write_sums(copy)
    text = said(copy)
    assert "panel_labelled" in text and "fazhi.duckdb, table panel: the comments of its columns are not those of the schema" in text


@pytest.mark.parametrize("name", ["datapackage.json", "croissant.json"])
def test_a_descriptor_that_says_something_else_is_found_with_the_place(copy: Path, name: str) -> None:
    path = copy / name
    content = path.read_text(encoding="utf-8")
    digest = files(copy)["data/panel.parquet"]
    assert digest in content
    path.write_text(content.replace(digest, "0" * 64), encoding="utf-8")
    write_sums(copy)
    text = said(copy)
    assert name in text and "panel" in text and "0000000" in text


def test_a_release_of_another_schema_is_checked_by_its_hashes_alone_and_says_so(copy: Path) -> None:
    path = copy / PACKAGE
    package = json.loads(path.read_text(encoding="utf-8")) | {"schemaVersion": "0.1.0"}
    path.write_text(json.dumps(package), encoding="utf-8")
    write_sums(copy)
    verdict = verify(copy)
    assert verdict.whole and "only the hashes were checked: the release has schema 0.1.0" in verdict.notes[0]
