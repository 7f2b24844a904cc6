"""Observations against gold sets: how many are right, false and missed, by indicator and in all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline import tables
from pipeline.evaluation.gold import GoldRow, GoldSet

Row = Mapping[str, Any]
_COLUMNS = ("report_id", "code", "year", "value", "value_high", "comparator", "status")


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, false and missed observations by code."""

    right: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def rows(self, gold_set: str) -> list[dict[str, Any]]:
        """Rows of the table `evaluation`: every code that was found or expected, and the total under the code ''."""
        codes = sorted(self.right.keys() | self.false.keys() | self.missed.keys())
        each = [_measures(gold_set, code, self.right[code], self.false[code], self.missed[code]) for code in codes]
        return [_measures(gold_set, "", self.right.total(), self.false.total(), self.missed.total()), *each]


def _measures(gold_set: str, code: str, right: int, false: int, missed: int) -> dict[str, Any]:
    return {
        "gold_set": gold_set,
        "code": code,
        "rows_right": right,
        "rows_false": false,
        "rows_missed": missed,
        "precision": right / (right + false) if right + false else None,
        "recall": right / (right + missed) if right + missed else None,
    }


def score(gold: GoldSet, found: Iterable[Row]) -> Counts:
    """Count observations (mappings with report, code, year, value, value_high, comparator, status) against a gold set.

    In a complete set an observation that agrees with no fact of its report is false, and a required fact that none agrees with is missed;
    a fact told twice is right once and its second telling is neither. In a sample, only the judged observations are looked at.
    """
    by_report: dict[str, list[Row]] = {}
    for row in found:
        if row["code"] not in gold.left_out:
            by_report.setdefault(row["report"], []).append(row)
    counts = Counts()
    facts: dict[str, list[GoldRow]] = {}
    for fact in gold.rows:
        facts.setdefault(fact.report, []).append(fact)
    count = _complete if gold.complete else _sample
    for report, own in facts.items():
        count(counts, [fact for fact in own if fact.codes], by_report.get(report, []))
    return counts


def _complete(counts: Counts, facts: Sequence[GoldRow], found: Sequence[Row]) -> None:
    left = list(found)
    for fact in sorted(facts, key=lambda each: each.optional):  # an optional fact never takes an observation that a required one needs
        agreeing = next((row for row in left if agree(row, fact)), None)
        if agreeing is not None:
            left.remove(agreeing)
        if not fact.optional:
            counts.missed[fact.codes[0]] += agreeing is None
            counts.right[fact.codes[0]] += agreeing is not None
    for row in left:
        if not any(agree(row, fact) for fact in facts):
            counts.false[row["code"]] += 1


def _sample(counts: Counts, facts: Sequence[GoldRow], found: Sequence[Row]) -> None:
    left = list(found)
    for fact in facts:
        agreeing = next((row for row in left if agree(row, fact)), None)
        if agreeing is not None:
            left.remove(agreeing)
        if fact.verdict == "wrong":
            counts.false[fact.codes[0]] += agreeing is not None
        else:
            counts.missed[fact.codes[0]] += agreeing is None
            counts.right[fact.codes[0]] += agreeing is not None


def agree(row: Row, fact: GoldRow) -> bool:
    """True where an observation says what the fact says: code, year, value, status and comparator."""
    return (
        row["code"] in fact.codes
        and row["year"] == fact.year
        and row["status"] == fact.status
        and row["comparator"] == fact.comparator
        and _same(row["value"], fact.value)
        and _same(row["value_high"], fact.value_high)
    )


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


def evaluation(reports: pl.DataFrame, observations: pl.DataFrame, sets: Iterable[GoldSet], names: Mapping[str, str]) -> pl.DataFrame:
    """The table `evaluation`: for every gold set that has a report in the lake, a row a code and the total.

    `names` has the gold files' name of a report by its id; facts of reports that are not in the lake are not asked for. Of the tables given
    these columns are needed: reports report_id; observations those that `agree` compares, and report_id.
    """
    present = {names[report_id] for report_id in reports["report_id"] if report_id in names}
    annotated = observations.select(_COLUMNS).filter(pl.col("report_id").is_in(list(names)))
    found = [{**row, "report": names[row["report_id"]]} for row in annotated.iter_rows(named=True)]
    rows: list[dict[str, Any]] = []
    for gold in sets:
        own = tuple(fact for fact in gold.rows if fact.report in present)
        if own:
            rows += score(GoldSet(gold.name, gold.complete, own, gold.left_out, gold.precision_floor), found).rows(gold.name)
    return tables.frame("evaluation", rows)


def below_floor(made: pl.DataFrame, sets: Iterable[GoldSet]) -> list[str]:
    """A sentence for every gold set whose precision in the table `evaluation` is below its floor."""
    totals = {row["gold_set"]: row for row in made.filter(pl.col("code") == "").iter_rows(named=True)}
    return [
        f"{gold.name}: precision {total['precision']:.4f} is below the floor of {gold.precision_floor}: "
        f"{total['rows_false']} observations are false beside {total['rows_right']} right ones. "
        "The false ones stand by code in the table's other rows; mend what codes them, or the gold file where it errs."
        for gold in sets
        if (total := totals.get(gold.name)) and total["precision"] is not None and total["precision"] < gold.precision_floor
    ]
