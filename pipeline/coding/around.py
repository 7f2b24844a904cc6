"""What stands around each quantity of a body, looked up when a rule first asks for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from pipeline.coding.codebook import Codebook
from pipeline.coding.terms import FARTHEST, Hit, Span, Terms, terms_in
from pipeline.coding.zones import TOGETHER, Near, heading_span, near_zones
from pipeline.records import Quantity, Section

_FEW_WORDS = 8
_SENTENCES_KEPT = 3


class Passages:
    """A body as the coder sees it: its quantities with the words at each (`zones`), and the codebook's terms around them.

    `field`: the terms of a department's own field, which bar nothing in its own report.
    """

    def __init__(self, text: str, sections: Sequence[Section], quantities: Sequence[Quantity], book: Codebook) -> None:
        self.text = text
        self.quantities = quantities
        self.book = book
        self.zones = near_zones(text, quantities)
        self.field: frozenset[int] = frozenset()
        self._sections = sections
        self._starts = [quantity.start for quantity in quantities]
        self._above: dict[tuple[int, int], frozenset[int]] = {}
        self._headings: dict[int, frozenset[int]] = {}
        self._terms: dict[Span, Terms] = {}

    def terms(self, stretch: Span) -> Terms:
        """The terms in a sentence, read when first asked for. Those of a few sentences are kept: what is kept long leaves the processor's
        cache, and a number asks for its own sentence and the one before it."""
        known = self._terms.get(stretch)
        if known is None:
            if len(self._terms) >= _SENTENCES_KEPT:
                self._terms.clear()
            known = self._terms[stretch] = Terms(self.text, self.book, stretch)
        return known

    def above(self, quantity: Quantity) -> frozenset[int]:
        """The terms in the headings over a quantity and in the sentence before its own: few rules ask for them."""
        place = (quantity.section_no, quantity.sentence_start)
        known = self._above.get(place)
        if known is None:
            before = sentence_before(self.text, quantity)
            read = self._terms.get(before)
            known = read.within(before) if read is not None else terms_in(self.text, self.book, before)
            known = self._above[place] = known | self._over(quantity.section_no)
        return known

    def _over(self, section_no: int) -> frozenset[int]:
        """The terms in the headings over what stands in a section: its own and those above it."""
        if not section_no:
            return frozenset()
        known = self._headings.get(section_no)
        if known is None:
            section = self._sections[section_no - 1]
            own = terms_in(self.text, self.book, heading_span(section))
            known = self._headings[section_no] = own | self._over(section.parent_no)
        return known

    def member(self, quantity: Quantity) -> Span:
        """The quantity's member of a list joined by `;`: each has its own subject. The whole sentence where there is no list."""
        before = self.text.rfind(";", quantity.sentence_start, quantity.start)
        behind = self.text.find(";", quantity.end, quantity.sentence_end)
        return before + 1 if before >= 0 else quantity.sentence_start, behind if behind >= 0 else quantity.sentence_end

    def lead(self, index: int, near: Near) -> tuple[Span, ...]:
        """The words before the first number of a quantity's member, for a quantity with hardly any words of its own: what is told of a
        part goes on as that part (`受理涉企案件52件,审结49件`)."""
        first = bisect_left(self._starts, self.member(self.quantities[index])[0])
        if first >= index or sum(end - start for start, end in near.before) > _FEW_WORDS:
            return ()
        return self.zones[first].before


