"""Rows as a person or another program wants them: a table, JSON Lines, CSV, or Parquet."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.errors import CommandError

if TYPE_CHECKING:
    import polars as pl

# A cell of a printed table is cut at this many characters; the other formats have all of it.
CELL = 60


def write(frame: pl.DataFrame, format_name: str, output: Path | None, columns: list[str] | None = None) -> None:
    """Write a frame to a file, or to standard output. `columns` are those that a printed table shows (default: all)."""
    if format_name == "parquet":
        _write_parquet(frame, output)
        return
    if format_name == "table":
        text = table_text(frame.select(columns) if columns else frame, color=output is None and sys.stdout.isatty())
    elif format_name == "jsonl":
        text = "".join(json_line(row) for row in frame.iter_rows(named=True))
    else:
        text = _flat(frame).write_csv()
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        output.write_text(text, encoding="utf-8")


def json_line(row: Mapping[str, Any]) -> str:
    """A row as a line of JSON; days as ISO 8601."""
    return json.dumps(row, ensure_ascii=False, default=_json_value) + "\n"


def table_text(frame: pl.DataFrame, *, color: bool = False, width: int = CELL) -> str:
    """A frame as a table for a terminal, in the widths of Chinese characters, with a last line that counts the rows.

    A text longer than `width` characters is cut.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, polars_type in frame.schema.items():
        table.add_column(name, justify="right" if polars_type.is_numeric() else "left", no_wrap=True)
    for row in frame.iter_rows():
        table.add_row(*(cell(value, width) for value in row))
    # Nothing is folded where nobody sees a screen, so that the text is the same wherever it is made.
    console = Console(width=None if color else 4000, color_system="auto" if color else None, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    rows = "1 row" if frame.height == 1 else f"{frame.height:,} rows"
    return "\n".join([*(line for line in lines if line), f"({rows})"]) + "\n"


def cell(value: object, width: int = CELL) -> str:
    """A value as a cell of a printed table."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        return ", ".join(cell(item, width) for item in value)
    text = " ".join(str(value).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _write_parquet(frame: pl.DataFrame, output: Path | None) -> None:
    if output is not None:
        frame.write_parquet(output)
    elif sys.stdout.isatty():
        raise CommandError("Parquet is not for a terminal: send it into a file with --output FILE.")
    else:
        frame.write_parquet(sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists and structs as JSON text, since CSV has neither."""
    import polars as pl

    nested = [name for name, polars_type in frame.schema.items() if polars_type.is_nested()]
    return frame.with_columns(
        pl.Series(
            name,
            [None if value is None else json.dumps(value, ensure_ascii=False, default=_json_value) for value in frame[name].to_list()],
            dtype=pl.String,
        )
        for name in nested
    )


def _json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
