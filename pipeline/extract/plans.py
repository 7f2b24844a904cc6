"""Which parts of a report speak of what is to be done: plans, and the plan part of a report on a past year."""

from __future__ import annotations

import re
from bisect import bisect_right

from pipeline.extract.context import Context
from pipeline.extract.context_rules import context_rules
from pipeline.records import Section

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_STRONG = re.compile(r"下(?<!进下)一?步|打算|明年|下年|工作计划|努力方向|今后|来年")
_SHORTCOMINGS = re.compile("存在|问题|不足|短板|差距|困难")
_TASKS = re.compile("重点工作|工作重点|主要任务|目标任务|主要目标|工作目标|工作部署|总体要求")  # to be done, or done
_SENTENCE_START = re.compile(r"[。\n]")
_HEADED = 12  # characters between a sentence's start and its words of outlook: a label, `针对以上问题,`
_PROBLEMS = re.compile(r"(?:目前|当前|工作|主要|仍|还)*(?:存在|面临)?的?(?:主要|突出)?(?:问题|不足|困难|差距|短板|薄弱)")
_DONE = re.compile("全年|年内已|今年以来|一年来|共计|累计|截[至止]")  # words that turn from what was aimed at to what was done
_NOW = re.compile(r"今年|本届政府|[今未]后[三五]年|未来[三五]年|下一年|明年")


def plan_spans(text: str, sections: list[Section], stops: list[int], context: Context) -> list[tuple[int, int]]:
    """Sorted, disjoint spans of `text`, whose sentences end at `stops`, that plan.

    A plan's whole body but its chapters of review; elsewhere the chapters and paragraphs of outlook.
    """
    rules = context_rules()
    if context.document_type == "plan":
        past = [
            (s.start, s.end) for s in sections if s.level == 1 and rules.past_title.search(s.title) and not rules.plan_title.search(s.title)
        ]
        return _complement(_union(past), len(text))
    spans = [(_plan_start(text, s, context), s.end) for s in sections if _plans(s, context) and not _reviewed(s, sections, context)]
    if context.document_type == "work_report":
        spans += _later_chapters(sections, context)
    begins = rules.plan_begins
    for start in (0, *[stop + 1 for stop in stops if text[stop + 1 : stop + 2] in begins and text[stop] in "。\n"]):
        opening = rules.plan_opening.match(text, start)
        if opening and _ahead(opening[0], context):
            spans.append((start, _governed(text, sections, start)))
    return _union(spans)


def within(spans: list[tuple[int, int]], offset: int) -> bool:
    """True where `offset` lies in one of the sorted, disjoint spans."""
    index = bisect_right(spans, (offset, 1 << 60)) - 1
    return index >= 0 and spans[index][0] <= offset < spans[index][1]


class Aims:
    """The words of intent in a body (`力争`, `确保…年底前`), looked for once a sentence or a member of its list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._target = context_rules().target
        self._found: dict[int, tuple[int, int]] = {}  # where a member begins -> (how far it was looked through, where its first word ends)

    def governs(self, floor: int, start: int) -> bool:
        """True where a word of intent stands in `floor:start` and no word behind it turns to what was done."""
        looked, end = self._found.get(floor, (floor, 0))
        if looked < start and not end:
            cue = self._target.search(self._text, floor, start)
            looked, end = self._found[floor] = (start, cue.end() if cue else 0)
        return 0 < end <= start and not _DONE.search(self._text, end, start)


def _plans(section: Section, context: Context) -> bool:
    rules = context_rules()
    own = context.report_year
    year = _YEAR.search(section.title)
    if year and own is not None:
        both = _SHORTCOMINGS.search(section.title) and rules.plan_title.search(section.title)
        return int(year[0]) > own and (bool(both) or not rules.past_title.search(section.title))
    if section.level > 1 and not _STRONG.search(section.title):
        return False
    if _PROBLEMS.match(section.title):
        return False  # what follows the problems in such a chapter begins where a paragraph opens with 下一步
    if section.level == 1 and context.document_type == "work_report" and _NOW.search(section.title):
        return bool(re.search("任务|目标|工作|安排|重点|思路|建议|部署|要求", section.title)) and not rules.past_title.search(section.title)
    return bool(rules.plan_title.search(section.title)) and not re.search("完成情况|推进情况|成效|回顾|开展情况|落实情况", section.title)


def _reviewed(section: Section, sections: list[Section], context: Context) -> bool:
    """True for a chapter of tasks (`二、重点工作`) of an annual report that goes on to its shortcomings or its outlook: they were done."""
    rules = context_rules()
    if context.document_type != "annual_report" or _YEAR.search(section.title) or rules.plan_title.search(_TASKS.sub("", section.title)):
        return False
    later = (s.title for s in sections if s.level == 1 and s.start > section.start)
    return any(_PROBLEMS.match(title) or _STRONG.search(title) or rules.past_title.search(title) for title in later)


def _plan_start(text: str, section: Section, context: Context) -> int:
    """Where a section that plans begins to; one that tells of shortcomings first (`存在的问题和下一步打算`), at its first outlook."""
    if not _SHORTCOMINGS.search(section.title):
        return section.start
    rules = context_rules()
    for match in _SENTENCE_START.finditer(text, section.start + len(section.label) + len(section.title), section.end):
        opening = rules.plan_opening.search(text, match.end(), min(section.end, match.end() + _HEADED))
        if opening and _ahead(opening[0], context):
            return match.end()
    return section.start


def _later_chapters(sections: list[Section], context: Context) -> list[tuple[int, int]]:
    """A work report reviews first and plans then: what follows its first chapter of plans plans as well, attached lists of projects too."""
    chapters = [section for section in sections if section.level == 1]
    first = next((section.start for section in chapters if _plans(section, context)), None)
    if first is None:
        return []
    return [(s.start, s.end) for s in chapters if s.start > first and not context_rules().past_title.search(s.title)]


def _ahead(opening: str, context: Context) -> bool:
    year = _YEAR.search(opening)
    return year is None or (context.report_year is not None and int(year[0]) > context.report_year)


def _governed(text: str, sections: list[Section], start: int) -> int:
    """An outlook that opens a paragraph runs to the end of its section; one inside a paragraph to the paragraph's end."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    if start and text[start - 1] != "\n":
        return line_end
    ends = [s.end for s in sections if s.start <= start < s.end]
    return min(ends) if ends else len(text)


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _complement(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    result, position = [], 0
    for start, end in spans:
        if start > position:
            result.append((position, start))
        position = end
    if position < length:
        result.append((position, length))
    return result
