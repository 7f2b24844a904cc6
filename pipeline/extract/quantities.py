"""Candidates -> quantities: each number read together with the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from pipeline.extract.context import Context
from pipeline.extract.context_rules import comparator_before, context_rules
from pipeline.extract.layout import Layout
from pipeline.extract.plans import plan_spans, within
from pipeline.extract.state import Candidate
from pipeline.extract.times import Calendar, When
from pipeline.extract.topics import Topics, predicate_and_thing
from pipeline.records import Comparator, Numeral, Quantity, Role, Section

_LINKS = frozenset(("、", "和", "及", "与", "以及", ",和"))
_SHARED = ("均", "分别", "都")
_FROM_YEAR = re.compile(r"[由从](?:19|20)\d\d年(?:度|底)?的?[(为]?$")
_REACH = 240  # characters: how far back in its sentence a word may govern a number; sentences of real reports are shorter
_FIELDS = re.compile(r"涉及(?!的?(?:行政)?(?:规范性)?(?:文件|事项|案件|复议))(?=[^,。;:]*\d)")
_DONE = re.compile("全年|年内已|今年以来|一年来|共计|累计|截[至止]")  # words that turn from what was aimed at to what was done
_WORDS = 30  # characters either side of a number in which its verb and the thing it counts are looked for
_DASHES = frozenset("—-~至到")


@dataclass(slots=True)
class _Reading:
    """A candidate with its place in the text."""

    candidate: Candidate
    start: int
    comparator: Comparator
    sentence: tuple[int, int]
    clause: tuple[int, int]
    floor: int
    link: str
    shared_words: bool
    place: int


def merge_ranges(text: str, candidates: list[Candidate], numerals: list[Numeral]) -> tuple[list[Candidate], list[Numeral]]:
    """Join the two ends of `3至5家`; a lone lower end that nothing joined (`3-5年`) becomes a name again. Both lists keep their order."""
    merged: list[Candidate] = []
    demoted: set[int] = set()
    for candidate in candidates:
        last = merged[-1] if merged else None
        if last and _joins(text, last, candidate):
            low = last.value * (candidate.power if last.power == 1 and last.unit == "" else 1)
            merged[-1] = replace(candidate, number_start=last.number_start, value=low, value_high=candidate.value, rule="range")
            continue
        if last and last.rule == "number without a unit" and text[last.end : last.end + 1] in _DASHES and last.end < len(text):
            demoted.add(merged.pop().number_start)
        merged.append(candidate)
    if (
        merged
        and merged[-1].rule == "number without a unit"
        and text[merged[-1].end : merged[-1].end + 1] in _DASHES
        and merged[-1].end < len(text)
    ):
        demoted.add(merged.pop().number_start)
    if demoted:
        numerals = [replace(n, disposition="name", rule="number without a unit") if n.start in demoted else n for n in numerals]
    return merged, numerals


def _joins(text: str, low: Candidate, high: Candidate) -> bool:
    gap = high.number_start - low.end
    if gap != 1 or text[low.end] not in _DASHES or low.value_high is not None or low.rank or high.rank:
        return False
    if low.unit and low.unit != high.unit:
        return False
    if text[low.end] in "至到" and text[max(0, low.number_start - 1) : low.number_start] in ("由", "从"):
        return False
    return low.value < high.value and low.comparator in ("eq", high.comparator)


def _readings(text: str, candidates: list[Candidate], layout: Layout) -> list[_Reading]:
    readings: list[_Reading] = []
    for candidate in candidates:
        clause = layout.clause(candidate.number_start, candidate.end)
        sentence = layout.sentence(candidate.number_start, candidate.end)
        last = readings[-1] if readings else None
        same_clause = last is not None and last.candidate.end > clause[0]
        floor = last.candidate.end if last is not None and same_clause else clause[0]
        link = text[floor : candidate.number_start] if same_clause else "\n"
        start, comparator = candidate.number_start, candidate.comparator
        if candidate.rank:
            start -= 1
        else:
            found = comparator_before(text, start, floor)
            if found:
                word, start = found
                comparator = word if comparator == "eq" or (comparator in ("ge", "le") and word in ("gt", "lt")) else comparator
        shared = bool(
            link in _LINKS
            and last
            and any(w in text[max(clause[0], last.floor, last.start - _REACH) : last.candidate.number_start] for w in _SHARED)
        )
        shared = shared or bool(link in _LINKS and last and last.shared_words)
        place = last.place + 1 if last is not None and link in _LINKS else 0
        reading = _Reading(candidate, start, comparator, sentence, clause, floor, link, shared, place)
        if shared and last and last.candidate.kind == candidate.kind:
            if comparator == "eq" and last.comparator != "eq" and last.start < last.candidate.number_start:
                reading.comparator = last.comparator
            elif comparator != "eq" and last.comparator == "eq" and reading.start == candidate.number_start:
                last.comparator = comparator
        cut_short = (
            last and link in _LINKS and last.candidate.unit == "个" and text[candidate.number_end : candidate.number_end + 1] == "个"
        )
        if last and cut_short and candidate.unit in ("工作日", "百分点", "小时"):
            last.candidate.unit, last.candidate.kind = candidate.unit, candidate.kind
        readings.append(reading)
    return readings


def quantities(
    text: str,
    candidates: list[Candidate],
    numerals: list[Numeral],
    sections: list[Section],
    layout: Layout,
    topics: Topics,
    context: Context,
) -> list[Quantity]:
    """Read every candidate in its context, in the order of the text."""
    readings = _readings(text, candidates, layout)
    calendar = Calendar(text, numerals, sections, layout, context)
    plans = plan_spans(text, sections, context)
    section_starts = [section.start for section in sections]
    made: list[Quantity] = []
    for index, reading in enumerate(readings):
        following = readings[index + 1] if index + 1 < len(readings) else None
        made.append(_quantity(text, reading, following, made[-1] if made else None, calendar, plans, sections, section_starts, topics))
    return made


def _quantity(
    text: str,
    reading: _Reading,
    following: _Reading | None,
    last: Quantity | None,
    calendar: Calendar,
    plans: list[tuple[int, int]],
    sections: list[Section],
    section_starts: list[int],
    topics: Topics,
) -> Quantity:
    candidate = reading.candidate
    start = candidate.number_start
    when = calendar.when(start, reading.sentence, reading.clause[0], reading.place)
    if (
        last is not None
        and last.role == "previous"
        and _FROM_YEAR.search(text, max(last.sentence_start, last.start - 16), last.start)
        and when.year == last.year
    ):
        when = When() if last.sentence_start == reading.sentence[0] else when
    role = _role(text, reading, following, last, bool(when.previous))
    if role in ("level", "change", "share") and _is_target(text, reading, when.year, plans, calendar):
        role = "target"
    section = _section(sections, section_starts, start)
    stop = min(reading.clause[1], following.start if following else reading.clause[1])
    before = text[max(reading.floor, start - _WORDS) : reading.start]
    behind = text[candidate.end : min(stop, candidate.end + _WORDS)]
    predicate, counted = predicate_and_thing(before, behind)
    if last is not None and not counted and last.sentence_start == reading.sentence[0]:
        counted = last.counted
        predicate = predicate or last.predicate
    return Quantity(
        start=reading.start,
        end=candidate.end,
        number_start=start,
        number_end=candidate.number_end,
        value=candidate.value,
        value_high=candidate.value_high,
        unit=candidate.unit,
        kind=candidate.kind,
        comparator=reading.comparator,
        role=role,
        section_no=section.section_no if section else 0,
        sentence_start=reading.sentence[0],
        sentence_end=reading.sentence[1],
        clause_start=reading.clause[0],
        clause_end=reading.clause[1],
        counted=counted,
        predicate=predicate,
        topic=_topic(text, reading, topics, section, sections),
        year=when.year,
        period=when.period,
        rule=candidate.rule,
    )


def _section(sections: list[Section], starts: list[int], offset: int) -> Section | None:
    index = bisect_right(starts, offset) - 1
    while index >= 0 and sections[index].end <= offset:
        index -= 1
    return sections[index] if index >= 0 else None


def _topic(text: str, reading: _Reading, topics: Topics, section: Section | None, sections: list[Section]) -> str:
    """The nearest topic word: in the clause before the number, behind it, earlier in the sentence, the sentence before, the heading."""
    start = reading.candidate.number_start
    key = topics.between(reading.clause[0], start) or topics.first(reading.candidate.end, reading.clause[1])
    key = key or _earlier_topic(text, topics, reading.sentence[0], reading.clause[0])
    if not key and reading.sentence[0] > 1 and text[reading.sentence[0] - 1] != "\n":
        paragraph = text.rfind("\n", 0, reading.sentence[0]) + 1
        key = topics.between(max(paragraph, reading.sentence[0] - 160), reading.sentence[0])
    while not key and section is not None:
        title = section.start + len(section.label)
        key = topics.between(section.start, title + len(section.title) + 2)
        section = sections[section.parent_no - 1] if section.parent_no else None
    if key:
        return key
    part = text.find("其中", reading.candidate.end, reading.sentence[1])
    return topics.first(reading.candidate.end, part if part >= 0 else reading.sentence[1])


def _earlier_topic(text: str, topics: Topics, floor: int, stop: int) -> str:
    """The last topic word in `floor:stop` that is not in a list of the fields concerned (`涉及行政处罚86件、信息公开23件,审结…`).

    Nor in a part told before a `;` (`应诉案件62件,其中经复议11件;已审结51件`).
    """
    number_at = stop
    while stop > floor:
        key = topics.between(floor, stop)
        if not key:
            return ""
        place = topics.last_start(floor, stop)
        begin = max(floor, *(text.rfind(mark, floor, place) + 1 for mark in ",;:"))
        end = min((at for mark in ",;:" if (at := text.find(mark, place, stop)) >= 0), default=stop)
        told_apart = text.startswith("其中", begin) and text.find(";", place, number_at) >= 0
        if not told_apart and not _FIELDS.search(text, begin, end):
            return key
        stop = begin
    return ""


def _role(text: str, reading: _Reading, following: _Reading | None, last: Quantity | None, previous: bool) -> Role:
    rules = context_rules()
    candidate = reading.candidate
    if candidate.rank:
        return "rank"
    if previous or _from_to(text, reading, following):
        return "previous"
    start, floor = candidate.number_start, reading.floor
    if reading.link in _LINKS and last is not None and last.kind == candidate.kind and last.role in ("change", "share"):
        return last.role
    relative = candidate.kind == "percent" or candidate.unit in ("倍", "番")
    if start > floor and text[start - 1] in rules.change_last and rules.change.search(text, max(floor, start - 16), start):
        clause = text[max(reading.clause[0], start - _REACH) : min(reading.clause[1], start + _REACH)]
        if relative:
            return "level" if rules.against_the_law.search(clause) and not rules.compared.search(clause) else "change"
        if rules.compared.search(text, max(reading.sentence[0], start - _REACH), start):
            return "change"
    if candidate.unit in ("百分点", "番"):
        return "change"
    if candidate.kind == "percent":
        place = text.rfind("占", floor, start)
        if place < 0 and text[reading.clause[0] : start] in ("达", "为", "达到", "高达", "约"):
            place = text.rfind("占", max(reading.sentence[0], start - 16), start)  # 占受理案件比例最高,达92.7%
        if place >= 0 and text[place : place + 2] not in ("占用", "占有", "占地") and start - place <= 28:
            return "share"
    return "level"


def _from_to(text: str, reading: _Reading, following: _Reading | None) -> bool:
    """True for the first number of `由300项调整至64项` (`将11项…动态调整为9项`)."""
    if following is None or following.candidate.rank or following.candidate.unit != reading.candidate.unit:
        return False
    floor, start, end = reading.floor, reading.candidate.number_start, reading.candidate.end
    if following.candidate.number_start - end > 34 or following.sentence != reading.sentence:
        return False
    before = text[max(floor, start - 30) : start]
    if not any(word in before for word in ("由", "从", "将")):
        return False
    return bool(context_rules().transition.search(text, end, following.candidate.number_start))


def _is_target(text: str, reading: _Reading, year: int | None, plans: list[tuple[int, int]], calendar: Calendar) -> bool:
    start = reading.candidate.number_start
    if within(plans, start):
        return True
    own = calendar.own_year
    if year is not None and own is not None and year > own:
        return True
    floor = max(reading.sentence[0], start - _REACH, text.rfind(";", reading.sentence[0], start) + 1)
    cue = context_rules().target.search(text, floor, start)
    if cue and not _DONE.search(text, cue.end(), start):
        return True
    if reading.candidate.kind == "percent" and "确保" in text[max(reading.clause[0], start - _REACH) : start]:
        return True
    return text[reading.start - 1 : reading.start] == "“" and reading.candidate.kind == "duration" and reading.comparator == "le"
