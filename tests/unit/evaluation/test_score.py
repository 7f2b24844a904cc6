"""Scoring against gold sets: the rules of the annotation contract, and that this counts as the team's own scorer does."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coding.codebook import codebook
from pipeline.evaluation import GoldError, GoldRow, GoldSet, below_floor, evaluation, gold_folder, gold_sets, report_names, score
from schemas.derive import validate
from tests.support import SHARED

REPORT = "a.txt"
CODES = ("reconsideration.accepted", "reconsideration.concluded", "mediation.success_rate")


def fact(code: str = CODES[0], **given: Any) -> GoldRow:
    return GoldRow(REPORT, (code, *given.pop("any_of", ())), given.pop("year", 2023), given.pop("value", 62.0), **given)


def row(code: str = CODES[0], **given: Any) -> dict[str, Any]:
    told = {"year": 2023, "value": 62.0, "value_high": None, "comparator": "eq", "status": "actual"}
    return {"report": REPORT, "code": code, **told, **given}


def gold(*facts: GoldRow, complete: bool = True, left_out: frozenset[str] = frozenset()) -> GoldSet:
    return GoldSet("set", complete, facts, left_out, 0.95)


def totals(gold_set: GoldSet, *found: dict[str, Any]) -> tuple[int, int, int]:
    total = score(gold_set, found).rows("set")[0]
    return total["rows_right"], total["rows_false"], total["rows_missed"]


def test_an_observation_is_right_where_code_year_value_comparator_and_status_agree() -> None:
    assert totals(gold(fact()), row()) == (1, 0, 0)
    for change in ({"year": 2022}, {"value": 63.0}, {"value_high": 65.0}, {"comparator": "gt"}, {"status": "target"}, {"code": CODES[1]}):
        assert totals(gold(fact()), {**row(), **change}) == (0, 1, 1), change


def test_any_of_several_codes_may_be_right_and_counts_under_the_first() -> None:
    counts = score(gold(fact(any_of=(CODES[1],))), [row(CODES[1])])
    assert counts.right == {CODES[0]: 1}


def test_an_optional_fact_is_not_missed_and_takes_nothing_from_a_required_one() -> None:
    assert totals(gold(fact(optional=True))) == (0, 0, 0)
    assert totals(gold(fact(optional=True)), row()) == (0, 0, 0)
    assert totals(gold(fact(optional=True), fact()), row()) == (1, 0, 0)


def test_a_second_telling_of_a_fact_is_neither_right_nor_false() -> None:
    assert totals(gold(fact()), row(), row()) == (1, 0, 0)


def test_a_report_without_facts_makes_every_observation_of_it_false() -> None:
    assert totals(gold(GoldRow(REPORT, ())), row()) == (0, 1, 0)


def test_reports_outside_the_set_and_codes_left_out_of_it_are_not_looked_at() -> None:
    assert totals(gold(fact()), row(), {**row(), "report": "b.txt"}, row(CODES[2], value=9.0)) == (1, 1, 0)
    assert totals(gold(fact(), left_out=frozenset(CODES[2:])), row(), row(CODES[2], value=9.0)) == (1, 0, 0)


def test_of_a_sample_only_the_judged_observations_count() -> None:
    judged = gold(fact(verdict="right"), fact(CODES[1], verdict="wrong"), complete=False)
    assert totals(judged, row(), row(CODES[1]), row(CODES[2])) == (1, 1, 0)
    assert totals(judged, row(CODES[2])) == (0, 0, 1)


observations = st.builds(
    row,
    st.sampled_from(CODES),
    year=st.sampled_from([2022, 2023]),
    value=st.sampled_from([1.0, 2.0]),
    comparator=st.sampled_from(["eq", "gt"]),
)
facts = st.builds(
    fact,
    st.sampled_from(CODES),
    year=st.sampled_from([2022, 2023]),
    value=st.sampled_from([1.0, 2.0]),
    comparator=st.sampled_from(["eq", "gt"]),
    optional=st.booleans(),
    any_of=st.sampled_from([(), CODES[:1], CODES[1:]]),
)


@given(st.lists(facts, max_size=6), st.lists(observations, max_size=6))
def test_every_required_fact_is_right_or_missed_and_no_more_rows_count_than_there_are(
    known: list[GoldRow], found: list[dict[str, Any]]
) -> None:
    right, false, missed = totals(gold(*known), *found)
    assert right + missed == sum(not each.optional for each in known)
    assert right + false <= len(found) and min(right, false, missed) >= 0


@given(st.lists(facts, min_size=1, max_size=6), st.lists(observations, max_size=6))
def test_the_rows_of_the_codes_add_up_to_the_total(known: list[GoldRow], found: list[dict[str, Any]]) -> None:
    total, *each = score(gold(*known), found).rows("set")
    for name in ("rows_right", "rows_false", "rows_missed"):
        assert total[name] == sum(one[name] for one in each)


def test_it_counts_as_the_teams_scorer_does(tmp_path: Path) -> None:
    if not (SHARED / "tools/score.py").is_file():
        pytest.skip("the folder ../shared is not here")
    lines = (SHARED / "gold/seeds.observations.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    for number, each in enumerate(found):  # every seventh is wrong in one way or other, every eleventh is not found, some are told twice
        if number % 7 == 0:
            each.update(
                [("year", each["year"] - 1), ("value", each["value"] + 1), ("status", "target"), ("comparator", "lt")][number % 4 :][:1]
            )
    found = [each for number, each in enumerate(found) if number % 11] + found[20:25]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in found), encoding="utf-8")
    command = [
        sys.executable,
        SHARED / "tools/score.py",
        "observations",
        SHARED / "gold/seeds.observations.jsonl",
        "--rows",
        rows,
        "--quiet",
    ]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = json.loads(printed.splitlines()[-1])
    assert figures["false"] > 0 and figures["missed"] > 0
    assert totals(next(each for each in sets() if each.name == "seeds"), *found) == (figures["right"], figures["false"], figures["missed"])


def folder() -> Path:
    found = gold_folder()
    assert found is not None
    return found


def sets() -> tuple[GoldSet, ...]:
    return gold_sets(folder())


def test_every_code_of_the_gold_sets_is_in_the_codebook_and_every_report_is_named() -> None:
    names = set(report_names(folder()).values())
    for each in sets():
        assert {code for known in each.rows for code in known.codes} | each.left_out <= set(codebook().indicators), each.name
        assert {known.report for known in each.rows} <= names
        assert not {code for known in each.rows for code in known.codes} & each.left_out


def test_the_codes_left_out_of_the_seeds_are_those_that_the_annotators_did_not_have() -> None:
    path = SHARED / "design/indicators.csv"
    if not path.is_file():
        pytest.skip("the folder ../shared is not here")
    with path.open(encoding="utf-8", newline="") as lines:
        annotated = {each["code"] for each in csv.DictReader(lines)}
    seeds = next(each for each in sets() if each.name == "seeds")
    assert set(codebook().indicators) - annotated == seeds.left_out


def test_the_seeds_are_the_annotators_own_facts() -> None:
    for name in ("observations", "quantities", "metadata", "audits"):
        path = SHARED / f"gold/seeds.{name}.jsonl"
        if path.is_file():
            assert (folder() / path.name).read_bytes() == path.read_bytes()


def test_a_sample_row_without_a_verdict_and_a_set_without_a_floor_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sets.yaml").write_text("few: {file: few.jsonl, kind: sample, precision_floor: 0.9}\n", encoding="utf-8")
    (tmp_path / "few.jsonl").write_text(json.dumps({**row(), "verdict": "maybe"}) + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"few.jsonl, line 1: .*verdict right or wrong, found 'maybe'"):
        gold_sets(tmp_path)
    (tmp_path / "few.jsonl").write_text(json.dumps({"report": REPORT, "verdict": "right"}) + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"few.jsonl, line 1: KeyError 'code'"):
        gold_sets(tmp_path)
    (tmp_path / "sets.yaml").write_text("few: {file: few.jsonl, kind: sample}\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"sets.yaml: few needs .* precision_floor"):
        gold_sets(tmp_path)


NAMES = {"4801ebb37442d9a2": REPORT, "11be9587e2563043": "b.txt"}


def lake_frames(*codes: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A report of the gold sets and one of nobody's, with an observation of each code in both."""
    ids = ["4801ebb37442d9a2", "ffffffffffffffff"]
    found = [{**row(code), "report_id": report_id} for report_id in ids for code in codes]
    schema = {"report_id": pl.String, "code": pl.String, "year": pl.Int64, "value": pl.Float64, "value_high": pl.Float64}
    schema |= {"comparator": pl.String, "status": pl.String}
    return pl.DataFrame({"report_id": ids}), pl.DataFrame([{name: each[name] for name in schema} for each in found], schema=schema)


