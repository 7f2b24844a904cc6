"""Dates as Chinese documents write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from pipeline.parse.numbers import read_number

_ZH = "〇零○一二三四五六七八九十"
_DATE = re.compile(
    rf"""(?=[12{_ZH}])(?<!\d)(?:
      (?P<y>(?:19|20)\d\d)(?:年|[-/.])(?P<m>\d{{1,2}})(?:月|[-/.])(?P<d>\d{{1,2}})(?:日|号)?(?=T?\D|$)
    | (?P<zy>[{_ZH}]{{4}})年(?P<zm>[{_ZH}]{{1,3}})月(?P<zd>[{_ZH}]{{1,3}})日
    | (?P<cy>(?:19|20)\d\d)(?P<cm>[01]\d)(?P<cd>[0-3]\d)(?!\d)
    )""",
    re.VERBOSE,
)
_REMARK_BEGINS = frozenset("此印发")
_ONLY_BEGINS = frozenset(f"12{_ZH}(),.。此印发")
_SIGNS = re.compile(r"[\s(),.。]*")
_REMARK = re.compile(r"[\s(),.。]*(?:\(?此件[^)]{0,12}\)?|印发|发布)?[\s(),.。]*")
_BLANK = re.compile(r"(?<=\d) +(?=[年月日])|(?<=[年月]) +(?=\d)")


class FoundDate(msgspec.Struct, frozen=True):
    """A date and where it stands; `iso` is YYYY-MM-DD."""

    start: int
    end: int
    iso: str


def dates(text: str) -> Iterator[FoundDate]:
    """The calendar dates in `text`: `2018-03-22`, `2018/3/22`, `2018年3月22日`, `二〇二二年一月五日`, `20180322`; 2月30日 is none."""
    for match in _DATE.finditer(text):
        if found := _calendar_date(match):
            yield found


def _calendar_date(match: re.Match[str]) -> FoundDate | None:
    """The date that an expression found; None for 2月30日."""
    try:
        found = date(*[read_number(group) for group in match.groups() if group])
    except ValueError:
        return None
    return FoundDate(match.start(), match.end(), found.isoformat())


def first_date(text: str) -> str:
    """The first date in `text` as YYYY-MM-DD, blanks inside a date ignored (`2018 年 3 月 22 日`); empty if there is none."""
    return next((found.iso for found in dates(_without_blanks(text))), "")


def only_date(line: str) -> str:
    """The date that a line consists of, whatever brackets and remarks stand around it (`(2018年1月22日)`); empty if it says more.

    Most lines do not begin with a date, a sign or a remark, and are not searched. Behind signs alone the date stands at once.
    """
    line = line.strip()
    if line[:1] not in _ONLY_BEGINS:
        return ""
    line = _without_blanks(line)
    first = _SIGNS.match(line).end()  # type: ignore[union-attr]
    searched = _DATE.finditer(line) if line[first : first + 1] in _REMARK_BEGINS else filter(None, [_DATE.match(line, first)])
    for found in filter(None, map(_calendar_date, searched)):
        rest = line[: found.start] + line[found.end :]
        if _REMARK.fullmatch(rest):
            return found.iso
    return ""


def _without_blanks(text: str) -> str:
    """A text without the blanks inside its dates."""
    return _BLANK.sub("", text) if " " in text else text
