"""Where sentences, clauses, quotations and titles of a body begin and end: found once, asked for often."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.extract.values import CHINESE

_THOUSANDS = re.compile(r",\d{3}(?!\d)|:\d")  # behind a digit: a separator inside a number, a clock time, a ratio
_CLAUSE_STOP, _SENTENCE_STOP, _NUMERAL, _DIGIT, _QUOTE = 1, 2, 4, 8, 16
# 制定规范性文件:16件。 A label, not a clause of its own: its words are those of the number
_LABEL = re.compile(r":(?<=[^,。;:、\d\n]{2}:)(?=\d[\d,.]*[万亿]?[^\d,。;:、\n(]{0,3}(?:[,。;、\n(]|$))")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTATION = re.compile(r"“[^“”\n]{1,40}”|\"[^\"\n]{1,40}\"|‘[^‘’\n]{1,40}’")


LONGEST_CLAUSE = 400
LONGEST_SENTENCE = 1_000
"""Characters either side of a number beyond which its clause and sentence are cut. No report writes such; it keeps reading linear."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Sorted offsets into one body. A clause ends at `,:;。!?` or a line end; a sentence at `。!?` or a line end; both where the body does.

    `numeral_starts`: every character with which a numeral may begin.
    """

    clause_stops: list[int]
    sentence_stops: list[int]
    title_starts: list[int]
    title_ends: list[int]
    quotation_starts: list[int]
    quotation_ends: list[int]
    numeral_starts: list[int]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause that holds `start:end`, without its stop."""
        return _between(self.clause_stops, start, end, LONGEST_CLAUSE)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence that holds `start:end`, without its stop."""
        return _between(self.sentence_stops, start, end, LONGEST_SENTENCE)

    def in_title(self, offset: int) -> bool:
        """True between 《 and 》."""
        index = bisect_right(self.title_starts, offset) - 1
        return index >= 0 and offset < self.title_ends[index]

    def quotation(self, offset: int) -> tuple[int, int] | None:
        """The span of a short quotation around `offset`, marks included, or None."""
        index = bisect_right(self.quotation_starts, offset) - 1
        if index >= 0 and offset < self.quotation_ends[index]:
            return self.quotation_starts[index], self.quotation_ends[index]
        return None


def _between(stops: list[int], start: int, end: int, longest: int) -> tuple[int, int]:
    after = bisect_left(stops, start)
    first = stops[after - 1] + 1 if after else 0
    while stops[after] < end:  # hardly ever: few numbers have a stop inside
        after += 1
    last = stops[after]
    return first if start - first < longest else start - longest, last if last - end < longest else end + longest


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """What each character of the basic plane is to a layout, as flags; the last one stands for all characters beyond."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for characters, flags in (
        (",;:", _CLAUSE_STOP),
        ("。!?\n", _CLAUSE_STOP | _SENTENCE_STOP),
        ("0123456789", _NUMERAL | _DIGIT),
        ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳半" + CHINESE, _NUMERAL),
        ('“"‘', _QUOTE),
    ):
        table[[ord(character) for character in characters]] |= flags
    return table


def _quotations(text: str, marks: list[int]) -> list[tuple[int, int]]:
    """The short quotations that open at one of `marks`, without overlap."""
    spans: list[tuple[int, int]] = []
    end = 0
    for mark in marks:
        match = _QUOTATION.match(text, mark) if mark >= end else None
        if match:
            spans.append(match.span())
            end = match.end()
    return spans


def layout(text: str) -> Layout:
    """Find every boundary of a body: its characters are classified in one pass, and only those that bound something are looked at again."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _classes().take(codes, mode="clip")
    marked = (classes != 0).nonzero()[0]
    flags = classes[marked]
    stops = marked[flags & _CLAUSE_STOP != 0]
    behind_digits = stops[(classes[stops - 1] & _DIGIT != 0) & (stops > 0)]
    inside = {offset for offset in behind_digits.tolist() if _THOUSANDS.match(text, offset)}
    inside.update(match.start() for match in _LABEL.finditer(text))
    clause_stops: list[int] = stops.tolist()
    if inside:
        clause_stops = [offset for offset in clause_stops if offset not in inside]
    titles = [match.span() for match in _TITLE.finditer(text)]
    quotations = _quotations(text, marked[flags & _QUOTE != 0].tolist())
    sentence_stops: list[int] = marked[flags & _SENTENCE_STOP != 0].tolist()
    clause_stops.append(len(text))
    sentence_stops.append(len(text))
    return Layout(
        clause_stops=clause_stops,
        sentence_stops=sentence_stops,
        title_starts=[span[0] for span in titles],
        title_ends=[span[1] for span in titles],
        quotation_starts=[span[0] for span in quotations],
        quotation_ends=[span[1] for span in quotations],
        numeral_starts=marked[flags & _NUMERAL != 0].tolist(),
    )
