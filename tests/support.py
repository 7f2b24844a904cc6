"""What several tests need beside fixtures: fragments of reports as bodies, and the examples of the codebook run through the extraction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.clean.lines import read_lines
from pipeline.coding import observe
from pipeline.coding.codebook import Codebook, codebook
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from pipeline.records import Observation

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
"""The team's folder of real reports and gold files beside the checkout; tests that use it skip where it is absent."""


def body_text(fragment: str) -> str:
    """A fragment of a report normalised as the cleaning does it, without looking for page chrome."""
    lines, _, _ = read_lines(fragment)
    return "\n".join(line.text for line in lines)


@cache
def _book() -> Codebook:
    return codebook()


def observe_example(example: Mapping[str, Any]) -> list[Observation]:
    """A codebook example through the whole extraction, as `docs/codebook-format.md` says: a report of 示范市人民政府 for 2023."""
    text = body_text(example["text"])
    if example.get("heading"):
        text = f"{body_text(example['heading'])}\n{text}"
    document_type = example.get("document_type", "annual_report")
    year = example.get("report_year", 2023) - (document_type == "work_report")
    context = Context(year, example.get("target_year"), document_type, ("示范市", "示范"))
    found = sections(text)
    _, quantities = read_numbers(text, found, context)
    return observe(text, found, context, quantities, _book())


def expected_rows(example: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    """The rows an example must give, as (year, value, value_high, comparator, status)."""
    document_type = example.get("document_type", "annual_report")
    year = example.get("report_year", 2023) - (document_type == "work_report")
    rows = example.get("rows") or [{"value": example["value"]}]
    return {
        (row.get("year", year), float(row["value"]), row.get("value_high"), row.get("comparator", "eq"), row.get("status", "actual"))
        for row in rows
    }
