"""Bytes of a plain text -> text: which encoding, what was broken, and mojibake undone."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.ingest.refusal import refusal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_LEGACY = ("gb18030", "big5hkscs")
_MISREAD = (("gb18030", "utf-8"), ("cp1252", "utf-8"), ("cp1252", "gb18030"), ("gb18030", "big5hkscs"))
"""(read as, was in truth): the ways in which a Chinese page is usually misread."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = frozenset("，。、；：“”‘’《》（）！？—…·〔〕％　\xa0【】〈〉①②③④⑤⑥•－＋～─│┌┐└┘├┤┬┴┼━┃\ufeff\ufffd")
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1A), *range(0x1B, 0x20)))
_LOST = b"\xff"
"""Stands for a lost character when misread text goes back to bytes; it is valid in none of the encodings."""

BROKEN_SHARE = 0.01
"""More broken places than this share of its non-ASCII characters, and a text is not in that encoding."""
READABLE_SHARE = 0.8
"""Chinese prose in the right encoding: at least this share of its non-ASCII characters is common."""
GARBLED_SHARE = 0.65
"""Below this share of common characters a text may be mojibake."""
FOREIGN_SHARE = 0.45
"""Below this share of common characters a file is garbled beyond repair, or not Chinese."""
LOST_SHARE = 0.05
"""A misreading that lost more characters than this cannot be undone: numbers may have gone with them."""
CONTROL_SHARE = 0.02
SAMPLE = 1500
"""Characters looked at, spread over the text, to judge whether it reads as Chinese."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text, the name of its encoding, and how many broken places were repaired to U+FFFD."""

    text: str
    encoding: str
    repaired: int


