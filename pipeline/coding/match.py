"""Quantity -> what it may be in the codebook: rules tried on the words around it, the most specific one wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.coding.codebook import Codebook, Rule
from pipeline.coding.zones import Hit, Near, Span, Terms
from pipeline.records import Quantity


@dataclass(slots=True)
class Match:
    """A rule that holds for a quantity; `at` is the counted word that started it, `score` how specific it is (higher wins)."""

    rule: Rule
    at: Span
    score: tuple[int, int, int, int]


_JOINT = re.compile(r"[^,。;:\d]{0,6}?(?:、|和|及|与|以及|或)[^,。;:\d]{0,8}")


class Around:
    """The terms around a quantity, looked up when a rule first asks for them: in its clause (with those of the numbers whose words it takes
    over), its sentence, its member of a list joined by `;`, and the sentence with the one before it and the headings above.

    `whose`: empty for the government's own number, else only rules that allow other owners are tried. `field`: the words of a department's
    own field, which bar nothing in its own report. `lead`: the words before the member's first number, where this one has hardly any.
    """

    __slots__ = ("_clause", "_context", "_terms", "above", "clauses", "field", "lead", "member_span", "sentence_span", "whose")

    def __init__(self, terms: Terms, clause: Span, sentence: Span, member: Span, above: tuple[Span, ...]) -> None:
        self._terms = terms
        self.clauses: tuple[Span, ...] = (clause,)
        self.sentence_span = sentence
        self.member_span = member
        self.above = above
        self.whose = ""
        self.field: frozenset[int] = frozenset()
        self.lead: tuple[Span, ...] = ()
        self._clause: frozenset[int] | None = None
        self._context: frozenset[int] | None = None

    def with_clause(self, clause: Span) -> Around:
        """The same, with the clause of another number beside its own."""
        other = Around(self._terms, clause, self.sentence_span, self.member_span, self.above)
        other.clauses = (*self.clauses, clause)
        other.whose, other.field, other.lead, other._context = self.whose, self.field, self.lead, self._context
        return other

    @property
    def clause(self) -> frozenset[int]:
        """The terms in the clause, and in those whose words are taken over."""
        if self._clause is None:
            self._clause = self._terms.union(self.clauses)
        return self._clause

    @property
    def sentence(self) -> frozenset[int]:
        """The terms in the sentence."""
        return self._terms.within(self.sentence_span)

    @property
    def member(self) -> frozenset[int]:
        """The terms in the member of a list joined by `;`."""
        return self._terms.within(self.member_span)

    @property
    def first(self) -> frozenset[int]:
        """The terms in the words before the member's first number."""
        return self._terms.union(self.lead)

    @property
    def context(self) -> frozenset[int]:
        """The terms in the sentence, the one before it and the headings above."""
        if self._context is None:
            self._context = self._terms.union((self.sentence_span, *self.above))
        return self._context


def matches(text: str, quantity: Quantity, near: Near, around: Around, terms: Terms, book: Codebook) -> list[Match]:
    """The best rule that holds, and beside it the rules marked `also`. Empty where none holds or where two codes are equally good."""
    rules = book.near_rules.get(quantity.unit)
    anywhere = book.clause_rules.get(quantity.unit)
    found: dict[str, Match] = {}
    if rules:
        ahead, after = 1 if near.shared_before else 3, 0 if near.shared_behind else 2
        started = [(hit, ahead) for span in near.before for hit in terms.hits(span) if hit[0] in rules]
        started += [(hit, after) for span in near.behind for hit in terms.hits(span) if hit[0] in rules]
        if started:
            _try(quantity, near, terms, around, rules, started, found)
    if anywhere:
        started = [(hit, -1) for hit in terms.hits((quantity.clause_start, quantity.clause_end)) if hit[0] in anywhere]
        if started:
            _try(quantity, near, terms, around, anywhere, started, found)
    return _choose(text, quantity, list(found.values())) if found else []


def _try(
    quantity: Quantity,
    near: Near,
    terms: Terms,
    around: Around,
    rules: Mapping[int, tuple[Rule, ...]],
    started: Sequence[tuple[Hit, int]],
    found: dict[str, Match],
) -> None:
    """Add to `found` (by code) the best rule that one of the counted words starts; each word with how much its side is preferred."""
    topic = near.topic or quantity.topic
    role, number_start, number_end = quantity.role, quantity.start, quantity.end
    at_number: frozenset[int] | None = None
    for (number, start, end), preference in started:
        for rule in rules[number]:
            if (rule.topic and topic not in rule.topic) or role not in rule.roles or (around.whose and not rule.department):
                continue
            if (rule.where == "before" and start >= number_end) or (rule.where == "behind" and start < number_end):
                continue
            if rule.clause and not _all_met(rule.clause, around.clause):  # what most rules fail at
                continue
            if rule.not_near:
                if at_number is None:
                    at_number = terms.union((*near.before, *near.behind))
                barring = at_number - around.field if around.field and rule.indicator.theme == "enforcement" else at_number
                if not rule.not_near.isdisjoint(barring):
                    continue
            if not _holds(rule, around):
                continue
            distance = start - number_end if start >= number_end else number_start - end
            score = (rule.weight, preference, end - start - max(0, distance) // 4, rule.conditions)
            known = found.get(rule.indicator.code)
            if known is None or score > known.score:
                found[rule.indicator.code] = Match(rule, (start, end), score)


def _holds(rule: Rule, around: Around) -> bool:
    """True where every word that must stand further around does (`clause` is met), and none that must not."""
    if rule.not_clause and not rule.not_clause.isdisjoint(around.clause):
        return False
    if rule.not_sentence and not rule.not_sentence.isdisjoint(around.member):
        return False
    if around.lead and rule.not_first and not rule.not_first.isdisjoint(around.first):
        return False
    if rule.not_context and not rule.not_context.isdisjoint(around.context):
        return False
    return (
        (not rule.member or _all_met(rule.member, around.member))
        and (not rule.sentence or _all_met(rule.sentence, around.sentence))
        and (not rule.context or _all_met(rule.context, around.context))
    )


def _all_met(groups: tuple[frozenset[int], ...], zone: frozenset[int]) -> bool:
    for group in groups:  # noqa: SIM110 - asked for every rule of every number, and a generator costs more than the loop
        if group.isdisjoint(zone):
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
