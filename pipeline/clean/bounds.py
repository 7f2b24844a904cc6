"""Which lines of a page are the report: where its body begins, where it ends, and what inside is not its text.

Told by the weight of running text and by the parts of an official document, not by any site's layout: the body is the stretch
that holds nearly all sentences; metadata blocks, breadcrumbs and titles stand before it, signature, copies, tools and other
articles behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import msgspec
from msgspec.structs import replace

from pipeline.clean.chrome import HEADING, ISSUER, SIGNATURE_DATE, TITLE, addressee_end, chrome

LONGEST_CHROME = 320
HEAD_SHARE, HEAD_LEAST, HEAD_LIMIT = 0.25, 80, 1500
"""A metadata block has at most this share of all running text before it; this many characters always may, more than that many never."""
TAIL_SHARE = 0.2
NEIGHBOUR_SHARE = 0.5
"""At most this share of all running text stands behind the body: under tools or credits; under other articles and footers."""

_HEAD_KINDS = frozenset({"field", "credit", "trail", "toolbar", "error"})
_TAIL_LIMITS = {"credit": TAIL_SHARE, "toolbar": TAIL_SHARE, "copies": TAIL_SHARE, "neighbour": NEIGHBOUR_SHARE, "footer": NEIGHBOUR_SHARE}
_NEVER_BODY = frozenset({"toolbar", "trail", "neighbour", "notice", "copies", "page", "attachment", "error"})
_SIGNATURE_ENDS = "日)"
_STOPS = "。!;"
_CLOSERS = "”’)》】"
_ANNOUNCES = re.compile(r"印发|现将|现予|如下|公布|审议|批准|同意")
_LIST_ITEM = re.compile(r"[(\[]\d{1,2}[)\]]|\d{1,2}[.、]|[①-⑳]")
_ANNOUNCING = re.compile(r"(?:如下|以下|下列).{0,8}:$")
LONG_LINE, SHORTEST_TEXT = 45, 12
"""Characters from which a line with commas is running text for sure, and from which it may be, where it stands right."""
MOST_UNSTOPPED = 40
"""Lines without a full stop that may stand between the last sentence and the signature."""
LONGEST_TITLE, MOST_TITLE_LINES = 80, 6


class Judged(msgspec.Struct, frozen=True):
    """A line's text, its kind of chrome (or empty) and how many characters of running text it counts for."""

    text: str
    kind: str
    mass: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The body is lines `start..end` (half-open) without those in `inner` (signatures and titles between notice and attachment)."""

    start: int
    end: int
    inner: frozenset[int]


def judge(text: str) -> Judged:
    """What a line is by itself."""
    length = len(text)
    kind = "" if length > LONGEST_CHROME or (length > 100 and _is_plainly_prose(text)) else chrome().kind(text)
    if not kind and text[-1] in _SIGNATURE_ENDS and length <= LONGEST_TITLE and SIGNATURE_DATE.fullmatch(text):
        kind = "signature"
    return Judged(text, kind, 0 if kind else _mass(text))


def _is_plainly_prose(text: str) -> bool:
    """Whether a long line has two full stops and four commas, and no label before a colon."""
    return text.find("。") != text.rfind("。") and text.find(":", 0, 12) < 0 and text.count(",") > 3


def _mass(text: str) -> int:
    """Characters of running text: all of a line that ends as a sentence does, or announces what follows, or is long and has commas.

    A shorter line without a full stop is not counted, though it may be text: as many are titles of other articles, and between two
    lines that count it is kept anyway.
    """
    length, last = len(text), text[-1]
    if (last in _STOPS or (last in _CLOSERS and _ends_sentence(text))) and length >= 2:
        return length
    if last == ":":
        announces = _ANNOUNCING.search(text) or (length >= LONG_LINE and ("," in text or "。" in text))
        return length if announces and not _is_addressee(text) else 0
    return length if length >= LONG_LINE and ("," in text or "。" in text) else 0


def _ends_sentence(text: str) -> bool:
    last = text[-1]
    if last in _CLOSERS:
        last = text.rstrip(_CLOSERS)[-1:] or last
    return last in _STOPS


def _is_addressee(text: str) -> bool:
    return text[-1] == ":" and addressee_end(text) == len(text)


def find(lines: Sequence[Judged]) -> Bounds | None:
    """The bounds of the body; None where no line is running text."""
    before = list(accumulate([line.mass for line in lines], initial=0))
    total = before[-1]
    if not total:
        return _without_stops(lines) or _fragment(lines)
    floor = _floor(lines, before, total)
    first = next(i for i in range(floor, len(lines)) if lines[i].mass or (floor and _may_be_text(lines[i])))
    ceiling = _ceiling(lines, before, total, first)
    last = next((i for i in range(ceiling - 1, first, -1) if lines[i].mass), first)
    end = _with_unstopped(lines, last + 1, ceiling)
    return Bounds(_with_headings(lines, first, floor), end, frozenset(_inner(lines, first, end)))


_FRAGMENT_LINES = 3
_DATED = re.compile(r"(?:19|20)\d\d(?:年度?|[-/.]\d{1,2}[-/.]\d{1,2})(?:\d{1,2}月(?:\d{1,2}日)?)?")


def _fragment(lines: Sequence[Judged]) -> Bounds | None:
    """A few lines without a stop that tell a number (`行政诉讼一审败诉率控制在7%以内`) are a passage somebody copied, not a page."""
    if len(lines) > _FRAGMENT_LINES or any(line.kind or is_title(line.text) for line in lines):
        return None
    told = any(re.search("[0-9一二三四五六七八九十百千万两零半]", _DATED.sub("", line.text)) for line in lines)
    return Bounds(0, len(lines), frozenset()) if told else None


def _without_stops(lines: Sequence[Judged]) -> Bounds | None:
    """The bounds of a text without a single full stop: it has commas, and headings or an announcement to tell it from a list of titles."""
    if not any(HEADING.match(line.text) or _ANNOUNCING.search(line.text) for line in lines):
        return None
    told = [replace(line, mass=len(line.text) if _may_be_text(line) else 0) for line in lines]
    return find(told) if any(line.mass for line in told) else None


def _may_be_text(line: Judged) -> bool:
    """Whether a line without a full stop may be one of the report's own: it has a comma, and is no title, name or remark."""
    text = line.text
    if line.kind or len(text) < SHORTEST_TEXT or "," not in text or text[0] in "(—[【":
        return False
    return not is_title(text) and not _is_addressee(text) and not ISSUER.fullmatch(text.replace(",", ""))


