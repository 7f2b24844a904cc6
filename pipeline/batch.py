"""The chain from raw files to audits, over a batch: the pure functions of the stages, with frames in between.

`extract_files` and `extract_batch` run the whole chain in memory, for the command line, a process pool, or a Ray or Spark worker.
The assets run it in three steps with the lake between them: `read_entries`, `numbers`, `meanings`. Both go through the same
functions a report, so both give the same rows.

A file that cannot become a report is a quarantined row (`QuarantineError`); any other exception is a bug and is raised as
`ReadingBugError` with the file's name.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from pipeline import audit, clean, coding, extract, ingest, parse, tables
from pipeline.corrections import Correction, corrected_observations, corrected_quantities
from pipeline.extract.context import Context
from pipeline.manifest import Collection, Entry, kept_files
from pipeline.parse.gazetteer import gazetteer
from pipeline.records import Audit, Body, Cleaned, Decoded, Observation, OffsetMap, Quantity, QuarantineError, RawFile, Section

if TYPE_CHECKING:
    import pyarrow as pa

READING_TABLES = ("raw_files", "raw_texts", "reports", "sections", "issues")
NUMBER_TABLES = ("numerals", "quantities", "corrections")
MEANING_TABLES = ("observations", "audits")
TABLES = READING_TABLES + NUMBER_TABLES + MEANING_TABLES
# How many reports are rows of Python objects at one time; the rest are frames, a tenth of the size.
CHUNK = 200

Item = TypeVar("Item")
Record = TypeVar("Record", Section, Quantity)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Frames = dict[str, pl.DataFrame]


class ReadingBugError(RuntimeError):
    """An error in the program that a file brought to light. The message names the file; the cause is the error itself."""


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report as the stages behind the reading see it."""

    collection: str
    report_id: str
    path: str
    region_code: str
    raw_text: str
    pages: tuple[int, ...]
    body: Body
    sections: tuple[Section, ...]
    context: Context

    def raw_span(self, start: int, end: int) -> tuple[int, int, str]:
        """A span of the body as raw start, raw end and the characters that stand there."""
        raw_start, raw_end = self.body.offsets.start(start), self.body.offsets.end(end)
        return raw_start, raw_end, self.raw_text[raw_start:raw_end]


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
    texts = (reading["reports"], reading["raw_texts"], reading["sections"])
    counted = numbers(*texts)
    return {**reading, **counted, **meanings(*texts, counted["quantities"], counted["corrections"])}


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
    return _in_chunks(
        NUMBER_TABLES, _texts(reports, raw_texts, sections), lambda text: _number_rows(text, by_report.get(text.report_id, []))
    )


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
        counted = [] if found is None else [_record(Quantity, row) for row in found.iter_rows(named=True)]
        return _meaning_rows(text, counted, by_hand.get(text.report_id, []))

    return _in_chunks(MEANING_TABLES, _texts(reports, raw_texts, sections), rows)


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


@contextmanager
def _named(collection: str, path: str) -> Iterator[None]:
    """Raise what is a bug with the name of the file that brought it to light."""
    try:
        yield
    except QuarantineError:
        raise
    except Exception as error:
        raise ReadingBugError(
            f"{PurePosixPath(collection, path)}: {type(error).__name__}: {error}. This is a bug: please report it with the file."
        ) from error


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
        with _named(entry.collection, entry.path):
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
    with _named(entry.collection, entry.path):
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
                **_columns(parsed.metadata),
                "issuer_kind": parsed.issuer_kind,
                "sources": [f"{name}={place}" for name, place in sorted(parsed.sources.items())],
                "script": cleaned.script,
                "encoding": decoded.encoding,
                "body": body.text,
                "duplicate_of": None,
            }
        ],
        "sections": [{**owner, **_columns(section)} for section in sections],
        "issues": [_issue(entry, number, *issue) for number, issue in enumerate(parsed.issues, start=1)],
    }


def _texts(reports: pl.DataFrame, raw_texts: pl.DataFrame, sections: pl.DataFrame) -> Iterator[ReportText]:
    by_report = {str(key[0]): frame for key, frame in sections.sort("report_id", "section_no").group_by("report_id", maintain_order=True)}
    both = reports.join(raw_texts.select("report_id", "raw_text", "pages", "map_body", "map_raw", "map_width"), on="report_id", how="inner")
    for row in both.sort("collection", "report_id").iter_rows(named=True):
        own = by_report.get(row["report_id"])
        yield ReportText(
            collection=row["collection"],
            report_id=row["report_id"],
            path=row["path"],
            region_code=row["region_code"],
            raw_text=row["raw_text"],
            pages=tuple(row["pages"]),
            body=Body(row["body"], OffsetMap(tuple(row["map_body"]), tuple(row["map_raw"]), tuple(row["map_width"]))),
            sections=() if own is None else tuple(_record(Section, section) for section in own.iter_rows(named=True)),
            context=Context(
                row["report_year"],
                row["target_year"],
                row["document_type"],
                _own_names(row["region_code"], row["issuer"] if row["issuer_kind"] == "department" else ""),
                row["issuer_kind"],
            ),
        )


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


