"""Paragraphs that were broken at the width of a page or a window are put together again.

A text is taken as broken only where its lines say so: most running lines are equally wide and hardly any is wider.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from pipeline.clean.chrome import HEADING, addressee_end
from pipeline.clean.lines import Line, join

NARROWEST, WIDEST = 36, 160
"""Columns (an ideograph has two) that a broken line can have."""
SLACK = 6
"""Columns by which a full line may fall short: punctuation and ASCII words do not break anywhere."""
FULL_SHARE, WIDER_SHARE = 0.4, 0.05
FEWEST_LINES = 6
LONGEST_CELL = 8
"""A number on a line of its own below a shorter line is a cell of a table, not a piece of a sentence."""
_STOPS = "。!?”)】"
_NEVER_FIRST = ",。;、:!?)》”’%"
LONGEST_NUMBER = 13
_NUMBER = re.compile(r"\d[\d.,:%]{0,12}")
_TEXT_AFTER_NUMBER = re.compile(r"[%,。;、]|[一-龥][^\t]*[,。;]")


def reflow(lines: list[Line], folded: str) -> list[Line]:
    """`lines` with the pieces of each paragraph joined; unchanged where nothing was broken. `folded`: the text they are from."""
    return _without_fragments(_joined(lines, folded))


def _without_fragments(lines: list[Line]) -> list[Line]:
    """Joins what was torn out of a sentence, as saved pages do with marked-up words: no line begins with a comma or ends with one."""
    torn: set[int] = set()
    texts = [line.text for line in lines]
    before, was_number = "", False
    for index, text in enumerate(texts):
        # Most lines are told apart by how one ends and the other begins, and by whether either may be a number.
        is_number = len(text) <= LONGEST_NUMBER and text[0].isdecimal()
        if index and (is_number or was_number or text[0] in _NEVER_FIRST or before[-1] in ",、"):
            following = texts[index + 1] if index + 1 < len(texts) else ""
            if _is_torn(before, text, following, begun=index - 1 in torn):
                torn.add(index)
        before, was_number = text, is_number
    return _with_joined(lines, torn)


def _with_joined(lines: list[Line], torn: Collection[int]) -> list[Line]:
    """The lines, each that goes on with the one before it (by its index in `torn`) joined to that."""
    if not torn:
        return lines
    starts = [index for index in range(len(lines)) if index not in torn]
    return [lines[start] if stop == start + 1 else join(lines[start:stop]) for start, stop in pairwise([*starts, len(lines)])]


def _is_torn(before: str, text: str, following: str, *, begun: bool) -> bool:
    """Whether the line `text` goes on with the sentence of the line before it; `following` is the line after.

    `begun`: the line before was itself torn out of a sentence.
    """
    if "\t" in before or "\t" in text:
        return False
    if text[0] in _NEVER_FIRST or (before[-1] in ",、" and not HEADING.match(text)):
        return True
    if _NUMBER.fullmatch(text):
        return (begun or len(before) >= LONGEST_CELL) and before[-1] not in _STOPS and bool(_TEXT_AFTER_NUMBER.match(following))
    return bool(_NUMBER.fullmatch(before) and _TEXT_AFTER_NUMBER.match(text))


def _joined(lines: list[Line], folded: str) -> list[Line]:
    width = _broken_at([line.text for line in lines])
    if not width:
        return lines
    indented = [folded[max(0, line.start - 2) : line.start] == "  " or folded[line.start - 1 : line.start] == "\t" for line in lines]
    uses_indents = sum(indented) >= 3
    double_spaced = _blank_between(lines, folded) > len(lines) / 2
    torn = {
        index
        for index, (before, line) in enumerate(pairwise(lines), 1)
        if _goes_on(before, line, width, folded, uses_indents=uses_indents, indented=indented[index], blank_breaks=not double_spaced)
    }
    return _with_joined(lines, torn)


def columns(text: str) -> int:
    """Width of a text in columns: ASCII has one, everything else two."""
    return len(text) + sum(char > "\x7f" for char in text)


def _broken_at(texts: Sequence[str]) -> int:
    """The width at which lines were broken, in columns; 0 where they were not."""
    lengths = sorted(map(len, texts))
    too_wide = len(lengths) - bisect_right(lengths, WIDEST // 2)
    if len(lengths) - bisect_left(lengths, NARROWEST // 2) < FEWEST_LINES or too_wide > WIDER_SHARE * len(texts):
        return 0
    longest = [text for text in texts if len(text) >= NARROWEST // 2]
    widths = Counter(map(columns, longest))
    full = max(widths, key=lambda width: (sum(widths[width - slack] for slack in range(SLACK + 1)), width))
    share = sum(count for width, count in widths.items() if full - SLACK <= width <= full + 2) / len(longest)
    wider = sum(count for width, count in widths.items() if width > full + 2) / len(longest)
    return full if NARROWEST <= full <= WIDEST and share >= FULL_SHARE and wider <= WIDER_SHARE else 0


def _blank_between(lines: Sequence[Line], folded: str) -> int:
    return sum(folded.count("\n", a.end, b.start) > 1 for a, b in pairwise(lines))


def _goes_on(before: Line, line: Line, width: int, folded: str, *, uses_indents: bool, indented: bool, blank_breaks: bool) -> bool:
    """Whether `line` goes on with the paragraph of `before`."""
    if indented or "\t" in line.text or "\t" in before.text or (blank_breaks and folded.count("\n", before.end, line.start) > 1):
        return False
    if addressee_end(before.text) == len(before.text):
        return False
    is_full = columns(before.text) >= width - SLACK
    if uses_indents and is_full:
        return True
    ends = before.text[-1] in _STOPS
    if HEADING.match(line.text) and (ends or not is_full):
        return False
    return (is_full and not ends) or before.text[-1] in ",、"
