"""Quantities -> observations, by the codebook. Rules of meaning 1-11 of the annotation contract.

Nothing here knows a particular indicator: what a number must look like to be one stands in `schemas/data/indicators`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from pipeline.coding.codebook import Codebook, Rule, codebook
from pipeline.coding.match import Around, Match, matches
from pipeline.coding.notes import glossary
from pipeline.coding.subjects import as_respondent, owner
from pipeline.coding.zones import Near, Span, Terms, carried, heading_spans, near_zones
from pipeline.extract.context import Context
from pipeline.records import Observation, Quantity, Section

__all__ = ["codebook", "observe"]

_STOCK_PERIODS = frozenset(("", "multi", "since"))


def observe(
    text: str, sections: Sequence[Section], report: Context, quantities: Sequence[Quantity], book: Codebook | None = None
) -> list[Observation]:
    """The observations that a body's quantities make, in the order of the text. `book` defaults to the product's codebook."""
    book = book or codebook()
    if not quantities:
        return []
    terms = Terms(text, book)
    zones = near_zones(text, quantities)
    notes = glossary(text)
    above: dict[tuple[int, int], tuple[Span, ...]] = {}
    field = book.field(report.own_names) if report.issuer_kind == "department" else frozenset()
    starts = [quantity.start for quantity in quantities]
    observations: list[Observation] = []
    parts: set[int] = set()
    for index, quantity in enumerate(quantities):
        if notes[0] <= quantity.start < notes[1]:
            continue
        place = (quantity.section_no, quantity.sentence_start)
        over = above.get(place)
        if over is None:
            over = above[place] = (*heading_spans(sections, quantity.section_no), _sentence_before(text, quantity))
        sentence = (quantity.sentence_start, quantity.sentence_end)
        member = _member(text, quantity)
        around = Around(terms, (quantity.clause_start, quantity.clause_end), sentence, member, over)
        around.field, around.lead = field, _lead(quantities, starts, zones, index, member[0])
        found, words = _found(text, quantities, zones, index, around, terms, book)
        if found:
            around.whose = owner(text, quantity.clause_start, quantity.sentence_start, quantity.start, report.own_names)
            if not around.whose and as_respondent(text, quantity.topic, quantity.sentence_start, quantity.start):
                around.whose = "respondent"
            if around.whose:
                found, words = _found(text, quantities, zones, index, around, terms, book)
        zones[index] = words
        if found and _milestone(text, quantity, quantities[index + 1] if index + 1 < len(quantities) else None):
            continue
        for match in found:
            observation = _observation(text, quantity, words, match, report)
            if observation is not None and not _part(text, observation, observations, parts):
                observations.append(observation)
    return observations


def _milestone(text: str, quantity: Quantity, following: Quantity | None) -> bool:
    """True for a mark passed on the way to the value told next: `突破1000件大关,达1086件`."""
    return following is not None and text.startswith("大关", quantity.end) and following.unit == quantity.unit


def _found(
    text: str, quantities: Sequence[Quantity], zones: Sequence[Near], index: int, around: Around, terms: Terms, book: Codebook
) -> tuple[list[Match], Near]:
    """The matches of a quantity by its own words, else by those it carries on from the number before; and the words that were used.

    A change or a rank told in between (`收到562件,同比上升61.5%,较2022年(203件)…`) is passed over.
    """
    quantity, near = quantities[index], zones[index]
    found = matches(text, quantity, near, around, terms, book)
    before = index - 1
    while before > 0 and quantities[before].role in ("change", "rank") and quantities[before].sentence_start == quantity.sentence_start:
        before -= 1
    if found or before < 0:
        return found, near
    just = quantities[index - 1]
    moved = just.role == "change" and just.sentence_start == quantity.sentence_start
    if moved and zones[index - 1].before and _ARRIVES.fullmatch(text, just.end, quantity.start):
        change = zones[index - 1]
        own = _CHANGE_WORDS.sub("", "".join(text[start:end] for start, end in change.before))
        if len(own) > 2:  # 败诉率下降2.4个百分点至6.8%: the level is told of what changed, not of the number before
            return matches(text, quantity, replace(change, shared_before=True), around.with_clause(change.before[0]), terms, book), near
    last = quantities[before]
    words = carried(text, quantity, near, last, zones[before])
    if words is None:
        return found, near
    return matches(text, quantity, words, around.with_clause((last.clause_start, last.clause_end)), terms, book), words


_ARRIVES = re.compile(r",?(?:下降|上升|提高|提升|增长|增加|减少|回落|降|升|增|减)?(?:至|到|为|达到|达)")
_CHANGE_WORDS = re.compile(
    r"同比|环比|同期|[较比](?:上年|去年|\d{4}年)?度?|分别|下降|上升|增长|提高|提升|增加|减少|降低|回落|[,、()了的又再]"
)

_PART = re.compile(r"其中|(?:^|[(,;])(?:含|包括)[^,;]*$|\([^()]*$")


def _part(text: str, observation: Observation, told: Sequence[Observation], parts: set[int]) -> bool:
    """True for a part told after the whole under the same code: `提案76件,其中重点提案8件` (rule of meaning 2).

    A sentence that opens with 其中 tells the parts of the one before: `共收到申请800件。其中,市本级310件,各县490件`. `parts` keeps the
    sentences that tell of nothing but one organ's part.
    """
    quantity = observation.quantity
    if quantity.sentence_start in parts or _whole_before(text, observation, told):
        parts.add(quantity.sentence_start)
        return True
    opens_with_part = text.startswith("其中", quantity.sentence_start)
    for whole in reversed(told):
        if whole.quantity.sentence_start != quantity.sentence_start:
            if not opens_with_part or whole.quantity.sentence_end + 1 < quantity.sentence_start:
                return False
            if whole.code == observation.code and whole.year == observation.year and whole.value >= observation.value:
                return True
            continue
        if whole.code == observation.code and whole.year == observation.year:
            floor = max(whole.quantity.end, text.rfind(";", whole.quantity.end, quantity.start) + 1)
            return whole.value >= observation.value and bool(_PART.search(text, floor, quantity.start))
    return False


_OWN_PART = re.compile(r"其中,?(?:[省市县区州旗]|自治[区州县])(?:人民)?(?:政府|本级)")


def _whole_before(text: str, observation: Observation, told: Sequence[Observation]) -> bool:
    """True for a sentence of one organ's part of what the sentence before told: `共收到申请984件。其中,市政府收到82件,审结68件`."""
    quantity = observation.quantity
    if _OWN_PART.match(text, quantity.sentence_start) is None:
        return False
    floor = _sentence_before(text, quantity)[0]
    near = takewhile(lambda whole: whole.quantity.start >= floor, reversed(told))
    return any((whole.code, whole.year) == (observation.code, observation.year) for whole in near)


