"""Quantity -> what it may be in the codebook: rules tried on the words around it, the most specific one wins."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pipeline.coding.around import Around, Passages
from pipeline.coding.codebook import ByTerm, Rule
from pipeline.coding.terms import FARTHEST, Hit, Span, Terms
from pipeline.coding.zones import TOGETHER, Near
from pipeline.records import Quantity

Starts = tuple[ByTerm, list[Hit], int]
"""Counted words in one span, the rules that they may start, and how much the span's side of the number is preferred."""


class Match(msgspec.Struct, frozen=True):
    """A rule that holds for a quantity; `at` is the counted word that started it, `score` how specific it is (higher wins)."""

    rule: Rule
    at: Span
    score: tuple[int, int, int, int]


def matches(quantity: Quantity, near: Near, around: Around, passages: Passages) -> list[Match]:
    """The best rule that holds, and beside it the rules marked `also`. Empty where none holds or where two codes are equally good."""
    rules, anywhere = passages.book.rules_for(quantity.unit, quantity.role, near.topic or quantity.topic)
    started = starts(quantity, near, around.terms, rules, anywhere)
    found = _try(quantity, near, around, started) if started else None
    return _choose(passages.text, quantity, list(found.values())) if found else []


def starts(quantity: Quantity, near: Near, terms: Terms, rules: ByTerm, anywhere: ByTerm) -> list[Starts]:
    """The counted words at a quantity that may start one of the `rules`, or one of those that look through the clause."""
    found: list[Starts] = []
    if rules:
        for span in near.before:
            if hits := terms.hits(span, rules):
                found.append((rules, hits, 1 if near.shared_before else 3))
        for span in near.behind:
            if hits := terms.hits(span, rules):
                found.append((rules, hits, 0 if near.shared_behind else 2))
    if anywhere:
        span = max(quantity.clause_start, quantity.start - FARTHEST), min(quantity.clause_end, quantity.end + FARTHEST)
        if hits := terms.hits(span, anywhere):
            found.append((anywhere, hits, -1))
    return found


def _try(quantity: Quantity, near: Near, around: Around, started: Sequence[Starts]) -> dict[str, Match]:
    """The best rule of each code that one of the counted words starts."""
    best: dict[str, Match] = {}
    clause, whose = around.clause, around.whose
    at_number = None if around.encloses(near) else around.terms.union((*near.before, *near.behind))
    for rules, hits, preference in started:
        for hit in hits:
            for rule in rules[hit[0]]:
                for group in rule.clause:  # what most rules fail at
                    if group.isdisjoint(clause):
                        break
                else:
                    if (whose and not rule.department) or (rule.where != "near" and rule.where == wrong_side(hit, quantity)):
                        continue
                    if not rule.not_clause.isdisjoint(clause):
                        continue
                    # What is nowhere in the clause is not at the number either, where the clause holds all that stands at the number.
                    if at_number is None and not rule.not_near.isdisjoint(clause):
                        at_number = around.terms.union((*near.before, *near.behind))
                    if at_number is not None and not rule.not_near.isdisjoint(barring(rule, at_number, around)):
                        continue
                    if not _holds(rule, near, around):
                        continue
                    score = _score(rule, hit, preference, quantity)
                    known = best.get(rule.indicator.code)
                    if known is None or score > known.score:
                        best[rule.indicator.code] = Match(rule, hit[1:], score)
    return best


def match_of(rule: Rule, hit: Hit, preference: int, quantity: Quantity) -> Match:
    """A rule that `hit` started, with how specific it is."""
    return Match(rule, hit[1:], _score(rule, hit, preference, quantity))


def _score(rule: Rule, hit: Hit, preference: int, quantity: Quantity) -> tuple[int, int, int, int]:
    """How specific a rule is that `hit` started: the heavier, the nearer, the longer word and the one with more conditions wins."""
    _, start, end = hit
    distance = start - quantity.end if start >= quantity.end else quantity.start - end
    nearness = end - start - distance // 4 if distance > 0 else end - start
    return rule.weight, preference, nearness, rule.conditions


def wrong_side(hit: Hit, quantity: Quantity) -> str:
    """The `where` of the rules that a counted word cannot start because it stands on the other side of the number."""
    return "before" if hit[1] >= quantity.end else "behind"


def barring(rule: Rule, at_number: frozenset[int], around: Around) -> frozenset[int]:
    """The terms at a number that may bar a rule: those of a department's own field bar nothing in enforcement."""
    return at_number - around.field if around.field and rule.indicator.theme == "enforcement" else at_number


def _holds(rule: Rule, near: Near, around: Around) -> bool:
    """True where every word that must stand further around than in the clause does, and none that must not.

    The nearest words are asked first: those of the sentence are known by then, the headings above are read only for what is left.
    """
    if rule.not_sentence and not rule.not_sentence.isdisjoint(around.member):
        return False
    if rule.member and not _all_met(rule.member, around.member):
        return False
    if rule.sentence and not _all_met(rule.sentence, around.sentence):
        return False
    if rule.not_first and not rule.not_first.isdisjoint(around.first):
        return False
    if rule.nearest is not None and not around.nearest_is(near, *rule.nearest):
        return False
    if rule.not_context and not rule.not_context.isdisjoint(around.context):
        return False
    return not rule.context or _all_met(rule.context, around.context)


def _all_met(groups: tuple[frozenset[int], ...], zone: frozenset[int]) -> bool:
    """True where of every group one term is in the zone."""
    for group in groups:  # noqa: SIM110 - asked for every rule of every number, and a generator costs more than the loop
        if group.isdisjoint(zone):
            return False
    return True


def _choose(text: str, quantity: Quantity, found: Sequence[Match]) -> list[Match]:
    """Of the best rules by code the one that wins, those that hold beside it, or none where nobody can tell which is meant."""
    if len(found) == 1:
        return list(found)
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
    return first[1] <= second[0] and TOGETHER.fullmatch(text, first[1], second[0]) is not None


def _kept_apart(one: Rule, other: Rule) -> bool:
    mine, theirs = one.indicator, other.indicator
    if theirs.code in mine.related.get("apart_from", ()) or mine.code in theirs.related.get("apart_from", ()):
        return True
    return bool(set(mine.related.get("part_of", ())) & set(theirs.related.get("part_of", ())))
