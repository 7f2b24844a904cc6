"""A report as a document: title, number, issuer, region, year, type, dates, people.

Where a fact stands in several places, the first of these that has it counts:

1. the metadata block of the page (`发文字号: …`): written for machines, by those who publish;
2. the title: every reader sees it, and mistakes in it are mended;
3. the text's opening and its first headings;
4. the signature below the text;
5. the file's name, then the manifest's title: given by whoever collected the file, maybe from a list.

Two exceptions. The block's publisher (`发布机构`, `来源`) is often the office that runs the page, not who issued the document: it comes
behind title and signature. And a year that must be inferred from a date comes behind one that a file's name states. Places that
contradict each other are reported as issues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pipeline.parse import fields
from pipeline.parse.issuers import Clue, find_region, signature
from pipeline.parse.page import Page, Told, part, read_page
from pipeline.parse.regions import Resolution, issuer_kind, resolve
from pipeline.parse.titles import attachment, document_type
from pipeline.parse.years import Clues, Year, report_years, target_year
from pipeline.records import Cleaned, Metadata, Section
from schemas.values import DocumentType, IssuerKind, Level

Issue = tuple[str, str, str]
"""(kind, field, message)."""

_OF_THE_SITE = re.compile(">|»|›|网站|门户|位置")

WHY_OPEN = {
    "ambiguous": "the name is borne by several regions and no parent is named; name the parent in the manifest's title",
    "zone_not_listed": "a functional zone that schemas/data/zones.csv does not list; add it there",
    "not_in_that_year": "no region had the name in that year",
    "not_under_that_parent": "no region of the name is or was under the parent named with it",
    "township": "a township, for which GB/T 2260 has no code",
    "no_region": "no region is named in title, issuer, signature, file name, manifest or text; name it in the manifest's title",
}
"""What a reason of `regions.Resolution` means to a person."""


@dataclass(frozen=True, slots=True)
class ParsedMetadata:
    """What was read of a document, and how sure it is.

    `sources` tells for each field that was found where: `block`, `declared`, `title`, `heading`, `opening`, `signature`, `publisher`,
    `page`, `file_name`, `manifest`, `document_number`, `text`. `issuer_kind` keeps a department's report apart from its region's own.
    `issues` are (kind, field, message).
    """

    metadata: Metadata
    sources: Mapping[str, str] = field(default_factory=dict)
    issuer_kind: IssuerKind = ""
    issues: tuple[Issue, ...] = ()


def metadata(
    cleaned: Cleaned, sections: Sequence[Section], file_name: str, manifest_title: str = "", declared: Mapping[str, str] | None = None
) -> ParsedMetadata:
    """Reads the metadata of a cleaned report.

    `file_name` and `manifest_title` are used where the page itself says nothing; either may be empty. `declared` is what the file
    says of itself in its format (`Decoded.declared`; keys in lower case: `articletitle`, `pubdate`, `sitename`, `title`).
    """
    page = read_page(cleaned, file_name, manifest_title, declared or {})
    kind, kind_source = _kind(page)
    number, signed, published = fields.document_number(page), fields.signed_on(page), fields.published_on(page)
    issuer, signer = fields.issuer(page), fields.signer(page)
    years = report_years(kind, _clues(page, kind, sections, number, signed, published))
    year = years[0].value if years else None
    region, region_source = _region(page, issuer, year)
    inner = attachment(page.title)
    found = Metadata(
        title=page.written_title,
        document_number=number.written,
        issuer=issuer.written,
        region_code=region.region.region_code if region.region else "",
        region_name=region.region_name,
        level=cast(Level, region.region.level if region.region else "township" if region.township else ""),
        report_year=year,
        target_year=target_year(page.title, inner, page.body, year) if kind == "plan" else None,
        document_type=kind,
        published_on=published.value,
        signed_on=signed.value,
        signer=signer.written,
        recipients=fields.recipients(page),
        copies_to=fields.copies_to(page),
        attachment_title=part(page.written_title, page.title, inner) if inner else "",
    )
    sources = {
        "title": page.title_source,
        "document_number": number.source,
        "issuer": issuer.source,
        "region_code": region_source,
        "report_year": years[0].source if years else "",
        "document_type": kind_source,
        "published_on": published.source,
        "signed_on": signed.source,
        "signer": signer.source,
    }
    issues = (*_year_issues(page, kind, years), *_region_issues(page, region, region_source, year), *_date_issues(signed, published))
    return ParsedMetadata(found, {name: source for name, source in sources.items() if source}, _issuer_kind(issuer, page, year), issues)


def _kind(page: Page) -> tuple[DocumentType, str]:
    """The document's kind. With the text's opening, what the lines around it say (案例内容) is looked at."""
    opening = "\n".join(page.head.unlabelled) + "\n" + page.body[:900]
    kind, source = document_type(page.title, opening)
    return kind, page.title_source if source == "title" else source


def _clues(page: Page, kind: DocumentType, sections: Sequence[Section], number: Told, signed: Told, published: Told) -> Clues:
    """What may tell the report's year. A document's number tells it as well as its date does."""
    when = [(told.source, told.value) for told in (signed, published) if told.value]
    if numbered := re.search(r"(?:19|20)\d\d", number.value):
        when.insert(1 if signed.value else 0, ("document_number", numbered[0]))
    own = page.title_source in {"title", "block", "opening", "declared"}
    title = page.title if own else ""
    if kind == "work_report" and not re.search(r"\d{4}", title):
        # The day of delivery below a bare 政府工作报告 tells its year; below an annual report it tells only when it was read out.
        title += page.occasion[: page.occasion.find("年") + 1].strip(" —–-(")
    return Clues(title, page.names, page.body, sections, when)


def _issuer_kind(issuer: Told, page: Page, year: int | None) -> IssuerKind:
    """Whether the region's government speaks or one of its departments."""
    if not issuer.value:
        return ""
    return issuer_kind(issuer.value, year, [page.title, page.head.joined, page.tail.joined])


