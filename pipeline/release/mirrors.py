"""The tables as CSV for spreadsheets: UTF-8 with a byte order mark, comma, one header line, lists as JSON.

A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets do not show
(https://owasp.org/www-community/attacks/CSV_Injection). Numbers are numbers and get none. An empty text is `""`, a null is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.release.layout import csv_file, table_files
from pipeline.release.parquet import read_groups

BYTE_ORDER_MARK = "\ufeff"
#: What a formula begins with, in half and full width.
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def write_mirror(release: Path, name: str) -> None:
    """Write the CSV mirror of a table out of its Parquet files."""
    path = csv_file(release, name)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for part in mirror(release, name):
            file.write(part)


def mirror(release: Path, name: str) -> Iterator[bytes]:
    """The bytes of the CSV mirror of a table, some rows at a time."""
    first = True
    for path in table_files(release, name):
        for rows in read_groups(path):
            text = _flat(rows).write_csv(include_header=first, line_terminator="\n")
            yield (BYTE_ORDER_MARK + text if first else text).encode()
            first = False


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, polars_type in rows.schema.items():
        if isinstance(polars_type, pl.List):
            columns.append(_json(rows[name]))
        elif polars_type == pl.String:
            columns.append(safe(rows[name]))
        else:
            columns.append(rows[name])
    return pl.DataFrame(columns)


def _json(lists: pl.Series) -> pl.Series:
    """Lists as JSON. Only structs can be encoded, so each is made the one field of an object, which is taken off again."""
    encoded = pl.struct(pl.col(lists.name).alias("_")).struct.json_encode().str.strip_prefix('{"_":').str.strip_suffix("}")
    return lists.to_frame().select(pl.when(pl.col(lists.name).is_not_null()).then(encoded).alias(lists.name)).to_series()


def safe(texts: pl.Series) -> pl.Series:
    """Texts none of which a spreadsheet takes for a formula."""
    frame = pl.DataFrame({"text": texts})
    guarded = pl.when(pl.col("text").str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), "text")).otherwise("text")
    return frame.select(guarded.alias(texts.name)).to_series()
