"""How spells and divisions follow from yearly code lists (`schemas/make_regions.py`), on small lists."""

from __future__ import annotations

from schemas.make_regions import NATION, Change, Spell, Unit, lineage

NAMING = {"ethnic_names": ["土家族", "苗族"], "kinds": ["自治县", "县", "市", "区"], "changes": []}
PROVINCE = {"330000": Unit("浙江省", "province", NATION), "330100": Unit("杭州市", "prefecture", "330000")}


def county(name: str, parent: str = "330100") -> Unit:
    return Unit(name, "county", parent)


def rows(years: dict[int, dict[str, Unit]], events: list[Change] | None = None, naming: dict[str, object] | None = None) -> list[Spell]:
    """The spells of the counties alone."""
    full = {year: PROVINCE | units for year, units in years.items()}
    return [spell for spell in lineage(full, events or [], naming or NAMING) if spell.unit.level == "county"]


def brief(spells: list[Spell]) -> list[tuple[str, str, int, int | None, tuple[str, ...], str]]:
    return [(spell.code, spell.unit.name, spell.first, spell.last, spell.successors, spell.division) for spell in spells]


def test_a_county_that_becomes_a_city_and_then_a_district_stays_one_division() -> None:
    years = {1995: {"330124": county("临安县")}, 1996: {"330185": county("临安市")}, 1997: {"330112": county("临安区")}}
    assert brief(rows(years)) == [
        ("330112", "临安区", 1997, None, (), "330124-1995"),
        ("330124", "临安县", 1995, 1995, ("330185",), "330124-1995"),
        ("330185", "临安市", 1996, 1996, ("330112",), "330124-1995"),
    ]


def test_a_new_parent_is_a_new_spell_of_one_division() -> None:
    years = {2000: {"330124": county("临安县")}, 2001: {"330124": county("临安县", "330000")}}
    assert [(spell.unit.parent, spell.first, spell.division) for spell in rows(years)] == [
        ("330100", 2000, "330124-2000"),
        ("330000", 2001, "330124-2000"),
    ]


def test_a_renaming_is_told_by_a_change_or_by_the_code_that_stays() -> None:
    years = {2000: {"330124": county("甲县"), "330125": county("乙县")}, 2001: {"330126": county("丙县"), "330125": county("丁县")}}
    events = [Change(2001, "更名", "330124", "330126", "丙县")]
    assert {spell.unit.name: spell.division for spell in rows(years, events)} == {
        "甲县": "330124-2000",
        "丙县": "330124-2000",
        "乙县": "330125-2000",
        "丁县": "330125-2000",
    }


def test_a_code_given_to_an_unrelated_unit_is_another_division() -> None:
    years = {2000: {"330124": county("甲县")}, 2001: {"330124": county("乙县")}}
    events = [Change(2001, "码位改派", "330124", "330124", "乙县")]
    assert [(spell.unit.name, spell.division, spell.successors) for spell in rows(years, events)] == [
        ("甲县", "330124-2000", ()),
        ("乙县", "330124-2001", ()),
    ]


def test_what_takes_in_another_unit_begins_anew() -> None:
    years = {2009: {"330101": county("东城区"), "330103": county("崇文区")}, 2010: {"330101": county("东城区")}}
    events = [Change(2010, "撤销", "330103", "330101", "东城区")]
    assert brief(rows(years, events)) == [
        ("330101", "东城区", 2009, 2009, ("330101",), "330101-2009"),
        ("330101", "东城区", 2010, None, (), "330101-2010"),
        ("330103", "崇文区", 2009, 2009, ("330101",), "330103-2009"),
    ]


def test_a_unit_replaced_by_one_new_unit_goes_on() -> None:
    years = {2015: {"330124": county("蓟县")}, 2016: {"330119": county("蓟州区")}}
    events = [Change(2016, "撤销", "330124", "330119", "蓟州区")]
    assert {spell.division for spell in rows(years, events)} == {"330124-2015"}


def test_a_namesake_in_another_prefecture_is_no_successor() -> None:
    other = {"330200": Unit("宁波市", "prefecture", "330000"), "330202": county("桥东区", "330200")}
    years = {2013: {"330103": county("桥东区"), **other}, 2014: other}
    events = [Change(2014, "撤销", "330103", "330202", "桥东区")]
    assert brief(rows(years, events)) == [
        ("330103", "桥东区", 2013, 2013, (), "330103-2013"),
        ("330202", "桥东区", 2013, None, (), "330202-2013"),
    ]


def test_a_split_told_by_hand_begins_both_parts_anew() -> None:
    years = {2020: {"330110": county("余杭区")}, 2021: {"330110": county("余杭区"), "330113": county("临平区")}}
    naming = {**NAMING, "changes": [{"year": 2021, "from": [330110], "into": [330110, 330113]}]}
    assert brief(rows(years, naming=naming)) == [
        ("330110", "余杭区", 2020, 2020, ("330110", "330113"), "330110-2020"),
        ("330110", "余杭区", 2021, None, (), "330110-2021"),
        ("330113", "临平区", 2021, None, (), "330113-2021"),
    ]