def _columns(record: Any) -> Row:
    """A record as the row of its table: the fields are named as the columns."""
    return {name: getattr(record, name) for name in record.__slots__}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Every name, full or short, by which a region code is told (东阳市, 东阳)."""
    names: dict[str, dict[str, None]] = {}
    for name, tellings in gazetteer().told_by.items():
        for told in tellings:
            names.setdefault(told.region.region_code, {})[name] = None
    return {code: tuple(found) for code, found in names.items()}


@cache
def _units() -> dict[str, str]:
    return {code: indicator.unit for code, indicator in coding.codebook().indicators.items()}


def _own_names(region_code: str, department: str) -> tuple[str, ...]:
    """How a report may call its place and, where a department issued it, that department."""
    return (*(parse.department_names(department) if department else ()), *_names().get(region_code, ()))


def _record(kind: type[Record], row: Row) -> Record:
    """A record from the row of its table: the columns are named as the fields."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def _number_rows(text: ReportText, corrections: Sequence[Correction]) -> Rows:
    owner = {"collection": text.collection, "report_id": text.report_id}
    with _named(text.collection, text.path):
        numerals, quantities = extract.read_numbers(text.body.text, list(text.sections), text.context)
        rows = [{**owner, **_quantity_row(text, quantity)} for quantity in quantities]
    return {
        "numerals": [{**owner, **_columns(numeral)} for numeral in numerals],
        "quantities": corrected_quantities(rows, corrections),
        "corrections": [{**owner, **_columns(each)} for each in corrections],
    }


def _quantity_row(text: ReportText, quantity: Quantity) -> Row:
    raw_start, raw_end, quote = text.raw_span(quantity.start, quantity.end)
    return {
        **_columns(quantity),
        "quantity_id": f"{text.report_id}-{raw_start}",
        "raw_start": raw_start,
        "raw_end": raw_end,
        "quote": quote,
        "sentence": text.raw_span(quantity.sentence_start, quantity.sentence_end)[2],
        "page": bisect_right(text.pages, raw_start) if text.pages else None,
    }


def _meaning_rows(text: ReportText, quantities: list[Quantity], corrections: Sequence[Correction]) -> Rows:
    with _named(text.collection, text.path):
        observations = coding.observe(text.body.text, list(text.sections), text.context, quantities)
        audits = audit.audit(text.body.text, quantities, observations)
        ids = [f"{text.report_id}-{text.body.offsets.start(quantity.start)}" for quantity in quantities]
        rows = [_observation_row(text, observation) for observation in observations]
        audited = [_audit_row(text, number, found, ids) for number, found in enumerate(audits, start=1)]
    return {"observations": corrected_observations(rows, corrections, _units()), "audits": audited}


def _observation_row(text: ReportText, observation: Observation) -> Row:
    raw_start, raw_end, quote = text.raw_span(observation.quote_start, observation.quote_end)
    quantity_id = f"{text.report_id}-{text.body.offsets.start(observation.quantity.start)}"
    return {
        "collection": text.collection,
        "observation_id": f"{quantity_id}-{observation.code}",
        "report_id": text.report_id,
        "quantity_id": quantity_id,
        "region_code": text.region_code,
        "code": observation.code,
        "year": observation.year,
        "value": observation.value,
        "value_high": observation.value_high,
        "unit": observation.unit,
        "comparator": observation.comparator,
        "status": observation.status,
        "scope": observation.scope,
        "quote": quote,
        "raw_start": raw_start,
        "raw_end": raw_end,
        "matched_by": observation.matched_by,
    }


def _audit_row(text: ReportText, number: int, found: Audit, quantity_ids: Sequence[str]) -> Row:
    return {
        "collection": text.collection,
        "audit_id": f"{text.report_id}-a{number}",
        "report_id": text.report_id,
        "kind": found.kind,
        "expression": found.expression,
        "left": found.left,
        "right": found.right,
        "difference": found.left - found.right,
        "tolerance": found.tolerance,
        "verdict": found.verdict,
        "rule": found.rule,
        "quantity_ids": [quantity_ids[index] for index in found.quantities],
    }
