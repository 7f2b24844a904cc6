"""`fazhi show`: where a number comes from, down to the characters, and what it was taken for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.commands.errors import FAILED, say
from pipeline.commands.output import cell
from pipeline.commands.query import reading_lake

_PLACE = """
    SELECT {columns}, q.sentence, q.raw_start AS number_start, q.raw_end AS number_end, q.page,
           r.collection, r.title, r.issuer, r.region_code, r.region_name, r.published_on, r.path,
           f.sha256, f.source_url, f.media_type, t.raw_text
    FROM quantities q
    {join}
    JOIN reports r ON r.report_id = q.report_id
    JOIN raw_files f ON f.report_id = q.report_id
    JOIN raw_texts t ON t.report_id = q.report_id
"""
OBSERVATION = (
    _PLACE.format(
        columns="o.code, o.value, o.value_high, o.unit, o.comparator, o.year, o.status, o.scope, o.matched_by, i.name_zh, i.name_en",
        join="JOIN observations o USING (quantity_id) LEFT JOIN indicators i USING (code)",
    )
    + "WHERE o.observation_id = ?"
)
QUANTITY = (
    _PLACE.format(columns="q.value, q.value_high, q.unit, q.comparator, q.kind, q.role, q.topic, q.period, q.year", join="")
    + "WHERE q.quantity_id = ?"
)
MEANINGS = "SELECT observation_id FROM observations WHERE quantity_id = ? ORDER BY ALL"
NEAR_MISSES = """
    SELECT n.code, n.rule, n.condition, n.words, i.name_zh, i.name_en
    FROM near_misses n LEFT JOIN indicators i USING (code)
    WHERE n.quantity_id = ? ORDER BY n.code
"""
Row = dict[str, Any]


def show(root: Path | None, number_id: str) -> int:
    """Print the evidence of an observation, or of a quantity with what it was taken for and what it came near to."""
    color = sys.stdout.isatty()
    with reading_lake(root) as lake:

        def rows(sql: str) -> list[Row]:
            return pl.DataFrame(pl.from_arrow(lake.query(sql, [number_id]))).to_dicts()

        for row in rows(OBSERVATION):
            sys.stdout.write(evidence(row, color=color))
            return 0
        for row in rows(QUANTITY):
            sys.stdout.write(quantity_evidence(row, [each["observation_id"] for each in rows(MEANINGS)], rows(NEAR_MISSES), color=color))
            return 0
    say(
        f"fazhi: there is no observation and no quantity {number_id!r}. "
        "List them: fazhi query 'SELECT observation_id, quote FROM observations'"
    )
    return FAILED


def evidence(row: Row, *, color: bool) -> str:
    """The evidence of an observation as text: what is said, the sentence with the number marked, the report, the place in the raw file."""
    return _lines(
        [
            ("indicator", f"{row['code']}  {row['name_zh'] or ''}  {row['name_en'] or ''}".rstrip()),
            ("value", f"{_value(row)}  ({row['year']}, {row['status']}, {row['scope']})"),
            *_place(row, color=color),
            ("matched by", row["matched_by"]),
        ]
    )


def quantity_evidence(row: Row, observation_ids: Sequence[str], misses: Sequence[Row], *, color: bool) -> str:
    """The evidence of a quantity as text, with the observations made from it and what stood against each indicator it came near to."""
    said = [row["kind"], row["role"], *(f"{name} {row[name]}" for name in ("topic", "period", "year") if row[name])]
    meaning = [("coded as", name) for name in observation_ids] or [("not coded", "" if misses else "it came near to no indicator")]
    return _lines(
        [
            ("value", f"{_value(row)}  ({', '.join(said)})"),
            *_place(row, color=color),
            *(line for line in meaning if line[1]),
            *(("not coded", _reason(miss)) for miss in misses),
        ]
    )


def _reason(miss: Row) -> str:
    words = f": {'、'.join(miss['words'])}" if miss["words"] else ""
    return f"{miss['code']} ({miss['name_zh']}), by rule {miss['rule']}, for its condition {miss['condition']}{words}"


def _value(row: Row) -> str:
    high = "" if row["value_high"] is None else f" to {cell(row['value_high'])}"
    return f"{row['comparator']} {cell(row['value'])}{high} {row['unit']}"


def _lines(lines: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name:<11}{value}\n" for name, value in lines)


def _place(row: Row, *, color: bool) -> list[tuple[str, str]]:
    start, end = row["number_start"], row["number_end"]
    line, column = line_and_column(row["raw_text"], start)
    place = f"line {line}, column {column}, characters {start}..{end}"
    if row["page"] is not None:
        place = f"page {row['page']}, {place}"
    text = "the file" if row["media_type"] == "text/plain" else "the text read from the file"
    return [
        ("region", f"{row['region_code']}  {row['region_name']}".strip()),
        ("sentence", marked(row["sentence"], row["raw_text"], start, end, color=color)),
        ("report", row["title"] or "(no title)"),
        ("issued by", f"{row['issuer'] or '(not told)'}, {row['published_on'] or 'no date'}"),
        ("raw file", f"data/raw/{row['collection']}/{row['path']}"),
        ("place", f"{place} of {text}"),
        ("sha256", row["sha256"]),
        ("source", row["source_url"] or "(unknown)"),
    ]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, counted in characters."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def marked(sentence: str, raw_text: str, start: int, end: int, *, color: bool) -> str:
    """The sentence with the number in reverse video, or in brackets where there is no colour."""
    before, behind = ("\x1b[1;7m", "\x1b[0m") if color else ("⟦", "⟧")
    # The number is inside its sentence, which begins where the same characters stand before it.
    first = raw_text.rfind(sentence, max(0, start - len(sentence)), start + len(sentence))
    if not first <= start <= end <= first + len(sentence) or first < 0:
        return " ".join(sentence.split())
    low, high = start - first, end - first
    pieces = [sentence[:low], sentence[low:high], sentence[high:]]
    head, number, tail = (" ".join(piece.split()) if piece else "" for piece in pieces)
    return f"{head}{before}{number}{behind}{tail}"