def test_the_table_has_a_row_a_code_and_the_total_of_the_reports_that_are_there() -> None:
    elsewhere = GoldRow("b.txt", (CODES[2],), 2023, 1.0)
    made = evaluation(*lake_frames(CODES[0], CODES[2]), [gold(fact(), fact(CODES[1]), elsewhere)], NAMES)
    validate("evaluation", made)
    assert made.rows() == [
        ("set", "", 1, 1, 1, 0.5, 0.5),
        ("set", CODES[2], 0, 1, 0, 0.0, None),
        ("set", CODES[0], 1, 0, 0, 1.0, 1.0),
        ("set", CODES[1], 0, 0, 1, None, 0.0),
    ]


def test_a_set_of_which_no_report_is_in_the_lake_has_no_rows() -> None:
    assert evaluation(*lake_frames(CODES[0]), [gold(GoldRow("b.txt", (CODES[0],), 2023, 1.0))], NAMES).is_empty()
    assert evaluation(*lake_frames(CODES[0]), [], {}).is_empty()


def test_a_precision_below_the_floor_is_told_with_its_figures_and_one_at_it_is_not() -> None:
    made = evaluation(*lake_frames(CODES[0], CODES[2]), [gold(fact())], NAMES)
    (sentence,) = below_floor(made, [gold(fact())])
    assert sentence.startswith("set: precision 0.5000 is below the floor of 0.95: 1 observations are false beside 1 right ones.")
    assert below_floor(made, [GoldSet("set", True, (fact(),), frozenset(), 0.5)]) == []
    assert below_floor(made, [GoldSet("other", True, (fact(),), frozenset(), 0.99)]) == []
