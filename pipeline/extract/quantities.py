"""Candidates -> quantities: each number read together with the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from pipeline.extract.context import Context
from pipeline.extract.context_rules import ContextRules, comparator_before, context_rules
from pipeline.extract.layout import Layout
from pipeline.extract.plans import Aims, plan_spans, within
from pipeline.extract.state import Candidate
from pipeline.extract.times import Calendar, When
from pipeline.extract.topics import Topics, predicate_and_thing
from pipeline.records import Numeral, Quantity, Section
from schemas.values import Comparator, Role

_LINKS = frozenset(("、", "和", "及", "与", "以及", ",和"))
_SHARED = ("均", "分别", "都")
_FROM_YEAR = re.compile(r"[由从](?:19|20)\d\d年(?:度|底)?的?[(为]?$")
_ONCE = ("由原来的", "由原来", "从原来的", "由原先的", "由过去的", "从过去的")  # before a value that holds no more
_REACH = 240  # characters: how far back in its sentence a word may govern a number; sentences of real reports are shorter
_FIELDS = re.compile(
    r"涉及(?!的?(?:行政)?(?:规范性)?(?:文件|事项|案件|复议)"
    r"|[^,。;:\d]{1,24}(?:的|等|内容|方面)(?:行政)?(?:规范性)?(?:文件|规章|法规)|[^,。;:、\d]{1,24}规范性文件)(?=[^,。;:]*\d)"
)
# 是同期行政诉讼案件的3.9倍, 复议诉讼收案比为4:1: what a number is measured by is not what the passage goes on with
_MEASURE = re.compile(r"诉讼[^,。;]*(?:\d倍|[一二两三四五六七八九十]倍|(?:之|收案|案件)比)")
_MAY_NOT_GOVERN = re.compile("其中|涉及|倍|比")  # one of these stands in every passage whose topic word is passed over
_WORDS = 30  # characters either side of a number in which its verb and the thing it counts are looked for
_DASHES = frozenset("—-~至到")


class _Reading(msgspec.Struct):
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
    rules = context_rules()
    readings: list[_Reading] = []
    last: _Reading | None = None
    for candidate in candidates:
        number = candidate.number_start
        clause = layout.clause(number, candidate.end)
        sentence = last.sentence if last is not None and last.sentence[1] >= candidate.end else layout.sentence(number, candidate.end)
        same_clause = last is not None and last.candidate.end > clause[0]
        floor = last.candidate.end if last is not None and same_clause else clause[0]
        link = text[floor:number] if same_clause else "\n"
        start, comparator = number, candidate.comparator
        if candidate.rank:
            start -= 1
        else:
            found = comparator_before(rules, text, start, floor)
            if found:
                word, start = found
                comparator = word if comparator == "eq" or (comparator in ("ge", "le") and word in ("gt", "lt")) else comparator
        reading = _Reading(candidate, start, comparator, sentence, clause, floor, link, False, 0)
        if last is not None and link in _LINKS:
            _share(text, last, reading)
        readings.append(reading)
        last = reading
    return readings


def _share(text: str, last: _Reading, reading: _Reading) -> None:
    """What two numbers with nothing but a conjunction between them have in common: `均超过98%、85%`, `3个、5个工作日`."""
    candidate, before = reading.candidate, last.candidate
    reading.place = last.place + 1
    governing = text[max(reading.clause[0], last.floor, last.start - _REACH) : before.number_start]
    reading.shared_words = last.shared_words or any(word in governing for word in _SHARED)
    if reading.shared_words and before.kind == candidate.kind:
        if reading.comparator == "eq" and last.comparator != "eq" and last.start < before.number_start:
            reading.comparator = last.comparator
        elif reading.comparator != "eq" and last.comparator == "eq" and reading.start == candidate.number_start:
            last.comparator = reading.comparator
    cut_short = before.unit == "个" and text[candidate.number_end : candidate.number_end + 1] == "个"
    if cut_short and candidate.unit in ("工作日", "百分点", "小时"):
        before.unit, before.kind = candidate.unit, candidate.kind


@dataclass(slots=True)
class _Around:
    """What the numbers of a body share."""

    text: str
    sections: list[Section]
    section_starts: list[int]
    topics: Topics
    calendar: Calendar
    plans: list[tuple[int, int]]
    aims: Aims
    rules: ContextRules


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
    around = _Around(
        text,
        sections,
        [section.start for section in sections],
        topics,
        Calendar(text, numerals, sections, layout, context),
        plan_spans(text, sections, layout.sentence_stops, context),
        Aims(text),
        context_rules(),
    )
    made: list[Quantity] = []
    last: Quantity | None = None
    for reading, following in zip(readings, [*readings[1:], None], strict=False):
        last = _quantity(reading, following, last, around)
        made.append(last)
    return made


def _quantity(reading: _Reading, following: _Reading | None, last: Quantity | None, around: _Around) -> Quantity:
    text, sections = around.text, around.sections
    candidate = reading.candidate
    start = candidate.number_start
    sentence_start, sentence_end = reading.sentence
    clause_start, clause_end = reading.clause
    when = around.calendar.when(start, reading.sentence, clause_start, reading.place)
    if (
        last is not None
        and last.role == "previous"
        and _FROM_YEAR.search(text, max(last.sentence_start, last.start - 16), last.start)
        and when.year == last.year
    ):
        when = When() if last.sentence_start == sentence_start else when
    role = _role(around, reading, following, last, bool(when.previous))
    period = when.period
    if role in ("level", "change", "share"):
        if _is_target(reading, when.year, around):
            role = "target"
        elif candidate.kind == "percent" and "确保" in text[max(clause_start, start - _REACH) : start]:
            role, period = "target", period or "aim"
    section = _section(sections, around.section_starts, start)
    floor, stop = reading.floor, following.start if following is not None and following.start < clause_end else clause_end
    before = text[floor : reading.start] if start - floor < _WORDS else text[start - _WORDS : reading.start]
    behind = text[candidate.end : stop] if stop - candidate.end < _WORDS else text[candidate.end : candidate.end + _WORDS]
    predicate, counted = predicate_and_thing(before, behind)
    if last is not None and not counted and last.sentence_start == sentence_start:
        counted = last.counted
        predicate = predicate or last.predicate
    return Quantity(  # by position, in the order of the record: half as dear as by name
        reading.start,
        candidate.end,
        start,
        candidate.number_end,
        candidate.value,
        candidate.value_high,
        candidate.unit,
        candidate.kind,
        reading.comparator,
        role,
        section.section_no if section else 0,
        sentence_start,
        sentence_end,
        clause_start,
        clause_end,
        counted,
        predicate,
        _topic(text, reading, around.topics, section, sections),
        when.year,
        period,
        candidate.rule,
    )


def _section(sections: list[Section], starts: list[int], offset: int) -> Section | None:
    index = bisect_right(starts, offset) - 1
    while index >= 0 and sections[index].end <= offset:
        index -= 1
    return sections[index] if index >= 0 else None


def _topic(text: str, reading: _Reading, topics: Topics, section: Section | None, sections: list[Section]) -> str:
    """The nearest topic word: in the clause before the number, behind it, earlier in the sentence, the sentence before, the heading."""
    start = reading.candidate.number_start
    sentence, clause = reading.sentence[0], reading.clause[0]
    key = (
        topics.between(clause, start)
        or topics.first(reading.candidate.end, _behind(text, reading))
        or _earlier_topic(text, topics, sentence, clause)
    )
    if not key and sentence > 1 and text[sentence - 1] != "\n":
        paragraph = text.rfind("\n", 0, sentence) + 1
        key = _earlier_topic(text, topics, max(paragraph, sentence - 160), sentence)
    while not key and section is not None:
        title = section.start + len(section.label)
        key = topics.between(section.start, title + len(section.title) + 2)
        section = sections[section.parent_no - 1] if section.parent_no else None
    if key:
        return key
    part = text.find("其中", reading.candidate.end, reading.sentence[1])
    return topics.first(reading.candidate.end, part if part >= 0 else reading.sentence[1])


def _behind(text: str, reading: _Reading) -> int:
    """Where what stands behind a number in its clause ends: with its bracket (`规章18件(修改14件)、规范性文件707件`)."""
    end, stop = reading.candidate.end, reading.clause[1]
    close = text.find(")", end, stop)
    return close if close >= 0 and text.find("(", end, close) < 0 else stop


def _earlier_topic(text: str, topics: Topics, floor: int, stop: int) -> str:
    """The last topic word in `floor:stop` that is not in a list of the fields concerned (`涉及行政处罚86件、信息公开23件,审结…`).

    Nor in a part told before a `;` (`应诉案件62件,其中经复议11件;已审结51件`).
    """
    number_at = stop
    while stop > floor:
        key = topics.between(floor, stop)
        if not key or not _MAY_NOT_GOVERN.search(text, floor, stop):
            return key
        place = topics.last_start(floor, stop)
        begin, end = _passage(text, place, floor, stop)
        told_apart = text.startswith("其中", begin) and text.find(";", place, number_at) >= 0
        if not told_apart and not _FIELDS.search(text, begin, end):
            if not _MEASURE.search(text, begin, end):
                return key
            first = topics.first(begin, place)
            if first and first != key:
                return first
        stop = begin
    return ""


def _passage(text: str, place: int, floor: int, stop: int) -> tuple[int, int]:
    """What stands around `place` between two of `,;:`, within `floor:stop`."""
    begin, end = floor, stop
    for mark in ",;:":
        begin = max(begin, text.rfind(mark, begin, place) + 1)
        behind = text.find(mark, place, end)
        end = behind if behind >= 0 else end
    return begin, end


def _role(around: _Around, reading: _Reading, following: _Reading | None, last: Quantity | None, previous: bool) -> Role:
    text, rules = around.text, around.rules
    candidate = reading.candidate
    if candidate.rank:
        return "rank"
    if previous or _from_to(text, rules, reading, following):
        return "previous"
    start, floor = candidate.number_start, reading.floor
    if reading.link in _LINKS and last is not None and last.kind == candidate.kind and last.role in ("change", "share"):
        return last.role
    if start > floor and text[start - 1] in rules.change_last and rules.change.search(text, max(floor, start - 16), start):
        clause = text[max(reading.clause[0], start - _REACH) : min(reading.clause[1], start + _REACH)]
        if candidate.kind == "percent" or candidate.unit in ("倍", "番"):
            return "level" if rules.against_the_law.search(clause) and not rules.compared.search(clause) else "change"
        if rules.compared.search(text, max(reading.sentence[0], start - _REACH), start) or text.endswith(("增长", "增长了"), floor, start):
            return "change"
    if candidate.unit in ("百分点", "番"):
        return "change"
    if candidate.kind == "percent":
        place = text.rfind("占", floor, start)
        if place < 0 and text[reading.clause[0] : start] in ("达", "为", "达到", "高达", "约"):
            place = text.rfind("占", max(reading.sentence[0], start - 16), start)  # 占受理案件比例最高,达92.7%
        if place < 0 and last is not None and text[last.end : start] == "的":
            place = text.rfind("占", max(reading.clause[0], last.start - 16), last.start)  # 占全年目标数3.4亿元的118%
        if place >= 0 and text[place : place + 2] not in ("占用", "占有", "占地") and start - place <= 28:
            return "share"
    return "level"


def _from_to(text: str, rules: ContextRules, reading: _Reading, following: _Reading | None) -> bool:
    """True for the first number of `由300项调整至64项` (`将11项…动态调整为9项`, `由原来的2天压缩至15分钟`)."""
    if following is None or following.sentence != reading.sentence:
        return False
    if text.endswith(_ONCE, reading.clause[0], reading.start):
        return True
    if following.candidate.rank or following.candidate.unit != reading.candidate.unit:
        return False
    floor, start, end = reading.floor, reading.candidate.number_start, reading.candidate.end
    if following.candidate.number_start - end > 34:
        return False
    before = text[max(floor, start - 30) : start]
    if "由" not in before and "从" not in before and "将" not in before:
        return False
    return bool(rules.transition.search(text, end, following.candidate.number_start))


def _is_target(reading: _Reading, year: int | None, around: _Around) -> bool:
    text, start, own = around.text, reading.candidate.number_start, around.calendar.own_year
    if within(around.plans, start):
        return True
    if year is not None and own is not None and year > own:
        return True
    floor = text.rfind(";", reading.sentence[0], start) + 1 or reading.sentence[0]
    if around.aims.governs(floor if start - floor < _REACH else start - _REACH, start):
        return True
    return reading.comparator == "le" and reading.candidate.kind == "duration" and text[reading.start - 1 : reading.start] == "“"
