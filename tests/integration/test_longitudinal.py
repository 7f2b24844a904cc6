"""A panel that grows and shrinks: a later report restates a value, then its collection is taken away."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.lake import LakeSettings, open_lake
from tests.conftest import fazhi_in
from tests.integration.tables import lake_tables

REPORT = """东阳市人民政府关于{year}年法治政府建设的情况报告

金华市人民政府:
{year}年,我市扎实推进法治政府建设,现将有关情况报告如下:
一、依法化解行政争议
深入推进行政复议体制改革,畅通行政复议渠道,依法公正办理每一起案件。{told}

东阳市人民政府
{signed}年1月22日
"""
OF_ALL = ("panel", "vintages", "targets", "coverage", "growth_checks", "implied", "findings")


def write(root: Path, collection: str, year: int, told: str) -> None:
    folder = root / "data/raw" / collection
    folder.mkdir(parents=True)
    text = REPORT.format(year=year, told=told, signed=year + 1)
    (folder / f"{year}.txt").write_text(text, encoding="utf-8")
    (folder / "manifest.csv").write_text(f"path,title\n{year}.txt,东阳市人民政府关于{year}年法治政府建设的情况报告\n", encoding="utf-8")


@dataclass(frozen=True)
class Story:
    """The tables of a project before a later report came, with it, and after it was taken away again."""

    before: dict[str, pl.DataFrame]
    grown: dict[str, pl.DataFrame]
    after: dict[str, pl.DataFrame]
    as_of: dict[date, float]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = tmp_path_factory.mktemp("longitudinal")
    fazhi = fazhi_in(root)

    def run() -> dict[str, pl.DataFrame]:
        done = fazhi("run")
        assert done.returncode == 0, done.stderr
        return lake_tables(root)

    write(root, "first", 2021, "全年收到行政复议申请120件。")
    before = run()
    write(root, "second", 2023, "2021年收到行政复议申请126件。2022年收到行政复议申请100件。2023年收到行政复议申请80件,同比下降20%。")
    grown = run()
    with open_lake(LakeSettings.from_environment(root), read_only=True) as lake:
        days = [date(2022, 1, 21), date(2022, 1, 22), date(2023, 6, 30), date(2030, 1, 1)]
        told = [(day, lake.query("SELECT value FROM panel_as_of(?) WHERE year = 2021", [day]).to_pylist()) for day in days]
    shutil.rmtree(root / "data/raw/second")
    after = run()
    return Story(before, grown, after, {day: rows[0]["value"] for day, rows in told if rows})


def applications(panel: pl.DataFrame) -> dict[int, dict[str, object]]:
    rows = panel.filter(pl.col("code") == "reconsideration.applications")
    return {row["year"]: row for row in rows.iter_rows(named=True)}


def test_a_later_report_that_restates_a_value_makes_it_revised_with_both_vintages(story: Story) -> None:
    assert applications(story.before["panel"])[2021]["agreement"] == "single"
    row = applications(story.grown["panel"])[2021]
    assert (row["value"], row["agreement"], row["vintages"], row["values"]) == (120.0, "revised", 2, [120.0, 126.0])
    tellings = story.grown["vintages"].filter((pl.col("year") == 2021) & (pl.col("code") == "reconsideration.applications"))
    assert tellings.select("rank", "value", "report_year", "known_on").rows() == [
        (1, 120.0, 2021, date(2022, 1, 22)),
        (2, 126.0, 2023, date(2024, 1, 22)),
    ]
    assert row["observation_ids"] == tellings["observation_id"].to_list()


def test_the_panel_as_of_a_day_knows_what_was_known_by_then(story: Story) -> None:
    assert story.as_of == {date(2022, 1, 22): 120.0, date(2023, 6, 30): 120.0, date(2030, 1, 1): 120.0}


def test_removing_a_collection_gives_the_panel_that_never_had_it(story: Story) -> None:
    for name in OF_ALL:
        assert not story.grown[name].equals(story.before[name]) or story.grown[name].is_empty(), name
        assert story.after[name].equals(story.before[name]), name
    assert story.after["observations"].equals(story.before["observations"])


def test_coverage_tells_the_year_without_a_report(story: Story) -> None:
    code = pl.col("code") == "reconsideration.concluded"
    found = dict(story.grown["coverage"].filter(code).select("year", "coverage").iter_rows())
    assert found == {2021: "not_mentioned", 2022: "no_report", 2023: "not_mentioned"}
    told = story.grown["coverage"].filter(pl.col("code") == "reconsideration.applications")
    assert set(told["coverage"]) == {"reported"}


def test_growth_told_within_one_report_is_held_against_none(story: Story) -> None:
    assert story.grown["growth_checks"].is_empty()
    assert applications(story.grown["panel"])[2022]["value"] == 100.0
    assert story.grown["implied"].select("year", "value").rows() == [(2022, 100.0)]
