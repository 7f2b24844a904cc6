"""The patterns of page chrome: every row and word is needed, and none takes a report's own words."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.bounds import judge
from pipeline.clean.chrome import HEADING, ISSUER, SIGNATURE_DATE, TITLE, addressee_end, build, chrome, load_rows
from pipeline.clean.lines import read_lines

ROWS = load_rows()
PATTERN_ROWS = [row for row in ROWS if "words" not in row]
WORD_ROWS = [row for row in ROWS if "words" in row]
REPOSITORY = Path(__file__).parents[3]
CORPUS = REPOSITORY / "../shared/corpus"


def without(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [other for other in ROWS if other is not row]


@pytest.mark.parametrize("row", PATTERN_ROWS, ids=[row["examples"][0] for row in PATTERN_ROWS])
def test_every_pattern_knows_lines_that_no_other_knows(row: dict[str, Any]) -> None:
    rest = build(without(row))
    for example in row["examples"]:
        assert chrome().kind(example) == row["kind"], example
        assert rest.kind(example) != row["kind"], example


FIRST_LOOK = re.compile(r"\(\?=\[(?:\\.|[^\]\\])*\]\)")
ROWS_LOOKED_AT_FIRST = [row["pattern"] for row in ROWS if FIRST_LOOK.match(row.get("pattern", ""))]


@pytest.mark.parametrize("pattern", ROWS_LOOKED_AT_FIRST)
@given(data=st.data())
def test_a_first_look_at_a_line_loses_none(pattern: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(re.compile(FIRST_LOOK.sub("", pattern, count=1)), fullmatch=True))
    assert re.fullmatch(pattern, line)


@pytest.mark.parametrize("row", WORD_ROWS, ids=[f"{row['kind']} {row['words'][0]}" for row in WORD_ROWS])
def test_every_word_makes_a_line_chrome_that_would_not_be_so_without_it(row: dict[str, Any]) -> None:
    for word in row["words"]:
        fewer = {**row, "words": [other for other in row["words"] if other != word]}
        rest = build([fewer if other is row else other for other in ROWS])
        assert chrome().kind(f"{word}:") == row["kind"], word
        assert rest.kind(f"{word}:") != row["kind"], word


@pytest.mark.parametrize("label", ["第一章", "一、", "(二)", "3.", "4、", "(5)"])
def test_no_line_that_begins_as_a_numbered_heading_is_chrome_without_a_word_that_may_stand_inside(label: str) -> None:
    begun = [word for row in WORD_ROWS for word in row["words"]] + [example for row in PATTERN_ROWS for example in row["examples"]]
    for rest in begun:
        assert not chrome().other_rows.fullmatch(label + rest), rest


def test_rows_say_nothing_that_is_not_read() -> None:
    for row in ROWS:
        assert set(row) <= {"kind", "pattern", "before", "inside", "behind", "examples", "words", "value", "bare"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("发布时间:2022-12-30 15:29", "field"),
        ("·发文字号", "field"),
        ("索引号11330922090963010M/2022-29756", "field"),
        ("作者:来源:发布日期:2021-06-04浏览次数:浏览", "credit"),
        ("分享到:微信微博QQ空间", "toolbar"),
        ("【打印】【关闭】", "toolbar"),
        ("您所在的位置:首页>政务公开>计划规划>计划总结", "trail"),
        ("2022年12月27日", "signature"),
        ("某市人民政府二〇二二年一月五日", "signature"),
        ("公开方式更加多样,群众满意度提升。", ""),
        ("(一)推进全民阅读", ""),
        ("提高来源稳定的收入", ""),
        ("最新进展", ""),
        ("依法查处未经许可经营案件30件。", ""),
        ("全年新增30500个就业岗位", ""),
        ("时间安排", ""),
        ("编辑出版普法读物3种", ""),
    ],
)
def test_lines_are_what_they_look_like(line: str, kind: str) -> None:
    assert judge(line).kind == kind


@pytest.mark.parametrize(
    ("line", "addressee"),
    [
        ("金华市人民政府:", "金华市人民政府:"),
        ("市人大常委会:", "市人大常委会:"),
        ("各乡镇人民政府,县政府直属各单位:", "各乡镇人民政府,县政府直属各单位:"),
        (
            "各镇人民政府、街道办事处,经济开发区管委会,市政府各部门(单位),各垂直管理部门:",
            "各镇人民政府、街道办事处,经济开发区管委会,市政府各部门(单位),各垂直管理部门:",
        ),
        ("各位代表:", "各位代表:"),
        ("主任、各位副主任、秘书长、各位委员:", "主任、各位副主任、秘书长、各位委员:"),
        ("省人民政府:现将有关情况报告如下。", "省人民政府:"),
        ("现将有关情况报告如下:", ""),
        ("一年来,我们主要做了以下工作:", ""),
        ("(一)健全工作机构:", ""),
        ("收案比达4.15:1。", ""),
        ("发布时间:2022-12-30", ""),
        ("一、主要做法", ""),
    ],
)
def test_an_addressee_is_a_list_of_bodies_before_a_colon(line: str, addressee: str) -> None:
    assert line[: addressee_end(line)] == addressee


@pytest.mark.parametrize("label", ["第一章总则", "一、主要做法", "(二)强化", "3.清理", "4、法律顾问", "(5)其他"])
def test_headings_have_a_number(label: str) -> None:
    assert HEADING.match(label)


@pytest.mark.parametrize("text", ["2020年以来", "3.5亿元", "第一责任人", "一是加强"])
def test_numbers_of_the_text_are_no_labels(text: str) -> None:
    assert not HEADING.match(text)


def test_parts_of_an_official_document() -> None:
    assert ISSUER.fullmatch("中共某县委全面依法治县委员会办公室")
    assert SIGNATURE_DATE.fullmatch("(2018年1月22日)")
    assert not SIGNATURE_DATE.fullmatch("2018年1月22日召开会议")
    assert TITLE.fullmatch("东阳市人民政府关于2017年法治政府建设的情况报告")
    assert not TITLE.fullmatch("市政府常务会议听取了法治政府建设情况的报告。")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the work reports are not beside this checkout")
def test_no_sentence_of_a_work_report_is_taken_for_chrome() -> None:
    expected = {"附件", "责任编辑", "扫一扫", "新华社", "版权所有", "您正在浏览", "返回手机版", "登录注册", "×"}
    for path in sorted(CORPUS.glob("*.txt")):
        for line in read_lines(path.read_text(encoding="utf-8"))[0]:
            if judge(line.text).kind:
                assert any(word in line.text for word in expected), (path.name, line.text)


UNITS = [
    "1",
    "1 ",
    "-",
    "首页>",
    "大",
    "大中小",
    "大 ",
    "附件",
    "您的",
    "市政府",
    "字体:",
    "(公开",
    "本站由",
    ">",
    "a>",
    "来源:",
    "分享到",
    "更多",
    "第1页",
    "上一页",
    "网站地图|",
    "2020-01-01",
    "X_",
    "首页\t",
    "更多/",
    "市、",
    "关于",
]


JUDGE = """
import json, sys
from pipeline.clean.bounds import judge
from pipeline.clean.chrome import addressee_end
for line in json.load(sys.stdin):
    judge(line)
    addressee_end(line)
"""


def test_no_pattern_runs_away_on_a_line() -> None:
    """Over lines like these one that does takes minutes or for ever; all of them together take a moment."""
    lines = [line for unit in UNITS for line in (unit * 160, unit * 40 + "完", "1133" + unit * 12 + "M/2022-29756")]
    subprocess.run(
        [sys.executable, "-c", JUDGE], input=json.dumps([line[:320] for line in lines]), text=True, check=True, timeout=60, cwd=REPOSITORY
    )
