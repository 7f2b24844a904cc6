"""Corrections by hand: `data/corrections.csv`, applied to what the program read.

A correction names a number by its report and quantity, the field, what the program reads there (`expect`) and what it should be. It is
applied right after extraction (a `code` after coding), so that all that follows is made from the corrected number; what was read stays
beside it in `as_read`. When the program reads something else than expected, the correction is stale: the run fails until somebody has
looked at it and changed or removed the line. So a mended program does not leave a wrong correction behind.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from schemas.values import CORRECTED_FIELDS, QUANTITY_ID

FILE_NAME = "corrections.csv"
Row = dict[str, Any]


class CorrectionError(ValueError):
    """A correction that cannot be read or applied. The message names it, says what was found, and what to do."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of the file; `expect` and `value` are as written there, empty for null."""

    report_id: str
    quantity_id: str
    field: str
    expect: str
    value: str
    reason: str
    who: str

    def __str__(self) -> str:
        return f"data/{FILE_NAME}: the correction of {self.field} of quantity {self.quantity_id}"


COLUMNS = tuple(each.name for each in fields(Correction))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _year(text: str) -> int | None:
    return int(text) if text else None


#: How the text of a field becomes what its column holds.
VALUES: Mapping[str, Callable[[str], object]] = {"value": float, "value_high": _number, "year": _year}


def read(raw_folder: Path) -> tuple[Correction, ...]:
    """The corrections of the project whose raw files are in `raw_folder` (data/raw/); none if it has no such file."""
    path = raw_folder.parent / FILE_NAME
    return parse(path.read_text(encoding="utf-8-sig")) if path.exists() else ()


def parse(text: str) -> tuple[Correction, ...]:
    """The corrections in the text of the file. Raises CorrectionError that names the line."""
    reader = csv.reader(io.StringIO(text, newline=""))
    lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    if not lines or tuple(lines[0][1]) != COLUMNS:
        raise CorrectionError(f"data/{FILE_NAME}: the first line must be {','.join(COLUMNS)}.")
    found: dict[tuple[str, str], Correction] = {}
    for number, cells in lines[1:]:
        correction = _correction(number, cells)
        key = (correction.quantity_id, correction.field)
        if key in found:
            raise CorrectionError(f"data/{FILE_NAME}, line {number}: {correction.field} of {correction.quantity_id} is corrected twice.")
        found[key] = correction
    return tuple(found.values())


def _correction(number: int, cells: Sequence[str]) -> Correction:
    place = f"data/{FILE_NAME}, line {number}"
    if len(cells) != len(COLUMNS):
        raise CorrectionError(f"{place}: has {len(cells)} cells, expected {len(COLUMNS)}: {', '.join(COLUMNS)}.")
    correction = Correction(*(cell.strip() for cell in cells))
    if correction.field not in CORRECTED_FIELDS:
        raise CorrectionError(f"{place}: {correction.field!r} cannot be corrected; expected one of {', '.join(CORRECTED_FIELDS)}.")
    if not re.match(QUANTITY_ID, correction.quantity_id) or not correction.quantity_id.startswith(f"{correction.report_id}-"):
        raise CorrectionError(f"{place}: {correction.quantity_id!r} is no quantity of the report {correction.report_id!r}.")
    if not correction.reason or not correction.who:
        raise CorrectionError(f"{place}: a correction needs a reason and who says so.")
    if correction.field == "code" and not correction.expect:
        raise CorrectionError(
            f"{place}: a code can be changed or removed; one that is missing is told to the codebook (schemas/data/indicators)."
        )
    for text in (correction.expect, correction.value):
        _typed(correction, text)
    if _typed(correction, correction.expect) == _typed(correction, correction.value):
        raise CorrectionError(f"{place}: corrects {correction.expect!r} to the same.")
    return correction


def _typed(correction: Correction, text: str) -> object:
    try:
        return VALUES.get(correction.field, str)(text)
    except ValueError:
        raise CorrectionError(f"{correction}: {text!r} is no {correction.field}.") from None


def of_reports(corrections: Iterable[Correction], report_ids: Iterable[str]) -> tuple[Correction, ...]:
    """The corrections of some reports."""
    wanted = set(report_ids)
    return tuple(each for each in corrections if each.report_id in wanted)


def refuse_unknown(corrections: Iterable[Correction], report_ids: Iterable[str]) -> None:
    """Raises CorrectionError for a correction of a report that is none of these."""
    known = set(report_ids)
    for each in corrections:
        if each.report_id not in known:
            raise CorrectionError(f"{each}: no file in data/raw/ is the report {each.report_id}. Put the file back, or remove the line.")


def corrected_quantities(rows: Sequence[Row], corrections: Sequence[Correction]) -> list[Row]:
    """The quantities of a report with its corrections applied; every row gets `as_read`. Raises CorrectionError for a stale one."""
    by_id = {row["quantity_id"]: {**row, "as_read": []} for row in rows}
    for each in corrections:
        row = by_id.get(each.quantity_id)
        if row is None:
            raise CorrectionError(f"{each}: there is no such quantity any more. Look at the report again; then change or remove the line.")
        if each.field != "code":
            _refuse_stale(each, row[each.field])
            row["as_read"] = [*row["as_read"], f"{each.field}={each.expect}"]
            row[each.field] = _typed(each, each.value)
    return list(by_id.values())


def corrected_observations(rows: Sequence[Row], corrections: Sequence[Correction], units: Mapping[str, str]) -> list[Row]:
    """The observations of a report with its corrections applied; every row gets `as_read`.

    A quantity's corrections show in the observations made from it. A `code` is changed (the unit becomes that of the new indicator,
    `units` by code) or, where it should be empty, the observation is left out. Raises CorrectionError for a stale one.
    """
    marks: dict[str, list[str]] = {}
    for each in corrections:
        marks.setdefault(each.quantity_id, []).extend([f"{each.field}={each.expect}"] if each.field != "code" else [])
    by_id = {row["observation_id"]: {**row, "as_read": marks.get(row["quantity_id"], [])} for row in rows}
    for each in corrections:
        if each.field == "code":
            _recode(each, by_id, units)
    return list(by_id.values())


def _recode(correction: Correction, by_id: dict[str, Row], units: Mapping[str, str]) -> None:
    row = by_id.pop(f"{correction.quantity_id}-{correction.expect}", None)
    if row is None:
        raise CorrectionError(f"{correction}: it is not coded {correction.expect!r} any more. Change or remove the line.")
    if not correction.value:
        return
    if correction.value not in units:
        raise CorrectionError(f"{correction}: there is no indicator {correction.value!r} in the codebook.")
    new_id = f"{correction.quantity_id}-{correction.value}"
    if new_id in by_id:
        raise CorrectionError(f"{correction}: it is coded {correction.value!r} already. Leave the new value empty to remove the wrong one.")
    by_id[new_id] = {
        **row,
        "observation_id": new_id,
        "code": correction.value,
        "unit": units[correction.value],
        "as_read": [*row["as_read"], f"code={correction.expect}"],
        "matched_by": "correction",
    }


def _refuse_stale(correction: Correction, found: object) -> None:
    if found != _typed(correction, correction.expect):
        raise CorrectionError(
            f"{correction} expects {correction.expect!r}, and the program reads {'' if found is None else found!r}. "
            "Look at the report again; then change or remove the line."
        )
