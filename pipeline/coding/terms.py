"""The codebook's terms in a body, asked for by span."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Sequence

from pipeline.coding.codebook import Codebook

Span = tuple[int, int]
Hit = tuple[int, int, int]
"""A term in a body: its number in the codebook, where it begins and ends."""


class Terms:
    """Every hit of the codebook's terms in the spans of a body that are looked at, in the order in which they end.

    What is outside of `looked_at` (half of most reports: sentences without a number) is blank to the automaton, until `read` asks for it.
    """

    def __init__(self, text: str, book: Codebook, looked_at: Iterable[Span]) -> None:
        self._text = text
        self._automaton = book.automaton
        self._pairs = book.pairs
        self._hits: list[Hit] = self._automaton.find_matches_as_indexes(_only(text, looked_at), overlapping=True)
        self._numbers = [number for number, _, _ in self._hits]
        self._ends = [end for _, _, end in self._hits]
        self._within: dict[Span, frozenset[int]] = {}

    def within(self, span: Span) -> frozenset[int]:
        """The terms that lie wholly in `span`."""
        known = self._within.get(span)
        if known is None:
            start, end = span
            low = bisect_right(self._ends, start)
            high = bisect_right(self._ends, end, low)
            # A hit lies across the beginning of the span only where the two characters there stand side by side in a term.
            if self._text[start - 1 : start + 1] in self._pairs:
                known = frozenset([number for number, begin, _ in self._hits[low:high] if begin >= start])
            else:
                known = frozenset(self._numbers[low:high])
            self._within[span] = known
        return known

    def read(self, span: Span) -> frozenset[int]:
        """The terms that lie wholly in `span`, which need not be one of those looked at."""
        known = self._within.get(span)
        if known is None:
            found = self._automaton.find_matches_as_indexes(self._text[span[0] : span[1]], overlapping=True)
            known = self._within[span] = frozenset([number for number, _, _ in found])
        return known

    def union(self, spans: Sequence[Span]) -> frozenset[int]:
        """The terms that lie wholly in one of the spans."""
        return self.within(spans[0]) if len(spans) == 1 else frozenset().union(*[self.within(span) for span in spans])

    def hits(self, span: Span, wanted: Container[int]) -> list[Hit]:
        """(term, start, end) of the wanted terms that lie wholly in `span`."""
        start, end = span
        low = bisect_right(self._ends, start)
        high = bisect_right(self._ends, end, low)
        return [hit for hit in self._hits[low:high] if hit[0] in wanted and hit[1] >= start]


def _only(text: str, spans: Iterable[Span]) -> str:
    """The text with blanks for everything outside of the spans, which may overlap; every offset stays."""
    pieces: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if end > position:
            begin = max(start, position)
            pieces += (" " * (begin - position), text[begin:end])
            position = end
    return "".join(pieces)