def _floor(lines: Sequence[Judged], before: Sequence[int], total: int) -> int:
    """The first line that can be of the body."""
    limit = min(max(HEAD_SHARE * total, HEAD_LEAST), HEAD_LIMIT)
    head = range(min(bisect_right(before, limit), bisect_left(before, total)))
    opening = next((i for i in range(len(lines)) if lines[i].mass), 0)
    addressee = next((i for i in head if lines[i].text[-1] == ":" and _is_addressee(lines[i].text)), None)
    if addressee is not None and not (addressee > opening and addressee_end(lines[opening].text)):
        return addressee + 1
    signed = next((i for i in head if lines[i].kind == "signature" and before[i]), len(lines))
    floor = max((i + 1 for i in head if i < signed and lines[i].kind in _HEAD_KINDS), default=0)
    title = next((i for i in head if i >= floor and not lines[i].mass and is_title(lines[i].text)), None)
    if title is not None and not any(_ANNOUNCES.search(line.text) or line.mass >= 100 for line in lines[floor:title] if line.mass):
        return title + 1
    return floor


def is_title(text: str) -> bool:
    """Whether a line is a document's title by its own words."""
    return len(text) <= LONGEST_TITLE and not HEADING.match(text) and bool(TITLE.fullmatch(text))


def _ceiling(lines: Sequence[Judged], before: Sequence[int], total: int, first: int) -> int:
    """The line at which the body is over for sure (exclusive)."""
    for index in range(first + 1, len(lines)):
        kind = lines[index].kind
        share = _TAIL_LIMITS.get(kind) if kind else None
        if share is not None and total - before[index] <= share * (total - before[first]):
            return index
    return _signed_off(lines, first)


