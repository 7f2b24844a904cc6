"""Body -> heading tree.

A heading stands at the beginning of a line and has a label (`一、` `第一章` `(一)` `1.` `(1)` `【…】`), or is a line of its own that
names a period's work (`2019年工作回顾`). How deep it is follows from what is open above it, not from the label alone, since reports
leave out ranks (`一、` then `1.`) and mix signs (`1、` then `2.`). `一是` is a list word inside a sentence, not a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from pipeline.parse.numbers import read_number
from pipeline.records import Section

TITLE_LENGTH = 40
"""A title that runs on into its paragraph without a full stop is cut at a natural place within so many characters."""

_ZH = "[〇零一二三四五六七八九十百]{1,5}"
_LABEL = re.compile(
    rf"""^(?:
      (?P<part>第{_ZH}部分|第[一-十]篇)[、:,.]?
    | (?P<chapter>第(?:{_ZH}|\d{{1,2}})章)[、:,.]?
    | (?P<clause>第(?:{_ZH}|\d{{1,2}})节)[、:,.]?
    | (?P<bracket>【)(?=[^【】\n]{{2,30}}】)
    | (?P<zh>{_ZH})[、.](?![是要]|{_ZH}[审级类线季月])
    | (?P<zh_round>[(<〈]{_ZH}[)>〉])[、.]?
    | (?P<arabic>\d{{1,2}})(?:[.、](?!\d)|[.、](?=(?:19|20)\d\d年))
    | (?P<arabic_round>\(\d{{1,2}}\)|\d{{1,2}}\))[、.]?
    | (?P<circled>[①-⑳])[、.]?
    | (?P<bare>(?=[^。;\n]{{4,40}}$)(?:(?:19|20)\d\d年|(?:过去|今后)[一二三四五]年|今年|去年|“?十[一二三四五六]五”?时期)
        [^,。;:!?\n]*(?:回顾|安排|思路|打算|计划|重点|任务|部署|总结|成就|目标|举措)$)
    )""",
    re.MULTILINE | re.VERBOSE,
)
_FIRST = frozenset("第【(<〈“过今去0123456789〇零一二三四五六七八九十百①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
# The usual order of ranks (GB/T 9704-2012, 7.3.3: 一、 (一) 1. (1)); it decides only between headings of which neither is open.
_RANK = {
    "part": 0,
    "bracket": 0,
    "chapter": 1,
    "clause": 2,
    "zh": 3,
    "bare": 3,
    "zh_round": 4,
    "arabic": 5,
    "arabic_round": 6,
    "circled": 7,
}
_STOP = re.compile(r"[。!?;:\n]")  # a line's end among them
_LIST_WORD = re.compile(r"(?<=[^,、;:])(?:(?:一|二|三)是|首先)(?=[^否])")
_PAUSE = re.compile(r"[,、]")


class _Open(msgspec.Struct):
    """A heading whose section has not ended, so that its end is still that of the text."""

    section: Section
    style: str
    number: int


def sections(body_text: str) -> list[Section]:
    """The headings of `body_text` in reading order, each with its span and its parent; empty where there is none.

    A section ends where the next heading of its own or a higher level begins. The title is without label and ends at the line's end,
    or where the heading runs on into the paragraph: at the first full stop, colon or semicolon, before `一是`, else at a comma
    within `TITLE_LENGTH` characters.
    """
    found: list[Section] = []
    stack: list[_Open] = []
    body_end = len(body_text)
    for match in _labels(body_text):
        style = match.lastgroup or ""
        number = _number(match[style]) if style not in {"bracket", "bare"} else 0
        start = match.start()
        while stack and not _is_inside(style, number, stack):
            stack.pop().section.end = start
        parent_no = stack[-1].section.section_no if stack else 0
        label, title = _label_and_title(body_text, match, style)
        section = Section(len(found) + 1, parent_no, len(stack) + 1, label, title, start, body_end)
        stack.append(_Open(section, style, number))
        found.append(section)
    return found


def _labels(text: str) -> Iterator[re.Match[str]]:
    """The labels at line beginnings; most lines are told apart by their first character."""
    start = 0
    while start < len(text):
        if text[start] in _FIRST:
            match = _LABEL.match(text, start)
            if match is not None:
                yield match
        start = text.find("\n", start) + 1 or len(text)


def _is_inside(style: str, number: int, stack: list[_Open]) -> bool:
    """Whether a new heading stands below the innermost open one."""
    innermost = stack[-1]
    if innermost.style == style:
        return False
    for open_heading in stack:
        if open_heading.style == style:
            return False
    if _RANK[innermost.style] != _RANK[style]:
        return _RANK[innermost.style] < _RANK[style]
    # Two signs of one rank (`一、` beside an unnumbered `2019年工作回顾`): a count that starts anew is below, one that goes on is beside.
    return number == 1 and style != "bare" and innermost.style in {"part", "bare"}


@lru_cache(maxsize=500)
def _number(label: str) -> int:
    """The number in a label; 0 where it cannot be read. Remembered, for all reports have the same few labels."""
    if "①" <= label <= "⑳":
        return ord(label) - ord("①") + 1
    digits = re.sub(r"[^\d〇零一二三四五六七八九十百]", "", label)
    return read_number(digits) if digits else 0


def _label_and_title(text: str, match: re.Match[str], style: str) -> tuple[str, str]:
    """Label (`【】` for a bracketed heading, empty for a bare one) and title."""
    if style == "bracket":
        return "【】", text[match.end() : text.index("】", match.end())]
    if style == "bare":
        return "", match[0]
    return match[0], _title(text, match.end())


def _title(text: str, start: int) -> str:
    """The title that stands in `text` from `start`, which ends with the line at the latest."""
    stop = _STOP.search(text, start)
    title = text[start : stop.start()] if stop else text[start:]
    list_word = _LIST_WORD.search(title) if "是" in title or "首先" in title else None
    if list_word and list_word.start() >= 4:
        title = title[: list_word.start()]
    if len(title) <= TITLE_LENGTH:
        return title
    pauses = [pause.start() for pause in _PAUSE.finditer(title, 4, TITLE_LENGTH + 1)]
    return title[: pauses[-1]] if pauses else title[:TITLE_LENGTH]
