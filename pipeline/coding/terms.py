"""The codebook's terms in a body, asked for by span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from collections.abc import Set as AbstractSet

from pipeline.coding.codebook import Codebook

Span = tuple[int, int]
Hit = tuple[int, int, int]
"""A term in a body: its number in the codebook, where it begins and ends."""


class Terms:
    """Every hit of the codebook's terms in the spans of a body that are looked at, in the order in which they end.

    What is outside of `looked_at` (half of most reports: sentences without a number) is blank to the automaton.
    """

    def __init__(self, text: str, book: Codebook, looked_at: Iterable[Span]) -> None:
        self._hits: list[Hit] = book.automaton.find_matches_as_indexes(_only(text, looked_at), overlapping=True)
        columns: tuple[Sequence[int], ...] = tuple(zip(*self._hits, strict=True)) or ((), (), ())
        self._numbers, self._starts, self._ends = columns
        self._longest = book.longest
        self._within: dict[Span, AbstractSet[int]] = {}

    def within(self, span: Span) -> AbstractSet[int]:
        """The terms that lie wholly in `span`."""
        known = self._within.get(span)
        if known is None:
            start, end = span
            low, high = bisect_right(self._ends, start), bisect_right(self._ends, end)
            inside = bisect_left(self._ends, start + self._longest, low, high)  # what ends from here on is too short to begin before
            starts = self._starts
            known = {number for at, number in enumerate(self._numbers[low:inside], low) if starts[at] >= start}
            known.update(self._numbers[inside:high])
            self._within[span] = known
        return known

    def union(self, spans: Sequence[Span]) -> AbstractSet[int]:
        """The terms that lie wholly in one of the spans."""
        return self.within(spans[0]) if len(spans) == 1 else frozenset().union(*[self.within(span) for span in spans])

    def hits(self, span: Span, wanted: Container[int]) -> list[Hit]:
        """(term, start, end) of the wanted terms that lie wholly in `span`."""
        start, end = span
        ends = self._ends
        return [hit for hit in self._hits[bisect_right(ends, start) : bisect_right(ends, end)] if hit[0] in wanted and hit[1] >= start]


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
