"""Body -> heading tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse import sections


def tree(text: str) -> list[tuple[int, str, str]]:
    """(parent_no, label, title) of each heading."""
    return [(section.parent_no, section.label, section.title) for section in sections(text)]


def test_ranks_nest_in_the_usual_order() -> None:
    text = "第一部分工作回顾\n一、主要做法\n(一)组织领导\n1.加强领导。健全机制。\n(1)常务会议学法。\n二、存在问题"
    assert tree(text) == [
        (0, "第一部分", "工作回顾"),
        (1, "一、", "主要做法"),
        (2, "(一)", "组织领导"),
        (3, "1.", "加强领导"),
        (4, "(1)", "常务会议学法"),
        (1, "二、", "存在问题"),
    ]


def test_a_rank_left_out_is_not_missed() -> None:
    assert tree("一、做法\n1.甲事项\n2.乙事项\n(一)丙\n二、打算") == [
        (0, "一、", "做法"),
        (1, "1.", "甲事项"),
        (1, "2.", "乙事项"),
        (1, "(一)", "丙"),
        (0, "二、", "打算"),
    ]


def test_numbering_that_runs_on_or_begins_anew_keeps_its_parent() -> None:
    text = "(一)甲\n1.一事\n2.二事\n(二)乙\n3.三事\n(三)丙\n1.一事"
    assert [parent for parent, _, _ in tree(text)] == [0, 1, 1, 0, 4, 0, 6]


def test_chapters_hold_sections_of_a_plan() -> None:
    assert tree("第一章总则\n第一节指导思想\n一、形势\n第二章任务\n第一节制度") == [
        (0, "第一章", "总则"),
        (1, "第一节", "指导思想"),
        (2, "一、", "形势"),
        (0, "第二章", "任务"),
        (4, "第一节", "制度"),
    ]


def test_two_signs_of_one_rank_stand_side_by_side() -> None:
    assert tree("一、做法\n1.甲\n2、乙\n3.丙") == [(0, "一、", "做法"), (1, "1.", "甲"), (1, "2、", "乙"), (1, "3.", "丙")]


def test_headings_in_brackets_are_the_highest() -> None:
    assert tree("【基本情况】\n近年来\n【任务措施】\n(一)强化组织领导\n1.加强领导。\n【特点和效果】") == [
        (0, "【】", "基本情况"),
        (0, "【】", "任务措施"),
        (2, "(一)", "强化组织领导"),
        (3, "1.", "加强领导"),
        (0, "【】", "特点和效果"),
    ]


def test_a_line_that_names_a_period_of_work_is_a_heading_without_label() -> None:
    assert tree("2019年工作回顾\n过去一年,在市委领导下。\n一、稳增长\n2020年工作安排\n今年是决胜之年。") == [
        (0, "", "2019年工作回顾"),
        (1, "一、", "稳增长"),
        (0, "", "2020年工作安排"),
    ]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("(一)突出提质增效,全力优化法治化营商环境一是出台方案强保障紧扣营商环境", "突出提质增效,全力优化法治化营商环境"),
        ("(二)着眼标准引领,全力提升依法决策水平。一是重大行政决策管理全覆盖。", "着眼标准引领,全力提升依法决策水平"),
        ("一、2020年工作和“十三五”发展回顾", "2020年工作和“十三五”发展回顾"),
        ("2.深入推进:优化流程", "深入推进"),
        ("3、2021年工作打算", "2021年工作打算"),
        (
            "1.浙江政府服务网行政处罚系统落实情况,我市统建系统上报系统的案件数达2475件,居全省第4位,并全部公开",
            "浙江政府服务网行政处罚系统落实情况,我市统建系统上报系统的案件数达2475件",
        ),
    ],
)
def test_a_title_ends_where_its_paragraph_begins(line: str, title: str) -> None:
    assert sections(line)[0].title == title


@pytest.mark.parametrize(
    "line",
    [
        "一是出台方案。",
        "一、二审案件审结。",
        "1.5亿元用于补助。",
        "12.5%的项目已完工。",
        "5、6月份开展检查。",
        "2019年,我市回顾总结。",
        "一要加强领导。",
        "第一,坚持党的领导。",
    ],
)
def test_what_only_looks_like_a_label_is_no_heading(line: str) -> None:
    assert sections(line) == []


def test_a_section_reaches_to_the_next_of_its_level_and_holds_its_parts() -> None:
    text = "一、甲\n内容\n(一)乙\n内容\n二、丙\n内容"
    first, inner, second = sections(text)
    assert text[first.start : first.end] == "一、甲\n内容\n(一)乙\n内容\n"
    assert text[inner.start : inner.end] == "(一)乙\n内容\n"
    assert (second.start, second.end) == (first.end, len(text))
    assert [section.level for section in (first, inner, second)] == [1, 2, 1]


@given(
    st.lists(
        st.sampled_from(
            ["一、甲", "二、乙", "(一)丙", "(二)丁", "1.戊", "2、己", "(1)庚", "【辛】", "【基本情况】", "正文,一是。", "①壬", "第一章总则"]
        )
    )
)
def test_sections_form_a_tree_over_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = sections(text)
    assert [section.section_no for section in found] == list(range(1, len(found) + 1))
    assert [section.start for section in found] == sorted({section.start for section in found})
    for section in found:
        assert 0 <= section.start < section.end <= len(text)
        assert text.startswith(section.label.rstrip("】"), section.start)
        if section.parent_no:
            parent = found[section.parent_no - 1]
            assert parent.start < section.start and section.end <= parent.end and parent.level == section.level - 1
        else:
            assert section.level == 1
