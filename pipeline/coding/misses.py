"""Why a quantity is no observation: the rules of the codebook of which it met everything but one condition.

This runs over what the coding left, after it; the coding itself stops at the first condition that a rule does not meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pipeline.coding.around import Around, Passages
from pipeline.coding.codebook import Rule
from pipeline.coding.match import Match, barring, match_of, starts, wrong_side
from pipeline.coding.terms import Hit
from pipeline.coding.zones import Near
from pipeline.records import NearMiss, Observation, Quantity
from schemas.values import Condition

SHOWN = 8
"""How many of the words that were wanted and not found are told."""

_WANTED = frozenset(("topic", "clause", "member", "sentence", "context"))
"""Conditions that ask for something: where nothing else that a rule asks for is there either, 项 or 部门 alone is not near to anything."""

Unmet = tuple[Condition, tuple[str, ...]]


@dataclass(slots=True)
class Uncoded:
    """A quantity without an observation, and what it was tried by: its own words and, where it has hardly any, those of the number before.

    `match` and `condition`: the rule that held, and what stood against it in the end.
    """

    index: int
    tried: tuple[tuple[Near, Around], ...]
    match: Match | None = None
    condition: Condition | None = None


@dataclass(slots=True)
class Coding:
    """What coding makes of a body's quantities."""

    passages: Passages
    observations: list[Observation]
    uncoded: list[Uncoded]


def near_misses(coding: Coding) -> list[NearMiss]:
    """For every quantity that is no observation, a row a code: the rule that came nearest and the one condition that it did not meet.

    A quantity that no rule came near, because its words are those of none or two conditions are not met, has no row.
    """
    return [miss for uncoded in coding.uncoded for miss in _of(coding.passages, uncoded)]


def _of(passages: Passages, uncoded: Uncoded) -> Iterator[NearMiss]:
    if uncoded.match is not None and uncoded.condition is not None:
        rule, period = uncoded.match.rule, passages.quantities[uncoded.index].period
        words: tuple[str, ...] = (period,) if uncoded.condition == "period" else ()
        yield NearMiss(uncoded.index, rule.indicator.code, rule.name, uncoded.condition, words)
        return
    tries = [
        found
        for number, (near, around) in enumerate(uncoded.tried)
        if not number or near is not uncoded.tried[0][0]
        for found in _nearest(passages, uncoded.index, near, around)
    ]
    met = sorted((match for match, unmet in tries if unmet is None), key=lambda match: match.score)
    if met:
        yield from _undecided(uncoded.index, {match.rule.indicator.code: match for match in met})
        return
    nearest: dict[str, tuple[Match, Unmet]] = {}
    for match, unmet in tries:
        if unmet is not None:
            known = nearest.get(match.rule.indicator.code)
            if known is None or _nearness(match, unmet) > _nearness(*known):
                nearest[match.rule.indicator.code] = (match, unmet)
    for code, (match, (condition, words)) in nearest.items():
        yield NearMiss(uncoded.index, code, match.rule.name, condition, words)


def _nearness(match: Match, unmet: Unmet) -> tuple[bool, tuple[int, int, int, int]]:
    """What is all there and barred came nearer than what lacks a word."""
    return unmet[0] not in _WANTED, match.score


def _undecided(index: int, met: Mapping[str, Match]) -> Iterator[NearMiss]:
    """Rules that all hold (the best of each code), and nobody can tell which is meant: equally good, or told together and kept apart."""
    scores = sorted((match.score for match in met.values()), reverse=True)
    condition: Condition = "rival" if scores[:1] == scores[1:2] else "joint"
    for code, match in met.items():
        yield NearMiss(index, code, match.rule.name, condition, tuple(other for other in met if other != code))


def _nearest(passages: Passages, index: int, near: Near, around: Around) -> Iterator[tuple[Match, Unmet | None]]:
    """The rules that a counted word at the number starts and that meet everything but at most one condition, with that condition."""
    quantity, book = passages.quantities[index], passages.book
    rules, anywhere = book.near_rules.get(quantity.unit, {}), book.clause_rules.get(quantity.unit, {})
    for table, hits, preference in starts(quantity, near, around.terms, rules, anywhere):
        for hit in hits:
            for rule in table[hit[0]]:
                unmet = list(islice(_unmet(rule, hit, quantity, near, around, passages), 2))
                if not unmet or (len(unmet) == 1 and (unmet[0][0] not in _WANTED or _wishes(rule) > 1)):
                    yield match_of(rule, hit, preference, quantity), unmet[0] if unmet else None


def _wishes(rule: Rule) -> int:
    """How many things must be there beside the counted word."""
    return rule.conditions + bool(rule.topic)


def _unmet(rule: Rule, hit: Hit, quantity: Quantity, near: Near, around: Around, passages: Passages) -> Iterator[Unmet]:
    """The conditions of a rule that are not met, in the order of the format's description."""
    topic = near.topic or quantity.topic
    if rule.topic and topic not in rule.topic:
        yield "topic", (topic,) if topic else ()
    if quantity.role not in rule.roles:
        yield "role", (quantity.role,)
    if around.whose and not rule.department:
        yield "owner", (around.whose,)
    if rule.where == wrong_side(hit, quantity):
        yield "side", ()
    at_number = around.terms.union((*near.before, *near.behind))
    terms = passages.book.terms
    bars: tuple[tuple[Condition, frozenset[int], frozenset[int]], ...] = (
        ("not_near", rule.not_near, barring(rule, at_number, around)),
        ("not_clause", rule.not_clause, around.clause),
        ("not_sentence", rule.not_sentence, around.member),
        ("not_first", rule.not_first, around.first),
        ("not_context", rule.not_context, around.context),
    )
    for condition, words, zone in bars:
        if not words.isdisjoint(zone):
            yield condition, tuple(terms[number] for number in sorted(words & zone))
    if rule.nearest is not None and not around.nearest_is(near, *rule.nearest):
        yield "nearest", tuple(terms[number] for number in sorted(rule.nearest[0])[:SHOWN])
    zones: tuple[tuple[Condition, tuple[frozenset[int], ...], frozenset[int]], ...] = (
        ("clause", rule.clause, around.clause),
        ("member", rule.member, around.member),
        ("sentence", rule.sentence, around.sentence),
        ("context", rule.context, around.context),
    )
    for condition, groups, zone in zones:
        for group in groups:
            if group.isdisjoint(zone):
                yield condition, tuple(terms[number] for number in sorted(group)[:SHOWN])
