"""The small readers under the metadata: numbers, dates, blocks, titles, years."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.blocks import labelled, words
from pipeline.parse.dates import dates, first_date, only_date
from pipeline.parse.numbers import read_number
from pipeline.parse.source import as_written
from pipeline.parse.titles import attachment, document_type, find_title
from pipeline.parse.years import target_year, title_years


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("二〇二二", 2022), ("一九八〇", 1980)]
)
def test_numbers(text: str, value: int) -> None:
    assert read_number(text) == value


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number("廿二")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-03-22", "2018-03-22"),
        ("2018/3/2", "2018-03-02"),
        ("2018.03.22 17:03", "2018-03-22"),
        ("2018年1月22日", "2018-01-22"),
        ("2018 年 1 月 22 日", "2018-01-22"),
        ("二〇二二年一月五日", "2022-01-05"),
        ("二○二一年十二月三十一日", "2021-12-31"),
        ("2024-02-23T17:03:00+08:00", "2024-02-23"),
        ("20180322", "2018-03-22"),
        ("2018年2月30日", ""),
        ("2018年1月", ""),
        ("第2018-1-221号", ""),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert first_date(text) == iso


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)), st.text(max_size=5).filter(lambda text: not any(char.isdigit() for char in text)))
def test_every_written_date_is_read_back(day: date, around: str) -> None:
    for written in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}"):
        assert first_date(written) == day.isoformat()
    assert [found.iso for found in dates(f"{around};{day.isoformat()}")] == [day.isoformat()]


@pytest.mark.parametrize(
    ("line", "iso"), [("(2018年1月22日)", "2018-01-22"), ("2018年1月22日(此件公开发布)", "2018-01-22"), ("2018年1月22日召开会议", "")]
)
def test_a_line_that_is_nothing_but_a_date(line: str, iso: str) -> None:
    assert only_date(line) == iso


def test_a_label_stands_on_the_line_of_its_value_or_on_the_line_before() -> None:
    found = labelled(
        [
            "索引号 1133/2022 发布机构 县政府办公室",
            "· 成文日期:",
            "2022-12-27",
            "文 号: 嵊政办发〔2022〕70号",
            "作者: 来源: 发布日期:2021-06-04 浏览次数: 浏览",
        ]
    )
    assert {name: [value.text for value in values] for name, values in found.items()} == {
        "publisher": ["县政府办公室"],
        "signed_on": ["2022-12-27"],
        "document_number": ["嵊政办发〔2022〕70号"],
        "published_on": ["2021-06-04"],
    }


def test_the_most_telling_label_comes_first() -> None:
    found = labelled(["生成日期 2022-12-29", "发布时间:2022-12-30"])
    assert [value.text for value in found["published_on"]] == ["2022-12-30", "2022-12-29"]


def test_every_label_is_read() -> None:
    for name, labels in words()["labels"].items():
        for label in labels:
            assert labelled([f"{label}:东阳市"])[name][0].label == label


def test_every_title_ending_ends_a_title() -> None:
    for ending in words()["title_endings"]:
        assert find_title([f"东阳市人民政府关于2017年法治政府建设{ending}"]), ending


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ["您所在的位置:首页 > 政务公开", "东阳市人民政府", "关于2017年法治政府建设的情况报告", "发布日期:2018-03-22"],
            "东阳市人民政府关于2017年法治政府建设的情况报告",
        ),
        (["法治政府建设", "磐安县2022年度法治政府建设情况报告", "2023-01-10"], "磐安县2022年度法治政府建设情况报告"),
        (["2023年政府工作报告", "——2023年1月5日在某市第十届人民代表大会第三次会议上"], "2023年政府工作报告"),
        (["案例内容"], None),
        (["各位代表:"], None),
        (["首页", "政务公开", "通知公告"], None),
    ],
)
def test_titles(lines: list[str], title: str | None) -> None:
    found = find_title(lines)
    assert (found.text if found else None) == title


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发2023年法治政府建设工作要点的通知", "plan"),
        ("德清县2022年度法治政府建设工作总结", "annual_report"),
        ("2021年法治政府建设工作总结及2022年工作计划", "annual_report"),
        ("政府工作报告", "work_report"),
        ("关于印发2022年政府工作报告重点任务分工方案的通知", "plan"),
        ("《绍兴市法治政府建设实施方案(2021-2025年)》政策解读", "interpretation"),
        ("绍兴市法治政府建设实施方案(2021-2025年)", "plan"),
        ("绍兴市法治政府建设“十四五”规划", "plan"),
        ("绍兴市落实法治政府建设实施纲要工作情况报告", "annual_report"),
        ("绍兴市2020年依法行政工作情况报告", "annual_report"),
        ("绍兴市法治政府建设典型案例", "case"),
        ("绍兴市2022年国民经济和社会发展统计公报", "other"),
        ("关于公布绍兴市2022年法治政府建设年度报告的通知", "annual_report"),
        ("2022年度法治政府建设年报", "annual_report"),
    ],
)
def test_kinds_of_documents_by_their_title(title: str, kind: str) -> None:
    assert document_type(title, "")[0] == kind


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("案例内容\n【基本情况】\n近年来", "case"),
        ("各位代表:\n现在,我代表区人民政府向大会作政府工作报告,请予审议,并请各位政协委员提出意见。", "work_report"),
        ("现将本年度法治政府建设情况报告如下:", "annual_report"),
        ("结合我县实际,提出如下实施意见。", "plan"),
        ("一、出台背景", "interpretation"),
        ("今天天气很好。", "other"),
    ],
)
def test_kinds_of_documents_by_their_text(opening: str, kind: str) -> None:
    assert document_type("", opening)[0] == kind


def test_every_kind_of_document_has_a_valid_pattern() -> None:
    for row in (*words()["document_types"], *words()["document_types_by_text"]):
        assert re.compile(row.get("title") or row["text"])


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("关于2017年法治政府建设的情况报告", [2017]),
        ("2021-2022年度法治政府建设情况报告", [2022]),
        ("政府工作报告(2014)", [2014]),
        ("二〇二三年度法治政府建设情况报告", [2023]),
        ("法治政府建设实施方案(2021-2025年)落实情况报告", []),
        ("关于贯彻《法治政府建设实施纲要(2015—2020年)》的情况报告", []),
    ],
)
def test_the_years_a_title_is_about(title: str, years: list[int]) -> None:
    assert title_years(title) == years


@pytest.mark.parametrize(
    ("title", "body", "year"),
    [
        ("法治政府建设实施方案(2021—2025年)", "到2023年,完成改革。", 2025),
        ("法治政府建设“十四五”规划", "", 2025),
        ("2023年法治政府建设工作要点", "", 2023),
        ("加快推进法治政府建设的实施意见", "到2025年,基本建成。到2035年,全面建成。", 2025),
        ("加快推进法治政府建设的实施意见", "根据《法治政府建设实施纲要(2021—2025年)》。", 2022),
    ],
)
def test_the_year_a_plan_must_be_done_by(title: str, body: str, year: int) -> None:
    assert target_year(title, attachment(title), body, 2022) == year


@pytest.mark.parametrize(
    ("title", "inner"),
    [
        ("嵊泗县人民政府办公室关于印发嵊泗县纵深推进法治政府建设升级版的实施意见的通知", "嵊泗县纵深推进法治政府建设升级版的实施意见"),
        ("关于印发《诸暨市2023年法治政府建设工作要点》的通知", "诸暨市2023年法治政府建设工作要点"),
        ("东阳市人民政府关于2017年法治政府建设的情况报告", ""),
    ],
)
def test_the_document_a_notice_hands_on(title: str, inner: str) -> None:
    assert attachment(title) == inner


def test_what_is_quoted_is_as_the_file_has_it() -> None:
    assert as_written("平政文〔2021〕33号", "· 平政文〔2021〕33号", "  • 平政文〔2021〕33號") == "平政文〔2021〕33號"
    assert as_written("市人大常委会", "市人大常委会:", "市人大常委會：") == "市人大常委會"


def test_a_line_that_changed_its_length_is_quoted_as_normalised() -> None:
    assert as_written("里面", "里面的", "裏") == "里面"
