"""The tables as files: the same bytes for the same rows, the same hash whatever holds them, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.release.content import content_hash, row_hash
from pipeline.release.layout import MIRRORED, released_tables, table_files
from pipeline.release.mirrors import mirror, safe
from pipeline.release.parquet import ROWS_A_GROUP, read_groups, scan, write_table
from pipeline.tables import frame
from schemas.derive import arrow_schema, duckdb_create, example
from schemas.registry import table


def panel_of(rows: Sequence[tuple[str, int]]) -> pl.DataFrame:
    """A panel with a row for each region and year."""
    base = example("panel")
    report = str(base["report_id"])
    made = [
        base | {"region_code": region, "year": year, "observation_id": f"{report}-{number}-{base['code']}"}
        for number, (region, year) in enumerate(rows)
    ]
    return frame("panel", [row | {"observation_ids": [row["observation_id"]]} for row in made])


def written(folder: Path, rows: pl.DataFrame, name: str = "panel", **how: int) -> list[Path]:
    with duckdb.connect() as connection:
        connection.register("given", rows.to_arrow())
        write_table(connection, name, "given", folder / "data", **how)
    return table_files(folder, name)


# -- Parquet -------------------------------------------------------------------------------------------------------------------


def test_the_order_of_the_rows_given_does_not_show(tmp_path: Path) -> None:
    rows = panel_of([(f"33{number:04}", 2000 + number % 20) for number in range(500)])
    (first,) = written(tmp_path / "a", rows)
    (second,) = written(tmp_path / "b", rows.sample(fraction=1.0, shuffle=True, seed=1))
    assert first.read_bytes() == second.read_bytes()


def test_row_groups_have_one_size_and_zstd_and_statistics(tmp_path: Path) -> None:
    base = example("sections")
    rows = (
        pl.DataFrame([base])
        .select(pl.all().repeat_by(ROWS_A_GROUP + 5).explode())
        .with_columns(section_no=pl.int_range(2, ROWS_A_GROUP + 7))
    )
    (path,) = written(tmp_path, rows, "sections")
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [ROWS_A_GROUP, 5]
    column = metadata.row_group(0).column(2)
    assert (column.compression, column.statistics.min, column.statistics.max) == ("ZSTD", 2, ROWS_A_GROUP + 1)


@pytest.mark.parametrize("name", released_tables())
def test_titles_and_units_are_in_the_schema_of_every_table(tmp_path: Path, name: str) -> None:
    (path,) = written(tmp_path, frame(name, [example(name)]), name)
    found = pq.read_schema(path)
    assert found.remove_metadata() == arrow_schema(name).remove_metadata()
    assert found.metadata[b"title"].decode() == table(name).title
    for field in found:
        assert {b"title", b"description", b"unit", b"source"} <= set(field.metadata), field.name


def test_a_big_table_is_a_folder_of_a_file_a_province_and_year(tmp_path: Path) -> None:
    rows = panel_of([("330783", 2017), ("330783", 2018), ("110101", 2017), ("X33078301", 2017)])
    files = written(tmp_path, rows, partition_from=4)
    assert [path.relative_to(tmp_path / "data/panel").as_posix() for path in files] == [
        "region_province=11/year=2017/part.parquet",
        "region_province=33/year=2017/part.parquet",
        "region_province=33/year=2018/part.parquet",
    ]
    assert [path.suffix for path in written(tmp_path / "small", rows, partition_from=5)] == [".parquet"]
    whole = pl.concat([group for path in files for group in read_groups(path)])
    assert frame("panel", whole.to_dicts()).equals(rows)
    hive = pl.read_parquet(f"{tmp_path}/data/panel/**/*.parquet", hive_partitioning=True)
    assert set(hive["region_province"].cast(pl.String)) == {"11", "33"}


# -- the hash of the rows --------------------------------------------------------------------------------------------------------


def hash_of(rows: Sequence[tuple[object, ...]]) -> str:
    """The content hash of rows of `corrections`, held by DuckDB."""
    with duckdb.connect() as connection:
        connection.execute(duckdb_create("corrections"))
        connection.executemany("INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return content_hash(connection, "corrections", "corrections")


CELLS = st.text(alphabet="a:1-[]|\x1f\n中", max_size=4)


@given(st.tuples(*[CELLS] * 8), st.tuples(*[CELLS] * 8))
def test_rows_that_differ_have_another_hash(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert (hash_of([first]) == hash_of([second])) == (first == second)


def test_null_is_not_the_empty_text_and_an_item_is_not_two() -> None:
    with duckdb.connect() as connection:
        connection.execute(duckdb_create("indicators").replace(" NOT NULL", ""))
        seen = set()
        for units in (None, [], [""], ["a", "b"], ["ab"], ["a, b"]):
            connection.execute("DELETE FROM indicators")
            connection.execute("INSERT INTO indicators (code, accepted_units) VALUES ('a.b', ?)", [units])
            seen |= set(connection.execute(f"SELECT {row_hash('indicators')} FROM indicators").fetchall())
        assert len(seen) == 6


def test_parquet_and_duckdb_with_the_same_rows_have_the_same_hash(tmp_path: Path) -> None:
    rows = panel_of([("330783", year) for year in range(2000, 2020)])
    files = written(tmp_path, rows, partition_from=1)
    with duckdb.connect() as connection:
        connection.execute(duckdb_create("panel"))
        connection.register("given", rows.reverse().to_arrow())
        connection.execute("INSERT INTO panel BY NAME SELECT * FROM given")
        assert content_hash(connection, "panel", scan(files)) == content_hash(connection, "panel", "panel")


# -- CSV -----------------------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1))
def test_no_text_is_a_formula_and_every_text_can_be_read_back(texts: list[str]) -> None:
    guarded = safe(pl.Series("text", texts)).to_list()
    for before, after in zip(texts, guarded, strict=True):
        assert not after.startswith(tuple("=+-@\t\r\n＝＋－＠"))
        assert after in (before, f"'{before}")
        assert after == before or before[0] in "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("name", MIRRORED)
def test_a_mirror_is_utf_8_with_a_byte_order_mark_and_one_header(tmp_path: Path, name: str) -> None:
    written(tmp_path, frame(name, [example(name)]), name)
    text = b"".join(mirror(tmp_path, name)).decode()
    assert text.startswith("\ufeff") and text.count("\ufeff") == 1
    header, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert tuple(header) == table(name).columns and len(row) == len(header)


def test_numbers_stay_numbers_and_lists_are_json(tmp_path: Path) -> None:
    row = example("panel") | {"value": -5.0, "values": [-5.0], "unit": "=件"}
    written(tmp_path, frame("panel", [row]))
    (cells,) = csv.DictReader(io.StringIO(b"".join(mirror(tmp_path, "panel")).decode().removeprefix("\ufeff")))
    assert (cells["value"], cells["unit"], cells["value_high"]) == ("-5.0", "'=件", "")
    assert json.loads(cells["values"]) == [-5.0]
    assert json.loads(cells["observation_ids"]) == row["observation_ids"]
