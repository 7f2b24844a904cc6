"""A document before any field is decided: the lines around it, the blocks read out of them, and its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import msgspec

from pipeline.parse.blocks import Value, labelled
from pipeline.parse.source import Lines, around
from pipeline.parse.titles import find_title
from pipeline.records import Cleaned

_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
_OCCASION = re.compile(r"[\s—–\-(]*(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s?在.{4,40}(?:会议|大会)上?\)?$")
_LABELLED_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.]|[(第【]|\d{1,2}[.、]")


@dataclass(frozen=True)
class Page:
    """What is read of a document before any field is decided.

    `title` is simplified, `written_title` as the file has it; `occasion` is the line that says when and where a report was delivered
    (`——2019年2月20日在衢州市第七届人民代表大会第三次会议上`).
    """

    head: Lines
    tail: Lines
    body: str
    blocks: Mapping[str, Sequence[tuple[Value, Lines]]]
    declared: Mapping[str, str]
    names: tuple[tuple[str, str], ...]
    title: str
    written_title: str
    title_source: str
    occasion: str


class Told(msgspec.Struct, frozen=True):
    """A value as normalised, as the file has it, and where it was found."""

    value: str
    written: str
    source: str


NOTHING = Told("", "", "")


def read_page(cleaned: Cleaned, file_name: str, manifest_title: str, declared: Mapping[str, str]) -> Page:
    """Reads blocks and title. Names that tell nothing (`report_17.html`) are left out."""
    head, tail = around(cleaned)
    blocks: dict[str, list[tuple[Value, Lines]]] = {}
    for lines in (head, tail):
        for name, values in labelled(lines.lines).items():
            blocks.setdefault(name, []).extend((value, lines) for value in values)
    stem = PurePath(file_name).stem
    names = tuple((source, text) for source, text in (("file_name", stem), ("manifest", manifest_title)) if _CHINESE.search(text))
    title = _title(head, blocks, cleaned.body.text, declared, names)
    occasion = next((line for line in (*head.lines, *cleaned.body.text[:200].split("\n")[:3]) if _OCCASION.match(line)), "")
    return Page(head, tail, cleaned.body.text, blocks, declared, names, title.value, title.written, title.source, occasion)


def _title(
    head: Lines,
    blocks: Mapping[str, Sequence[tuple[Value, Lines]]],
    body: str,
    declared: Mapping[str, str],
    names: Sequence[tuple[str, str]],
) -> Told:
    """The title: of the block, of the lines above the text, of the text's first lines, of the format, of file name or manifest."""
    for value, lines in blocks.get("title", ()):
        if find_title([value.text]):
            return Told(value.text, lines.quote(value.text, value.line), "block")
    if found := find_title(head.lines, head.labelled):
        return Told(found.text, head.quote(found.text, found.first, found.last), "title")
    # A heading is no title, though it may read like one (一、2020年主要工作).
    if found := find_title(["" if _LABELLED_HEADING.match(line) else line for line in body[:200].split("\n")[:3]]):
        return Told(found.text, found.text, "opening")
    for source, text in (("declared", declared.get("articletitle", "")), ("declared", declared.get("title", "")), *names):
        if found := find_title([text]):
            return Told(found.text, found.text, source)
    return Told(names[-1][1], names[-1][1], names[-1][0]) if names and names[-1][0] == "manifest" else NOTHING


def part(written: str, plain: str, part: str) -> str:
    """`part` of a normalised text as it is written."""
    start = plain.find(part)
    return written[start : start + len(part)] if start >= 0 and len(written) == len(plain) else part
