"""A PDF with a text layer -> paragraphs in reading order; page numbers and running heads are left out.

A page knows no paragraphs, only lines at places. A line goes on with the one before if that one reaches the right margin and this
one begins at the left margin: Chinese paragraphs begin two ideographs in (GB/T 9704-2012, 7.3.3).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.ingest.refusal import refusal
from pipeline.ingest.text import FOREIGN_SHARE, readability
from pipeline.records import Decoded

MOST_PAGES = 1000
FEWEST_CHARACTERS = 10
"""Characters a page that a text layer must have on average; a scan has at most a stamp or a page number."""
MARGIN_ZONE = 0.1
"""Share of a page's height, at top and bottom, in which running heads and page numbers stand."""
RUNNING_SHARE = 0.5
SAME_SIZE = 0.1
"""Characters of one paragraph differ at most by this share in height."""
DEEPEST_INDENT = 3.5
"""Ideographs by which a paragraph is indented at most; what begins further in is centred or set to the right."""
EARLY_BREAK = 0.7
"""A line breaks off at most this early (as a share of the width) where a bracket or a number that may not be split comes next."""

LINE_END_HYPHEN = 2
"""PDFium gives this control character for a hyphen at the end of a line, and no line end; `2021-` / `2025年` must not become 20212025年."""

