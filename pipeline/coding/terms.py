"""The codebook's terms in a body, asked for by span."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from operator import itemgetter

from pipeline.coding.codebook import Codebook

Span = tuple[int, int]
FARTHEST = 400
"""Characters from a number within which a word may tell of it; no clause that people write is longer, and hostile ones have no end."""

Hit = tuple[int, int, int]
"""A term in a body: its number in the codebook, where it begins and ends."""


_NUMBER, _END = itemgetter(0), itemgetter(2)


class Terms:
    """Every hit of the codebook's terms in one stretch of a body, in the order in which they end.

    What is asked for, and what is found, are the body's offsets; what is asked for lies in the stretch.
    """

    __slots__ = ("_ends", "_hits", "_numbers", "_offset", "_pairs", "_text", "_within")

    def __init__(self, text: str, book: Codebook, stretch: Span) -> None:
        self._offset = stretch[0]
        self._text = text[stretch[0] : stretch[1]]
        self._pairs = book.pairs
        self._hits: list[Hit] = book.automaton.find_matches_as_indexes(self._text, overlapping=True)
        self._numbers = list(map(_NUMBER, self._hits))
        self._ends = list(map(_END, self._hits))
        self._within: dict[Span, frozenset[int]] = {}

    def within(self, span: Span) -> frozenset[int]:
        """The terms that lie wholly in `span`."""
        known = self._within.get(span)
        if known is None:
            start, end = span[0] - self._offset, span[1] - self._offset
            low = bisect_right(self._ends, start)
            high = bisect_right(self._ends, end, low)
            # A hit lies across the beginning of the span only where the two characters there stand side by side in a term.
            if start and self._text[start - 1 : start + 1] in self._pairs:
                known = frozenset([number for number, begin, _ in self._hits[low:high] if begin >= start])
            else:
                known = frozenset(self._numbers[low:high])
            self._within[span] = known
        return known

    def union(self, spans: Sequence[Span]) -> frozenset[int]:
        """The terms that lie wholly in one of the spans."""
        return self.within(spans[0]) if len(spans) == 1 else frozenset().union(*[self.within(span) for span in spans])

    def hits(self, span: Span, wanted: Container[int]) -> list[Hit]:
        """(term, start, end) of the wanted terms that lie wholly in `span`."""
        offset = self._offset
        start = span[0] - offset
        low = bisect_right(self._ends, start)
        high = bisect_right(self._ends, span[1] - offset, low)
        return [
            (number, begin + offset, end + offset) for number, begin, end in self._hits[low:high] if number in wanted and begin >= start
        ]


def terms_in(text: str, book: Codebook, stretch: Span) -> frozenset[int]:
    """The terms in a stretch of a body that is asked for as a whole alone: a heading, the sentence before."""
    found: list[Hit] = book.automaton.find_matches_as_indexes(text[stretch[0] : stretch[1]], overlapping=True)
    return frozenset(map(_NUMBER, found))
