"""Pages of many kinds: where the report begins and ends, and what stands around it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.clean import clean
from pipeline.records import Decoded

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("pages.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_report_is_told_from_the_page(case: dict[str, Any]) -> None:
    cleaned = clean(Decoded(case["text"], "text/plain", "utf-8"))
    body = cleaned.body.text
    if isinstance(case["body"], str):
        assert body == case["body"]
    else:
        first, last = case["body"]
        assert body.startswith(first)
        assert body.endswith(last)
    assert set(case.get("head", [])) <= set(cleaned.head)
    assert set(case.get("tail", [])) <= set(cleaned.tail)
    assert set(case.get("kept", [])) <= set(body.split("\n"))
