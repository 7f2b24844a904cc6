"""The raw files and the texts read out of them."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import (
    Integers,
    Model,
    choice_column,
    collection_column,
    column,
    no_null_items,
    optional_report_column,
    report_column,
    requires,
    text_column,
)
from schemas.registry import ForeignKey
from schemas.values import FILE_STATUSES, HASH_OR_EMPTY

MANIFEST = "manifest.csv of the collection"
CLEAN = "pipeline.clean"


class RawFiles(Model):
    """Every delivered file, exactly once."""

    collection: str = collection_column()
    path: str = text_column(
        "Path",
        "The file below data/raw/<collection>/, with forward slashes.",
        source=MANIFEST,
        example="000_5294964d9a8dd071.txt",
        str_matches=r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*$",
    )
    sha256: str = text_column(
        "SHA-256",
        "Hash of the file's bytes, in lower-case hex; empty where there is no such file.",
        source="the file",
        example="5294964d9a8dd071" * 4,
        str_matches=HASH_OR_EMPTY,
    )
    size: int = column("Size", "Length of the file.", source="the file", unit="bytes", example=9421, ge=0)
    media_type: str = text_column(
        "Media type",
        "What the content was recognised as; empty where it was not.",
        source="pipeline.ingest",
        example="text/plain",
        str_matches=r"^([a-z]+/[A-Za-z0-9.+-]+)?$",
    )
    source_url: str = text_column("Source", "Address the file was served from; empty if unknown.", source=MANIFEST, example="")
    retrieved_at: str = text_column(
        "Retrieved",
        "When the file was fetched: an ISO 8601 date, or date and time; empty if unknown.",
        source=MANIFEST,
        example="2024-03-01",
        str_matches=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?$",
    )
    licence: str = text_column(
        "Licence", "What the manifest says of the right to use the file.", source=MANIFEST, example="Article 5, Copyright Law of the PRC"
    )
    status: str = choice_column(
        "Status",
        "parsed: became a report; duplicate: same bytes as a kept file; quarantined: could not become a report.",
        FILE_STATUSES,
        source="pipeline.batch",
        example="parsed",
    )
    reason: str = text_column(
        "Reason", "Why a file is quarantined, or a note on a duplicate; empty for parsed files.", source="pipeline.ingest", example=""
    )
    report_id: str = optional_report_column("Report", "The report read from the file; null unless parsed.", example="5294964d9a8dd071")
    duplicate_of: str = optional_report_column(
        "Duplicate of", "The report of the kept file with the same bytes; null unless a duplicate.", example=None
    )

    stays_below_its_folder = requires(
        "path does not climb out of its collection",
        ~pl.col("path").str.split("/").list.contains(".."),
        broken_by={"path": "a/../../passwd"},
    )
    quarantine_has_a_reason = requires(
        "a quarantined file has a reason",
        (pl.col("status") != "quarantined") | (pl.col("reason").str.strip_chars() != ""),
        broken_by={"status": "quarantined", "report_id": None, "reason": " "},
    )
    parsed_has_no_reason = requires(
        "a parsed file has no reason", (pl.col("status") != "parsed") | (pl.col("reason") == ""), broken_by={"reason": "unreadable"}
    )
    duplicate_names_its_original = requires(
        "duplicate_of is there exactly for duplicates",
        (pl.col("status") == "duplicate") == pl.col("duplicate_of").is_not_null(),
        broken_by={"status": "duplicate", "report_id": None},
    )
    parsed_has_a_report = requires(
        "report_id is there exactly for parsed files",
        (pl.col("status") == "parsed") == pl.col("report_id").is_not_null(),
        broken_by={"report_id": None},
    )
    report_is_named_by_its_bytes = requires(
        "report_id is the beginning of sha256",
        pl.col("report_id") == pl.col("sha256").str.slice(0, 16),
        broken_by={"report_id": "0000000000000000"},
    )

    class Config:
        """The table."""

        title = "Raw files"
        description = (
            "A row is a delivered file. Every file of a collection is here exactly once: parsed, a duplicate of a named report, "
            "or quarantined with a reason."
        )
        unique: ClassVar[list[str]] = ["collection", "path"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "path"],
            "foreign_keys": [
                ForeignKey("report_id", "reports", "report_id"),
                ForeignKey("duplicate_of", "reports", "report_id", across=True),
            ],
        }


class RawTexts(Model):
    """The decoded text of every parsed file, and how the body maps back onto it."""

    collection: str = collection_column()
    report_id: str = report_column()
    raw_text: str = text_column(
        "Raw text",
        "The decoded file before any cleaning; raw offsets point into it.",
        source="pipeline.ingest",
        example="东阳市人民政府\r\n……",
        str_length={"min_value": 1},
    )
    encoding: str = text_column("Encoding", "Character encoding the file was decoded with.", source="pipeline.ingest", example="utf-8")
    repaired: int = column(
        "Repaired",
        "Characters that were not valid in the encoding and had to be replaced.",
        source="pipeline.ingest",
        unit="characters",
        example=0,
        ge=0,
    )
    pages: Integers = column(
        "Pages",
        "Raw offset at which each page begins; empty for a file without pages.",
        source="pipeline.ingest",
        unit="characters of the raw text",
        example=[0, 900],
    )
    map_body: Integers = column(
        "Map: body", "Body offset at which each run of the offset map begins.", source=CLEAN, unit="characters of the body", example=[0, 8]
    )
    map_raw: Integers = column(
        "Map: raw", "Raw offset at which each run begins.", source=CLEAN, unit="characters of the raw text", example=[12, 30]
    )
    map_width: Integers = column(
        "Map: width",
        "Raw characters that one body character of the run stands for.",
        source=CLEAN,
        unit="characters of the raw text",
        example=[1, 2],
    )

    runs_are_whole = requires(
        "the three lists of the offset map are equally long",
        (pl.col("map_body").list.len() == pl.col("map_raw").list.len()) & (pl.col("map_body").list.len() == pl.col("map_width").list.len()),
        broken_by={"map_width": [1]},
    )
    runs_are_ordered = requires(
        "map_body begins at 0 and ascends",
        (pl.col("map_body").list.get(0, null_on_oob=True) == 0)
        & pl.col("map_body").list.diff().list.slice(1).list.eval(pl.element() > 0).list.all(),
        broken_by={"map_body": [0, 0]},
    )
    pages_have_values = no_null_items("pages")
    pages_are_ordered = requires(
        "pages ascends", pl.col("pages").list.diff().list.slice(1).list.eval(pl.element() >= 0).list.all(), broken_by={"pages": [7, 3]}
    )
    body_has_values = no_null_items("map_body")
    raw_has_values = no_null_items("map_raw")
    width_has_values = no_null_items("map_width")

    class Config:
        """The table."""

        title = "Raw texts"
        description = (
            "A row is the decoded text of a parsed file, with the map from body offsets to raw offsets (runs, see pipeline.records)."
        )
        unique: ClassVar[list[str]] = ["report_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["collection", "report_id"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id")],
        }
