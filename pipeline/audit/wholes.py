"""A number told of several things together (`复议和诉讼案件26件`) is no less than the same told of one of them elsewhere in the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.audit.arithmetic import at_most, number
from pipeline.extract.lexicon import load
from pipeline.records import Audit, Quantity


@dataclass(frozen=True, slots=True)
class _Whole:
    """A row of `wholes` in `schemas/data/identities.yaml`, compiled."""

    rule: str
    whole: re.Pattern[str]
    part: re.Pattern[str]
    topics: frozenset[str]


@cache
def _rows() -> tuple[_Whole, ...]:
    return tuple(
        _Whole(row["rule"], re.compile(row["whole"]), re.compile(row["part"]), frozenset(row.get("topics", ())))
        for row in load("identities.yaml")["wholes"]
    )


def wholes(text: str, quantities: Sequence[Quantity], own_year: int | None) -> list[Audit]:
    """Bounds between a report's numbers of several things together and its numbers of one of them, told in other sentences.

    Both are counts or amounts of one unit and of the report's own year (`own_year`, or none named), neither a change nor a plan. The text
    does not say that the one is part of the other: a part above its whole counts something else, and the verdict is then `incomplete`,
    never `fails`. What a named group of a row's `whole` matched must stand with the part as well (`撤回`).
    """
    told = [
        (place, _words(text, quantities, place))
        for place, quantity in enumerate(quantities)
        if quantity.kind in ("count", "amount") and quantity.role == "level" and not quantity.period and quantity.year in (None, own_year)
    ]
    return [audit for row in _rows() for audit in _of_row(row, quantities, told)]


def _words(text: str, quantities: Sequence[Quantity], place: int) -> str:
    """What is said right before a number: its clause up to it, from the number before on."""
    quantity = quantities[place]
    floor = quantity.clause_start
    if place and quantities[place - 1].end > floor:
        floor = quantities[place - 1].end
    return text[floor : quantity.start]


def _of_row(row: _Whole, quantities: Sequence[Quantity], told: Sequence[tuple[int, str]]) -> Iterator[Audit]:
    found = [(place, match) for place, words in told if (match := row.whole.search(words))]
    if not found:
        return
    for place, words in told:
        part = quantities[place]
        if not row.part.search(words) or row.whole.search(words) or (row.topics and part.topic not in row.topics):
            continue
        for above, joint in found:
            whole = quantities[above]
            if whole.unit != part.unit or whole.sentence_start == part.sentence_start or _outcome(joint) not in words:
                continue
            verdict = at_most(part.value, whole.value, [whole, part], may_fail=False)
            expression = f"{number(part.value)} <= {number(whole.value)}"
            yield Audit("bound", expression, part.value, whole.value, 0.0, verdict, row.rule, (place, above))


def _outcome(joint: re.Match[str]) -> str:
    """The word that the part must be told with as well; empty where the row asks for none."""
    return next((word for word in joint.groupdict().values() if word), "")
