"""The views and macros of the lake, on a small panel of which every answer is known; and the same in a plain DuckDB file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.panel_views import QUESTIONS
from pipeline.lake import Lake, LakeSettings, open_lake
from pipeline.lake.views import outdated_views
from pipeline.panel import reference_frame
from pipeline.tables import frame
from schemas.derive import duckdb_ddl, example
from schemas.registry import TABLES
from schemas.views import create_statements, views
from tests.unit.panel.rows import Row, panel_row

APPLICATIONS, CONCLUDED = "reconsideration.applications", "reconsideration.concluded"
#: 临安: a county until 1996, a city until 2017, a district since; three codes, one division.
LINAN = [("330185", 2015, 100.0), ("330185", 2016, 120.0), ("330112", 2017, 150.0)]


def panel_rows() -> list[Row]:
    linan = [panel_row(value, region_code=code, year=year) for code, year, value in LINAN]
    others = [
        panel_row(62.0, year=2016),
        panel_row(40.0, year=2016, code=CONCLUDED, comparator="gt"),
        panel_row(5000.0, region_code="330000", year=2016),
        panel_row(7.0, region_code="X33010001", year=2016),
    ]
    return [*linan, *others]


def vintage_rows() -> list[Row]:
    """Two tellings of 2016, the better one known later."""
    first = example("vintages") | {"year": 2016, "value": 62.0, "known_on": date(2018, 5, 1)}
    other = "b" * 16
    second: dict[str, Any] = {"observation_id": f"{other}-1-{APPLICATIONS}", "report_id": other, "rank": 2, "value": 60.0}
    dates = {"known_on": date(2017, 3, 1), "chosen_until": date(2018, 5, 1)}
    return [first, first | second | dates]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    settings = LakeSettings.from_environment(tmp_path_factory.mktemp("views"))
    reports = [example("reports"), example("reports") | {"report_id": "b" * 16}]
    with open_lake(settings) as lake:
        files = frame("raw_files", [example("raw_files")])
        lake.replace({"raw_files": files, "reports": frame("reports", reports)}, collection="seeds", input_version="1", message="test")
        indicators, regions = reference_frame("indicators"), reference_frame("regions")
        of_all = {"panel": frame("panel", panel_rows()), "vintages": frame("vintages", vintage_rows())}
        lake.replace({"indicators": indicators, "regions": regions, **of_all}, collection=None, input_version="1", message="test")
    with open_lake(settings, read_only=True) as reader:
        yield reader


def test_a_reader_has_every_view_and_macro(lake: Lake) -> None:
    assert {view.name for view in views([])} == QUESTIONS.keys()
    for question in QUESTIONS.values():
        lake.query(question)


def test_every_view_says_what_it_is(lake: Lake) -> None:
    comments = dict(lake.connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE database_name = 'lake'").fetchall())
    for view in views([]):
        assert view.description.endswith("."), view.name
        assert view.kind == "MACRO" or comments[view.name] == view.description


def test_views_that_are_there_are_not_made_again(lake: Lake) -> None:
    assert outdated_views(lake.connection) == []


def test_every_region_code_has_one_spell_a_year(lake: Lake) -> None:
    sql = """
        SELECT region_code, years.year, count(*) AS spells FROM region_spells
        JOIN (SELECT unnest(range(1980, 2027)) AS year) AS years ON years.year >= from_year AND years.year < until_year
        GROUP BY ALL HAVING spells <> 1"""
    assert lake.query(sql).to_pylist() == []
    assert (
        lake.query("SELECT count(DISTINCT region_code) AS n FROM region_spells").to_pylist()
        == lake.query("SELECT count(DISTINCT region_code) AS n FROM regions").to_pylist()
    )


def rows(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in lake.query(sql).to_pylist()]


def test_a_division_is_one_series_over_its_codes(lake: Lake) -> None:
    (division,) = rows(lake, "SELECT division_id FROM region_spells WHERE region_code = '330112' AND until_year = 9999")
    sql = f"SELECT year, value, region_code FROM series_by_division WHERE division_id = '{division[0]}' ORDER BY year"
    assert rows(lake, sql) == [(year, value, code) for code, year, value in LINAN]
    by_code = "SELECT year, value FROM series_by_code WHERE region_code = '330185' ORDER BY year"
    assert rows(lake, by_code) == [(2015, 100.0), (2016, 120.0)]


def test_growth_is_from_year_to_year_of_exact_values_under_one_code(lake: Lake) -> None:
    assert rows(lake, "SELECT region_code, year, previous, difference, growth_percent FROM growth") == [("330185", 2016, 100.0, 20.0, 20.0)]


def test_a_province_is_the_sum_of_its_counties_with_how_many_tell(lake: Lake) -> None:
    columns = "code, value, counties_reporting, approximate, told_by_province, counties"
    sql = f"SELECT {columns} FROM province_rollup WHERE year = 2016 ORDER BY code"
    found = rows(lake, sql)
    assert [row[:5] for row in found] == [(APPLICATIONS, 182.0, 2, 0, 5000.0), (CONCLUDED, 40.0, 1, 1, None)]
    assert all(80 < row[5] < 100 for row in found), "Zhejiang has some ninety counties"


@pytest.mark.parametrize(("day", "value"), [("2017-02-28", None), ("2017-03-01", 60.0), ("2018-04-30", 60.0), ("2018-05-01", 62.0)])
def test_the_panel_as_of_a_day(lake: Lake, day: str, value: float | None) -> None:
    assert rows(lake, f"SELECT value FROM panel_as_of('{day}')") == ([] if value is None else [(value,)])


def test_a_wide_panel_has_a_column_for_every_indicator_asked_for(lake: Lake) -> None:
    found = lake.query(f"FROM panel_wide(['{APPLICATIONS}', '{CONCLUDED}']) WHERE region_code = '330783'").to_pylist()
    assert found == [{"region_code": "330783", "year": 2016, APPLICATIONS: 62.0, CONCLUDED: 40.0}]


def test_a_series_is_asked_for_by_code_or_division(lake: Lake) -> None:
    columns = lake.query(f"FROM series_of('330112', '{APPLICATIONS}')").column_names
    assert columns[:2] == ["year", "value"] and "quote" in columns


def test_the_same_views_work_in_a_plain_duckdb_file(tmp_path: Path, lake: Lake) -> None:
    with duckdb.connect(str(tmp_path / "plain.duckdb")) as plain:
        for name in TABLES:
            for statement in duckdb_ddl(name):
                plain.execute(statement)
            plain.register("incoming", lake.read(name).to_arrow())
            plain.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
            plain.unregister("incoming")
        for statement in create_statements(reference_frame("indicators")["code"].to_list()):
            plain.execute(statement)
        for name, question in QUESTIONS.items():
            assert sorted(map(str, plain.execute(question).fetchall())) == sorted(map(str, rows(lake, question))), name
