"""The regions of China as tables: spells of codes, the divisions they belong to, and every name by which one is told.

The data are `schemas/data/regions.csv` (GB/T 2260, made by `schemas/make_regions.py`), `schemas/data/zones.csv` (functional zones that
have a government but no code) and `schemas/data/parse_regions.yaml` (how names are shortened). They are read once, when first needed.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

DATA = Path(__file__).parents[2] / "schemas" / "data"
NATION = "100000"

Telling = Literal["full", "short", "stem"]


@dataclass(frozen=True, slots=True)
class Region:
    """A spell: what a code meant from `valid_from` to `valid_to` (both inclusive; None: still).

    `full_name` is the path `浙江省/杭州市/临安区` as it was when the spell began. `division_id` survives renaming and recoding.
    """

    region_code: str
    name: str
    full_name: str
    level: str
    parent_code: str
    valid_from: int
    valid_to: int | None
    successors: tuple[str, ...]
    division_id: str

    def holds_in(self, year: int) -> bool:
        """Whether the spell covers `year`."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Named:
    """That a spell is told by a name: in full, by a short form of its kind (恩施州), or by its stem alone (杭州)."""

    region: Region
    kind: Telling


class Gazetteer:
    """All spells with the look-ups that resolution needs. Years are clipped to the years the tables cover."""

    def __init__(self, regions: Sequence[Region], aliases: Mapping[str, Sequence[str]], naming: Mapping[str, Any]) -> None:
        self.regions = tuple(regions)
        self.first_year = min(region.valid_from for region in regions)
        self.by_code: dict[str, list[Region]] = defaultdict(list)
        self.by_division: dict[str, list[Region]] = defaultdict(list)
        for region in regions:
            self.by_code[region.region_code].append(region)
            self.by_division[region.division_id].append(region)
        self.told_by: dict[str, list[Named]] = defaultdict(list)
        short = _shortener(naming)
        for region in regions:
            for name, kind in short(region.name, region.region_code, aliases):
                self.told_by[name].append(Named(region, kind))
        self.by_beginning: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.told_by, key=len, reverse=True):
            self.by_beginning[name[:2]].append(name)
        self._ancestors: dict[str, frozenset[str]] = {}

    def at(self, code: str, year: int) -> Region | None:
        """The spell of `code` in `year`."""
        for region in self.by_code.get(code, ()):
            if region.holds_in(year):
                return region
        return None

    def of_division(self, division_id: str, year: int) -> Region | None:
        """The spell of a division in `year`."""
        for region in self.by_division[division_id]:
            if region.holds_in(year):
                return region
        return None

    def above(self, region: Region, year: int) -> list[Region]:
        """The regions above a region in `year`, from the nearest up; the nation is left out."""
        found: list[Region] = []
        parent = self.at(region.parent_code, year)
        while parent and parent.region_code != NATION:
            found.append(parent)
            parent = self.at(parent.parent_code, year)
        return found

    def path(self, region: Region, year: int) -> str:
        """`浙江省/杭州市/临安区` as it was in `year`; the nation is its own path and is left out above a province."""
        return "/".join([above.name for above in reversed([region, *self.above(region, year)])])

    def ancestors(self, division_id: str) -> frozenset[str]:
        """The divisions above a division at any time (the nation left out)."""
        known = self._ancestors.get(division_id)
        if known is None:
            codes = {spell.parent_code for spell in self.by_division[division_id]} - {"", NATION}
            parents = {spell.division_id for code in codes for spell in self.by_code.get(code, ())}
            known = self._ancestors[division_id] = frozenset(parents).union(*(self.ancestors(parent) for parent in parents - {division_id}))
        return known

    def names_at(self, text: str, start: int) -> Iterator[str]:
        """The names that stand in `text` at `start`, longest first."""
        for name in self.by_beginning.get(text[start : start + 2], ()):
            if text.startswith(name, start):
                yield name


def _shortener(naming: Mapping[str, Any]) -> Callable[[str, str, Mapping[str, Sequence[str]]], Iterator[tuple[str, Telling]]]:
    """A function name, code, aliases -> (name or short name, how it tells)."""
    peoples = "|".join(sorted(naming["ethnic_names"], key=len, reverse=True))
    pattern = re.compile(f"(?<=..)((?:{peoples})*)({'|'.join(naming['kinds'])})$")
    listed: Mapping[str, Sequence[str]] = naming["short_names"]
    short_kinds: Mapping[str, Sequence[str]] = naming["short_kinds"]

    @cache
    def forms(name: str) -> tuple[tuple[str, Telling], ...]:
        found: dict[str, Telling] = {name: "full"}
        for other in listed.get(name, ()):
            found.setdefault(other, "short")
        match = pattern.search(name)
        if match:
            stem, among, kind = name[: match.start()], match[1], match[2]
            for ending in [*short_kinds.get(kind, ()), *([kind] if among else ())]:
                found.setdefault(stem + ending, "short")
            found.setdefault(stem, "stem")
        return tuple(found.items())

    def tell(name: str, code: str, aliases: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Telling]]:
        if code.startswith("X"):
            # A zone has no stem: 光明 alone is the district.
            yield name, "full"
            for alias in aliases.get(code, ()):
                yield alias, "short"
        else:
            yield from forms(name)

    return tell


@cache
def naming() -> Mapping[str, Any]:
    """`schemas/data/parse_regions.yaml`."""
    rows: Mapping[str, Any] = yaml.load((DATA / "parse_regions.yaml").read_text(encoding="utf-8"), Loader=_LOADER)
    return rows


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        yield from reader


@cache
def gazetteer() -> Gazetteer:
    """The tables, read once."""
    rows = [*_rows(DATA / "regions.csv"), *_rows(DATA / "zones.csv")]
    spells: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for code, name, _, parent, first, last, *_ in rows:
        spells[code].append((int(first), int(last or 9999), name, parent))

    @cache
    def path(code: str, year: int) -> str:
        """The path of a code in a year; the nation has no place in it."""
        for first, last, name, parent in spells.get(code, ()):
            if first <= year <= last and code != NATION:
                above = path(parent, year)
                return f"{above}/{name}" if above else name
        return ""

    regions = [
        Region(
            code,
            name,
            path(code, int(first)) or name,
            level,
            parent,
            int(first),
            int(last) if last else None,
            tuple(successors.split("|")) if successors else (),
            division,
        )
        for code, name, level, parent, first, last, successors, division, *_ in rows
    ]
    aliases = {row[0]: row[8].split("|") for row in rows if len(row) > 8 and row[8]}
    return Gazetteer(regions, aliases, naming())


@cache
def common_nouns() -> frozenset[str]:
    """Names that mean a region only behind its parent: common nouns, and zones that other cities have too (`alone` = no)."""
    zones = {name for row in _rows(DATA / "zones.csv") if row[9] == "no" for name in [row[1], *row[8].split("|")] if name}
    return frozenset(naming()["common_nouns"]) | zones


def load_regions() -> tuple[Region, ...]:
    """Every spell of `regions.csv` and every zone of `zones.csv`, in the order of the files."""
    return gazetteer().regions
