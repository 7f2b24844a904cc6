"""The records that pass between the stages: plain frozen records, no behaviour beyond their own consistency.

A stage takes and returns these; `pipeline.tables` turns them into the frames that `schemas` describes. Every offset counts
Unicode code points (Python `str` indices), half-open. *Raw* offsets point into `Decoded.text`; all others into `Body.text`. Those that a
report has hundreds of are `msgspec.Struct`s, which are made in less than half the time of a dataclass.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from schemas.values import (
    AuditKind,
    Comparator,
    Condition,
    Disposition,
    DocumentType,
    Kind,
    Level,
    Period,
    Role,
    Scope,
    Script,
    Status,
    Verdict,
)


class QuarantineError(Exception):
    """A file that cannot become a report. The message says what was found, what was expected and what to do."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of a collection as delivered: its bytes and what the manifest says of it."""

    collection: str
    path: str
    content: bytes
    source_url: str = ""
    retrieved_at: str = ""
    licence: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a raw file, before any cleaning: what raw offsets point into.

    For plain text it is the decoded file, character for character. For a marked-up or paged format it is the text that
    `ingest` reads out of it, in reading order; `pages` holds the offset at which each page begins.
    """

    text: str
    media_type: str
    encoding: str
    repaired: int = 0
    pages: tuple[int, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Body offset -> raw offset, as runs.

    Run *k* covers body characters `body[k] .. body[k+1]` (the last one to the end). In a run every body character stands for
    one raw character, in order, beginning at `raw[k]`; a run of one body character may stand for `width[k]` raw characters.
    """

    body: tuple[int, ...]
    raw: tuple[int, ...]
    width: tuple[int, ...]

    def start(self, offset: int) -> int:
        """Raw offset at which body character `offset` begins."""
        run = bisect_right(self.body, offset) - 1
        return self.raw[run] + (offset - self.body[run])

    def end(self, offset: int) -> int:
        """Raw offset just behind the body character that ends at body offset `offset` (exclusive end)."""
        last = offset - 1
        run = bisect_right(self.body, last) - 1
        return self.raw[run] + (last - self.body[run]) + self.width[run]


@dataclass(frozen=True, slots=True)
class Body:
    """A report's own text, ready for reading by rule.

    Paragraphs are joined by one newline, each stands once. Simplified characters; full-width ASCII is half-width
    (`，`→`,` `：`→`:` `（`→`(`; `。、《》“”〔〕—` stay); white space is gone except one blank between two ASCII words and a
    tab between two table cells.
    """

    text: str
    offsets: OffsetMap


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning makes of a decoded file: the body, and the lines around it in which metadata stands (normalised too).

    `head_raw` and `tail_raw` hold the same lines, one for one, as the file has them.
    """

    body: Body
    head: tuple[str, ...]
    tail: tuple[str, ...]
    script: Script
    head_raw: tuple[str, ...] = ()
    tail_raw: tuple[str, ...] = ()


class Section(msgspec.Struct):
    """A heading and the span it governs. `section_no` counts from 1 in reading order; `parent_no` 0 is the body itself.

    `start` is where the heading's label begins, `end` where the section (with its subsections) ends; `title` is without the label.
    Not frozen, because the parser ends a section only when it comes to the next heading.
    """

    section_no: int
    parent_no: int
    level: int
    label: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report as a document. Empty string or None: not found."""

    title: str
    document_number: str
    issuer: str
    region_code: str
    region_name: str
    level: Level
    report_year: int | None
    target_year: int | None
    document_type: DocumentType
    published_on: str
    signed_on: str
    signer: str
    recipients: tuple[str, ...]
    copies_to: tuple[str, ...]
    attachment_title: str = ""


class Numeral(msgspec.Struct, frozen=True):
    """A number written in the body and what it is; `rule` names what decided."""

    start: int
    end: int
    text: str
    disposition: Disposition
    rule: str


class Quantity(msgspec.Struct, frozen=True):
    """A numeral that measures something. `start:end` is the shortest span with number, unit and words of approximation.

    `counted` and `predicate` are substrings as the body has them (possibly carried over from an earlier clause), `topic` is a key of
    `schemas/data/topics.yaml`; `year` is a calendar year the text itself puts on the number, None where it is the report's own.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    value_high: float | None
    unit: str
    kind: Kind
    comparator: Comparator
    role: Role
    section_no: int
    sentence_start: int
    sentence_end: int
    clause_start: int
    clause_end: int
    counted: str
    predicate: str
    topic: str
    year: int | None
    period: Period
    rule: str


class Observation(msgspec.Struct, frozen=True):
    """A quantity whose meaning is in the codebook. `quote_start:quote_end` is the body span that shows what it is."""

    quantity: Quantity
    code: str
    year: int
    value: float
    value_high: float | None
    unit: str
    comparator: Comparator
    status: Status
    scope: Scope
    quote_start: int
    quote_end: int
    matched_by: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule of the codebook of which a quantity met everything but one condition; `quantity` is its index in the body.

    `words` are what stood against it, as the condition has it (`schemas.near_misses.NearMisses`).
    """

    quantity: int
    code: str
    rule: str
    condition: Condition
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """An arithmetic identity among a report's own numbers. `parts` are (name, value, quantity index) in the order of `expression`."""

    kind: AuditKind
    expression: str
    left: float
    right: float
    tolerance: float
    verdict: Verdict
    rule: str
    quantities: tuple[int, ...]
