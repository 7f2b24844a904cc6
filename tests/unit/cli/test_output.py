"""Rows come out as a table for people, and as JSON Lines, CSV or Parquet with everything in them."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.commands.output import cell, table_text, write

FRAME = pl.DataFrame(
    {
        "region": ["东阳市", "临安区"],
        "value": [62.0, 4.15],
        "high": [None, 5.0],
        "day": [date(2018, 1, 22), None],
        "parts": [["a", "甲"], []],
        "text": ["多\n行,文本", "x" * 90],
    }
)


def test_a_table_is_aligned_in_the_widths_of_chinese_characters() -> None:
    assert table_text(FRAME.select("region", "value", "day")) == (
        "region   value   day\n───────────────────────────\n东阳市      62   2018-01-22\n临安区    4.15\n(2 rows)\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1330000000.0, "1330000000"),
        (0.1, "0.1"),
        (None, ""),
        (True, "True"),
        (["a", 2.0], "a, 2"),
        (datetime(2026, 1, 2, 3, 4, 5, 678), "2026-01-02 03:04:05"),
        ("两\n 行", "两 行"),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text


def test_an_empty_result_says_so() -> None:
    assert table_text(FRAME.head(0).select("region")).endswith("(0 rows)\n")


def test_json_lines_hold_every_value_whole(tmp_path: Path) -> None:
    write(FRAME, "jsonl", tmp_path / "rows")
    rows = [json.loads(line) for line in (tmp_path / "rows").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == {"region": "东阳市", "value": 62.0, "high": None, "day": "2018-01-22", "parts": ["a", "甲"], "text": "多\n行,文本"}
    assert rows[1]["text"] == "x" * 90


def test_csv_reads_back_with_lists_as_json(tmp_path: Path) -> None:
    write(FRAME, "csv", tmp_path / "rows")
    back = pl.read_csv(tmp_path / "rows", schema_overrides={"value": pl.Float64})
    assert back["text"].to_list() == FRAME["text"].to_list()
    assert [json.loads(text) for text in back["parts"]] == FRAME["parts"].to_list()


def test_parquet_reads_back_the_same(tmp_path: Path) -> None:
    write(FRAME, "parquet", tmp_path / "rows")
    assert pl.read_parquet(io.BytesIO((tmp_path / "rows").read_bytes())).equals(FRAME)
