"""The tables as Parquet: sorted, zstd, statistics, with titles and units in the schema, the same bytes whoever writes them.

What decides the bytes is fixed here: the order of the rows (the table's sort order, which is total), rows a group, compression, format
version. pyarrow writes its own version into the footer; it is pinned in `requirements.lock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.release.layout import PARTITIONED_ROWS
from schemas.derive import arrow_schema
from schemas.registry import table
from schemas.sql import identifier, literal

if TYPE_CHECKING:
    import polars as pl

ROWS_A_GROUP = 65_536
#: Few enough characters that a batch of whole reports stays small in memory.
TEXT_ROWS_A_GROUP = 1_024
TEXTS = ("raw_texts", "reports")
#: `sections` is not in it: it has no region.
PROVINCE = (
    "CASE WHEN region_code = '' THEN '00' WHEN region_code LIKE 'X%' THEN substr(region_code, 2, 2) ELSE substr(region_code, 1, 2) END"
)


def write_table(connection: duckdb.DuckDBPyConnection, name: str, source: str, folder: Path, partition_from: int = PARTITIONED_ROWS) -> int:
    """Write a table below `folder` out of `source` (SQL that gives its columns, in any order of rows). Returns the number of rows.

    A table of `partition_from` rows or more that has regions and years becomes `<table>/region_province=NN/year=NNNN/part.parquet`.
    """
    counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    rows = int(counted[0]) if counted else 0
    if rows >= partition_from and {"region_code", "year"} <= set(table(name).columns):
        _write_partitions(connection, name, source, folder / name)
    else:
        _write_file(name, _groups(_batches(connection, name, source, ""), _rows_a_group(name)), folder / f"{name}.parquet")
    return rows


def read_groups(path: Path) -> Iterator[pl.DataFrame]:
    """The row groups of a Parquet file as frames with the file's own columns, in order; at least one, which may have no rows."""
    import polars as pl

    with pq.ParquetFile(path) as file:
        if not file.num_row_groups:
            yield pl.DataFrame(pl.from_arrow(file.schema_arrow.empty_table()))
        for number in range(file.num_row_groups):
            yield pl.DataFrame(pl.from_arrow(file.read_row_group(number)))


def scan(paths: list[Path]) -> str:
    """SQL that reads Parquet files as one table, without columns from the names of folders."""
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}], hive_partitioning = false)"


def _rows_a_group(name: str) -> int:
    return TEXT_ROWS_A_GROUP if name in TEXTS else ROWS_A_GROUP


def _batches(connection: duckdb.DuckDBPyConnection, name: str, source: str, first: str) -> Iterator[pa.Table]:
    """The rows of a table in order, some at a time, with the columns of its schema; `first` is what to order by before its own order."""
    schema = arrow_schema(name)
    columns = ", ".join(identifier(column) for column in schema.names)
    order = ", ".join(f"{identifier(column)} ASC NULLS LAST" for column in table(name).sort)
    extra = f", {PROVINCE} AS region_province" if first else ""
    sql = f"SELECT {columns}{extra} FROM {source} ORDER BY {first}{order}"
    reader = connection.execute(sql).to_arrow_reader(_rows_a_group(name))
    target = schema.append(pa.field("region_province", pa.string())) if first else schema
    for batch in reader:
        yield pa.Table.from_batches([batch]).cast(target)


def _groups(batches: Iterator[pa.Table], size: int) -> Iterator[pa.Table]:
    """The same rows, exactly `size` at a time but for the last: how DuckDB cuts its batches must not be seen in the file."""
    waiting: list[pa.Table] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += batch.num_rows
        while held >= size:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, size)
            waiting, held = [joined.slice(size)], held - size
    if held:
        yield pa.concat_tables(waiting)


def _write_file(name: str, groups: Iterator[pa.Table], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _writer(name, path) as writer:
        for group in groups:
            writer.write_table(group.combine_chunks(), row_group_size=max(group.num_rows, 1))


def _writer(name: str, path: Path) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path, arrow_schema(name), version="2.6", compression="zstd", compression_level=3, write_statistics=True, use_dictionary=True
    )


def _write_partitions(connection: duckdb.DuckDBPyConnection, name: str, source: str, folder: Path) -> None:
    """Write one file a province and year. The stream is ordered by both, so each file is finished before the next begins."""
    schema = arrow_schema(name)
    parts = _runs(_batches(connection, name, source, "region_province ASC, year ASC, "))
    for (province, year), rows in parts:
        path = folder / f"region_province={province}" / f"year={year}" / "part.parquet"
        _write_file(name, _groups(iter([rows.select(schema.names).cast(schema)]), _rows_a_group(name)), path)


def _runs(batches: Iterator[pa.Table]) -> Iterator[tuple[tuple[str, int], pa.Table]]:
    """The rows of each province and year, all in one table: a year of a province is small however big the table is."""
    current: tuple[str, int] | None = None
    held: list[pa.Table] = []
    for batch in batches:
        provinces, years = batch.column("region_province").to_pylist(), batch.column("year").to_pylist()
        keys = list(zip(provinces, years, strict=True))
        start = 0
        while start < len(keys):
            end = start
            while end < len(keys) and keys[end] == keys[start]:
                end += 1
            if keys[start] != current:
                if current is not None:
                    yield current, pa.concat_tables(held)
                current, held = keys[start], []
            held.append(batch.slice(start, end - start))
            start = end
    if current is not None:
        yield current, pa.concat_tables(held)
