"""`decode`: a raw file -> its text. The format is told by the content, never by the file's name."""

from __future__ import annotations

import io
import zipfile

from pipeline.ingest.html import looks_like_html
from pipeline.ingest.mhtml import looks_like_mhtml
from pipeline.ingest.pool import read_in_worker
from pipeline.ingest.refusal import refusal
from pipeline.ingest.text import read_text
from pipeline.records import Decoded, QuarantineError

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes. The longest report known has 0.4 MB as text and 8 MB as a PDF."""
LONGEST_TEXT = 4_000_000
"""Characters, thirty times the longest report known; what is longer is a book, a log or an attack."""
MOST_PARTS = 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN = 1024

_REFUSED = (
    (b"{\\rtf", "an RTF document", "open it in a word processor, save it as DOCX or PDF and add that"),
    (b"\x89PNG", "a PNG picture", "run it through OCR and add the text"),
    (b"\xff\xd8\xff", "a JPEG picture", "run it through OCR and add the text"),
    (b"GIF8", "a GIF picture", "run it through OCR and add the text"),
    (b"II*\x00", "a TIFF picture", "run it through OCR and add the text"),
    (b"MM\x00*", "a TIFF picture", "run it through OCR and add the text"),
    (b"BM", "a BMP picture", "run it through OCR and add the text"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and add the report in it"),
    (b"Rar!", "a RAR archive", "unpack it and add the report in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and add the report in it"),
    (b"Founder CEB", "a CEB document", "open it in its reader, print it to PDF and add that"),
)
_PACKAGES = (
    ("xl/workbook.xml", "an Excel workbook", "save the report as DOCX or PDF and add that"),
    ("ppt/presentation.xml", "a PowerPoint presentation", "save it as PDF and add that"),
    ("OFD.xml", "an OFD document", "open it in an OFD reader, save it as PDF and add that"),
    ("content.xml", "an OpenDocument file", "save it as DOCX or PDF and add that"),
)


def decode(content: bytes, name: str) -> Decoded:
    """The text of a raw file; `name` is only used in messages.

    Plain text is decoded here, markup and binary formats in a worker process. Raises QuarantineError for what cannot be read: the
    message says what was found, what was expected and what to do.
    """
    if not content.strip(b" \t\r\n\x00"):
        raise refusal(name, "an empty file", "a report", "fetch it again")
    if len(content) > LARGEST_FILE:
        raise refusal(name, f"{len(content)} bytes", f"at most {LARGEST_FILE}", "take the report out of the file and add that")
    decoded = _read(content, name)
    if len(decoded.text) > LONGEST_TEXT:
        raise refusal(
            name, f"{len(decoded.text)} characters of text", f"at most {LONGEST_TEXT}", "take the report out of the file and add that"
        )
    return decoded


def _read(content: bytes, name: str) -> Decoded:
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return read_in_worker("pdf", content, name)
    if content.startswith(b"PK\x03\x04"):
        _check_package(content, name)
        return read_in_worker("docx", content, name)
    if looks_like_mhtml(content):
        return read_in_worker("mhtml", content, name)
    _refuse_others(content, name)
    read = read_text(content, name)
    if looks_like_html(read.text):
        return read_in_worker("html", content, name)
    return Decoded(read.text, "text/plain", read.encoding, read.repaired)


def _refuse_others(content: bytes, name: str) -> None:
    if content.startswith(_OLE):
        raise _unreadable(name, *_ole(content))
    for mark, found, advice in _REFUSED:
        if content.startswith(mark) and (len(mark) > 2 or b"\x00" in content[:64]):
            raise _unreadable(name, found, advice)


def _unreadable(name: str, found: str, advice: str) -> QuarantineError:
    return refusal(name, f"{found}", "plain text, HTML, DOCX or a PDF with a text layer", f"{advice}")


def _ole(content: bytes) -> tuple[str, str]:
    """What a compound file holds, told by the names in its directory (MS-CFB: UTF-16)."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "an Office document locked with a password", "remove the password and add it again"
    if "WordDocument".encode("utf-16-le") in content or "WpsContent".encode("utf-16-le") in content:
        return "a legacy Word or WPS document (.doc, .wps)", "open it in Word, WPS or LibreOffice, save it as DOCX or PDF and add that"
    if "Workbook".encode("utf-16-le") in content:
        return "a legacy Excel workbook (.xls)", "save the report as DOCX or PDF and add that"
    return "a legacy Office file", "save it as DOCX or PDF and add that"


def _check_package(content: bytes, name: str) -> None:
    """Lets a ZIP package pass only if it is a DOCX; only its directory is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise refusal(name, f"a damaged ZIP package ({error})", "a whole DOCX", "fetch it again") from error
    if len(parts) > MOST_PARTS:
        raise refusal(name, f"a package of {len(parts)} parts", f"at most {MOST_PARTS}", "save the report's text alone")
    if "word/document.xml" not in names:
        found, advice = next(
            ((found, advice) for path, found, advice in _PACKAGES if path in names), ("a ZIP archive", "unpack it and add the report in it")
        )
        raise _unreadable(name, found, advice)
