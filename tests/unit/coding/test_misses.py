"""A quantity that came near to an indicator says why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import records
from pipeline.coding import code, codebook, near_misses, observe
from pipeline.coding.codebook import Codebook, compile_codebook
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from pipeline.records import NearMiss, Observation, Quantity
from tests.support import body_text
from tests.unit.coding.test_observe import PIECES


def coded(text: str, book: Codebook | None = None) -> tuple[list[Quantity], list[Observation], list[NearMiss]]:
    found = sections(text)
    report = Context(2023, own_names=("示范市", "示范"))
    _, quantities = read_numbers(text, found, report)
    coding = code(text, found, report, quantities, book)
    assert coding.observations == observe(text, found, report, quantities, book)
    return quantities, coding.observations, near_misses(coding)


APPLICATIONS, ACCEPTED, CONCLUDED = "reconsideration.applications", "reconsideration.accepted", "reconsideration.concluded"
NPC, CPPCC = "oversight.npc_suggestions", "oversight.cppcc_proposals"
GLOSSARY = "示范市2023年政府工作报告。\n收到行政复议申请38件。\n行政审批改革继续推进。\n名词解释\n复议:如收到行政复议申请62件。"


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("五年来累计办理人大代表建议1120件。", "1120件", (NPC, "period", ("multi",))),
        ("常务会议坚持每季度学法2次。", "2次", ("learning.executive_sessions", "period", ("each",))),
        ("办理人大代表建议和政协提案495件。", "495件", (NPC, "joint", (CPPCC,))),
        ("行政复议申请同比增加12件。", "12件", (APPLICATIONS, "role", ("change",))),
        ("全市公安机关收到行政复议申请3件。", "3件", (APPLICATIONS, "owner", ("department",))),
        ("青山县收到行政复议申请3件。", "3件", (APPLICATIONS, "owner", ("subordinate",))),
        ("办结政协提案76件,其中重点提案8件。", "8件", (CPPCC, "part", ())),
        ("收到复议申请突破1000件大关,达1086件。", "突破1000件", (APPLICATIONS, "milestone", ())),
        ("全市行政机关负责人出庭应诉率达到195%。", "195%", ("litigation.head_appearance_rate", "range", ())),
        ("受理涉企行政复议案件52件,审结49件。", "52件", (ACCEPTED, "not_near", ("涉企",))),
        ("受理涉企行政复议案件52件,审结49件。", "49件", (CONCLUDED, "not_first", ("涉企",))),
        ("公开听证的重大行政决策听证事项由12项调整为9项。", "12项", ("decisions.hearings_catalogued", "year", ())),
        (GLOSSARY, "62件", (APPLICATIONS, "glossary", ())),
    ],
)
def test_the_reason_is_told(text: str, number: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    body = body_text(text)
    quantities, observations, misses = coded(body)
    told = {(body[q.start : q.end], m.code): (m.condition, m.words) for m in misses for q in [quantities[m.quantity]]}
    wanted, condition, words = expected
    assert (number, wanted) in told, told
    assert told[number, wanted][0] == condition
    assert told[number, wanted][1][: len(words)] == words
    assert not [o for o in observations if body[o.quantity.start : o.quantity.end] == number]


def book_of(**rules: list[dict[str, Any]]) -> Codebook:
    """A codebook of one theme with these rules by code."""
    words = {"name_zh": "数", "name_en": "number", "definition_zh": "数", "definition_en": "number", "theme": "disputes"}
    kind = {"value_type": "count", "unit": "件", "accepted_units": ["件"], "additive": True, "scope": "government"}
    entries = [{**words, **kind, "code": f"disputes.{name}", "told": told} for name, told in rules.items()]
    return compile_codebook(entries, {})


@pytest.mark.parametrize(
    ("rule", "text", "condition", "words"),
    [
        ({"topic": "litigation", "clause": ["收到"]}, "收到申请62件。", "topic", ()),
        ({"where": "behind"}, "收到申请62件。", "side", ()),
        ({"topic": "reconsideration", "clause": ["受理", "审结"]}, "行政复议收到申请62件。", "clause", ("受理", "审结")),
        ({"clause": ["收到"], "member": ["全市"]}, "全市收到来信;收到申请62件。", "member", ("全市",)),
        ({"clause": ["收到"], "sentence": ["复议"]}, "行政复议有力。收到申请62件。", "sentence", ("复议",)),
        ({"clause": ["收到"], "context": [["复议"], ["收到"]]}, "收到申请62件。", "context", ("复议",)),
        ({"not_near": ["再次", "收到"]}, "收到申请62件。", "not_near", ("收到",)),
        ({"not_clause": ["来信"]}, "来信申请公开的申请62件。", "not_clause", ("来信",)),
        ({"not_sentence": ["公开"]}, "公开力度加大,收到申请62件。", "not_sentence", ("公开",)),
        ({"not_context": ["公开"]}, "公开力度加大。收到申请62件。", "not_context", ("公开",)),
        ({"nearest": [["局"], ["县", "市"]]}, "局里收到各县申请62件。", "nearest", ("局",)),
        ({"roles": ["target"]}, "收到申请62件。", "role", ("level",)),
    ],
)
def test_every_condition_of_a_rule_can_be_the_reason(rule: dict[str, Any], text: str, condition: str, words: tuple[str, ...]) -> None:
    (miss,) = coded(text, book=book_of(one=[{"counted": ["申请"], **rule}]))[2]
    assert (miss.code, miss.rule, miss.condition, miss.words) == ("disputes.one", "disputes.one#1", condition, words)


def test_two_that_fit_equally_are_rivals() -> None:
    told = [{"counted": ["申请"]}]
    _, observations, misses = coded("收到申请62件。", book=book_of(one=told, two=told))
    assert observations == []
    assert [(miss.code, miss.condition, miss.words) for miss in misses] == [
        ("disputes.one", "rival", ("disputes.two",)),
        ("disputes.two", "rival", ("disputes.one",)),
    ]


def test_two_unmet_conditions_are_not_near() -> None:
    assert coded("收到申请62件。", book=book_of(one=[{"counted": ["申请"], "clause": ["受理"], "not_near": ["收到"]}]))[2] == []


def test_what_is_barred_is_nearer_than_what_lacks_a_word() -> None:
    lacking = {"counted": ["申请"], "clause": [["收到"], ["受理"]], "weight": 5}
    barred = {"counted": ["申请"], "not_near": ["收到"]}
    (miss,) = coded("收到申请62件。", book=book_of(one=[lacking, barred]))[2]
    assert (miss.rule, miss.condition) == ("disputes.one#2", "not_near")


def test_a_counted_thing_alone_is_near_to_nothing() -> None:
    assert coded("收到申请62件。", book=book_of(one=[{"counted": ["申请"], "sentence": ["复议"]}]))[2] == []


@pytest.mark.parametrize("text", ["全市常住人口62万人。", "建成绿道120公里,新增停车位3500个。", "收到来信36封。", ""])
def test_what_is_near_to_nothing_has_no_reason(text: str) -> None:
    assert coded(body_text(text))[2] == []


def test_an_observation_is_no_near_miss_of_its_own_code() -> None:
    _, observations, misses = coded("全年收到行政复议申请62件,受理50件,其中维持19件,撤销4件。")
    assert [o.value for o in observations] == [62, 50, 19, 4]
    assert misses == []


@given(st.lists(st.sampled_from((*PIECES, "涉企", "同比增加12件", "五年来", "年均", "率为120%", "如", "突破100件大关")), max_size=25))
def test_every_reason_names_a_rule_and_a_condition_that_exist(pieces: list[str]) -> None:
    quantities, observations, misses = coded("".join(pieces))
    rules: Mapping[str, str] = {rule.name: rule.indicator.code for rule in codebook().rules}
    made = {(o.quantity.start, o.code) for o in observations}
    for miss in misses:
        assert rules[miss.rule] == miss.code
        assert miss.condition in get_args(records.Condition)
        assert (quantities[miss.quantity].start, miss.code) not in made
    assert len({(miss.quantity, miss.code) for miss in misses}) == len(misses)
