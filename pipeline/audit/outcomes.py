"""A whole and what became of it, for things that have no code: `对3件政府规章开展清理,保留2件,废止1件`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from pipeline.audit.arithmetic import Verdict, added, exact, number
from pipeline.extract.lexicon import load
from pipeline.records import Audit, Quantity

#: `3件政府规章和321件规范性文件`: where what stands behind a number ends and the next thing begins.
_NEXT = re.compile("[、,和与及0-9]")


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    whole: re.Pattern[str]
    things: re.Pattern[str]
    parts: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    def any_of(words: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(sorted(words, key=len, reverse=True)))

    return tuple(
        _Rule(row["rule"], any_of(row["whole"]), any_of(row["things"]), any_of(row["parts"])) for row in load("identities.yaml")["outcomes"]
    )


def outcomes(text: str, quantities: Sequence[Quantity]) -> list[Audit]:
    """Sums of outcomes within a sentence, a thing at a time (see `outcomes` in `schemas/data/identities.yaml`)."""
    audits: list[Audit] = []
    places = [place for place, quantity in enumerate(quantities) if quantity.kind == "count" and quantity.role == "level"]
    for _, group in groupby(places, key=lambda place: quantities[place].sentence_start):
        sentence = list(group)
        first = quantities[sentence[0]]
        for rule in _rules():
            if len(sentence) > 1 and rule.whole.search(text, first.sentence_start, first.sentence_end):
                audits.extend(_in_sentence(text, quantities, sentence, rule))
    return audits


def _in_sentence(text: str, quantities: Sequence[Quantity], sentence: list[int], rule: _Rule) -> Iterator[Audit]:
    wholes: dict[tuple[str, str], int] = {}
    parts: dict[tuple[str, str], list[int]] = {}
    last = ""
    for place in sentence:
        quantity = quantities[place]
        thing = _thing(text, quantities, place, rule) or last
        last = thing
        key = (thing, quantity.unit)
        if rule.whole.search(text, quantity.clause_start, quantity.clause_end):
            wholes.setdefault(key, place)
        elif thing and rule.parts.search(text, quantity.sentence_start, quantity.start):
            parts.setdefault(key, []).append(place)
    for key, members in parts.items():
        whole = wholes.get(key)
        if whole is not None and whole < members[0]:
            yield _of_a_whole(text, quantities, whole, members, rule.name)


def _thing(text: str, quantities: Sequence[Quantity], place: int, rule: _Rule) -> str:
    """What is counted: the thing right behind the number, else the nearest between the number before and this one."""
    quantity = quantities[place]
    behind = rule.things.search(_NEXT.split(text[quantity.end : quantity.clause_end], maxsplit=1)[0])
    if behind:
        return behind[0]
    floor = quantities[place - 1].end if place else 0
    found = rule.things.findall(text[max(floor, quantity.sentence_start) : quantity.start])
    return str(found[-1]) if found else ""


def _of_a_whole(text: str, quantities: Sequence[Quantity], whole: int, members: list[int], rule: str) -> Audit:
    """Parts that add up are a sum, parts below the whole a bound: a thing may be told without what became of it."""
    used = (whole, *members)
    goal, values = quantities[whole].value, [quantities[member].value for member in members]
    total, sure = sum(values), exact([quantities[place] for place in used])
    if total < goal:
        return Audit("bound", f"{added(values)} <= {number(goal)}", total, goal, 0.0, "holds", rule, used)
    between = text[quantities[members[0]].end : quantities[members[-1]].start]
    nested = any(word in between for word in ("其中", "(", "包括", "含"))
    verdict: Verdict = "incomplete" if nested or not sure else "holds" if total == goal else "fails"
    return Audit("sum", f"{number(goal)} = {added(values)}", goal, total, 0.0, verdict, rule, used)
