"""Which region a name means in which year: a list of mentions, and what the tables promise."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse import load_regions, resolve
from pipeline.parse.gazetteer import NATION, Region, common_nouns, gazetteer, naming
from pipeline.parse.mentions import mentions

with (Path(__file__).parent / "region_mentions.csv").open(encoding="utf-8", newline="") as lines:
    MENTIONS = list(csv.DictReader(lines))


def spell(code: str, year: int) -> Region:
    found = gazetteer().at(code, year)
    assert found, f"{code} in {year}"
    return found


@pytest.mark.parametrize("row", MENTIONS, ids=[f"{row['mention']}-{row['year']}-{row['context']}" for row in MENTIONS])
def test_mention(row: dict[str, str]) -> None:
    found = resolve(row["mention"], int(row["year"]), [row["context"]] if row["context"] else [])
    assert (found.region.region_code if found.region else "") == row["region_code"]
    if row["region_code"]:
        assert found.region_name == row["region_name"]
    else:
        assert found.reason == row["reason"]
    if row["issuer_kind"]:
        assert found.issuer_kind == row["issuer_kind"]


def test_there_are_two_hundred_mentions() -> None:
    assert len(MENTIONS) >= 200


def test_without_a_year_a_name_means_what_it_means_now() -> None:
    found = resolve("临安市", None).region
    assert found is not None and found.region_code == "330112"


def test_a_division_survives_renaming_and_recoding() -> None:
    # 临安县 330124 -> 临安市 330185 (1996) -> 临安区 330112 (2017)
    county, city, district = spell("330124", 1990), spell("330185", 2016), spell("330112", 2017)
    assert county.division_id == city.division_id == district.division_id
    assert (county.successors, city.successors, district.successors) == (("330185",), ("330112",), ())


def test_a_merger_starts_a_new_division_and_says_from_which() -> None:
    # 2010: 东城区 and 崇文区 of Beijing became a new 东城区, which kept the code.
    old, taken_in, new = spell("110101", 2009), spell("110103", 2009), spell("110101", 2010)
    assert len({old.division_id, taken_in.division_id, new.division_id}) == 3
    assert old.successors == taken_in.successors == ("110101",)


def test_a_split_starts_new_divisions_and_says_from_which() -> None:
    # 2021: 临平区 was cut out of 余杭区.
    old, rest, cut_out = spell("330110", 2020), spell("330110", 2021), spell("330113", 2021)
    assert len({old.division_id, rest.division_id, cut_out.division_id}) == 3
    assert old.successors == ("330110", "330113")


@pytest.mark.parametrize(
    ("code", "year", "path"),
    [
        ("330112", 2023, "浙江省/杭州市/临安区"),
        ("310115", 2022, "上海市/浦东新区"),
        ("429004", 2020, "湖北省/仙桃市"),
        ("500157", 2026, "重庆市/两江新区"),
        ("460400", 2020, "海南省/儋州市"),
    ],
)
def test_the_path_of_a_region_begins_with_its_province(code: str, year: int, path: str) -> None:
    assert gazetteer().path(spell(code, year), year) == path


def test_the_spells_of_a_code_do_not_overlap() -> None:
    spells: dict[str, list[Region]] = defaultdict(list)
    for region in load_regions():
        spells[region.region_code].append(region)
    for own in spells.values():
        for before, after in pairwise(own):
            assert before.valid_to is not None and before.valid_from <= before.valid_to < after.valid_from, before


def test_a_region_has_a_parent_in_every_year() -> None:
    for region in load_regions():
        if region.region_code != NATION:
            assert gazetteer().at(region.parent_code, region.valid_from), region
            assert gazetteer().at(region.parent_code, region.valid_to or 2026), region


def test_a_successor_exists_when_a_spell_ends() -> None:
    for region in load_regions():
        if region.valid_to is None:
            assert region.successors == ()
        for code in region.successors:
            assert gazetteer().at(code, (region.valid_to or 0) + 1), region


def test_a_division_is_in_one_place_at_a_time() -> None:
    for spells in gazetteer().by_division.values():
        ordered = sorted(spells, key=lambda region: region.valid_from)
        for before, after in pairwise(ordered):
            assert before.valid_to is not None and before.valid_to + 1 == after.valid_from, (before, after)


def test_a_zone_is_told_by_each_of_its_names_under_its_parent() -> None:
    for region in load_regions():
        if region.region_code.startswith("X"):
            assert region.region_code[1:7] == region.parent_code
            parent = spell(region.parent_code, region.valid_from)
            found = resolve(region.name, region.valid_from, [parent.full_name])
            assert found.region == region, region


def test_a_zone_name_that_other_cities_have_too_needs_its_parent() -> None:
    assert "滨湖新区" in common_nouns()
    assert resolve("滨湖新区管委会", 2020).reason == "ambiguous"
    assert resolve("衡水市滨湖新区管委会", 2020).region_name == "河北省/衡水市/滨湖新区"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("建设现代化国际化滨海城区", []),
        ("深圳市南山区域经济", [("深圳市",)]),
        ("在浙江省杭州市临安区召开", [("浙江省", "杭州市", "临安区")]),
        ("东方市场", []),
    ],
)
def test_a_name_inside_another_word_is_no_mention(text: str, names: list[tuple[str, ...]]) -> None:
    assert [mention.names for mention in mentions(text) if mention.names != ("海城区",)] == names


@given(
    st.text(st.sampled_from("浙江省杭州市临安区东阳县朝鼓楼司法局人民政府开发新我本/·关于管委会镇乡街道"), max_size=24),
    st.integers(1970, 2040),
)
def test_any_name_resolves_or_stays_open_with_a_reason(name: str, year: int) -> None:
    found = resolve(name, year, [name])
    assert (found.region is None) == bool(found.reason)
    if found.region:
        assert found.region.holds_in(year)
        assert found.region_name.endswith(found.region.name)


@pytest.mark.parametrize("year", [1985, 2005, 2016, 2023])
def test_every_region_is_found_by_its_path_and_none_wrongly_by_its_name(year: int) -> None:
    for region in load_regions():
        if region.holds_in(year):
            path = gazetteer().path(region, year)
            assert resolve(path.replace("/", "") + "司法局", year).region == region
            assert resolve(f"{path}2020年法治政府建设情况报告", year).region == region
            assert resolve(region.name, year).region in {region, None}


def test_every_ministry_is_the_nations_department() -> None:
    for name in naming()["ministries"]:
        found = resolve(f"{name}2021年法治政府建设年度报告", 2021)
        assert found.region is not None and (found.region.region_code, found.issuer_kind) == (NATION, "department"), name


def test_every_kind_of_zone_keeps_its_committee_apart_from_the_city() -> None:
    for kind in naming()["zone_kinds"]:
        assert resolve(f"东阳市白云{kind}管委会", 2020).reason == "zone_not_listed", kind


def test_every_short_name_tells_its_region() -> None:
    for name, others in naming()["short_names"].items():
        for other in others:
            found = resolve(other, 2020).region
            assert found is not None and found.name == name, other


def test_every_common_noun_is_a_region_somewhere_and_open_by_itself() -> None:
    for name in naming()["common_nouns"]:
        assert name in gazetteer().told_by, name
        assert resolve(name, 2020).region is None, name


def test_every_government_body_is_told_from_a_department() -> None:
    for body in naming()["government"]:
        assert resolve(f"东阳市{body}", 2020).issuer_kind == "government", body
