"""The codebook's own specification: every example gives its rows, no counterexample gives one. One test an indicator."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.coding.codebook import load_entries
from tests.support import expected_rows, observe_example

ENTRIES = load_entries()


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["code"] for entry in ENTRIES])
def test_examples_give_their_rows(entry: dict[str, Any]) -> None:
    wrong = []
    for example in entry["examples"]:
        rows = {(o.year, o.value, o.value_high, o.comparator, o.status) for o in observe_example(example) if o.code == entry["code"]}
        if rows != expected_rows(example):
            wrong.append((example["text"], "expected", sorted(expected_rows(example), key=str), "got", sorted(rows, key=str)))
    assert not wrong


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["code"] for entry in ENTRIES])
def test_counterexamples_give_none(entry: dict[str, Any]) -> None:
    wrong = []
    for example in entry["counterexamples"]:
        rows = [(o.value, o.matched_by) for o in observe_example(example) if o.code == entry["code"]]
        if rows:
            wrong.append((example["text"], example["why"], rows))
    assert not wrong


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["code"] for entry in ENTRIES])
def test_entry_is_complete(entry: dict[str, Any]) -> None:
    assert len(entry["examples"]) >= 6
    assert len(entry["counterexamples"]) >= 3
    assert entry["told"], "an indicator without a rule is never found"
    assert entry["unit"] in entry["accepted_units"]
    assert all(example["why"] for example in entry["counterexamples"])


def test_codes_are_unique_and_relations_exist() -> None:
    codes = [entry["code"] for entry in ENTRIES]
    assert len(codes) == len(set(codes))
    for entry in ENTRIES:
        for related in (entry.get("related") or {}).values():
            assert set(related) <= set(codes), entry["code"]
