"""The year a report is about, and the year by which a plan's targets must hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.parse.numbers import read_number
from pipeline.parse.titles import without_names
from pipeline.records import Section
from schemas.values import DocumentType

FIRST, LAST = 1978, 2100
FIVE_YEAR_PLANS = {"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}

# A class comes first so that `re` skips to the characters with which a year may begin.
_YEAR = r"(?:[12一二](?:(?<=1)9\d\d|(?<=2)0\d\d|(?<=[一二])[九〇○零][〇○零一二三四五六七八九]{2}))"
# In a long text `re` finds one plain character several times faster than any of a class: the year is read backwards from its 年.
_WITH_YEAR = rf"年(?<=({_YEAR})年)"
_RANGE = re.compile(rf"({_YEAR})年?\s*[-—–~至到―]{{1,2}}\s*({_YEAR})\s*年?")
_BRACKETED_RANGE = re.compile(rf"[(（]\s*{_YEAR}年?\s*[-—–~至到―]{{1,2}}\s*{_YEAR}\s*年?\s*[)）]")
_IN_TITLE = re.compile(rf"({_YEAR})(?=年|\s*年|年度|\)|）|_|\.|$)")
_QUOTED = re.compile(r"《[^《》]*》")
_HEADING_PAST = re.compile(rf"({_YEAR})年(?:以来|度)?[^。;,]{{0,12}}?(?:回顾|总结|成就|成[绩效]|完成情况|主要做法|工作$)")
_HEADING_PLAN = re.compile(rf"({_YEAR})年(?:度)?[^。;]{{0,24}}?(?:安排|任务|部署|打算|要求|目标|建议|重点|思路|计划|举措)")
_OPENING = (
    re.compile(rf"(?:现将|现对|现就)[^。《》]{{0,24}}?({_YEAR})年"),
    re.compile(
        rf"{_WITH_YEAR}(?:(?<=[\n。]....年)|(?<=[\n。]刚刚过去的....年))(?:度|以来)?"
        r"(?:,|是|我|全|市|区|县|省|在|[\u4e00-\u9fff]{2,8}(?:坚持|以|认真|深入|全面|紧紧|始终))"
    ),
    re.compile(rf"{_WITH_YEAR}(?:度)?(?:[\u4e00-\u9fff]{{0,8}})(?:法治政府|依法行政|法治建设)"),
)
_BY_YEAR = re.compile(rf"(?:到|至|截至|力争|在)(?:“[^”]{{2,4}}”末|)({_YEAR})年(?:底|末|前|,|、|[^至到\d月]{{0,1}})(?!\d{{1,2}}月)")
_FLOW = re.compile(rf"{_WITH_YEAR}(?!\d{{1,2}}月|版|[以至底初])")
_PLAN_PERIOD = re.compile("|".join(sorted(FIVE_YEAR_PLANS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Year:
    """A year and what told it: `title`, `heading`, `opening`, `document_number`, `signature`, `published_on`, `text`."""

    value: int
    source: str


def year_of(text: str) -> int:
    """`2023` or `二〇二三` as a number."""
    return read_number(text)


def title_years(title: str) -> list[int]:
    """The years a title is about, other documents' names and periods in brackets left out; a range counts by its end."""
    plain = without_names(title)
    plain = _BRACKETED_RANGE.sub("", plain)
    plain = _RANGE.sub(lambda match: f"{match[2]}年", plain)
    return [year for year in map(year_of, _IN_TITLE.findall(plain)) if FIRST <= year <= LAST]


@dataclass(frozen=True, slots=True)
class Clues:
    """All that may tell a year.

    `title` is the document's own; `names` are (source, title) pairs from outside the document (file name, manifest); `signed` are
    (source, ISO date or year) pairs of when it was signed, numbered or published, the surest first.
    """

    title: str
    names: Sequence[tuple[str, str]]
    body: str
    headings: Sequence[Section]
    signed: Sequence[tuple[str, str]]