@cache
def _common_characters() -> frozenset[str]:
    """The ideographs in daily use: first level of GB 2312 (simplified) and of Big5 (traditional), and the usual punctuation."""
    simplified = b"".join(bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = b"".join(bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    return frozenset(simplified.decode("gb2312", "ignore")) | frozenset(traditional.decode("big5", "ignore")) | _PUNCTUATION


@cache
def _common_runs() -> re.Pattern[str]:
    """Matches stretches of common characters and ASCII: a text in the right encoding is a few of them."""
    common = f"[\\x00-\\x7f{re.escape(''.join(sorted(_common_characters())))}]"
    return re.compile(f"{common}{common}*")  # `re` skips to a class, but tries a repeat at each character


def readability(text: str) -> float:
    """Share of the characters beyond ASCII that are common in Chinese; 1 where there are none."""
    sample = text[:: max(1, len(text) // SAMPLE)]
    ascii_ = len(sample.encode("ascii", "ignore"))
    beyond = len(sample) - ascii_
    return (sum(map(len, _common_runs().findall(sample))) - ascii_) / beyond if beyond else 1.0


def read_text(content: bytes, name: str, declared: str = "") -> Read:
    """Decodes a plain text or a page's source. `declared`: what the page says its encoding is, believed only if it fits.

    Strictly valid UTF-8 is UTF-8; then a declared encoding, then the one of UTF-8, GB 18030 and Big5 in which the text reads as
    Chinese with the fewest broken places; else charset-normalizer decides. Raises QuarantineError for what is no text.
    """
    read = (
        _by_mark(content)
        or _strict_utf8(content)
        or _wide(content)
        or _by_declaration(content, declared)
        or _by_reading(content)
        or _by_statistics(content)
    )
    if read is None:
        raise refusal(
            name, f"{len(content)} bytes in no known encoding", "Chinese text in UTF-8, UTF-16, GB 18030 or Big5", "save it again as UTF-8"
        )
    # In each of these encodings a control character's bytes hold its code, so most files are known to have none.
    controls = _count_controls(read.text) if any(code in content for code in _CONTROLS) else 0
    if controls > CONTROL_SHARE * len(read.text):
        raise refusal(
            name,
            f"binary content ({controls} control characters in {len(read.text)})",
            "text",
            "convert it to PDF, DOCX, HTML or UTF-8 text",
        )
    share = readability(read.text)
    if share < GARBLED_SHARE:
        read = undo_misreading(read)
        share = readability(read.text)
    if share < FOREIGN_SHARE:
        found = f"only {share:.0%} of the characters beyond ASCII are in use in Chinese ({read.encoding})"
        raise refusal(
            name, f"{found}", "a Chinese text", "the file is garbled or in another language: fetch it again with its own encoding"
        )
    return read


def _count_controls(text: str) -> int:
    """How many control characters a text has that no text file has. In UTF-8 no other character contains their bytes."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded) - len(encoded.translate(None, _CONTROLS))


def _by_mark(content: bytes) -> Read | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], encoding)
    return None


def _lenient(content: bytes, encoding: str) -> Read:
    text = content.decode(encoding, "replace")
    return Read(text, encoding, text.count("\ufffd"))


def _strict_utf8(content: bytes) -> Read | None:
    if b"\x00" in content:
        return None
    try:
        return Read(content.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        return None


def _wide(content: bytes) -> Read | None:
    """UTF-16 without a mark: one of its byte orders reads as Chinese or ASCII."""
    if b"\x00" not in content:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        read = _lenient(content, encoding)
        if read.repaired <= 1 + BROKEN_SHARE * len(read.text) and "\x00" not in read.text and readability(read.text) >= READABLE_SHARE:
            return read
    return None


def _by_declaration(content: bytes, declared: str) -> Read | None:
    """The declared encoding, if the content is valid in it and reads as Chinese."""
    try:
        encoding = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return None
    encoding = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding, encoding)
    if encoding not in ("utf-8", *_LEGACY):
        return None
    return next((read for read in _fitting(content, (encoding,)) if readability(read.text) >= READABLE_SHARE), None)


def _fitting(content: bytes, encodings: tuple[str, ...]) -> Iterator[Read]:
    """The readings of `content` that have few broken places."""
    for encoding in encodings:
        read = _lenient(content, encoding)
        if read.repaired <= 1 + BROKEN_SHARE * len(_NOT_ASCII.findall(read.text)):
            yield read


def _by_reading(content: bytes) -> Read | None:
    """The encoding in which most characters are common ones; UTF-8 with a few broken bytes before all others."""
    for read in _fitting(content, ("utf-8",)):
        if len(_NOT_ASCII.findall(read.text)) > 2 * read.repaired:
            return read
    readable = [(readability(read.text), read) for read in _fitting(content, _LEGACY)]
    share, best = max(readable, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= READABLE_SHARE else None


def _by_statistics(content: bytes) -> Read | None:
    from charset_normalizer import from_bytes

    match = from_bytes(content, cp_isolation=["utf_8", "utf_16", "gb18030", "big5", "cp1252"]).best()
    if match is None:
        return None
    read = _lenient(content, match.encoding)
    return read if readability(read.text) >= GARBLED_SHARE else None


def undo_misreading(read: Read) -> Read:
    """Mojibake undone where it is certain: the text goes back to bytes and those read as Chinese, which the text itself does not."""
    share = readability(read.text)
    if share >= GARBLED_SHARE:
        return read
    for wrong, right in _MISREAD:
        text = _to_bytes(read.text, wrong).decode(right, "replace")
        lost = text.count("\ufffd")
        if lost <= LOST_SHARE * len(text) and readability(text) >= max(READABLE_SHARE, share + 0.2):
            return Read(text, f"{right} misread as {wrong}", max(lost, read.repaired))
    return read


def _to_bytes(text: str, encoding: str) -> bytes:
    """The bytes that gave `text` when they were read as `encoding`; `_LOST` for what cannot have come from it."""
    if encoding == "cp1252":
        return b"".join(_WINDOWS_1252.get(char, _LOST) for char in text)
    return _LOST.join(part.encode(encoding, "replace") for part in text.split("\ufffd"))


_WINDOWS_1252 = {bytes((byte,)).decode("latin-1"): bytes((byte,)) for byte in range(256)} | {
    char: bytes((byte,)) for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))
}
"""Windows-1252 as browsers read it: the five bytes it leaves undefined are C1 control characters (WHATWG Encoding Standard)."""
