"""Numerals whose form says nearly all: dates, ratios, fractions, tenths, halves, zero, words made with numerals."""

from __future__ import annotations

import re

from pipeline.extract.numbers import chinese as chinese_number
from pipeline.extract.state import SUFFIX, Candidate, Scan
from pipeline.extract.values import LONGEST, SCALES, arabic, chinese_decimal, tidy
from schemas.values import Comparator

_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零○OＯ九八][〇零○OＯ一二三四五六七八九]{2}年$")
_NUMERALS = re.compile(f"[{''.join(SCALES)}一二三四五六七八九两零〇]+")
_MORE_PARTS = re.compile(r"(?:[:比]\d+(?:\.\d+)?)+")


_RATE_ZERO = re.compile(r"率(?:继续|持续|始终)?(?:为|是|保持|保持为|达到|降至|降为|均为|连续)*[“\"]?$")


def date(state: Scan, match: re.Match[str]) -> int:
    """A calendar date, a month, a day: never a quantity; what stands behind 第 or before 内 is a legal period."""
    text, start, end = state.text, match.start(), match.end()
    if text[start - 1 : start] == "第" or text[end : end + 1] == "内":
        return state.note(start, end, "law_article", "legal period")
    if _YEAR.match(match[0]) and text[end - 1] == "年":
        return state.note(start, end, "year", "calendar year")
    return state.note(start, end, "date", "calendar date")


def clock(state: Scan, match: re.Match[str]) -> int:
    """A time of day, or a ratio where 比 is said before it."""
    if "比" in state.text[max(0, match.start() - 6) : match.start()]:
        return ratio(state, match)
    return state.note(match.start(), match.end(), "date", "time of day")


def ratio(state: Scan, match: re.Match[str]) -> int:
    """`4.15:1`, `3比1`: the left number for one of the right."""
    more = _MORE_PARTS.match(state.text, match.end())
    if more:
        return state.note(match.start(), more.end(), "other", "several numbers in proportion")
    left, right = re.split("[:比]", match[0])
    if len(match[0]) > 2 * LONGEST or arabic(right) == 0 or state.text[match.start() - 1 : match.start()] in "第〔":
        return state.note(match.start(), match.end(), "other", "two numbers")
    value = tidy(arabic(left) / arabic(right))
    tail = state.words.tail.match(state.text, match.end())
    after = tail["after"] if tail and not tail["unit"] and not tail["scale"] else None
    stop = tail.end("after") if tail and after else match.end()
    comparator = SUFFIX[after.removeprefix("(含)")] if after else "eq"
    return state.measure(Candidate(match.start(), match.end(), stop, value, None, "比", "ratio", comparator, "ratio"))


def fraction(state: Scan, match: re.Match[str]) -> int:
    """`三分之一`, `百分之三十`, `千分之五`, `1/4`: a percentage (or permille)."""
    whole, part = match[0].split("分之") if "分" in match[0] else match[0].split("/")[::-1]
    denominator, numerator = number(whole), number(part)
    start, end = match.start(), match.end()
    if not denominator or numerator is None or state.layout.in_title(start):
        return state.note(start, end, "name", "fraction in a name")
    unit, value = ("‰", numerator) if whole in ("千", "1000") else ("%", numerator * 100 / denominator)
    return share(state, start, end, value, unit, "fraction")


def tenths(state: Scan, match: re.Match[str]) -> int:
    """`四成`, `六成五`: tenths as a percentage."""
    whole, rest = match[0].split("成")
    tens, ones = number(whole), 5.0 if rest == "半" else number(rest) if rest else 0.0
    start, end = match.start(), match.end()
    if tens is None or ones is None or state.layout.quotation(start) or state.layout.in_title(start):
        return state.note(start, end, "name", "tenths in a name")
    return share(state, start, end, tens * 10 + ones, "%", "tenths")


def half(state: Scan, match: re.Match[str]) -> int:
    """`半数`, `过半`, `一半`."""
    start, end = match.start(), match.end()
    more = state.text[start - 1 : start] == "过"
    if (more and state.text[max(0, start - 3) : start - 1] in ("时间", "任务")) or state.layout.quotation(start):
        return state.note(start, end, "name", "half in a saying")
    return share(state, start - more, end, 50.0, "%", "half", "gt" if more else "eq")


def share(state: Scan, start: int, end: int, value: float, unit: str, rule: str, comparator: Comparator = "eq") -> int:
    """A percentage with what stands behind it (`以上`, `多`)."""
    tail = state.words.tail.match(state.text, end)
    after = tail["after"] if tail and not tail["unit"] and not tail["scale"] else None
    stop = end
    if tail and tail["more"] in ("余", "多") and not tail["unit"] and not tail["scale"]:
        comparator, stop = "gt", tail.end("more")
    if after:
        comparator, stop = SUFFIX[after.removeprefix("(含)")], tail.end("after") if tail else end
    return state.measure(Candidate(start, end, stop, tidy(value), None, unit, "percent", comparator, rule))


def number(text: str) -> float | None:
    """The value of digits in either script, None where they are no number."""
    if len(text) > LONGEST:
        return None
    return arabic(text) if text[:1].isascii() else chinese_decimal(text)


def word(state: Scan, match: re.Match[str]) -> int:
    """A word that begins with a numeral character; the numeral in it is a name. Returns where the numeral characters end."""
    text, start = state.text, match.start()
    before = text[start - 1 : start]
    if before == "第":
        return chinese_number(state, match, in_word=True)
    if before == "届":
        return state.note(start, start + 1, "ordinal", "session")
    numerals = _NUMERALS.match(text, start, match.end())
    return state.note(start, numerals.end() if numerals else start + 1, "name", f"word {match[0]}")


def zero(state: Scan, match: re.Match[str]) -> int:
    """`零败诉` counts nothing of something; `零容忍` is a word; `败诉率为零` is a rate."""
    text, start, end = state.text, match.start(), match.end()
    quoted = text[start - 1 : start] in ("“", '"') and text[end : end + 1] in ("”", '"')
    if _RATE_ZERO.search(text, max(0, start - 12), start) and (end + quoted == len(text) or text[end + quoted] in ",。;)、\n"):
        return state.measure(Candidate(start - quoted, end + quoted, end + quoted, 0.0, None, "%", "percent", "eq", "rate of zero"))
    found = state.words.zero.match(text, end + quoted)
    if found is None or found.lastgroup == "name" or text[start - 1 : start] == "从":
        return state.note(start, end, "name", "zero in a word")
    quotation = None if quoted else state.layout.quotation(start)
    if quotation and found.end() < quotation[1] - 1:
        return state.note(start, end, "name", "zero in a slogan")
    return state.measure(Candidate(start - quoted, end + quoted, end + quoted, 0.0, None, "", "count", "eq", "zero of something"))
