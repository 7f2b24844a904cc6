"""Reports as documents: metadata and body, headings, and what was noticed while reading them."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Model,
    Texts,
    body_offset,
    choice_column,
    collection_column,
    column,
    no_null_items,
    not_reversed,
    optional_report_column,
    report_column,
    requires,
    text_column,
    year_column,
)
from schemas.registry import ForeignKey
from schemas.values import DOCUMENT_TYPES, ISSUER_KINDS, LEVELS, NAME, REGION_CODE_OR_EMPTY, SCRIPTS, SEVERITIES

METADATA = "pipeline.parse.metadata"
SECTIONS = "pipeline.parse.sections"


class Reports(Model):
    """The documents."""

    collection: str = collection_column()
    report_id: str = report_column("The first 16 hex digits of the raw file's SHA-256.")
    path: str = text_column(
        "Path",
        "The raw file below data/raw/<collection>/.",
        source="raw_files",
        example="000_5294964d9a8dd071.txt",
        str_length={"min_value": 1},
    )
    title: str = text_column(
        "Title",
        "Title as the document has it; empty if none was found.",
        source=METADATA,
        example="东阳市人民政府关于2017年法治政府建设的情况报告",
    )
    document_number: str = text_column("Document number", "发文字号; empty if none.", source=METADATA, example="东阳市专报〔2018〕2号")
    issuer: str = text_column("Issuer", "The body that issued the document; empty if not found.", source=METADATA, example="东阳市人民政府")
    issuer_kind: str = choice_column(
        "Issuer kind",
        "government: the region's government or its office; department: one of its departments; empty if not found.",
        ISSUER_KINDS,
        source=METADATA,
        example="government",
    )
    region_code: str = text_column(
        "Region",
        "GB/T 2260 code of the region the report is about, as valid in the report's year; empty if not found.",
        source=METADATA,
        example="330783",
        str_matches=REGION_CODE_OR_EMPTY,
    )
    region_name: str = text_column(
        "Region name", "The region's full name, levels separated by /.", source=METADATA, example="浙江省/金华市/东阳市"
    )
    level: str = choice_column(
        "Level", "Administrative level of the region; empty if not found.", (*LEVELS, ""), source=METADATA, example="county"
    )
    report_year: int = year_column(
        "Report year", "The year the report is about; null if not found.", source=METADATA, example=2017, nullable=True
    )
    target_year: int = year_column(
        "Target year", "The year a plan's undated targets must hold by; null if not a plan.", source=METADATA, example=None, nullable=True
    )
    document_type: str = choice_column(
        "Document type", "What kind of document it is.", DOCUMENT_TYPES, source=METADATA, example="annual_report"
    )
    published_on: pl.Date = column(
        "Published",
        "Date of publication; null if not told.",
        source=METADATA,
        unit="date",
        example=date(2018, 3, 22),
        nullable=True,
    )
    signed_on: pl.Date = column(
        "Signed", "Date below the signature; null if not told.", source=METADATA, unit="date", example=date(2018, 1, 22), nullable=True
    )
    signer: str = text_column("Signer", "签发人; empty if none.", source=METADATA, example="姚激扬")
    recipients: Texts = column("Recipients", "主送: whom the document is addressed to.", source=METADATA, example=["金华市人民政府"])
    copies_to: Texts = column("Copies to", "抄送: who receives copies.", source=METADATA, example=["东阳市委"])
    attachment_title: str = text_column(
        "Attachment title", "Title of the attachment that holds the content; empty if none.", source=METADATA, example=""
    )
    sources: Texts = column(
        "Sources",
        "Where each field was found, as field=place; pipeline.parse.metadata lists the places.",
        source=METADATA,
        example=["title=title", "report_year=title"],
    )
    script: str = choice_column(
        "Script", "hans simplified, hant traditional, as the file has it.", SCRIPTS, source="pipeline.clean", example="hans"
    )
    encoding: str = text_column("Encoding", "Character encoding the file was decoded with.", source="pipeline.ingest", example="utf-8")
    body: str = text_column(
        "Body",
        "The report's own text: simplified, half-width digits, no page chrome, each paragraph once. Body offsets point into it.",
        source="pipeline.clean",
        example="为了全面落实《法治政府建设实施纲要》……",
        str_length={"min_value": 1},
    )
    duplicate_of: str = optional_report_column(
        "Duplicate of",
        "The earlier report of which this is another copy, in other bytes (table duplicates); null if it is none.",
        example=None,
    )

    is_not_its_own_duplicate = requires(
        "duplicate_of is another report", pl.col("duplicate_of") != pl.col("report_id"), broken_by={"duplicate_of": "5294964d9a8dd071"}
    )
    a_code_has_a_name = requires(
        "a report with a region_code has a region_name",
        (pl.col("region_code") == "") | (pl.col("region_name") != ""),
        broken_by={"region_name": ""},
    )
    sources_have_values = no_null_items("sources")
    recipients_have_values = no_null_items("recipients")
    copies_have_values = no_null_items("copies_to")

    class Config:
        """The table."""

        title = "Reports"
        description = "A row is a report: the document in a raw file, with its metadata and its body."
        unique: ClassVar[list[str]] = ["report_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id"],
            "foreign_keys": [
                ForeignKey("region_code", "regions", "region_code"),
                ForeignKey("duplicate_of", "reports", "report_id", across=True),
            ],
        }


class Sections(Model):
    """The heading trees."""

    collection: str = collection_column()
    report_id: str = report_column()
    section_no: int = column("Section", "Number of the heading in reading order, from 1.", source=SECTIONS, unit="ordinal", example=2, ge=1)
    parent_no: int = column(
        "Parent", "section_no of the heading above; 0 is the body itself.", source=SECTIONS, unit="ordinal", example=1, ge=0
    )
    level: int = column("Level", "Depth in the tree; 1 is the highest.", source=SECTIONS, unit="levels", example=2, ge=1)
    label: str = text_column("Label", "The heading's label; empty for a heading without one.", source=SECTIONS, example="(一)")
    title: str = text_column("Title", "The heading without its label.", source=SECTIONS, example="加强行政复议工作")
    start: int = body_offset("Start", "Where the heading begins.", source=SECTIONS, example=120)
    end: int = body_offset("End", "Where the section with its subsections ends.", source=SECTIONS, example=460)

    span_is_not_reversed = not_reversed("start", "end", broken_by={"end": 119})
    parent_comes_first = requires(
        "parent_no is smaller than section_no", pl.col("parent_no") < pl.col("section_no"), broken_by={"parent_no": 2}
    )

    class Config:
        """The table."""

        title = "Sections"
        description = "A row is a heading of a report and the span of the body it governs."
        unique: ClassVar[list[str]] = ["report_id", "section_no"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id", "section_no"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id")],
        }


class Issues(Model):
    """What a person should look at."""

    collection: str = collection_column()
    issue_id: str = text_column(
        "Issue",
        "Name of the issue, made from what it is about.",
        source="pipeline.batch",
        example="5294964d9a8dd071-issuer",
        str_matches=r"^\S+$",
    )
    report_id: str = optional_report_column(
        "Report", "The report it is about; null for a file that became none.", example="5294964d9a8dd071"
    )
    path: str = text_column("Path", "The raw file below data/raw/<collection>/.", source="raw_files", example="000_5294964d9a8dd071.txt")
    severity: str = choice_column(
        "Severity",
        "error: data is missing or wrong; warning: it may be; info: worth knowing.",
        SEVERITIES,
        source="pipeline.batch",
        example="warning",
    )
    kind: str = text_column("Kind", "What sort of issue it is.", source="pipeline.batch", example="metadata_missing", str_matches=NAME)
    field: str = text_column("Field", "The column it is about; empty if none.", source="pipeline.batch", example="issuer")
    message: str = text_column(
        "Message",
        "What was found, what was expected and what to do.",
        source="pipeline.batch",
        example="no issuer found; expected one in title or signature",
        str_length={"min_value": 1},
    )

    class Config:
        """The table."""

        title = "Issues"
        description = "A row is something noticed while reading a file that a person should know of."
        unique: ClassVar[list[str]] = ["issue_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "issue_id"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id")],
        }