_PAGE_NUMBER = re.compile(r"[-—–·.\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/]*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–·.\s]*")
_LATIN = re.compile(r"[A-Za-z]")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of text and its box, in points from the page's lower left corner; `em` is the height of its characters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    em: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in the order of the file, and the page's height in points."""

    lines: tuple[PlacedLine, ...]
    height: float


def read_pdf(content: bytes, name: str) -> Decoded:
    """Reads a PDF. Raises QuarantineError where it is damaged, locked, too long, or pictures only."""
    pages = _placed_pages(content, name)
    length = sum(len(line.text) for page in pages for line in page.lines)
    if length < FEWEST_CHARACTERS * len(pages):
        raise refusal(
            name,
            f"{len(pages)} pages with {length} characters of text",
            "a text layer",
            "the PDF is a scan: run it through OCR and add the result",
        )
    heads = _running_heads(pages)
    text, starts = _flow([_without_running_lines(page, heads) for page in pages])
    share = readability(text)
    if share < FOREIGN_SHARE:
        raise refusal(
            name,
            f"only {share:.0%} of the text layer is in use in Chinese",
            "Chinese text",
            "its fonts name no characters: run it through OCR and add the result",
        )
    return Decoded(text, "application/pdf", "unicode", text.count("\ufffd"), starts)


def _placed_pages(content: bytes, name: str) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise refusal(name, "a PDF locked with a password", "an open one", "remove the password and add it again") from error
        raise refusal(name, f"a damaged PDF ({error})", "a whole one", "fetch it again") from error
    with document:
        if not 0 < len(document) <= MOST_PAGES:
            raise refusal(name, f"a PDF of {len(document)} pages", f"1 to {MOST_PAGES}", "take the report's pages out and add those")
        try:
            return [_placed_lines(document[index]) for index in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise refusal(name, f"a PDF with a damaged page ({error})", "a whole one", "fetch it again") from error


def _placed_lines(page: object) -> Page:
    """The lines of a page as PDFium joins its characters."""
    import pypdfium2.raw as pdfium
    from pypdfium2 import PdfPage

    assert isinstance(page, PdfPage)
    layer = page.get_textpage()
    lines: list[PlacedLine] = []
    chars: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for index in range(layer.count_chars() + 1):
        code = pdfium.FPDFText_GetUnicode(layer, index) if index < layer.count_chars() else 10
        if code in (10, 13, LINE_END_HYPHEN):
            if code == LINE_END_HYPHEN:
                chars.append("-")
                boxes.append(layer.get_charbox(index, loose=True))
            if text := _from_utf16("".join(chars)).strip():
                lines.append(_line(text, boxes))
            chars, boxes = [], []
        elif code:
            chars.append(chr(code))
            if not chr(code).isspace():
                boxes.append(layer.get_charbox(index, loose=True))
    return Page(tuple(lines), page.get_height())


def _from_utf16(text: str) -> str:
    """PDFium gives characters beyond U+FFFF as two surrogates."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _line(text: str, boxes: Sequence[tuple[float, float, float, float]]) -> PlacedLine:
    heights = sorted(top - bottom for _, bottom, _, top in boxes)
    return PlacedLine(
        text,
        min(box[0] for box in boxes),
        max(box[2] for box in boxes),
        min(box[1] for box in boxes),
        max(box[3] for box in boxes),
        heights[len(heights) // 2],
    )


def _in_margin(line: PlacedLine, height: float) -> bool:
    return line.bottom > height * (1 - MARGIN_ZONE) or line.top < height * MARGIN_ZONE


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Texts (digits masked) that stand in the margins of most pages, if there are at least three pages."""
    if len(pages) < 3:
        return frozenset()
    seen = Counter(text for page in pages for text in {_DIGITS.sub("0", line.text) for line in page.lines if _in_margin(line, page.height)})
    return frozenset(text for text, count in seen.items() if count >= max(3, RUNNING_SHARE * len(pages)))


def _without_running_lines(page: Page, heads: frozenset[str]) -> Page:
    def runs(line: PlacedLine) -> bool:
        return _in_margin(line, page.height) and (_DIGITS.sub("0", line.text) in heads or bool(_PAGE_NUMBER.fullmatch(line.text)))

    return Page(tuple(line for line in page.lines if not runs(line)), page.height)


def _flow(pages: Sequence[Page]) -> tuple[str, tuple[int, ...]]:
    """The pages as one text, a paragraph a line, and the offset at which each page begins."""
    margins = _margins([line for page in pages for line in page.lines])
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    before: PlacedLine | None = None
    for page in pages:
        first = True
        for line in page.lines:
            between = "" if before is None else _between(before, line, margins)
            if first:
                starts.append(length + len(between))
                first = False
            parts += [between, line.text]
            length += len(between) + len(line.text)
            before = line
        if first:
            starts.append(length)
    return "".join(parts), tuple(starts)


def _between(before: PlacedLine, line: PlacedLine, margins: tuple[float, float]) -> str:
    """What stands for the line end: a new line between paragraphs, in a paragraph nothing but the blank between two Latin words."""
    if not _goes_on(before, line, margins):
        return "\n"
    return " " if _LATIN.match(before.text[-1]) and _LATIN.match(line.text[0]) else ""


def _margins(lines: Sequence[PlacedLine]) -> tuple[float, float]:
    """Where running text begins and ends, left and right: the most frequent places of long lines."""
    longest = max((line.right - line.left for line in lines), default=0)
    wide = [line for line in lines if line.right - line.left > 0.8 * longest]
    return _usual(line.left for line in wide), _usual(line.right for line in wide)


def _usual(places: Iterator[float]) -> float:
    counted = Counter(round(place / 4) for place in places)
    return 4.0 * max(counted, key=lambda place: (counted[place] + counted[place - 1] + counted[place + 1], -place)) if counted else 0.0


def _goes_on(before: PlacedLine, line: PlacedLine, margins: tuple[float, float]) -> bool:
    """Whether a line goes on with the paragraph: it is flush left, and the one before is full, or breaks off early before a long word."""
    left, right = margins
    if (
        abs(line.left - left) >= line.em
        or before.left >= left + DEEPEST_INDENT * before.em
        or abs(line.em - before.em) >= SAME_SIZE * before.em
    ):
        return False
    is_full = before.right > right - 2 * before.em
    return is_full or (before.right > left + EARLY_BREAK * (right - left) and before.text[-1] not in "。！!？?；;：:”")
