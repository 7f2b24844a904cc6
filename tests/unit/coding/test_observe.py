"""What the coder does by itself, whatever the indicator: numbers carried on, taken apart, refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coding import code, near_misses, observe
from pipeline.coding.codebook import CodebookError, compile_codebook
from pipeline.coding.subjects import as_respondent
from pipeline.extract import Context, read_numbers
from pipeline.parse import sections
from pipeline.records import Observation
from tests.support import observe_example

PIECES = (
    *("全年收到行政复议申请62件", "受理50件", "其中", "维持19件", "撤销4件", ";", ",", "。", "、", "较2022年(35%)提升17%", "占25%"),
    *("分别为12件、15件", "市公安局", "全市", "办理人大代表建议120件", "和政协提案", "五年来累计", "调解成功率达到98%以上", "力争"),
    *("(", ")", "青山县", "开展", "\n", "一、"),
)


def rows(text: str, **example: object) -> list[tuple[str, float, int]]:
    return [(o.code, o.value, o.year) for o in observe_example({"text": text, **example})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "审结复议案件37件,其中维持19件,撤销4件。",
            [
                ("reconsideration.concluded", 37, 2023),
                ("reconsideration.upheld", 19, 2023),
                ("reconsideration.revoked", 4, 2023),
            ],
            id="the subject carries over commas and 其中",
        ),
        pytest.param(
            "2022年收到行政复议申请203件,2023年收到258件。",
            [("reconsideration.applications", 203, 2022), ("reconsideration.applications", 258, 2023)],
            id="a number without words of its own takes those of the number before",
        ),
        pytest.param(
            "办理人大代表建议和政协提案分别为132件、168件。",
            [("oversight.npc_suggestions", 132, 2023), ("oversight.cppcc_proposals", 168, 2023)],
            id="分别 gives each number its own noun",
        ),
        pytest.param("办理人大代表建议和政协提案495件。", [], id="a sum of two codes kept apart is neither"),
        pytest.param("五年来累计办理人大代表建议1120件。", [], id="several years together are not one year"),
        pytest.param("行政复议申请同比增加12件。", [], id="a change is not the level"),
        pytest.param("全市公安机关收到行政复议申请3件。", [], id="a department's number is not the government's"),
        pytest.param("青山县收到行政复议申请3件。", [], id="nor is that of a unit below"),
        pytest.param(
            "办结政协提案76件,其中重点提案8件。",
            [("oversight.cppcc_proposals", 76, 2023)],
            id="a part is not its whole told again",
        ),
        pytest.param(
            "收到复议申请突破1000件大关,达1086件。",
            [("reconsideration.applications", 1086, 2023)],
            id="a mark passed on the way is not the value",
        ),
    ],
)
def test_meaning_flows_as_the_sentence_says(text: str, expected: list[tuple[str, float, int]]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("组织甲学习6次。", True, id="wanted"),
        pytest.param("组织乙学习6次。", False, id="a rival"),
        pytest.param("甲带头,乙学习6次。", False, id="the rival is nearer"),
        pytest.param("乙带头,甲学习6次。", True, id="the wanted is nearer"),
        pytest.param("组织乙、甲学习6次。", False, id="told together with a rival"),
        pytest.param("先后6次组织甲学习。", True, id="behind the number"),
        pytest.param("先后6次组织乙学习,甲领会。", False, id="a rival behind the number, the wanted beyond"),
        pytest.param("甲有学法制度,全年学习6次。", True, id="earlier in the sentence"),
        pytest.param("甲有学法制度。全年学习6次。", True, id="in the sentence before"),
        pytest.param("乙有学法制度。全年学习6次。", False, id="a rival in the sentence before"),
        pytest.param("甲有学法制度。\n全年学习6次。", False, id="not in the paragraph before"),
        pytest.param("全年学习6次。", False, id="nobody"),
    ],
)
def test_of_words_that_exclude_each_other_the_nearest_counts(text: str, told: bool) -> None:
    words = {"name_zh": "数", "name_en": "number", "definition_zh": "数", "definition_en": "number", "theme": "capacity"}
    kind = {"value_type": "count", "unit": "次", "accepted_units": ["次"], "additive": True, "scope": "government"}
    rule = {"counted": ["学习"], "nearest": [["甲"], ["乙", "丙"]]}
    book = compile_codebook([{**words, **kind, "code": "learning.one", "told": [rule]}], {})
    _, quantities = read_numbers(text, [], Context(2023))
    assert bool(observe(text, [], Context(2023), quantities, book)) == told


@pytest.mark.parametrize("nearest", [["甲", "乙"], [["甲"]], [["甲"], []], [["甲"], ["乙"], ["丙"]]])
def test_a_rule_names_those_wanted_and_their_rivals(nearest: object) -> None:
    entry = {
        "code": "learning.one",
        **dict.fromkeys(("theme", "name_zh", "name_en", "definition_zh", "definition_en", "unit", "scope"), "x"),
    }
    told = [{"counted": ["学习"], "nearest": nearest}]
    with pytest.raises(CodebookError, match=r"learning.one: told\[1\]: 'nearest' is two lists of words"):
        compile_codebook([{**entry, "value_type": "count", "accepted_units": ["次"], "additive": True, "told": told}], {})


def test_a_plan_gives_targets_for_its_horizon() -> None:
    found = observe_example({"text": "行政诉讼一审败诉率控制在7%以内。", "document_type": "plan", "target_year": 2025})
    assert [(o.code, o.value, o.comparator, o.year, o.status) for o in found] == [("litigation.loss_rate", 7, "le", 2025, "target")]


def check(text: str, observations: list[Observation]) -> None:
    for found in observations:
        assert 0 <= found.quote_start <= found.quantity.start < found.quantity.end <= found.quote_end <= len(text)
        assert found.matched_by.startswith(found.code)


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_order_of_words_breaks_the_coder(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = sections(text)
    context = Context(2023, own_names=("示范市", "示范"))
    _, quantities = read_numbers(text, found, context)
    check(text, observe(text, found, context, quantities))


def test_long_hostile_strings_are_coded() -> None:
    """Nothing in the coder may look back without bound: these would take hours if it did."""
    for piece in (
        "办理1件;",
        "其中维持1件,",
        "A和B分别为1件、",
        "市公安局办理1件;",
        "收到行政复议申请1件、",
        "(1件",
        "较2022年(1%)",
        "“1件”",
        "学法6次、",
        "常务会议学法6次并",
    ):
        text = piece * 2_000
        _, quantities = read_numbers(text, [], Context(2023))
        coding = code(text, [], Context(2023), quantities)
        check(text, coding.observations)
        near_misses(coding)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("长岭镇综合行政执法队现有持证执法人员11名。", [11], id="a township's enforcement body is the township's"),
        pytest.param("长岭镇派出所现有持证执法人员6名。", [], id="its police station is not"),
        pytest.param("平山区长岭镇现有持证执法人员11名。", [11], id="its own name behind the place it lies in"),
        pytest.param("平山区南桥镇现有持证执法人员9名。", [], id="another township's name there"),
    ],
)
def test_whose_number_it_is_in_a_townships_report(text: str, expected: list[float]) -> None:
    context = Context(2023, None, "annual_report", ("长岭镇",))
    found = sections(text)
    _, quantities = read_numbers(text, found, context)
    assert [o.value for o in observe(text, found, context, quantities) if o.code == "enforcement.officers_certified"] == expected


@pytest.mark.parametrize(
    ("own_names", "expected"),
    [
        pytest.param(("青山县卫生健康局", "青山"), [("enforcement.penalty_cases", 86)], id="the field of the department that reports"),
        pytest.param(("青山县财政局", "青山"), [], id="another's"),
    ],
)
def test_a_departments_own_field_bars_nothing(own_names: tuple[str, ...], expected: list[tuple[str, float]]) -> None:
    text = "全年办理卫生行政处罚案件86件。"
    found = sections(text)
    context = Context(2023, None, "annual_report", own_names, "department")
    _, quantities = read_numbers(text, found, context)
    assert [(o.code, o.value) for o in observe(text, found, context, quantities)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("健全审理机制,确保行政复议案件按期审结率达到100%。", [], id="an aim at no time named is nobody's target"),
        pytest.param("下一步,健全审理机制,确保行政复议案件按期审结率达到100%。", [(2024, "target")], id="in an outlook it is one"),
        pytest.param("健全审理机制,行政复议案件按期审结率达到100%。", [(2023, "actual")], id="told as done it is the year's"),
    ],
)
def test_what_was_to_be_ensured_is_coded_only_where_a_time_is_named(text: str, expected: list[tuple[int, str]]) -> None:
    context = Context(2023, None, "annual_report", ("示范市", "示范"))
    _, quantities = read_numbers(text, [], context)
    found = observe(text, [], context, quantities)
    assert [(o.year, o.status) for o in found if o.code == "reconsideration.on_time_rate"] == expected


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "以市政府为被申请人的行政复议案件5件",
            "作为被申请人的复议案件5件",
            "办理行政复议答复案件5件",
            "新收应议案件5件",
            "被申请行政复议案件5件",
        ),
        *("被提起行政复议5件", "被复议案件5件"),
    ],
)
def test_cases_in_which_the_agency_is_complained_of_are_known_by_their_opening(opening: str) -> None:
    text = f"{opening},维持3件。"
    assert as_respondent(text, "reconsideration", 0, text.index("3件"))
    assert not as_respondent(text, "litigation", 0, text.index("3件"))
    assert not as_respondent(f"审结复议案件9件,{text}", "reconsideration", 0, len(text))
