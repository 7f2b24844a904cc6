"""What the scan carries along: the text, the words, and what was found so far."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from pipeline.extract.layout import Layout
from pipeline.extract.lexicon import Lexicon
from pipeline.records import Numeral
from schemas.values import Comparator, Disposition, Kind

SUFFIX: dict[str, Comparator] = {
    "以上": "ge",
    "以下": "le",
    "以内": "le",
    "之内": "le",
    "左右": "approx",
    "上下": "approx",
    "之多": "eq",
    "之间": "eq",
}
"""What the words right behind a number say of it."""


class Candidate(msgspec.Struct):
    """A numeral that measures something, before its context is read."""

    number_start: int
    number_end: int
    end: int
    value: float
    value_high: float | None
    unit: str
    kind: Kind
    comparator: Comparator
    rule: str
    rank: bool = False
    power: float = 1.0


@dataclass(slots=True)
class Scan:
    """The text under scan, and the numerals and candidates found so far."""

    text: str
    words: Lexicon
    layout: Layout
    numerals: list[Numeral]
    candidates: list[Candidate]

    def note(self, start: int, end: int, disposition: Disposition, rule: str) -> int:
        """Record a numeral that measures nothing; returns `end`."""
        self.numerals.append(Numeral(start, end, self.text[start:end], disposition, rule))
        return end

    def measure(self, candidate: Candidate) -> int:
        """Record a numeral that measures something; returns where it ends, unit and all."""
        start, end = candidate.number_start, candidate.number_end
        self.numerals.append(Numeral(start, end, self.text[start:end], "quantity", candidate.rule))
        self.candidates.append(candidate)
        return candidate.end
