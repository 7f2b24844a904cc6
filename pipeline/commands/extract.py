"""`fazhi extract`: read files, print what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.errors import FAILED, say
from pipeline.commands.output import json_line, write

if TYPE_CHECKING:
    import polars as pl

TABLES = {
    "report": "reports",
    "sections": "sections",
    "numerals": "numerals",
    "quantities": "quantities",
    "observations": "observations",
    "near_misses": "near_misses",
}
# What a printed table shows; the other formats have every column.
SHOWN = {
    "report": ["report", "title", "region_name", "report_year", "document_type", "published_on"],
    "sections": ["report", "section_no", "level", "label", "title"],
    "numerals": ["report", "start", "text", "disposition", "rule"],
    "quantities": ["report", "quote", "value", "value_high", "unit", "kind", "comparator", "role"],
    "observations": ["report", "code", "year", "value", "unit", "comparator", "status", "quote"],
    "near_misses": ["report", "sentence", "quote", "code", "condition", "words"],
}


def extract(files: Sequence[Path], what: str, format_name: str, output: Path | None) -> int:
    """Print `what` of each file. A file that cannot be read is told on standard error, and the others still come out."""
    reading = _Reading(what)
    if format_name == "jsonl" and output is None:
        for row in reading.rows(files):
            sys.stdout.write(json_line(row))
        sys.stdout.flush()
    else:
        write(reading.frame(list(reading.rows(files))), format_name, output, SHOWN[what])
    return FAILED if reading.failed else 0


class _Reading:
    """Reads files one after the other and remembers whether one of them failed."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.failed = False

    def rows(self, files: Sequence[Path]) -> Iterator[dict[str, Any]]:
        """The rows of all files, in their order."""
        for path in files:
            yield from self._of_file(path)

    def frame(self, rows: list[dict[str, Any]]) -> pl.DataFrame:
        """Rows as a frame of the types that the lake has, the file's name in front."""
        import polars as pl

        from schemas.derive import polars_schema

        types = {"report": pl.String(), **{name: kind for name, kind in polars_schema(TABLES[self.what]).items() if name != "collection"}}
        if self.what == "report":
            types = {**types, "doc_number": pl.String(), "published_on": pl.String(), "signed_on": pl.String()}
        if self.what == "near_misses":
            types = {**types, "quote": pl.String(), "sentence": pl.String()}
        return pl.DataFrame(rows, schema=types)

    def _of_file(self, path: Path) -> Iterator[dict[str, Any]]:
        from pipeline.batch import extract_files
        from pipeline.records import RawFile

        try:
            content = path.read_bytes()
        except OSError as error:
            self.failed = True
            say(f"{path}: cannot be read ({error.strerror}): give the path of a file.")
            return
        frames = extract_files([RawFile("", path.name, content)])
        (file,) = frames["raw_files"].iter_rows(named=True)
        if file["status"] == "quarantined":
            self.failed = True
            say(f"{path}: {file['reason']}")
            return
        found = frames[TABLES[self.what]]
        if self.what == "near_misses":  # they name their quantities, and there is no lake to look them up in
            found = found.join(frames["quantities"].select("quantity_id", "quote", "sentence"), on="quantity_id", maintain_order="left")
        for row in found.iter_rows(named=True):
            del row["collection"]
            yield {"report": path.name, **(_report(row) if self.what == "report" else row)}


def _report(row: dict[str, Any]) -> dict[str, Any]:
    """A report's row with the names and the empty values of the gold files: `doc_number` too, days as text, '' for none."""
    days = {
        name: value.isoformat() if isinstance(value, date) else "" for name, value in row.items() if name in ("published_on", "signed_on")
    }
    return {**row, **days, "doc_number": row["document_number"]}
