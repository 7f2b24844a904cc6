"""Whose number it is, as the clause says it, else as the definition has it."""

from __future__ import annotations

import pytest

from pipeline.coding import observe
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from tests.support import body_text


def scopes(text: str, issuer_kind: str = "government", names: tuple[str, ...] = ("示范市", "示范")) -> list[tuple[str, float, str]]:
    body = body_text(text)
    found = sections(body)
    context = Context(2023, own_names=names, issuer_kind=issuer_kind)
    _, quantities = read_numbers(body, found, context)
    return [(o.code.split(".")[1], o.value, o.scope) for o in observe(body, found, context, quantities)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("收到行政复议申请62件。", [("applications", 62, "government")], id="the definition's"),
        pytest.param("全市共收到行政复议申请62件。", [("applications", 62, "jurisdiction")], id="the whole place's"),
        pytest.param("示范市全市共收到行政复议申请62件。", [("applications", 62, "jurisdiction")], id="behind its own name"),
        pytest.param("2023年,全县共收到行政复议申请62件。", [("applications", 62, "jurisdiction")], id="behind the year"),
        pytest.param("2023年全省各级行政复议机关收到申请620件。", [("applications", 620, "jurisdiction")], id="every level's"),
        pytest.param("市县两级行政复议机关收到行政复议申请62件。", [("applications", 62, "jurisdiction")], id="two levels'"),
        pytest.param("我市收到行政复议申请62件。", [("applications", 62, "government")], id="我市 may be either"),
        pytest.param("行政应诉案件96件。", [("cases", 96, "jurisdiction")], id="the definition's again"),
        pytest.param("市政府办理行政应诉案件16件。", [("cases", 16, "government")], id="the government's own"),
        pytest.param("市本级办理行政应诉案件16件。", [("cases", 16, "government")], id="this level's"),
        pytest.param("示范市人民政府办理行政应诉案件16件。", [("cases", 16, "government")], id="by its full name"),
        pytest.param(
            "市政府各部门办理行政应诉案件96件。", [("cases", 96, "jurisdiction")], id="the departments' are not the government's own"
        ),
        pytest.param(
            "全市收到行政复议申请62件,受理50件。", [("applications", 62, "jurisdiction"), ("accepted", 50, "jurisdiction")], id="said once"
        ),
        pytest.param(
            "全市收到行政复议申请62件;市政府办理行政应诉案件16件。",
            [("applications", 62, "jurisdiction"), ("cases", 16, "government")],
            id="each member of a list has its own",
        ),
        pytest.param("推动全市法治建设,收到行政复议申请62件。", [("applications", 62, "government")], id="an object is no subject"),
    ],
)
def test_the_clause_tells_whose_number_it_is(text: str, expected: list[tuple[str, float, str]]) -> None:
    assert scopes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行政应诉案件16件。", "department"),
        ("全市共办理行政应诉案件16件。", "jurisdiction"),
        ("向市政府报告工作,行政应诉案件16件。", "department"),
    ],
)
def test_in_a_departments_report_a_number_is_the_departments_unless_it_says_the_whole_places(text: str, expected: str) -> None:
    assert [found[2] for found in scopes(text, "department", ("市住房和城乡建设局", "示范市"))] == [expected]