def _signed_off(lines: Sequence[Judged], first: int) -> int:
    """The line at which a document is signed, if no sentence follows; else behind the last line."""
    for index in range(len(lines) - 1, first, -1):
        if lines[index].mass and _ends_sentence(lines[index].text):
            break
        if lines[index].kind == "signature":
            return index
    return len(lines)


def _with_unstopped(lines: Sequence[Judged], start: int, ceiling: int) -> int:
    """`start`, moved behind what follows the last sentence without a full stop: all up to a signature, else lists, tables, headings."""
    signed = next((i for i in range(start, min(ceiling + 1, len(lines), start + MOST_UNSTOPPED)) if lines[i].kind), None)
    if signed is not None and lines[signed].kind == "signature":
        while signed > start and ISSUER.fullmatch(lines[signed - 1].text):
            signed -= 1
        return signed
    end = start
    while end < ceiling and not lines[end].kind:
        text = lines[end].text
        under_heading = end > start and HEADING.match(lines[end - 1].text) and _may_be_text(lines[end])
        if not ("\t" in text or HEADING.match(text) or under_heading or (len(text) >= SHORTEST_TEXT and _LIST_ITEM.match(text))):
            break
        end += 1
    return end


def _with_headings(lines: Sequence[Judged], first: int, floor: int) -> int:
    """`first`, moved to the numbered headings right above it, one of each level (more would be a table of contents)."""
    levels: set[int | None] = set()
    start = first
    own = HEADING.match(lines[first].text)
    if own:
        levels.add(own.lastindex)
    while start > floor:
        label = HEADING.match(lines[start - 1].text)
        if not label or label.lastindex in levels or lines[start - 1].kind:
            break
        levels.add(label.lastindex)
        start -= 1
    return start


def _inner(lines: Sequence[Judged], first: int, end: int) -> set[int]:
    """Lines between `first` and `end` that are not text: chrome, signatures, labels and titles of attachments."""
    inner: set[int] = set()
    for index in [index for index in range(first, end) if lines[index].kind]:
        kind = lines[index].kind
        if kind in _NEVER_BODY or kind == "signature":
            inner.add(index)
        if kind == "signature":
            above = index - 1
            while above > first and not lines[above].mass and ISSUER.fullmatch(lines[above].text):
                inner.add(above)
                above -= 1
            inner.update(_titles_below(lines, index + 1, end))
        elif kind == "attachment":
            inner.update(_names_below(lines, index, end))
    return inner


def _names_below(lines: Sequence[Judged], label: int, end: int) -> range:
    """The other names of a list of attachments (`附件:1.甲清单`, `2.乙清单`)."""
    stop = label + 1
    if ":" in lines[label].text:
        while stop < end and not lines[stop].mass and _LIST_ITEM.match(lines[stop].text) and len(lines[stop].text) <= LONGEST_TITLE:
            stop += 1
    return range(label + 1, stop)


def _titles_below(lines: Sequence[Judged], start: int, end: int) -> range:
    """The title of the attachment that follows a signature: short lines without a number from `start`, up to the first text."""
    stop = start
    while stop < end and stop - start < MOST_TITLE_LINES:
        line = lines[stop]
        if line.mass or HEADING.match(line.text) or len(line.text) > LONGEST_TITLE or line.text.startswith("【") or "\t" in line.text:
            break
        stop += 1
    return range(start, stop)
