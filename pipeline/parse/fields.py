"""The fields of a document that stand as such on its page: number, dates, issuer, people. Each tells where it was found."""

from __future__ import annotations

import re

from pipeline.parse.blocks import is_labelled
from pipeline.parse.dates import first_date, only_date
from pipeline.parse.issuers import Issuer, ends_as_date, signature, speaker, title_issuer
from pipeline.parse.mentions import mention_at
from pipeline.parse.page import NOTHING, Page, Told, part
from pipeline.parse.source import Lines

# 发文字号 (GB/T 9704-2012, 7.2.5): the issuer's sign, the year in 〔〕, the number; one behind 《 or ( is another document's.
_NUMBER = re.compile(r"(?<![\u4e00-\u9fff《(])[\u4e00-\u9fffA-Za-z]{1,16}[〔\[【(﹝](?:19|20)\d\d[〕\]】)﹞]第?\d{1,4}号")
_SIGNER = re.compile(r"签发人?:?\s*([\u4e00-\u9fff·]{2,8}(?:[、 ][\u4e00-\u9fff·]{2,8})*)")
_RECIPIENT = re.compile(
    r"(?:政府|委员会|委|部门|单位|局|厅|办|办公室|院|机构|代表|企业|公司|街道|办事处|组|室|会|会议|公署|团体|大队|中心|学?校|领导"
    r"|[省市州县区旗盟乡镇])(?:\(.{1,20}\))?$"
)
_ORGAN_ENDS = ("政府", "委", "会", "局", "厅", "办", "办公室", "院", "署")
_TIME = re.compile(r"\s*\d{1,2}:\d{2}(?::\d{2})?")
_NAMES = re.compile(r"[,、;。\s]+")


def document_number(page: Page) -> Told:
    """The number in the block, else one that stands by itself above or below the text (one cited in a sentence is another document's)."""
    for value, lines in page.blocks.get("document_number", ()):
        if match := _NUMBER.search(value.text):
            return Told(match[0], lines.quote(match[0], value.line), "block")
    for lines in (page.head, page.tail):
        for index, line in enumerate(lines.lines):
            match = _NUMBER.match(line.strip("·•()〔 "))
            if match and len(line) - len(match[0]) <= 24:
                return Told(match[0], lines.quote(match[0], index), "page")
    return NOTHING


def published_on(page: Page) -> Told:
    """The date on which the page appeared."""
    for value, _ in page.blocks.get("published_on", ()):
        if day := first_date(value.text):
            return Told(day, day, "block")
    for key in ("pubdate", "publishdate", "article:published_time"):
        if day := first_date(page.declared.get(key, "")):
            return Told(day, day, "declared")
    for line in page.head.lines:
        day = only_date(line) or (only_date(_TIME.sub("", line)) if ":" in line else "")
        if day and not line.startswith("("):
            return Told(day, day, "page")
    return NOTHING


def signed_on(page: Page) -> Told:
    """The date on which the document was signed: in the block, in brackets below the title, or below the text."""
    for value, _ in page.blocks.get("signed_on", ()):
        if day := first_date(value.text):
            return Told(day, day, "block")
    for line in page.head.lines:
        if line.startswith("(") and (day := only_date(line)):
            return Told(day, day, "title")
    ending = [*page.body[-200:].split("\n")[-3:], *page.tail.lines] if page.body else page.tail.lines
    for line in ending:
        day = only_date(line)
        if not day and ends_as_date(line) and signature(Lines((line,), ())):
            day = first_date(line)
        if day and not is_labelled(line):
            return Told(day, day, "signature")
    return NOTHING


def issuer(page: Page) -> Told:
    """Who issued the document; see the head of this module for the order."""
    own_title = page.title_source not in {"file_name", "manifest"}
    from_title = title_issuer(page.title)
    for value, lines in page.blocks.get("issuer", ()):
        told = mention_at(value.text, len("中共") if value.text.startswith("中共") else 0)
        if told and told.organ:
            return Told(value.text, lines.quote(value.text, value.line), "block")
    if from_title and own_title:
        return Told(from_title, part(page.written_title, page.title, from_title), page.title_source)
    if (signed := signature(page.tail)) is not None:
        return Told(signed.text, _quoted_issuer(page.tail, signed), signed.source)
    spoken = speaker(page.body)
    if spoken and mention_at(spoken):
        text = spoken if spoken.endswith(("政府", "国务院")) else f"{spoken}人民政府"
        return Told(text, text, "opening")
    for value, lines in (*page.blocks.get("issuer", ()), *page.blocks.get("publisher", ())):
        if _may_issue(value.text, page.title):
            return Told(value.text, lines.quote(value.text, value.line), "publisher")
    return Told(from_title, from_title, page.title_source) if from_title else NOTHING


def _quoted_issuer(tail: Lines, issuer: Issuer) -> str:
    return tail.quote(issuer.text, issuer.line)


def _may_issue(publisher: str, title: str) -> bool:
    """Whether a page's publisher counts as the issuer: its name is whole, and it is no department of a region that the title names."""
    told = mention_at(publisher)
    if not told or not told.organ or told.end < len(publisher):
        return False
    return told.kind == "government" or mention_at(title) is None


def recipients(page: Page) -> tuple[str, ...]:
    """Whom the document is addressed to: the line right above the text, or its first line, that ends in a colon."""
    last = len(page.head.lines) - 1
    if last >= 0:
        line = page.head.lines[last].strip()
        if (names := _addressed(line)) and not is_labelled(line):
            return tuple(page.head.quote(name, last) for name in names)
    return _addressed(page.body.split("\n", 1)[0])


def _addressed(line: str) -> tuple[str, ...]:
    """The organs that a line ending in a colon addresses; empty if it addresses nobody.

    A comma divides organs of different kinds, 、 those of one kind (GB/T 9704-2012, 7.3.2); the latter divides here only where each
    side is an organ by itself (市委、市人大常委会, but not 永昌县、金川区人民政府).
    """
    if not line.endswith(":") or len(line) > 160 or "。" in line or line.startswith(("各位", "附件", "同志们")):
        return ()
    names: list[str] = []
    for kind in filter(None, re.split(r"[,;]", line[:-1].replace(" ", ""))):
        pieces = kind.split("、")
        names += pieces if all(piece[1:].endswith(_ORGAN_ENDS) for piece in pieces) else [kind]
    return tuple(names) if names and all(_RECIPIENT.search(name) for name in names) else ()


def signer(page: Page) -> Told:
    """签发人, in the block or behind the document's number."""
    for value, lines in page.blocks.get("signer", ()):
        if match := _SIGNER.match("签发人:" + value.text):
            return Told(match[1], lines.quote(match[1], value.line), "block")
    for lines in (page.head, page.tail):
        for index, line in enumerate(lines.lines):
            if "签发人" in line and (match := _SIGNER.search(line)):
                return Told(match[1], lines.quote(match[1], index), "page")
    return NOTHING


def copies_to(page: Page) -> tuple[str, ...]:
    """Who receives copies."""
    for value, lines in page.blocks.get("copies_to", ()):
        names = [name for name in _NAMES.split(value.text) if name]
        return tuple(lines.quote(name, value.line) for name in names)
    return ()