class Around(msgspec.Struct):
    """The terms around a quantity: in its clause (with those of the numbers whose words it takes over), its sentence, its member of a
    list joined by `;`, and the sentence with the one before it and the headings above.

    `whose`: empty for the government's own number, else only rules that allow other owners are tried. `near` are the quantity's own words.
    `terms`: those of the sentence, in which all of this lies but the context. What begins with `_` is looked up when first asked for.
    """

    passages: Passages
    index: int
    near: Near
    span: Span
    terms: Terms
    clauses: tuple[Span, ...]
    whose: str = ""
    _clause: frozenset[int] | None = None
    _member: frozenset[int] | None = None
    _context: frozenset[int] | None = None
    _first: frozenset[int] | None = None

    @classmethod
    def of(cls, passages: Passages, index: int, near: Near) -> Around:
        """What is around the quantity with number `index`, whose own words are `near`."""
        quantity = passages.quantities[index]
        span = (quantity.sentence_start, quantity.sentence_end)
        return cls(passages, index, near, span, passages.terms(span), ((quantity.clause_start, quantity.clause_end),))

    def with_clause(self, clause: Span) -> Around:
        """The same, with the clause of another number beside its own."""
        return replace(self, clauses=(*self.clauses, clause), _clause=None)

    def encloses(self, near: Near) -> bool:
        """True where all the words of `near` lie in the quantity's own clause: `clause` then has every term that they have."""
        first, last = self.clauses[0]
        if near.before and near.before[0][0] < first:  # words before a number end where it begins, at the latest
            return False
        return not near.behind or (near.behind[0][0] >= first and near.behind[-1][1] <= last)

    @property
    def field(self) -> frozenset[int]:
        """The terms of a department's own field, which bar nothing in its own report."""
        return self.passages.field

    @property
    def clause(self) -> frozenset[int]:
        """The terms in the clause, and in those whose words are taken over."""
        if self._clause is None:
            self._clause = self.terms.union(self.clauses)
        return self._clause

    @property
    def sentence(self) -> frozenset[int]:
        """The terms in the sentence."""
        return self.terms.within(self.span)

    @property
    def member(self) -> frozenset[int]:
        """The terms in the member of a list joined by `;`."""
        if self._member is None:
            passages = self.passages
            self._member = self.terms.within(passages.member(passages.quantities[self.index]))
        return self._member

    @property
    def first(self) -> frozenset[int]:
        """The terms in the words before the member's first number, where this number has hardly any words of its own."""
        if self._first is None:
            self._first = self.terms.union(self.passages.lead(self.index, self.near))
        return self._first

    def nearest_is(self, near: Near, wanted: frozenset[int], among: frozenset[int]) -> bool:
        """True where of the terms `among` the one nearest to the number is `wanted`, and not told together with one that is not.

        Looked for in the words before the number, then in those behind it, then earlier in its sentence, then in the sentence before.
        """
        passages = self.passages
        quantity = passages.quantities[self.index]
        for span in reversed(near.before):
            if hits := self.terms.hits(span, among):
                return _last_is(passages.text, hits, wanted)
        for span in near.behind:
            if hits := self.terms.hits(span, among):
                return min(hits, key=lambda hit: (hit[1], -hit[2]))[0] in wanted
        hits = self.terms.hits((max(quantity.sentence_start, quantity.start - FARTHEST), quantity.start), among)
        if not hits:
            start, end = sentence_before(passages.text, quantity)
            before = (max(start, end - FARTHEST), end)
            hits = passages.terms(before).hits(before, among)
        return bool(hits) and _last_is(passages.text, hits, wanted)

    @property
    def context(self) -> frozenset[int]:
        """The terms in the sentence, the one before it and the headings above."""
        if self._context is None:
            self._context = self.sentence | self.passages.above(self.passages.quantities[self.index])
        return self._context


def _last_is(text: str, hits: Sequence[Hit], wanted: frozenset[int]) -> bool:
    number, start, _ = max(hits, key=lambda hit: (hit[2], -hit[1]))
    if number not in wanted:
        return False
    before = [hit for hit in hits if hit[2] <= start]
    other = max(before, key=lambda hit: (hit[2], -hit[1]), default=None)
    return other is None or other[0] in wanted or TOGETHER.fullmatch(text, other[2], start) is None


def sentence_before(text: str, quantity: Quantity) -> Span:
    """The sentence before in the same paragraph; an empty span where there is none."""
    end = quantity.sentence_start - 1
    if end <= 0 or text[end] == "\n":
        return (0, 0)
    start = text.rfind("\n", 0, end) + 1
    for mark in "。!?":
        start = max(start, text.rfind(mark, start, end) + 1)
    return start, end
