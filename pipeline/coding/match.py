"""Quantity -> what it may be in the codebook: rules tried on the words around it, the most specific one wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.coding.codebook import Codebook, Rule
from pipeline.coding.zones import Near, Span, Terms
from pipeline.records import Quantity


@dataclass(slots=True)
class Match:
    """A rule that holds for a quantity; `at` is the counted word that started it, `score` how specific it is (higher wins)."""

    rule: Rule
    at: Span
    score: tuple[int, int, int, int]


_JOINT = re.compile(r"[^,。;:\d]{0,6}?(?:、|和|及|与|以及|或)[^,。;:\d]{0,8}")


@dataclass(slots=True)
class Around:
    """What stands around a quantity as masks: its clause (with that of the number whose words it takes over), its sentence, its member of
    a list joined by `;`, and all above.

    `whose`: empty for the government's own number, else only rules that allow other owners are tried. `field`: the words of a department's
    own field, which bar nothing in its own report. `first`: the words before the member's first number, where this one has hardly any.
    """

    clause: int
    sentence: int
    member: int
    context: int
    whose: str = ""
    field: int = 0
    first: int = 0


def matches(text: str, quantity: Quantity, near: Near, around: Around, terms: Terms, book: Codebook) -> list[Match]:
    """The best rule that holds, and beside it the rules marked `also`. Empty where none holds or where two codes are equally good."""
    rules = book.near_rules.get(quantity.unit)
    anywhere = book.clause_rules.get(quantity.unit)
    if rules is None and anywhere is None:
        return []
    near_mask = 0
    for span in near.before:
        near_mask |= terms.mask(span)
    for span in near.behind:
        near_mask |= terms.mask(span)
    found: dict[str, Match] = {}
    if rules:
        for span in near.before:
            _try(quantity, near, near_mask, around, rules, terms.hits(span), 1 if near.shared_before else 3, found)
        for span in near.behind:
            _try(quantity, near, near_mask, around, rules, terms.hits(span), 0 if near.shared_behind else 2, found)
    if anywhere:
        hits = terms.hits((quantity.clause_start, quantity.clause_end))
        _try(quantity, near, near_mask, around, anywhere, hits, -1, found)
    return _choose(text, quantity, list(found.values())) if found else []


def _try(
    quantity: Quantity,
    near: Near,
    near_mask: int,
    around: Around,
    rules: Mapping[int, tuple[Rule, ...]],
    hits: Sequence[tuple[int, int, int]],
    preference: int,
    found: dict[str, Match],
) -> None:
    """Add to `found` (by code) the best rule that a counted word among `hits` starts."""
    topic = near.topic or quantity.topic
    for number, start, end in hits:
        for rule in rules.get(number, ()):
            if (rule.where == "before" and start >= quantity.end) or (rule.where == "behind" and start < quantity.end):
                continue
            if around.whose and not rule.department:
                continue
            if not _holds(rule, quantity, topic, near_mask, around):
                continue
            distance = start - quantity.end if start >= quantity.end else quantity.start - end
            score = (rule.weight, preference, end - start - max(0, distance) // 4, rule.conditions)
            known = found.get(rule.indicator.code)
            if known is None or score > known.score:
                found[rule.indicator.code] = Match(rule, (start, end), score)


def _holds(rule: Rule, quantity: Quantity, topic: str, near: int, around: Around) -> bool:
    if rule.topic and topic not in rule.topic:
        return False
    if around.field and rule.indicator.theme == "enforcement":
        near &= ~around.field
    if quantity.role not in rule.roles or near & rule.not_near or around.clause & rule.not_clause:
        return False
    if around.member & rule.not_sentence or around.context & rule.not_context or around.first & rule.not_first:
        return False
    return (
        _all_met(rule.clause, around.clause)
        and _all_met(rule.member, around.member)
        and _all_met(rule.sentence, around.sentence)
        and _all_met(rule.context, around.context)
    )


def _all_met(groups: tuple[int, ...], zone: int) -> bool:
    for group in groups:  # noqa: SIM110 - asked for every rule of every number, and a generator costs more than the loop
        if not group & zone:
            return False
    return True


def _choose(text: str, quantity: Quantity, found: Sequence[Match]) -> list[Match]:
    beside = [match for match in found if match.rule.also]
    rivals = sorted((match for match in found if not match.rule.also), key=lambda match: match.score, reverse=True)
    if len(rivals) < 2:
        return rivals + beside
    joint = [match for match in rivals[1:] if _joined(text, rivals[0], match)]
    if quantity.kind == "percent" and joint:
        return [rivals[0], *joint, *beside]  # `A率、B率均达99%` holds for each
    if rivals[0].score == rivals[1].score or any(_kept_apart(rivals[0].rule, match.rule) for match in joint):
        return beside  # one number told of two things that the codebook keeps apart (rule of meaning 5), or of nobody knows which
    return rivals[:1] + beside


def _joined(text: str, one: Match, other: Match) -> bool:
    """True where the two counted words are coordinate: `维持、驳回案件共94件`."""
    first, second = sorted((one.at, other.at))
    return first[1] <= second[0] and _JOINT.fullmatch(text, first[1], second[0]) is not None


def _kept_apart(one: Rule, other: Rule) -> bool:
    mine, theirs = one.indicator, other.indicator
    if theirs.code in mine.related.get("apart_from", ()) or mine.code in theirs.related.get("apart_from", ()):
        return True
    return bool(set(mine.related.get("part_of", ())) & set(theirs.related.get("part_of", ())))
