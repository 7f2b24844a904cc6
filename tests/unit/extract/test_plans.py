"""Which chapters of a report plan: a chapter of tasks was done where the report goes on to its shortcomings or its outlook."""

from __future__ import annotations

import pytest

from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from tests.support import body_text


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (["一、加强组织领导", "二、扎实推进重点工作", "三、存在的问题", "四、下一步打算"], ["level", "level", "level", "target"]),
        (["一、总体要求", "二、主要做法"], ["level", "level"]),
        (["一、主要成效", "二、重点工作任务"], ["level", "target"]),
        (["一、工作情况", "二、存在问题", "三、工作重点"], ["level", "level", "target"]),
        (["一、主要成效", "二、工作重点", "三、需要协调解决的问题"], ["level", "target", "level"]),
    ],
)
def test_a_chapter_of_tasks_was_done_where_shortcomings_or_outlook_follow(headings: list[str], roles: list[str]) -> None:
    text = body_text("\n".join(f"{heading}\n全年审结行政复议案件21件。" for heading in headings))
    _, quantities = read_numbers(text, sections(text), Context(2023, None, "annual_report", ("示范市",), "government"))
    assert [quantity.role for quantity in quantities] == roles