_FEW_WORDS = 8


def _lead(quantities: Sequence[Quantity], starts: Sequence[int], zones: Sequence[Near], index: int, member_start: int) -> tuple[Span, ...]:
    """The words before the first number of a quantity's member, for a quantity with hardly any words of its own: what is told of a part
    goes on as that part (`受理涉企案件52件,审结49件`). `starts` are those of all quantities."""
    first = bisect_left(starts, member_start)
    if first >= index or sum(end - start for start, end in zones[index].before) > _FEW_WORDS:
        return ()
    return zones[first].before


def _member(text: str, quantity: Quantity) -> tuple[int, int]:
    """The quantity's member of a list joined by `;`: each has its own subject. The whole sentence where there is no list."""
    start = max(quantity.sentence_start, text.rfind(";", quantity.sentence_start, quantity.start) + 1)
    end = text.find(";", quantity.end, quantity.sentence_end)
    return start, end if end >= 0 else quantity.sentence_end


def _sentence_before(text: str, quantity: Quantity) -> tuple[int, int]:
    """The sentence before in the same paragraph; an empty span where there is none."""
    end = quantity.sentence_start - 1
    if end <= 0 or text[end] == "\n":
        return (0, 0)
    start = max(text.rfind(mark, 0, end) for mark in "。!?\n") + 1
    return (start, end)


def _observation(text: str, quantity: Quantity, near: Near, match: Match, context: Context) -> Observation | None:
    rule = match.rule
    indicator = rule.indicator
    if quantity.period and not (rule.stock and quantity.period in _STOCK_PERIODS):
        return None
    if not _in_range(rule, quantity):
        return None
    year, status = _year(quantity, context)
    if year is None:
        return None
    start = (
        min(quantity.clause_start, match.at[0], *(span[0] for span in near.before))
        if near.before
        else min(quantity.clause_start, match.at[0])
    )
    start = max(start, quantity.sentence_start)
    return Observation(
        quantity=quantity,
        code=indicator.code,
        year=year,
        value=quantity.value,
        value_high=quantity.value_high,
        unit=indicator.unit,
        comparator=quantity.comparator,
        status="target" if status else "actual",
        scope="department" if context.issuer_kind == "department" else indicator.scope,
        quote_start=start,
        quote_end=max(quantity.end, match.at[1], *(span[1] for span in near.behind)) if near.behind else max(quantity.end, match.at[1]),
        matched_by=rule.name,
    )


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
