"""Which year a number is about, as far as its sentence says: calendar years, last year, spans of years, rates per period."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.extract.context import Context
from pipeline.extract.context_rules import SINCE, context_rules
from pipeline.extract.layout import Layout
from pipeline.records import Numeral, Section
from schemas.values import Period

_NOT_WHEN = re.compile(r"(?:底|末)?(?:之|以)?前(?!三|两|\d)|度?(?:相比|同期|的?基础|版|届|[^,。]{0,6}相比|[^,。]{0,3}基础上)")
_SINCE = re.compile(r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|起|[至到](?:今|目前|现在)|开始|至\d{4}年)")
_REACH = 240  # characters, as in `quantities`
_OF_DOCUMENTS = re.compile(r"以来(?:制定|印发|出台|发布|颁布|公布|实施|施行)")
_TREATED = re.compile(r"(?:对(?!照|比|标)|将|把)[^,。;:]*$")
_CLEARED = re.compile(r"(?:清理|梳理)(?:了|出|自)?$")
_OF_FILES = re.compile(r"(?:以来|以前|之前)的(?:\d+[件份部])?[^,。;:\d]{0,10}文件")
_TREATMENT = re.compile(r"(?:[^,。;:]|(?<=\d),(?=\d))*(?:清理|评估|逐[件份一])")
_NAMING = re.compile(r"(?:根据|按照|依据|对照|围绕|制定|制订|印发|落实|编制|谋划|为)$")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})月?[—\-~至到]\d{1,2}月")
_ENDS_COMPARED = re.compile(r"度?同期的?\(?\d")
_CONTINUES = re.compile(r"经(?:过)?审理|其中|已审结|审结|已办结")
_RESTART = re.compile(r"全年|今年|本年|年内|当年|截至|截止")
_THIS_YEAR = re.compile(r"[,;](?:今年|本年度?|年内)(?!底|末)")
_COMPARING = re.compile(r"(?:高于|低于|超过|优于|较|比|与|同|相较|对比|对|相较于)$")
_PREVIOUS = re.compile(r"(?:[较比与由从]|^|[,(])(?:上年|去年|上一年)(?:度|同期)?(?:的|为|是|:|\()*$")
# 由2023年的8.1%降至5.9%: the year belongs to where the change began and to nothing behind its end
_BEGAN = re.compile(r"[由从]$")
# 收到3326件(2023年为867件),复议诉讼比达9.1: a year in brackets with a number of its own holds for nothing behind them
_BRACKETED = re.compile(r"[^()\n]*\d[^()\n]*\)")
_ARRIVED = re.compile(r"\d[^,。;\d]{0,10}?[升降增减高低长少加大缩短压展]了?[至到为]")
_BEFORE_YEAR = frozenset(",。;:\n(至到在于止由从、“”|\t")
# 县政府2021年向市政府报备文件9件: a year behind the own subject of its clause, before what was done, is as good as one that opens it
_OWN_SUBJECT = re.compile(r"(?:^|[,。;:\n])(?:我|本|全)?[省市县区州盟旗镇乡局](?:人民)?(?:政府|本级)?$")
_DOES = re.compile(r"年(?:度?(?:共|全年|累计|依法))*[向收受办制审开组出新召举报发]")
_TELLS = re.compile(r"[^,。;、\d]{0,3}$|(?:为|是|达|共|全年|仅)[^,。;]*$")
# 由2021年的117件、2022年的96件降到今年的74件: behind 今年 no year before it holds any more
_NOW = re.compile(r"(?:[到至为比较,;、])(?:今年|本年度?)(?!底|末|初|以来)")
_LAST_YEAR = re.compile(r"(?:^|[,;:(])(?:去年|上年|上一年度?)(?!以来|同期相比|同期水平|相比|底|度?(?:结转|转入|结存|未结|遗留|跨年))")
_YEAR = re.compile(r"\d{4}")
_DATED = frozenset(("year", "date", "period"))
# 以每两月1次频次开展学习5次: the rate is told to its end, what follows is the whole
_AT_RATE = re.compile(r"[次期场]的?(?:频次|频率)")
_REVIEW_TITLE = re.compile(
    r"(?:过去|近|这|^)(?:[三四五]年|[3-5]年)(?:来)?的?(?:工作|主要|发展|政府)*(?:回顾|总结|成就|成效|情况)|^“?十[一二三四五]五”?(?:时期|期间)?的?(?:发展|工作|主要|经济社会)*(?:回顾|成就|成效|情况)"
    r"|本届政府.{0,6}回顾"
)
_REVIEWING = re.compile("回顾|总结|成就|成效|情况")  # one of these stands in every such title
_BACK_TO_ALL = re.compile(r"\n(?:各位代表[!,:])?(?:回顾|总结)?(?:过去|这|近)?的?(?:[三四五]年(?!级|期)|“?十[一二三四五]五”?(?:时期|期间))")
_REVIEW_OPENING = re.compile(
    r"(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+是|——|•)?(?:据悉,)?"
    r"(?:(?:过去|近|这)?[三四五]年(?:来|间|里)?|[“\"]?(?:[五六七八九]五|十[一二三四]五)[”\"]?(?:普法)?(?:规划)?(?:实施)?(?:期间|时期|以来)),"
)
_IN_BRACKET = re.compile(r"年?度?(?:同期|全年)?(?:为|是|:)?")
# Paragraphs that go through the years one by one: each opens with its own, said once for all its sentences.
# A paragraph that opens with its year; the sign before it is looked at behind its first digit, for `re` skips to a class.
_OF_ITS_YEAR = re.compile(r"([12](?<![^\n].)(?:(?<=1)9|(?<=2)0)\d\d)年度?,.*")
# From a rate per period to the part of its number that the next clause tells: 日均新设市场主体860户,其中企业210户. A rate without a noun
# of its own stands beside the number before it: 全年新设市场主体8600户,日均24户,其中企业2100户.
_OF_A_RATE = re.compile(r"[^,。;\d]{2,}\d[^,。;]*,其中")
_NOT_ITS_YEAR = re.compile(r"今年|本年|目前|截至|截止")
_OWN_YEAR = re.compile(r"(?:过去|近|这)一年|去年|今年|全年|本年|上年|年内|目前|现有|全[省市县区州旗]共?有")


class When(msgspec.Struct):
    """`year`: a year the text puts on the number; `period`: as `records.Period` has it; `previous`: told for comparison."""

    year: int | None = None
    period: Period = ""
    previous: bool = False


_NOTHING = When()


class _Said(msgspec.Struct):
    """What a sentence says of time: spans and rates as (start, end, which), whether a calendar year or the year before stands in it,
    whether its paragraph opens a review of several years, and the span carried over from a sentence that it continues."""

    times: list[tuple[int, int, Period]]
    dated: bool
    last_year: bool
    review: bool
    carried: Period = ""


class Calendar:
    """The years of a body, and the times its sentences speak of (cached a sentence)."""

    def __init__(self, text: str, numerals: list[Numeral], sections: Sequence[Section], layout: Layout, context: Context) -> None:
        years = [n for n in numerals if n.disposition in _DATED and _YEAR.match(n.text) and not layout.in_title(n.start)]
        self._text = text
        self._context = context
        reviews = [s for s in sections if _REVIEWING.search(s.title) and _REVIEW_TITLE.search(s.title)]
        self._reviews = [span for s in reviews for span in self._review_spans(s)]
        self._years = years
        self._starts = [n.start for n in years]
        self.own_year = context.report_year
        self._yearly = self._years_one_by_one() if context.document_type == "annual_report" else []
        self._said: dict[int, _Said] = {}

    def when(self, start: int, sentence: tuple[int, int], clause_start: int, place: int = 0) -> When:
        """The time of the number at `start`, which is number `place` (from 0) of a list of numbers without words between."""
        said = self._said.get(sentence[0]) or self._read(sentence)
        period, cue = self._period(said, start, clause_start) if said.times else ("", -1)
        explicit, told = _NOTHING, -1
        if said.dated:
            shared = self._respective(start, sentence[0], place)
            if shared is not None:
                return When(shared)
            explicit, told = self._explicit(start, sentence[0], clause_start)
        own = self._context.report_year
        base = explicit.year if explicit.year is not None else own
        if said.last_year and base is not None and _PREVIOUS.search(self._text[max(sentence[0], start - 24) : start]):
            return When(base - 1, period, previous=True)
        if explicit.period or explicit.year is not None:
            spans = period in ("multi", "since") and told > cue
            return When(explicit.year, (period if not spans else "") or explicit.period, explicit.previous)
        if said.last_year and own is not None and self._last_year(start, sentence):
            return When(own - 1, period)
        if not period:
            period = said.carried
        if not period and (said.review or (self._reviews and self._in_review_chapter(start))):
            restart = _OWN_YEAR.search(self._text, sentence[0], start)
            period = "" if restart else "multi"
        if self._yearly and not period:
            return next(
                (When(y) for a, z, y in self._yearly if a <= start < z and not _NOT_ITS_YEAR.search(self._text, a, start)), _NOTHING
            )
        return When(None, period) if period else _NOTHING

    def _years_one_by_one(self) -> list[tuple[int, int, int]]:
        """The paragraphs of years before the report's where neighbouring paragraphs open with different years, as (start, end, year)."""
        if "\n20" not in self._text and "\n19" not in self._text:
            return []
        own, found = self._context.report_year, list(_OF_ITS_YEAR.finditer(self._text))
        beside = {m.start() for a, b in pairwise(found) if a.end() + 1 == b.start() and a[1] != b[1] for m in (a, b)}
        return [(m.start(), m.end(), int(m[1])) for m in found if m.start() in beside and own is not None and int(m[1]) < own]

    def _read(self, sentence: tuple[int, int]) -> _Said:
        """What a sentence says of time as far as it is the same for each of its numbers."""
        text, (start, end) = self._text, sentence
        written, rules = text[start:end], context_rules()
        spoken = rules.times if SINCE in written else rules.times_but_since  # a third of all times say 以来, few sentences do
        times = [(m.start(), m.end(), spoken.names[m.lastindex or 0]) for m in spoken.pattern.finditer(text, start, end)]
        year = bisect_left(self._starts, start)
        dated = year < len(self._starts) and self._starts[year] < end
        last_year = self._context.document_type != "work_report" and ("去年" in written or "上年" in written or "上一年" in written)
        review = _REVIEW_OPENING.match(text, text.rfind("\n", 0, start) + 1) is not None
        said = self._said[start] = _Said(times, dated, last_year, review)
        if start and text[start - 1] == "。" and _CONTINUES.match(text, start):
            floor = max(text.rfind(mark, 0, start - 1) for mark in "。\n") + 1
            before = self._said.get(floor) or self._read((floor, start - 1))
            period = self._explicit(start - 1, floor, floor)[0].period or self._period(before, start - 1, start - 1)[0]
            said.carried = period if period in ("multi", "since", "part") else ""
        return said

    def _last_year(self, start: int, sentence: tuple[int, int]) -> bool:
        """True where the sentence turned to the year before the report's and did not turn back."""
        last = _LAST_YEAR.search(self._text, max(sentence[0], start - _REACH), start)
        return last is not None and _RESTART.search(self._text, last.end(), start) is None

    def _in_review_chapter(self, start: int) -> bool:
        """True in a chapter that reviews several years at once (`过去五年工作回顾`)."""
        return any(begin <= start < end for begin, end in self._reviews)

    def _review_spans(self, chapter: Section) -> list[tuple[int, int]]:
        """A chapter on several years without what it tells of the last of them alone.

        That is from a paragraph `刚刚过去的2016年,…`, `2016年是…` or `一年来,…` to one that goes back to all years (`过去五年,…`).
        """
        own = self._context.report_year
        turn = re.compile(rf"\n(?:刚刚)?(?:过去的?(?:一年|{own}年)|{own}年(?=,|是)|一年来)")
        spans: list[tuple[int, int]] = []
        start = chapter.start
        while start < chapter.end:
            away = turn.search(self._text, start, chapter.end)
            if away is None:
                return [*spans, (start, chapter.end)]
            spans.append((start, away.start()))
            back = _BACK_TO_ALL.search(self._text, away.end(), chapter.end)
            start = back.start() if back else chapter.end
        return spans

    def _only_named(self, numeral: Numeral, floor: int, start: int) -> bool:
        """True for a coming year that names a plan or an end, not the time of the number: `根据2023年工作要点,组织督察2次`."""
        return bool(
            _NAMING.search(self._text, max(floor, numeral.start - 6), numeral.start) or _RESTART.search(self._text, numeral.end, start)
        )

    def _told_of_another(self, numeral: Numeral, before: str, start: int) -> bool:
        """True for a year that says where a change before the number began (`由2023年的8.1%降至5.9%;…`) or what it is measured by.

        Nor does the year of a bracket reach beyond it (`3326件(2022年为867件),比值达9.1`).
        """
        if _BEGAN.search(before) and _ARRIVED.search(self._text, numeral.end, start):
            return True
        if before.endswith("(") and _BRACKETED.match(self._text, numeral.end, start):
            return True
        return bool(_NOT_WHEN.match(self._text, numeral.end) and not _ENDS_COMPARED.match(self._text, numeral.end))

    def _behind_now(self, index: int, floor: int, start: int) -> int:
        """Where 今年 ends what was told of years before: `由2021年的117件、2022年的96件降到今年的74件`; `floor` where it does not stand."""
        if index < 0 or self._starts[index] < floor or self._context.document_type != "annual_report":
            return floor
        return max((match.end() for match in _NOW.finditer(self._text, self._years[index].end, start)), default=floor)

    def _names_documents(self, numeral: Numeral, floor: int) -> bool:
        """True for the year in `对2014年底的463件文件进行清理`: it says which documents were gone through, not when."""
        treated = _TREATED.search(self._text, floor, numeral.start)
        if _OF_FILES.match(self._text, numeral.end) and (treated or _CLEARED.search(self._text, floor, numeral.start)):
            return True  # 清理1990年以来的规范性文件217件, 对1990年以来的217件规范性文件
        return bool(treated and _TREATMENT.match(self._text, numeral.end))

    def _respective(self, start: int, floor: int, place: int) -> int | None:
        """The year of a number in `2022年、2023年分别新增15人、22人`: the one in the same place."""
        index = bisect_left(self._starts, start) - 1
        if index < 1 or self._starts[index] < floor or "分别" not in self._text[self._years[index].end : start]:
            return None
        linked = [self._years[index]]
        while (
            index
            and self._text[self._years[index - 1].end : self._years[index].start] in ("、", "和", "与", "及")
            and self._starts[index - 1] >= floor
        ):
            index -= 1
            linked.insert(0, self._years[index])
        return int(linked[place].text[:4]) if len(linked) > 1 and place < len(linked) else None

    def _period(self, said: _Said, start: int, clause_start: int) -> tuple[Period, int]:
        for begin, end, name in reversed(said.times):
            if begin < clause_start:
                if name == "each" and not _OF_A_RATE.fullmatch(self._text, end, clause_start + 2):
                    continue
                if self._text.startswith("连续", begin):
                    continue
            if end > start or (name == "each" and _AT_RATE.search(self._text, end, start)):
                continue
            if name in ("multi", "part") and _RESTART.search(self._text, end, start):
                continue
            return name, begin
        return "", -1

    def _explicit(self, start: int, floor: int, clause_start: int) -> tuple[When, int]:
        text, own = self._text, self._context.report_year
        index = bisect_left(self._starts, start) - 1
        floor = self._behind_now(index, floor, start)
        while index >= 0 and self._starts[index] >= floor:
            numeral = self._years[index]
            index -= 1
            year = int(numeral.text[:4])
            before = text[max(floor, numeral.start - 3) : numeral.start]
            if numeral.disposition == "period":
                if text[numeral.start - 1 : numeral.start] == "(" or self._names_documents(numeral, floor):
                    continue
                return When(None, "multi"), numeral.start
            if _OF_DOCUMENTS.match(text, numeral.end) or self._names_documents(numeral, floor):
                continue
            if _SINCE.match(text, numeral.end) and (own is None or year < own):
                if _THIS_YEAR.search(text, numeral.end, start):
                    return When(), -1
                return When(None, "since"), numeral.start
            if self._told_of_another(numeral, before, start):
                continue
            if _COMPARING.search(before):
                between = text[numeral.end : start].removeprefix("度").removeprefix("同期").removeprefix("的")
                if between in ("", "(", "为", "是") or (between.endswith(("(", "的")) and len(between) < 12 and "," not in between):
                    return When(year, previous=True), numeral.start
                continue
            if (
                numeral.start == floor
                or text[numeral.start - 1] in _BEFORE_YEAR
                or (_DOES.match(text, numeral.end - 1) and _OWN_SUBJECT.search(text[max(0, numeral.start - 9) : numeral.start]))
                or (numeral.end >= clause_start and _TELLS.match(text[numeral.end : start]))
                or (own is not None and year > own and not self._only_named(numeral, floor, start))
            ):
                if (
                    numeral.text[-1:] not in "年月日份底末初"
                    and numeral.disposition == "year"
                    and text[numeral.end : numeral.end + 1] != "年"
                ):
                    continue
                months = _MONTHS.search(numeral.text)
                compared = before.endswith("(") and year != own and bool(_IN_BRACKET.fullmatch(text, numeral.end, start))
                return When(year, "part" if months and months[1] != "1" else "", previous=compared), numeral.start
        return When(), -1
