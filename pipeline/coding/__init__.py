"""Quantities -> observations, by the codebook. Rules of meaning 1-11 of the annotation contract.

Nothing here knows a particular indicator: what a number must look like to be one stands in `schemas/data/indicators`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.coding.around import Around, Passages
from pipeline.coding.codebook import Codebook, Rule, codebook
from pipeline.coding.match import Match, matches
from pipeline.coding.misses import Coding, Uncoded, near_misses
from pipeline.coding.notes import glossary
from pipeline.coding.parts import is_milestone, is_part
from pipeline.coding.scopes import Scopes
from pipeline.coding.subjects import Owners, as_respondent
from pipeline.coding.terms import Span
from pipeline.coding.zones import Near, carried
from pipeline.extract.context import Context
from pipeline.records import Observation, Quantity, Section
from schemas.values import Condition, Scope

__all__ = ["code", "codebook", "near_misses", "observe"]

_STOCK_PERIODS = frozenset(("", "multi", "since"))


def observe(
    text: str, sections: Sequence[Section], report: Context, quantities: Sequence[Quantity], book: Codebook | None = None
) -> list[Observation]:
    """The observations that a body's quantities make, in the order of the text. `book` defaults to the product's codebook."""
    return code(text, sections, report, quantities, book, why=False).observations


def code(
    text: str,
    sections: Sequence[Section],
    report: Context,
    quantities: Sequence[Quantity],
    book: Codebook | None = None,
    *,
    why: bool = True,
) -> Coding:
    """As `observe`; where `why`, with what `near_misses` needs to say why the others are no observations."""
    passages = Passages(text, sections, quantities, book or codebook())
    coding = Coding(passages, [], [])
    if report.issuer_kind == "department":
        passages.field = passages.book.field_of(report.own_names)
    notes, owners = glossary(text), Owners(text, report.own_names)
    scopes = Scopes(text, report.own_names, report.issuer_kind == "department")
    parts: set[int] = set()
    zones = passages.zones
    for index, quantity in enumerate(quantities):
        near = zones[index]
        around = Around.of(passages, index, near)
        found, words, wider = _found(passages, index, around)
        if found:
            around.whose = _whose(text, quantity, owners)
            if around.whose:
                found, words, wider = _found(passages, index, around)
        zones[index] = words
        if not found:
            if why:
                coding.uncoded.append(Uncoded(index, ((near, around), (words, wider))))
            continue
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        bar: Condition | None = "milestone" if is_milestone(text, quantity, following) else None
        if notes[0] <= quantity.start < notes[1]:
            bar = "glossary"
        for match in found:
            scope = scopes.scope(quantity, around.whose, match.rule.indicator.scope)
            made = bar or _observation(quantity, words, match, scope, report)
            if isinstance(made, Observation) and is_part(text, made, coding.observations, parts):
                made = "part"
            if isinstance(made, Observation):
                coding.observations.append(made)
            elif why:
                coding.uncoded.append(Uncoded(index, (), match, made))
    return coding


def _whose(text: str, quantity: Quantity, owners: Owners) -> str:
    """Whose number it is, where it is not the government's own."""
    owner = owners.owner(quantity.clause_start, quantity.sentence_start, quantity.start)
    if not owner and as_respondent(text, quantity.topic, quantity.sentence_start, quantity.start):
        return "respondent"
    return owner


def _found(passages: Passages, index: int, around: Around) -> tuple[list[Match], Near, Around]:
    """The matches of a quantity by its own words, else by those it carries on from the number before; and the words that were used, with
    what is around them.

    A change or a rank told in between (`收到562件,同比上升61.5%,较2022年(203件)…`) is passed over.
    """
    text, quantities, zones = passages.text, passages.quantities, passages.zones
    quantity, near = quantities[index], zones[index]
    found = matches(quantity, near, around, passages)
    if found or not index:
        return found, near, around
    before = index - 1
    while before > 0 and quantities[before].role in ("change", "rank") and quantities[before].sentence_start == quantity.sentence_start:
        before -= 1
    just = quantities[index - 1]
    moved = just.role == "change" and just.sentence_start == quantity.sentence_start
    if moved and zones[index - 1].before and _ARRIVES.fullmatch(text, just.end, quantity.start):
        change = zones[index - 1]
        own = _CHANGE_WORDS.sub("", "".join(text[start:end] for start, end in change.before))
        if len(own) > 2:  # 败诉率下降2.4个百分点至6.8%: the level is told of what changed, not of the number before
            wider = around.with_clause(change.before[0])
            return matches(quantity, replace(change, shared_before=True), wider, passages), near, wider
    last = quantities[before]
    words = carried(text, quantity, near, last, zones[before])
    if words is None:
        return found, near, around
    wider = around.with_clause((last.clause_start, last.clause_end))
    return matches(quantity, words, wider, passages), words, wider


_ARRIVES = re.compile(r",?(?:下降|上升|提高|提升|增长|增加|减少|回落|降|升|增|减)?(?:至|到|为|达到|达)")
_CHANGE_WORDS = re.compile(
    r"同比|环比|同期|[较比](?:上年|去年|\d{4}年)?度?|分别|下降|上升|增长|提高|提升|增加|减少|降低|回落|[,、()了的又再]"
)


def _observation(quantity: Quantity, near: Near, match: Match, scope: Scope, context: Context) -> Observation | Condition:
    """The observation that a match makes, or the condition that it fails."""
    rule = match.rule
    indicator = rule.indicator
    if quantity.period and not (rule.stock and quantity.period in _STOCK_PERIODS):
        return "period"
    if not _in_range(rule, quantity):
        return "range"
    year, is_target = _year(quantity, context)
    if year is None:
        return "year"
    start, end = _quote(quantity, near, match)
    return Observation(  # the fields in their order: by keyword it takes twice as long
        quantity,
        indicator.code,
        year,
        quantity.value,
        quantity.value_high,
        indicator.unit,
        quantity.comparator,
        "target" if is_target else "actual",
        scope,
        start,
        end,
        rule.name,
    )


def _quote(quantity: Quantity, near: Near, match: Match) -> Span:
    """What shows a number's meaning: from where its clause, its words or the counted word begins, in its sentence, to where they end."""
    start, end = min(match.at[0], quantity.clause_start), max(match.at[1], quantity.end)
    if near.before and near.before[0][0] < start:
        start = max(near.before[0][0], quantity.sentence_start)
    if near.behind and near.behind[-1][1] > end:
        end = near.behind[-1][1]
    return start, end


def _in_range(rule: Rule, quantity: Quantity) -> bool:
    low, high = rule.indicator.range_low, rule.indicator.range_high
    return (low is None or quantity.value >= low) and (high is None or (quantity.value_high or quantity.value) <= high)


def _year(quantity: Quantity, context: Context) -> tuple[int | None, bool]:
    """(year, is it a target). An undated target holds for the plan's horizon; one in a report, for the year after."""
    own = context.report_year
    if quantity.role == "target":
        if quantity.year is not None and (own is None or quantity.year >= own):
            return quantity.year, True
        if context.target_year is not None:
            return context.target_year, True
        if own is None:
            return None, True
        return (own if context.document_type == "plan" else own + 1), True
    if quantity.role == "previous" and quantity.year is None:
        return None, False
    return (quantity.year if quantity.year is not None else own), False
