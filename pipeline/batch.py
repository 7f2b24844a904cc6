"""The chain from raw files to audits, over a batch: the pure functions of the stages, with frames in between.

`extract_files` and `extract_batch` run the whole chain in memory, for the command line, a process pool, or a Ray or Spark worker.
The assets run it in three steps with the lake between them: `read_entries`, `numbers`, `meanings`. Both go through the same
functions a report, so both give the same rows.

A file that cannot become a report is a quarantined row (`QuarantineError`); any other exception is a bug and is raised as
`ReadingBugError` with the file's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from pipeline import clean, ingest, parse, tables
from pipeline.corrections import Correction
from pipeline.manifest import Collection, Entry, kept_files
from pipeline.records import Cleaned, Decoded, Quantity, QuarantineError, RawFile
from pipeline.rows import ReportText, Row, Rows, columns, meaning_rows, named, number_rows, record, texts

if TYPE_CHECKING:
    import pyarrow as pa

READING_TABLES = ("raw_files", "raw_texts", "reports", "sections", "issues")
NUMBER_TABLES = ("numerals", "quantities", "corrections")
MEANING_TABLES = ("observations", "near_misses", "audits")
TABLES = READING_TABLES + NUMBER_TABLES + MEANING_TABLES
# How many reports are rows of Python objects at one time; the rest are frames, a tenth of the size.
CHUNK = 200

Item = TypeVar("Item")
Frames = dict[str, pl.DataFrame]


def extract_batch(batch: pa.RecordBatch) -> dict[str, pa.Table]:
    """All tables up to the audits from a batch of raw files.

    The batch has a row a file, with the columns `path` (text) and `content` (bytes) and, if known, `collection`, `source_url`,
    `retrieved_at`, `licence` and `title` (text, empty where unknown). The result has the Arrow schemas of `schemas.derive`.
    """
    from schemas.derive import arrow_schema

    names = [field.name for field in fields(RawFile) if field.name in batch.schema.names]
    files = [RawFile(**{"collection": "batch", **{name: row[name] for name in names}}) for row in batch.to_pylist()]
    return {name: frame.to_arrow().cast(arrow_schema(name)) for name, frame in extract_files(files).items()}


def extract_files(files: Sequence[RawFile]) -> Frames:
    """All tables up to the audits from raw files; of equal files the earliest is kept (`pipeline.manifest.kept_files`)."""
    by_key = {(file.collection, file.path): file for file in files}
    entries = [_entry(file) for file in by_key.values()]
    kept = kept_files([Collection("", Path(), tuple(entries))])
    reading = read_entries(entries, kept, lambda entry: by_key[entry.key])
    read = (reading["reports"], reading["raw_texts"], reading["sections"])
    counted = numbers(*read)
    return {**reading, **counted, **meanings(*read, counted["quantities"], counted["corrections"])}


def read_entries(entries: Iterable[Entry], kept: Mapping[tuple[str, str], Entry], load: Callable[[Entry], RawFile]) -> Frames:
    """The tables `READING_TABLES` for files of collections.

    `kept` maps the key of every duplicate to the file kept in its place; `load` gives an entry's bytes (`pipeline.manifest.read_file`).
    A duplicate is read too, and only to know whether it can be: what is unreadable is quarantined wherever it lies.
    """
    return _in_chunks(READING_TABLES, entries, lambda entry: _entry_rows(entry, kept.get(entry.key), load))


def numbers(reports: pl.DataFrame, raw_texts: pl.DataFrame, sections: pl.DataFrame, corrections: Sequence[Correction] = ()) -> Frames:
    """The tables `NUMBER_TABLES` for reports: every numeral of the bodies, those that measure something, and what was corrected in them.

    Corrections of other reports are passed over. Raises CorrectionError where one expects something else than is read.
    """
    by_report: dict[str, list[Correction]] = {}
    for each in corrections:
        by_report.setdefault(each.report_id, []).append(each)
    return _in_chunks(NUMBER_TABLES, texts(reports, raw_texts, sections), lambda text: number_rows(text, by_report.get(text.report_id, [])))


def meanings(
    reports: pl.DataFrame, raw_texts: pl.DataFrame, sections: pl.DataFrame, quantities: pl.DataFrame, corrections: pl.DataFrame
) -> Frames:
    """The tables `MEANING_TABLES` for reports, their quantities (corrected already) and the table `corrections`."""
    by_hand: dict[str, list[Correction]] = {}
    for row in corrections.drop("collection").iter_rows(named=True):
        by_hand.setdefault(row["report_id"], []).append(Correction(**row))
    by_report = {str(key[0]): frame for key, frame in quantities.sort("report_id", "start").group_by("report_id", maintain_order=True)}

    def rows(text: ReportText) -> Rows:
        found = by_report.get(text.report_id)
        counted = [] if found is None else [record(Quantity, row) for row in found.iter_rows(named=True)]
        return meaning_rows(text, counted, by_hand.get(text.report_id, []))

    return _in_chunks(MEANING_TABLES, texts(reports, raw_texts, sections), rows)


def _in_chunks(names: Sequence[str], items: Iterable[Item], rows_of: Callable[[Item], Rows]) -> Frames:
    chunks: dict[str, list[pl.DataFrame]] = {name: [tables.frame(name, [])] for name in names}
    waiting: Rows = {name: [] for name in names}
    for number, item in enumerate(items, start=1):
        for name, rows in rows_of(item).items():
            waiting[name].extend(rows)
        if number % CHUNK == 0:
            for name, rows in waiting.items():
                chunks[name].append(tables.frame(name, rows))
                rows.clear()
    return {name: tables.in_order(name, pl.concat([*chunks[name], tables.frame(name, waiting[name])])) for name in names}


def _entry(file: RawFile) -> Entry:
    return Entry(
        file.collection,
        file.path,
        sha256=hashlib.sha256(file.content).hexdigest(),
        size=len(file.content),
        source_url=file.source_url,
        retrieved_at=file.retrieved_at,
        licence=file.licence,
        title=file.title,
    )


def _entry_rows(entry: Entry, original: Entry | None, load: Callable[[Entry], RawFile]) -> Rows:
    remarks = [_remark(entry)] if entry.remark else []
    if entry.problem:
        return {"raw_files": [_file_row(entry, "quarantined", reason=entry.problem)], "issues": remarks}
    media_type = ""
    try:
        file = load(entry)
        with named(entry.collection, entry.path):
            decoded = ingest.decode(file.content, PurePosixPath(file.path).name)
            media_type = decoded.media_type
            cleaned = clean.clean(decoded)
    except QuarantineError as error:
        return {"raw_files": [_file_row(entry, "quarantined", media_type=media_type, reason=str(error))], "issues": remarks}
    if original is not None:
        reason = f"The same bytes as {original.collection}/{original.path}, which is kept."
        return {
            "raw_files": [_file_row(entry, "duplicate", media_type=media_type, reason=reason, duplicate_of=original.report_id)],
            "issues": remarks,
        }
    with named(entry.collection, entry.path):
        rows = _report_rows(entry, decoded, cleaned)
    rows["issues"] += remarks
    return {"raw_files": [_file_row(entry, "parsed", media_type=media_type, report_id=entry.report_id)], **rows}


def _file_row(
    entry: Entry, status: str, *, media_type: str = "", reason: str = "", report_id: str | None = None, duplicate_of: str | None = None
) -> Row:
    return {
        "collection": entry.collection,
        "path": entry.path,
        "sha256": entry.sha256,
        "size": entry.size,
        "media_type": media_type,
        "source_url": entry.source_url,
        "retrieved_at": entry.retrieved_at,
        "licence": entry.licence,
        "status": status,
        "reason": reason,
        "report_id": report_id,
        "duplicate_of": duplicate_of,
    }


def _remark(entry: Entry) -> Row:
    return {
        "collection": entry.collection,
        "issue_id": f"{hashlib.sha256('/'.join(entry.key).encode()).hexdigest()[:16]}-manifest",
        "report_id": None,
        "path": entry.path,
        "severity": "warning",
        "kind": "manifest",
        "field": "retrieved_at",
        "message": entry.remark,
    }


def _report_rows(entry: Entry, decoded: Decoded, cleaned: Cleaned) -> Rows:
    body = cleaned.body
    sections = parse.sections(body.text)
    parsed = parse.metadata(cleaned, sections, PurePosixPath(entry.path).name, entry.title, decoded.declared)
    owner = {"collection": entry.collection, "report_id": entry.report_id}
    return {
        "raw_texts": [
            {
                **owner,
                "raw_text": decoded.text,
                "encoding": decoded.encoding,
                "repaired": decoded.repaired,
                "pages": decoded.pages,
                "map_body": body.offsets.body,
                "map_raw": body.offsets.raw,
                "map_width": body.offsets.width,
            }
        ],
        "reports": [
            {
                **owner,
                "path": entry.path,
                **columns(parsed.metadata),
                "issuer_kind": parsed.issuer_kind,
                "sources": [f"{name}={place}" for name, place in sorted(parsed.sources.items())],
                "script": cleaned.script,
                "encoding": decoded.encoding,
                "body": body.text,
                "duplicate_of": None,
            }
        ],
        "sections": [{**owner, **columns(section)} for section in sections],
        "issues": [_issue(entry, number, *issue) for number, issue in enumerate(parsed.issues, start=1)],
    }


def _issue(entry: Entry, number: int, kind: str, column: str, message: str) -> Row:
    return {
        "collection": entry.collection,
        "issue_id": f"{entry.report_id}-m{number}",
        "report_id": entry.report_id,
        "path": entry.path,
        "severity": "warning",
        "kind": kind,
        "field": column,
        "message": message,
    }
