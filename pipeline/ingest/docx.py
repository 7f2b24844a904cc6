"""A DOCX -> its paragraphs, with the numbers that Word generates, and its tables as rows with tabs between cells.

Only the parts of the package that hold text are opened, each up to a bound; the XML is parsed without entities, DTD or network.
Element names follow ECMA-376 Part 1, chapter 17; names are compared without their namespace, which differs in strict files.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from pipeline.ingest.numbering import Numbering
from pipeline.ingest.refusal import refusal
from pipeline.ingest.xml import attribute, child, local_name, parse
from pipeline.records import Decoded

LARGEST_PART = 64 * 1024 * 1024
"""Bytes of XML, unpacked."""
DEEPEST = 200
MOST_PARTS = 5000
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "footnoteReference", "rubyPr", "rt", "pPr", "sectPr", "tblPr", "tblGrid"}
)


def read_docx(content: bytes, name: str) -> Decoded:
    """Reads a DOCX. Raises QuarantineError where the package is damaged, too large, or holds no text."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            document = _part(package, "word/document.xml", name)
            numbering = _optional_part(package, "word/numbering.xml", name)
            styles = _optional_part(package, "word/styles.xml", name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise refusal(
            name, f"a damaged or locked DOCX ({error})", "a whole one without a password", "fetch it again or save it as PDF"
        ) from error
    except etree.XMLSyntaxError as error:
        raise refusal(name, f"a DOCX with broken XML ({error})", "a file that Word opens", "open it, save it again and add that") from error
    text = "\n".join(_lines(document, Numbering(numbering, styles), name))
    if not text.strip():
        raise refusal(name, "a DOCX without text", "a report", "if it holds pictures of pages, run them through OCR and add the result")
    return Decoded(text, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "utf-8")


def _part(package: zipfile.ZipFile, path: str, name: str) -> etree._Element:
    info = package.getinfo(path)
    with package.open(info) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise refusal(name, f"{path} is larger than {LARGEST_PART} bytes unpacked", "a report", "save the report's text alone")
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        raise refusal(name, f"{path} declares entities", "a file that Word writes", "open it, save it again and add that")
    return parse(content)


def _optional_part(package: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    return _part(package, path, name) if path in package.namelist() else None


def _lines(element: etree._Element, numbering: Numbering, name: str, depth: int = 0) -> Iterator[str]:
    """The lines of all paragraphs and tables below an element, in order."""
    if depth > DEEPEST:
        raise refusal(name, f"elements nested deeper than {DEEPEST}", "a file that Word writes", "save the report's text alone")
    for part in element:
        tag = local_name(part)
        if tag == "p":
            yield from _paragraph(part, numbering, name, depth)
        elif tag == "tbl":
            yield from _table(part, numbering, name, depth)
        elif tag not in _SKIPPED:
            yield from _lines(part, numbering, name, depth + 1)


def _table(table: etree._Element, numbering: Numbering, name: str, depth: int) -> Iterator[str]:
    for row in table.iter():
        if local_name(row) == "tr" and _owner(row, "tbl") is table:
            cells = [cell for cell in row.iter() if local_name(cell) == "tc" and _owner(cell, "tr") is row]
            texts = [list(_lines(cell, numbering, name, depth + 1)) for cell in cells]
            if sum(map(bool, texts)) > 1:
                yield "\t".join("".join(lines) for lines in texts)
            else:
                for lines in texts:
                    yield from lines


def _owner(element: etree._Element, key: str) -> etree._Element | None:
    return next((above for above in element.iterancestors() if local_name(above) == key), None)


def _paragraph(paragraph: etree._Element, numbering: Numbering, name: str, depth: int) -> Iterator[str]:
    """A paragraph's lines (a break inside it ends one); text boxes that hang on it come after."""
    boxes: list[etree._Element] = []
    text = "".join(_runs(paragraph, boxes, name, depth))
    if text.strip():
        yield from (line for line in (numbering.label(child(paragraph, "pPr")) + text).split("\n") if line.strip())
    for box in boxes:
        yield from _lines(box, numbering, name, depth + 1)


def _runs(element: etree._Element, boxes: list[etree._Element], name: str, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise refusal(name, f"elements nested deeper than {DEEPEST}", "a file that Word writes", "save the report's text alone")
    for part in element:
        tag = local_name(part)
        if tag == "t":
            yield part.text or ""
        elif tag in ("br", "cr"):
            yield "\n"
        elif tag == "tab":
            yield "\t"
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "sym":
            yield _symbol(part)
        elif tag == "txbxContent":
            boxes.append(part)
        elif tag not in _SKIPPED and not (tag == "r" and _is_hidden(part)):
            yield from _runs(part, boxes, name, depth + 1)


def _symbol(element: etree._Element) -> str:
    code = attribute(element, "char")
    try:
        return chr(int(code, 16))
    except ValueError:
        return "\ufffd"


def _is_hidden(run: etree._Element) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")
