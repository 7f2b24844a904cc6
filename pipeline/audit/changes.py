"""A change told beside both its ends: `52%,较2022年(35%)提升17%`, `由2分提至4分,增加2分`, `由120件降至98件,下降18.3%`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.audit.arithmetic import Verdict, equal, exact, number, step
from pipeline.extract.lexicon import load
from pipeline.records import Audit, Quantity

_YEAR_BEFORE = re.compile(r"同比|同期|上年|去年|上一年|\d{4}年")


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = load("identities.yaml")["change_words"]

    def any_of(words: list[str]) -> str:
        return "|".join(sorted(words, key=len, reverse=True))

    rise, fall = any_of(data["rise"]), any_of(data["fall"])
    between = re.compile(rf"(?:[,、()]|{any_of(data['between'])}|{rise}|{fall}|\d{{4}}年)*")
    return re.compile(rise), re.compile(fall), between


def changes(text: str, quantities: Sequence[Quantity]) -> list[Audit]:
    """Every change that is told right behind its two ends in one sentence, with nothing but words of change between.

    The ends are a `level` and a `previous` number of one unit. A yearly average (`年均增长7.1%`) or a number with a subject of its own
    (`将207项减至96项,时限压缩40%`) is not a change between them.
    """
    audits: list[Audit] = []
    for index, told in enumerate(quantities):
        ends = _ends(quantities, index)
        if ends is None:
            continue
        now, before = ends
        between = text[max(quantities[now].end, quantities[before].end) : told.start]
        for other in quantities[max(now, before) + 1 : index]:
            between = between.replace(text[other.start : other.end], "")
        rise, fall, allowed = _words()
        if not allowed.fullmatch(between) or bool(rise.search(between)) == bool(fall.search(between)):
            continue
        sign = 1.0 if rise.search(between) else -1.0
        found = _change(text, quantities, (now, before, index), sign)
        if found is not None:
            audits.append(found)
    return audits


def _ends(quantities: Sequence[Quantity], index: int) -> tuple[int, int] | None:
    """The places of the later and the earlier end of the change at `index`: the two numbers before it that are not changes themselves."""
    told = quantities[index]
    if told.role not in ("change", "level"):
        return None
    ends: list[int] = []
    for place in range(index - 1, -1, -1):
        if quantities[place].sentence_start != told.sentence_start or len(ends) == 2:
            break
        if quantities[place].role != "change":
            ends.append(place)
    if len(ends) < 2:
        return None
    two, one = ends
    if quantities[one].unit != quantities[two].unit or {quantities[one].role, quantities[two].role} != {"level", "previous"}:
        return None
    return (one, two) if quantities[two].role == "previous" else (two, one)


def _change(text: str, quantities: Sequence[Quantity], used: tuple[int, int, int], sign: float) -> Audit | None:
    level, previous, told = (quantities[place] for place in used)
    sure = exact([level, previous, told])
    if told.unit == "%" and level.kind != "percent":
        return _growth(text, (level, previous, told), used, sign, sure)
    if told.unit != level.unit and not (told.kind == "percent" and level.kind == "percent"):
        return None
    difference = sign * (level.value - previous.value)
    tolerance = (step(text, told) + step(text, level) + step(text, previous)) / 2 if level.kind == "percent" else 0.0
    close = equal(difference, told.value, tolerance)
    if told.unit == "%" and not close:
        return None  # `由35%提高到52%,提升48.6%` may be the relative growth
    high, low = (level, previous) if sign > 0 else (previous, level)
    unit = "个百分点" if level.kind == "percent" else level.unit
    expression = f"{number(high.value)} - {number(low.value)} = {number(told.value)}{unit}"
    return Audit("difference", expression, difference, told.value, tolerance, _verdict(close, sure), "change told with both its ends", used)


def _growth(text: str, numbers: tuple[Quantity, Quantity, Quantity], used: tuple[int, int, int], sign: float, sure: bool) -> Audit | None:
    """A growth rate against its ends; ends that are rounded themselves (`4.48万元`) move it by as much."""
    level, previous, told = numbers
    if not previous.value:
        return None
    growth = sign * (level.value - previous.value) / previous.value * 100
    tolerance = step(text, told) + growth_slack(level.value, previous.value, end_slack(text, level), end_slack(text, previous))
    told_growth = f"{sign * growth:.2f}% ≈ {number(sign * told.value)}%"
    expression = f"({number(level.value)} - {number(previous.value)}) / {number(previous.value)} = {told_growth}"
    verdict = _verdict(equal(growth, told.value, tolerance), sure)
    return Audit("ratio", expression, growth, told.value, tolerance, verdict, "growth told with both its ends", used)


def end_slack(text: str, quantity: Quantity) -> float:
    """How far a count or amount may lie from what is written: not at all if every digit is written, else half the last place."""
    place = step(text, quantity)
    return 0.0 if place <= 1 and quantity.kind == "count" else place / 2


def growth_slack(level: float, previous: float, level_slack: float, previous_slack: float) -> float:
    """By how many percent the growth from `previous` to `level` may be off if its ends are."""
    return (level_slack / abs(previous) + previous_slack * abs(level) / previous**2) * 100


def _verdict(close: bool, sure: bool) -> Verdict:
    if close:
        return "holds"
    return "fails" if sure else "incomplete"


def direction(words: str) -> float | None:
    """1 or -1 for words that only tell of a change from the year before (`,同比下降`, `(较上年增长`), None for any others.

    Words that name another period (`环比`, `年均`) or another subject are others; so are words that name no year to compare with.
    """
    rise, fall, allowed = _words()
    if not allowed.fullmatch(words) or not _YEAR_BEFORE.search(words) or bool(rise.search(words)) == bool(fall.search(words)):
        return None
    return 1.0 if rise.search(words) else -1.0
