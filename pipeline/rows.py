"""A report's records as rows of the tables, and a report as the stages behind the reading see it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeVar

import polars as pl

from pipeline import audit, coding, extract, parse
from pipeline.corrections import Correction, corrected_observations, corrected_quantities
from pipeline.extract.context import Context
from pipeline.parse.gazetteer import gazetteer
from pipeline.records import Audit, Body, NearMiss, Observation, OffsetMap, Quantity, QuarantineError, Section

Record = TypeVar("Record", Section, Quantity)
# 鲤城区人民政府金龙街道办事处关于…, 乐清市柳市镇2024年…, 塔庄镇法治政府建设…
_TOWNSHIP = re.compile(
    r"(?:中共)?(?:[一-鿿]*(?:[省市县区州盟旗]|人民政府))?([一-鿿]{2,6}?(?:镇|乡|街道))(?=党[委工]|委员会|人民政府|办事处|关于|法治|依法|\(?(?:19|20)\d\d)"
)
Row = dict[str, Any]
Rows = dict[str, list[Row]]


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


@contextmanager
def named(collection: str, path: str) -> Iterator[None]:
    """Raise what is a bug with the name of the file that brought it to light."""
    try:
        yield
    except QuarantineError:
        raise
    except Exception as error:
        raise ReadingBugError(
            f"{PurePosixPath(collection, path)}: {type(error).__name__}: {error}. This is a bug: please report it with the file."
        ) from error


def texts(reports: pl.DataFrame, raw_texts: pl.DataFrame, sections: pl.DataFrame) -> Iterator[ReportText]:
    """The reports of three tables, one at a time, in the order of collection and report."""
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
            sections=() if own is None else tuple(record(Section, section) for section in own.iter_rows(named=True)),
            context=Context(
                row["report_year"],
                row["target_year"],
                row["document_type"],
                (
                    *_township_names(row["title"]),
                    *_own_names(row["region_code"], row["issuer"] if row["issuer_kind"] == "department" else ""),
                ),
                row["issuer_kind"],
            ),
        )


def columns(record: Any) -> Row:
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


def _township_names(title: str) -> tuple[str, ...]:
    """How a township's or sub-district's own report calls it, by its title: GB/T 2260 has no code for it, and most stand in no list."""
    found = _TOWNSHIP.match(title)
    return (found[1],) if found else ()


def record(kind: type[Record], row: Row) -> Record:
    """A record from the row of its table: the columns are named as the fields."""
    return kind(**{name: row[name] for name in kind.__struct_fields__})


def number_rows(text: ReportText, corrections: Sequence[Correction]) -> Rows:
    """A report's rows of `numerals`, `quantities` (corrected) and `corrections`."""
    owner = {"collection": text.collection, "report_id": text.report_id}
    with named(text.collection, text.path):
        numerals, quantities = extract.read_numbers(text.body.text, list(text.sections), text.context)
        rows = [{**owner, **_quantity_row(text, quantity)} for quantity in quantities]
    return {
        "numerals": [{**owner, **columns(numeral)} for numeral in numerals],
        "quantities": corrected_quantities(rows, corrections),
        "corrections": [{**owner, **columns(each)} for each in corrections],
    }


def _quantity_row(text: ReportText, quantity: Quantity) -> Row:
    raw_start, raw_end, quote = text.raw_span(quantity.start, quantity.end)
    return {
        **columns(quantity),
        "quantity_id": f"{text.report_id}-{raw_start}",
        "raw_start": raw_start,
        "raw_end": raw_end,
        "quote": quote,
        "sentence": text.raw_span(quantity.sentence_start, quantity.sentence_end)[2],
        "page": bisect_right(text.pages, raw_start) if text.pages else None,
    }


def meaning_rows(text: ReportText, quantities: list[Quantity], corrections: Sequence[Correction]) -> Rows:
    """A report's rows of `observations` (corrected), `near_misses` and `audits`; `quantities` are corrected already."""
    with named(text.collection, text.path):
        coded = coding.code(text.body.text, list(text.sections), text.context, quantities)
        observations = coded.observations
        audits = audit.audit(text.body.text, quantities, observations)
        ids = [f"{text.report_id}-{text.body.offsets.start(quantity.start)}" for quantity in quantities]
        rows = [_observation_row(text, observation) for observation in observations]
        missed = [_near_miss_row(text, found, ids[found.quantity]) for found in coding.near_misses(coded)]
        audited = [_audit_row(text, number, found, ids) for number, found in enumerate(audits, start=1)]
    corrected = corrected_observations(rows, corrections, _units())
    by_hand = {row["observation_id"] for row in corrected}
    return {
        "observations": corrected,
        "near_misses": [row for row in missed if row["near_miss_id"] not in by_hand],
        "audits": audited,
    }


def _near_miss_row(text: ReportText, found: NearMiss, quantity_id: str) -> Row:
    return {
        "collection": text.collection,
        "near_miss_id": f"{quantity_id}-{found.code}",
        "report_id": text.report_id,
        "quantity_id": quantity_id,
        "code": found.code,
        "rule": found.rule,
        "condition": found.condition,
        "words": list(found.words),
    }


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
