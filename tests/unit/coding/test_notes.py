"""Numbers that a work report appends to itself: its glossary tells nothing, its lists of projects are plans."""

from __future__ import annotations

from pipeline.coding import observe
from pipeline.coding.notes import glossary
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from tests.support import body_text

REPORT = """一、2022年工作回顾
全年新增市场主体1.2万户。政务服务事项100%实现“最多跑一次”。
二、2023年工作安排
新增市场主体1.3万户。
三、全面加强政府自身建设
办理人大代表建议120件。
附件1
2023年十件民生实事
一、提高惠企利民服务便捷度
推出50项高频事项实现“一次办”。
"""
GLOSSARY = "附件2\n名词解释\n1.“示范90”:即建设项目从立项到施工许可办理完成,总审批时间不超过90天。\n"


def rows(text: str) -> list[tuple[str, int, float, str]]:
    body = body_text(text)
    found = sections(body)
    context = Context(2022, None, "work_report", ("示范市", "示范"))
    _, quantities = read_numbers(body, found, context)
    return [(row.code, row.year, row.value, row.status) for row in observe(body, found, context, quantities)]


def test_what_follows_the_first_chapter_of_plans_is_planned_attached_projects_too() -> None:
    assert rows(REPORT) == [
        ("market.new_entities", 2022, 12000, "actual"),
        ("service.one_visit_share", 2022, 100, "actual"),
        ("market.new_entities", 2023, 13000, "target"),
        ("oversight.npc_suggestions", 2023, 120, "target"),
        ("service.one_visit_items", 2023, 50, "target"),
    ]


def test_the_numbers_of_a_glossary_are_not_coded() -> None:
    assert rows(REPORT + GLOSSARY) == rows(REPORT)
    assert rows(REPORT + GLOSSARY.split("\n", 2)[2]) != rows(REPORT), "without its heading the entry is a sentence like any other"


def test_a_glossary_ends_where_another_attachment_begins() -> None:
    text = body_text(REPORT + GLOSSARY + "附件3\n重点项目清单\n新增市场主体5000户。\n")
    start, end = glossary(text)
    assert text[start:end].startswith("名词解释\n1.")
    assert text[end:].startswith("附件3")


def test_a_glossary_listed_before_the_report_is_not_one() -> None:
    assert glossary("附件:1.名词解释\n" + body_text(REPORT))[0] == len("附件:1.名词解释\n" + body_text(REPORT))