def _region(page: Page, issuer: Told, year: int | None) -> tuple[Resolution, str]:
    """The region the document is about."""
    clues = [Clue(issuer.value, issuer.source), Clue(page.title, page.title_source), Clue(page.occasion, "title")]
    if signed := signature(page.tail):
        clues.append(Clue(signed.text, signed.source))
    clues += [Clue(value.text, "publisher") for value, _ in (*page.blocks.get("issuer", ()), *page.blocks.get("publisher", ()))]
    clues += [Clue(page.declared.get(key, ""), "declared") for key in ("sitename", "contentsource", "columnname")]
    clues += [Clue(text, source) for source, text in page.names]
    clues += [Clue(line, "page") for line in page.head.unlabelled if _OF_THE_SITE.search(line)]
    return find_region([clue for clue in clues if clue.text], [page.head.joined, page.tail.joined], page.body, year)


def _year_issues(page: Page, kind: DocumentType, years: Sequence[Year]) -> list[Issue]:
    """Places that state another report year than the one chosen; what is only inferred from dates and counts is not compared."""
    if not years:
        said = "no report year in title, text, signature, file name or manifest; add a title with the year to the manifest"
        return [("metadata_missing", "report_year", said)]
    chosen = years[0]
    compared = {"annual_report": {"opening", "file_name", "manifest"}, "work_report": {"heading", "file_name", "manifest"}}.get(kind, set())
    issues: list[Issue] = []
    for other in dict.fromkeys(years[1:]):
        if other.value != chosen.value and other.source in compared:
            said = f"{chosen.source} tells {chosen.value}, {other.source} tells {other.value}; {chosen.value} was taken"
            issues.append(("metadata_conflict", "report_year", said))
    delivered = re.search(r"年(\d{1,2})月", page.title or "".join(text for _, text in page.names))
    if kind == "work_report" and delivered and int(delivered[1]) >= 6:
        said = f"a work report delivered in month {delivered[1]}: taken as a review of {chosen.value}, it may tell of the year itself"
        issues.append(("mid_year_report", "report_year", said))
    return issues


def _region_issues(page: Page, region: Resolution, source: str, year: int | None) -> list[Issue]:
    """Why the region is open, or where the file's name or the manifest names a region that is neither it nor above or below it."""
    if region.region is None:
        reason = region.reason or "no_region"
        kind = reason if reason.startswith("no_region") else f"region_{reason}"
        return [(kind, "region_code", f"{source or 'nothing found'}: {region.region_name} {WHY_OPEN[reason]}".replace(":  ", ": "))]
    issues: list[Issue] = []
    for place, text in page.names:
        other = resolve(text, year, [region.region_name])
        if other.region and not (other.region_name.startswith(region.region_name) or region.region_name.startswith(other.region_name)):
            said = f"{source} tells {region.region_name}, {place} tells {other.region_name}; the former was taken"
            issues.append(("metadata_conflict", "region_code", said))
    return issues


def _date_issues(signed: Told, published: Told) -> list[Issue]:
    """A document cannot appear before it is signed."""
    if signed.value and published.value and published.value < signed.value:
        said = f"published on {published.value}, before it was signed on {signed.value}; both were kept"
        return [("metadata_conflict", "published_on", said)]
    return []
