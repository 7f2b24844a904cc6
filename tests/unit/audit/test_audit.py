"""Which arithmetic a report's own words hold, and whether it holds."""

from __future__ import annotations

import itertools
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit import audit
from pipeline.audit.arithmetic import step_of
from pipeline.audit.changes import direction
from pipeline.audit.identities import identities
from pipeline.batch import extract_files
from pipeline.coding import observe
from pipeline.coding.codebook import codebook
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from pipeline.records import Audit, RawFile
from tests.support import SHARED, body_text

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def audits_of(fragment: str) -> list[Audit]:
    text = body_text(fragment)
    found = sections(text)
    context = Context(2023, None, "annual_report", ("示范市", "示范"))
    _, quantities = read_numbers(text, found, context)
    return audit(text, quantities, observe(text, found, context, quantities))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:24] for case in CASES])
def test_a_phrase_holds_its_identities(case: dict[str, Any]) -> None:
    found = [(row.kind, row.expression, row.verdict) for row in audits_of(case["text"])]
    for identity in case.get("identities", []):
        assert tuple(identity) in found, case.get("why", "")
    assert not [row for row in found if row[2] in case.get("never", [])], case.get("why", "")
    assert not case.get("only") or not found
    assert not {row[1] for row in found} & set(case.get("absent", [])), case.get("why", "")


@given(st.lists(st.integers(1, 500), min_size=2, max_size=3), st.integers(-3, 3))
def test_a_sum_holds_exactly_if_its_parts_add_up(parts: list[int], off: int) -> None:
    total = sum(parts) + off
    told = "、".join(f"{verb}{part}件" for verb, part in zip(("维持", "撤销", "驳回"), parts, strict=False))
    verdicts = {row.verdict for row in audits_of(f"审结行政复议案件{total}件,其中{told}。") if row.kind == "sum"}
    assert verdicts == ({"holds"} if off == 0 else {"fails"} if off < 0 else set())


@given(st.text("审结行政复议案件其中维持撤销收到由下降到增长率%个件万0123456789,。;()\n", max_size=80))
def test_no_text_breaks_the_audit_and_every_row_names_numbers_of_the_text(text: str) -> None:
    body = body_text(text)
    context = Context(2023, None, "annual_report", ())
    _, quantities = read_numbers(body, sections(body), context)
    rows = audit(body, quantities, observe(body, sections(body), context, quantities))
    for row in rows:
        assert row.quantities and all(0 <= place < len(quantities) for place in row.quantities)
        assert row.expression and row.rule and row.tolerance >= 0
    assert len({tuple(sorted(row.quantities)) for row in rows}) == len(rows)
    assert [min(row.quantities) for row in rows] == sorted(min(row.quantities) for row in rows)


def test_every_identity_is_between_indicators_of_the_codebook() -> None:
    codes = set(codebook().indicators)
    for identity in identities():
        assert {identity.one, *identity.others, *([identity.numerator] if identity.numerator else [])} <= codes, identity.rule


def test_the_relations_of_the_codebook_are_checked_too() -> None:
    written = [identity for identity in identities() if identity.rule == "a part is no more than its whole"]
    assert written and not any(identity.may_fail for identity in written)
    assert ("reconsideration.upheld", "reconsideration.concluded") not in {(each.one, each.others[0]) for each in written}


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [("37", 37, 1), ("30.8", 30.8, 0.1), ("13.3", 1.33e9, 1e7), ("4.46", 44600, 100), ("1,200", 1200, 1), ("四成", 40, 1), ("0", 0, 1)],
)
def test_the_last_place_of_a_number_is_its_step(written: str, value: float, expected: float) -> None:
    assert step_of(written, value) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (",同比增长", 1.0),
        ("(较上年下降", -1.0),
        (",比去年同期减少", -1.0),
        (",较2022年上升了", 1.0),
        (",增长", None),
        (",环比增长", None),
        (",年均增长", None),
        (",涉案金额同比增长", None),
    ],
)
def test_only_words_of_a_change_from_the_year_before_tell_one(words: str, expected: float | None) -> None:
    assert direction(words) == expected


# -- against the annotators ----------------------------------------------------------------------------------------------------------


@cache
def _extracted(folder: str) -> dict[str, Any]:
    files = sorted((SHARED / folder).glob("*.txt"))
    return dict(extract_files([RawFile(folder, file.name, file.read_bytes(), title=file.stem) for file in files]))


def _told(folder: str) -> dict[str, list[tuple[tuple[float, ...], str]]]:
    tables = _extracted(folder)
    paths = dict(tables["reports"].select("report_id", "path").iter_rows())
    values = dict(tables["quantities"].select("quantity_id", "value").iter_rows())
    found: dict[str, list[tuple[tuple[float, ...], str]]] = {}
    for row in tables["audits"].iter_rows(named=True):
        numbers = tuple(sorted(values[quantity] for quantity in row["quantity_ids"]))
        found.setdefault(paths[row["report_id"]], []).append((numbers, row["verdict"]))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the folder ../shared is not here")
def test_the_identities_that_annotators_found_are_found_with_their_verdict() -> None:
    found = _told("seeds")
    for line in (SHARED / "gold" / "seeds.audits.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        numbers = [float(part["value"]) for part in gold["parts"]]
        # a chain of bounds (a <= b <= c) is two rows of two numbers
        chain = gold["expression"].count("<=") > 1
        wanted = [tuple(sorted(pair)) for pair in itertools.pairwise(numbers)] if chain else [tuple(sorted(numbers))]
        for each in wanted:
            verdicts = {verdict for told, verdict in found[gold["report"]] if told == each}
            assert verdicts == {"holds" if gold["holds"] else "fails"}, gold["expression"]


@pytest.mark.skipif(not SHARED.exists(), reason="the folder ../shared is not here")
@pytest.mark.parametrize("folder", ["seeds", "corpus"])
def test_no_identity_of_the_real_reports_fails(folder: str) -> None:
    tables = _extracted(folder)
    assert tables["audits"].height > 10
    assert tables["audits"].filter(tables["audits"]["verdict"] == "fails").to_dicts() == []
