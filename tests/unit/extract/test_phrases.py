"""Every construct of `phrases.yaml` is read as the table says: all quantities, nothing else, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from tests.support import body_text

PHRASES = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8"))
CASES = [pytest.param(case, id=f"{group}: {case['text'][:24]}") for group, cases in PHRASES.items() for case in cases]


def expected(row: list[Any]) -> tuple[Any, ...]:
    quote, value, unit, *rest = row
    differing = rest[0] if rest else {}
    low, high = value if isinstance(value, list) else (value, None)
    return (
        quote,
        pytest.approx(low),
        None if high is None else pytest.approx(high),
        unit,
        differing.get("kind", "count"),
        differing.get("comparator", "eq"),
        differing.get("role", "level"),
    )


@pytest.mark.parametrize("case", CASES)
def test_phrase_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    text = body_text(case["text"])
    _, quantities = read_numbers(text, sections(text), Context(report_year=case.get("year", 2023)))
    read = [(text[q.start : q.end], q.value, q.value_high, q.unit, q.kind, q.comparator, q.role) for q in quantities]
    assert read == [expected(row) for row in case["reads"]]
