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
_CLAUSE_STOP, _SENTENCE_STOP, _NUMERAL, _DIGIT = 1, 2, 4, 8
# 制定规范性文件:16件。 A label, not a clause of its own: its words are those of the number
_LABEL = re.compile(r":(?<=[^,。;:、\d\n]{2}:)(?=\d[\d,.]*[万亿]?[^\d,。;:、\n(]{0,3}(?:[,。;、\n(]|$))")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTATION = re.compile(r"“[^“”\n]{1,40}”|\"[^\"\n]{1,40}\"|‘[^‘’\n]{1,40}’")


LONGEST_CLAUSE = 400
LONGEST_SENTENCE = 1_000
"""Characters either side of a number beyond which its clause and sentence are cut. No report writes such; it keeps reading linear."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Sorted offsets into one body. A clause ends at `,:;。!?` or a line end; a sentence at `。!?` or a line end.

    `numeral_starts`: every character with which a numeral may begin.
    """

    length: int
    clause_stops: list[int]
    sentence_stops: list[int]
    title_starts: list[int]
    title_ends: list[int]
    quotation_starts: list[int]
    quotation_ends: list[int]
    numeral_starts: list[int]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause that holds `start:end`, without its stop."""
        return _between(self.clause_stops, start, end, self.length, LONGEST_CLAUSE)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence that holds `start:end`, without its stop."""
        return _between(self.sentence_stops, start, end, self.length, LONGEST_SENTENCE)

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


def _between(stops: list[int], start: int, end: int, length: int, longest: int) -> tuple[int, int]:
    before = bisect_left(stops, start) - 1
    after = bisect_left(stops, end)
    first = stops[before] + 1 if before >= 0 else 0
    last = stops[after] if after < len(stops) else length
    return max(first, start - longest), min(last, end + longest)


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """What each character of the basic plane is to a layout, as flags; the last one stands for all characters beyond."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for characters, flags in (
        (",;:", _CLAUSE_STOP),
        ("。!?\n", _CLAUSE_STOP | _SENTENCE_STOP),
        ("0123456789", _NUMERAL | _DIGIT),
        ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳半" + CHINESE, _NUMERAL),
    ):
        table[[ord(character) for character in characters]] |= flags
    return table


def _offsets(classes: npt.NDArray[np.uint8], flag: int) -> list[int]:
    found: list[int] = np.flatnonzero(classes & flag).tolist()
    return found


def layout(text: str) -> Layout:
    """Find every boundary of a body in one pass each."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _classes()[np.minimum(codes, 0xFFFF)]
    clause_stops = _offsets(classes, _CLAUSE_STOP)
    behind_digits = np.flatnonzero((classes[1:] & _CLAUSE_STOP != 0) & (classes[:-1] & _DIGIT != 0)) + 1
    inside = {offset for offset in behind_digits.tolist() if _THOUSANDS.match(text, offset)}
    if inside:
        clause_stops = [offset for offset in clause_stops if offset not in inside]
    labels = {match.start() for match in _LABEL.finditer(text)}
    if labels:
        clause_stops = [offset for offset in clause_stops if offset not in labels]
    titles = [match.span() for match in _TITLE.finditer(text)]
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    return Layout(
        length=len(text),
        clause_stops=clause_stops,
        sentence_stops=_offsets(classes, _SENTENCE_STOP),
        title_starts=[span[0] for span in titles],
        title_ends=[span[1] for span in titles],
        quotation_starts=[span[0] for span in quotations],
        quotation_ends=[span[1] for span in quotations],
        numeral_starts=_offsets(classes, _NUMERAL),
    )
