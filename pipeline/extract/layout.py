"""Where sentences, clauses, quotations and titles of a body begin and end: found once, asked for often."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_STOPS = re.compile("[。!?\\n;:,]")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))|:(?<=\d:)(?=\d)")
_SENTENCE_STOPS = frozenset("。!?\n")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTATION = re.compile(r"“[^“”\n]{1,40}”|\"[^\"\n]{1,40}\"|‘[^‘’\n]{1,40}’")


LONGEST_CLAUSE = 400
LONGEST_SENTENCE = 1_000
"""Characters either side of a number beyond which its clause and sentence are cut. No report writes such; it keeps reading linear."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Sorted offsets into one body. A clause ends at `,:;。!?` or a line end; a sentence at `。!?` or a line end."""

    length: int
    clause_stops: list[int]
    sentence_stops: list[int]
    title_starts: list[int]
    title_ends: list[int]
    quotation_starts: list[int]
    quotation_ends: list[int]

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


def layout(text: str) -> Layout:
    """Find every boundary of a body in one pass each."""
    inside = {match.start() for match in _THOUSANDS.finditer(text)}
    clause_stops = [match.start() for match in _STOPS.finditer(text)]
    if inside:
        clause_stops = [offset for offset in clause_stops if offset not in inside]
    sentence_stops = [offset for offset in clause_stops if text[offset] in _SENTENCE_STOPS]
    titles = [match.span() for match in _TITLE.finditer(text)]
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    return Layout(
        length=len(text),
        clause_stops=clause_stops,
        sentence_stops=sentence_stops,
        title_starts=[span[0] for span in titles],
        title_ends=[span[1] for span in titles],
        quotation_starts=[span[0] for span in quotations],
        quotation_ends=[span[1] for span in quotations],
    )