def _annual_report(clues: Clues) -> Iterator[Year]:
    """What tells the year of an annual report, the surest first.

    A report signed until June is about the year before (法治政府建设与责任落实督察工作规定 of 2019: published by 1 April), later about its
    own. That is an inference, so what the file is called comes before it.
    """
    if years := title_years(clues.title):
        # 2023年工作总结和2024年工作计划: the earlier year is reported on.
        yield Year(min(years), "title")
    opening = "\n" + _QUOTED.sub("", clues.body[:1200])
    for pattern in _OPENING:
        if match := pattern.search(opening):
            yield Year(year_of(match[1]), "opening")
    for source, name in clues.names:
        if years := title_years(name):
            yield Year(min(years), source)
    for source, day in clues.signed:
        year, month = int(day[:4]), int(day[5:7] or 1)
        yield Year(year - 1 if month <= 6 else year, source)


def _work_report(clues: Clues) -> Iterator[Year]:
    """What tells the year a 政府工作报告 reviews: the year before the one in which it was delivered.

    The title tells the year of delivery; a heading `2013年工作回顾` the year itself, `2014年工作安排` the one after it.
    """
    if years := title_years(clues.title):
        yield Year(max(years) - 1, "title")
    top = [_RANGE.sub("", heading.title) for heading in clues.headings if heading.level <= 2]
    if past := next(filter(None, map(_HEADING_PAST.findall, top)), []):
        yield Year(max(map(year_of, past)), "heading")
    elif ahead := next(filter(None, map(_HEADING_PLAN.findall, top)), []):
        # 2021年工作安排和2035年远景目标: the nearer is the year of delivery.
        yield Year(min(map(year_of, ahead)) - 1, "heading")
    if match := _OPENING[1].search("\n" + _QUOTED.sub("", clues.body[:1500])):
        yield Year(year_of(match[1]), "opening")
    for source, name in clues.names:
        if years := title_years(name):
            yield Year(max(years) - 1, source)
    for source, day in clues.signed:
        yield Year(int(day[:4]) - 1, source)


def _issued(clues: Clues) -> Iterator[Year]:
    """What tells the year in which a plan was issued or an undated text was written."""
    for source, day in clues.signed:
        yield Year(int(day[:4]), source)
    for source, name in (("title", clues.title), *clues.names):
        if years := title_years(name):
            yield Year(years[0], source)


def report_years(kind: DocumentType, clues: Clues) -> list[Year]:
    """All that tells the report year, by the rule of the document's kind, the surest first; where nothing does, the year the text
    tells most of.

    A work report's text tells most of the years it plans for, so nothing is read from that.
    """
    rule = {"work_report": _work_report, "plan": _issued, "interpretation": _issued}.get(kind, _annual_report)
    found = [year for year in rule(clues) if FIRST <= year.value <= LAST]
    most = None if found or kind == "work_report" else most_told(clues.body)
    return [Year(most, "text")] if most else found


def target_year(title: str, inner_title: str, body: str, issued: int | None) -> int | None:
    """The year by which a plan's undated targets must hold: the end of the period in its title, or the year it speaks of.

    `inner_title` is the title of the plan where the document is the notice that hands it on.
    """
    for text in filter(None, (inner_title, title)):
        if found := _RANGE.findall(text):
            return year_of(found[-1][1])
        if match := _PLAN_PERIOD.search(text):
            return FIVE_YEAR_PLANS[match[0]]
        if years := [year for year in map(year_of, _IN_TITLE.findall(without_names(text))) if FIRST <= year <= LAST]:
            return max(years)
    plain = _QUOTED.sub("", body)
    ahead = [year for year in map(year_of, _BY_YEAR.findall(plain)) if issued is None or year >= issued]
    if ahead:
        # 到2025年…; 到2035年…: the nearer is the plan's own, the farther the country's.
        return min(ahead)
    if match := _PLAN_PERIOD.search(plain):
        return FIVE_YEAR_PLANS[match[0]]
    return issued


def most_told(body: str) -> int | None:
    """The year that a text tells most of, names of documents and dates of single events left out; among equals the latest."""
    counts = Counter(year for year in map(year_of, _FLOW.findall(_QUOTED.sub("", body))) if FIRST <= year <= LAST)
    return max(counts, key=lambda year: (counts[year], year)) if counts else None
