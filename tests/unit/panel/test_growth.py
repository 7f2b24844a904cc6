"""Growth told against the earlier year's report, and what follows from growth and rates. Real phrases in, rows out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipeline.batch import extract_files
from pipeline.panel import growth_checks, implied, panel, told_changes, vintages
from pipeline.records import RawFile
from schemas.derive import validate

HEAD = "东阳市人民政府{year}年法治政府建设情况报告\n\n"


def tables_of(told: dict[int, str]) -> dict[str, pl.DataFrame]:
    """The tables of annual reports of 东阳市, by year; a paragraph a report."""
    paragraph = "一、依法化解矛盾纠纷\n扎实推进行政复议和行政应诉工作,全面履行法定职责。{said}\n"
    files = [
        RawFile("told", f"东阳市{year}年法治政府建设情况报告.txt", (HEAD + paragraph).format(year=year, said=said).encode())
        for year, said in told.items()
    ]
    return dict(extract_files(files))


def checks(told: dict[int, str]) -> list[dict[str, Any]]:
    tables = tables_of(told)
    changes = told_changes(tables["reports"], tables["quantities"], tables["observations"])
    return validate("growth_checks", growth_checks(changes, vintages(tables["reports"], tables["observations"]))).to_dicts()


def followed(told: dict[int, str]) -> list[dict[str, Any]]:
    tables = tables_of(told)
    changes = told_changes(tables["reports"], tables["quantities"], tables["observations"])
    return validate("implied", implied(changes, tables["reports"], tables["quantities"], tables["observations"])).to_dicts()


BEFORE = {2021: "全年收到行政复议申请120件。"}
CHECKS = [
    ("全年收到行政复议申请98件,同比下降18.3%。", "(98 - 120) / 120 = -18.33% ≈ -18.3%", "holds"),
    ("全年收到行政复议申请98件,同比下降30.8%。", "(98 - 120) / 120 = -18.33% ≈ -30.8%", "fails"),
    ("全年收到行政复议申请150件(较上年增长25%)。", "(150 - 120) / 120 = 25.00% ≈ 25%", "holds"),
    ("全年收到行政复议申请98件,比上年减少22件。", "98 - 120 = -22 ≈ -22件", "holds"),
    ("全年收到行政复议申请150余件,同比增长30%。", "(150 - 120) / 120 = 25.00% ≈ 30%", "incomplete"),
]


@pytest.mark.parametrize(("said", "expression", "verdict"), CHECKS)
def test_growth_is_held_against_the_earlier_report(said: str, expression: str, verdict: str) -> None:
    (row,) = checks({**BEFORE, 2022: said})
    assert (row["expression"], row["verdict"], row["year"], row["code"]) == (expression, verdict, 2022, "reconsideration.applications")


POINTS = [
    ("行政诉讼败诉率5.2%,同比下降2.1个百分点。", "5.2 - 7.3 = -2.1 ≈ -2.1百分点", "holds"),
    ("行政诉讼败诉率5.2%,较上年下降3.4个百分点。", "5.2 - 7.3 = -2.1 ≈ -3.4百分点", "fails"),
    ("行政诉讼败诉率5.2%,同比下降28.8%。", "(5.2 - 7.3) / 7.3 = -28.77% ≈ -28.8%", "holds"),
    ("行政诉讼败诉率5.2%,同比下降2.1%。", "5.2 - 7.3 = -2.1 ≈ -2.1%", "holds"),
    ("行政诉讼败诉率5.2%,同比下降12%。", "(5.2 - 7.3) / 7.3 = -28.77% ≈ -12%", "incomplete"),
]


@pytest.mark.parametrize(("said", "expression", "verdict"), POINTS)
def test_a_rate_changes_by_points_and_percent_of_it_may_mean_either(said: str, expression: str, verdict: str) -> None:
    (row,) = checks({2021: "全年行政诉讼败诉率为7.3%。", 2022: said})
    assert (row["expression"], row["verdict"]) == (expression, verdict)


@pytest.mark.parametrize(
    "said",
    [
        "全年收到行政复议申请98件。",
        "全年收到行政复议申请98件,环比下降30.8%。",
        "全年收到行政复议申请98件,较2019年下降30.8%。",
        "全年收到行政复议申请98件,涉案金额同比下降30.8%。",
    ],
)
def test_what_is_not_growth_from_the_year_before_is_not_checked(said: str) -> None:
    assert checks({**BEFORE, 2022: said}) == []


def test_without_the_earlier_year_there_is_nothing_to_check() -> None:
    assert checks({2020: "全年收到行政复议申请120件。", 2022: "全年收到行政复议申请98件,同比下降18.3%。"}) == []


def test_a_report_is_not_held_against_itself() -> None:
    assert checks({2022: "2021年收到行政复议申请120件。2022年收到行政复议申请98件,同比下降18.3%。"}) == []


def test_a_level_and_its_growth_imply_the_level_before() -> None:
    (row,) = followed({2022: "全年收到行政复议申请98件,同比下降30.8%。"})
    assert (row["year"], row["basis"], row["expression"]) == (2021, "growth", "98 / (1 - 30.8%) = 141.618")
    assert row["low"] < row["value"] < row["high"] and row["high"] - row["low"] < 0.3


def test_a_level_and_its_difference_imply_the_level_before_exactly() -> None:
    (row,) = followed({2022: "全年收到行政复议申请98件,比上年增加22件。"})
    assert (row["value"], row["low"], row["high"], row["expression"]) == (76.0, 76.0, 76.0, "98 - 22 = 76")


def test_a_numerator_and_a_rate_imply_the_denominator() -> None:
    found = followed({2022: "全年通过调解和解结案的行政复议案件31件,调撤率50%。"})
    assert [(row["code"], row["year"], row["value"], row["basis"]) for row in found] == [("reconsideration.concluded", 2022, 62.0, "rate")]
    assert found[0]["low"] < 62 < found[0]["high"]


def test_a_denominator_that_is_told_is_not_implied() -> None:
    assert followed({2022: "全年审结行政复议案件62件,其中调解和解结案31件,调撤率50%。"}) == []


def test_what_is_about_implies_nothing() -> None:
    assert followed({2022: "全年收到行政复议申请90余件,同比下降30.8%。"}) == []


def test_an_implied_value_is_never_in_the_panel() -> None:
    tables = tables_of({2022: "全年收到行政复议申请98件,同比下降30.8%。"})
    rows = panel(tables["reports"], tables["observations"])
    assert rows.select("code", "year", "value").rows() == [("reconsideration.applications", 2022, 98.0)]
