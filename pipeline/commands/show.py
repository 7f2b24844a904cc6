"""`fazhi show`: where an observation comes from, down to the characters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.commands.errors import FAILED, say
from pipeline.commands.output import cell
from pipeline.commands.query import reading_lake

EVIDENCE = """
    SELECT o.*, q.sentence, q.quote AS number_quote, q.raw_start AS number_start, q.raw_end AS number_end, q.page,
           r.title, r.issuer, r.region_name, r.report_year, r.published_on, r.path, f.sha256, f.source_url, f.media_type, t.raw_text,
           i.name_zh, i.name_en
    FROM observations o
    JOIN quantities q USING (quantity_id)
    JOIN reports r ON r.report_id = o.report_id
    JOIN raw_files f ON f.report_id = o.report_id
    JOIN raw_texts t ON t.report_id = o.report_id
    LEFT JOIN indicators i USING (code)
    WHERE o.observation_id = ?
"""


def show(root: Path | None, observation_id: str) -> int:
    """Print the evidence of an observation."""
    with reading_lake(root) as lake:
        rows = pl.DataFrame(pl.from_arrow(lake.query(EVIDENCE, [observation_id]))).to_dicts()
    if not rows:
        say(f"fazhi: there is no observation {observation_id!r}. List them: fazhi query 'SELECT observation_id, quote FROM observations'")
        return FAILED
    sys.stdout.write(evidence(rows[0], color=sys.stdout.isatty()))
    return 0


def evidence(row: dict[str, Any], *, color: bool) -> str:
    """The evidence as text: what is said, the sentence with the number marked, the report, the place in the raw file."""
    start, end = row["number_start"], row["number_end"]
    line, column = line_and_column(row["raw_text"], start)
    place = f"line {line}, column {column}, characters {start}..{end}"
    if row["page"] is not None:
        place = f"page {row['page']}, {place}"
    text = "the file" if row["media_type"] == "text/plain" else "the text read from the file"
    high = "" if row["value_high"] is None else f" to {cell(row['value_high'])}"
    lines = [
        ("indicator", f"{row['code']}  {row['name_zh'] or ''}  {row['name_en'] or ''}".rstrip()),
        ("value", f"{row['comparator']} {cell(row['value'])}{high} {row['unit']}  ({row['year']}, {row['status']}, {row['scope']})"),
        ("region", f"{row['region_code']}  {row['region_name']}".strip()),
        ("sentence", marked(row["sentence"], row["raw_text"], start, end, color=color)),
        ("report", row["title"] or "(no title)"),
        ("issued by", f"{row['issuer'] or '(not told)'}, {row['published_on'] or 'no date'}"),
        ("raw file", f"data/raw/{row['collection']}/{row['path']}"),
        ("place", f"{place} of {text}"),
        ("sha256", row["sha256"]),
        ("source", row["source_url"] or "(unknown)"),
        ("matched by", row["matched_by"]),
    ]
    return "".join(f"{name:<11}{value}\n" for name, value in lines)


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
