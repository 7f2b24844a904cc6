"""Gold sets: what people read in reports, as facts. `tests/gold/sets.yaml` says which files are sets and how each is read.

A row of a *complete* set is a fact of its report, and the set's reports hold no other (annotation contract, section "Gold files").
A row of a *sample* is an observation that the pipeline once made and a person then judged `right` or `wrong`; it says nothing of others.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml

Verdict = Literal["right", "wrong", ""]
_KINDS = ("complete", "sample")


class GoldError(ValueError):
    """A gold set that cannot be used; the message names the file, the line, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A fact about a report. `codes` are equally right, the first is the one it counts under.

    An `optional` row is right if found and not missed if absent. A row without codes only says that the report belongs to the set.
    """

    report: str
    codes: tuple[str, ...]
    year: int = 0
    value: float = 0.0
    value_high: float | None = None
    comparator: str = "eq"
    status: str = "actual"
    optional: bool = False
    verdict: Verdict = ""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A named set of gold rows. Observations of the codes `left_out` are not annotated in it and are not looked at.

    `precision_floor` (0 to 1) is the least precision with which a run may pass.
    """

    name: str
    complete: bool
    rows: tuple[GoldRow, ...]
    left_out: frozenset[str]
    precision_floor: float


def gold_folder() -> Path | None:
    """Where the gold files are: an installed package has them beside the codebook, a checkout in `tests/gold`. None where neither has."""
    installed = Path(str(resources.files("schemas") / "data" / "gold"))
    checkout = Path(str(resources.files("schemas"))).parent / "tests" / "gold"
    return next((folder for folder in (installed, checkout) if (folder / "sets.yaml").is_file()), None)


def gold_sets(folder: Path) -> tuple[GoldSet, ...]:
    """The gold sets that `sets.yaml` of the folder lists, in its order. Raises GoldError."""
    listed = yaml.safe_load((folder / "sets.yaml").read_text(encoding="utf-8"))
    return tuple(_gold_set(folder, name, entry) for name, entry in listed.items())


def report_names(folder: Path) -> dict[str, str]:
    """Report id -> the name by which the gold files call the report (`reports.csv`): gold holds for the very bytes that were read."""
    with (folder / "reports.csv").open(encoding="utf-8", newline="") as lines:
        return {row["report_id"]: row["report"] for row in csv.DictReader(lines)}


def gold_version(folder: Path | None) -> str:
    """Hash (16 hex digits) of all files of the folder; '' where there is none."""
    if folder is None:
        return ""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _gold_set(folder: Path, name: str, entry: Mapping[str, Any]) -> GoldSet:
    if entry.get("kind") not in _KINDS or not 0 <= entry.get("precision_floor", -1) <= 1:
        raise GoldError(f"{folder / 'sets.yaml'}: {name} needs a kind ({' or '.join(_KINDS)}) and a precision_floor from 0 to 1")
    complete = entry["kind"] == "complete"
    return GoldSet(
        name, complete, tuple(_rows(folder / entry["file"], complete)), frozenset(entry.get("left_out", ())), entry["precision_floor"]
    )


def _rows(path: Path, complete: bool) -> Iterator[GoldRow]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found = GoldRow(row["report"], ()) if row.get("none") else _row(row)
        except (KeyError, TypeError, ValueError) as error:
            raise GoldError(f"{path}, line {number}: {type(error).__name__} {error}; see the annotation contract for the fields") from error
        if not complete and found.verdict not in ("right", "wrong"):
            raise GoldError(f"{path}, line {number}: a row of a sample needs the verdict right or wrong, found {found.verdict!r}")
        yield found


def _row(row: Mapping[str, Any]) -> GoldRow:
    high = row.get("value_high")
    return GoldRow(
        report=row["report"],
        codes=(row["code"], *row.get("any_of", ())),
        year=int(row["year"]),
        value=float(row["value"]),
        value_high=None if high is None else float(high),
        comparator=row["comparator"],
        status=row["status"],
        optional=bool(row.get("optional")),
        verdict=row.get("verdict", ""),
    )
