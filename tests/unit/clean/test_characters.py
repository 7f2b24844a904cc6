"""Folding: one sign for one meaning, and every offset stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.characters import NOTHING, code_points, expansions, fold, folding, load_characters

ROWS = load_characters()


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("收到９８件，占比９７．５％；", "收到98件,占比97.5%;"),
        ("（一）加强ＡＩ应用：", "(一)加强AI应用:"),
        ("4.15∶1", "4.15:1"),
        ("3～5家、3〜5家", "3~5家、3~5家"),
        ("2021―2025年 2021—2025年 2021–2025年", "2021—2025年 2021—2025年 2021-2025年"),
        ("「十四五」『双隨機』", "“十四五”‘双隨機’"),
        ("平政文﹝2021﹞33号", "平政文〔2021〕33号"),
        ("二○二二年 二〇二二年 二0二二年", "二〇二二年 二〇二二年 二〇二二年"),
        ("⼯作⺠主⻓期", "工作民主长期"),
        ("\uf0b7第一项\uf031\uf032件", " 第一项12件"),
        ("a\u3000b\xa0c\u2003d\te", "a b c d\te"),
        ("98\u200b件\ufeff", f"98{NOTHING}件{NOTHING}"),
        ("一\r\n二\u2028三\x0b四", "一\n\n二\n三\n四"),
        ("100。《》、“”①Ⅲ℃㎡", "100。《》、“”①Ⅲ℃㎡"),
    ],
)
def test_look_alikes_are_folded(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_readings_behind_ideographs_vanish_where_a_page_has_them_throughout() -> None:
    raw = "發(fā)展建設(shè)政務(wù)誠信,現(xiàn)將實(shí)施意見印發(fā)給你們(men)"
    assert fold(raw).replace(NOTHING, "") == "發展建設政務誠信,現將實施意見印發給你們"
    assert len(fold(raw)) == len(raw)


def test_letters_in_brackets_are_no_readings() -> None:
    listed = "第一类(a)、第二类(b)、第三类(c)、第四类(d)、第五类(e)"
    assert fold(listed) == listed
    assert fold("建設(shè)") == "建設(shè)"


@given(st.text())
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("row", ROWS["same"], ids=[row["to"] + row["from"][0] for row in ROWS["same"]])
def test_every_row_folds_what_unicode_rules_alone_would_not(row: dict[str, Any]) -> None:
    for char in row["from"]:
        assert fold(f"甲{char}乙") == f"甲{row['to']}乙"
        assert row["why"]


@pytest.mark.parametrize("kind", ["blank", "line", "nothing"])
def test_every_range_is_used(kind: str) -> None:
    sign = {"blank": " ", "line": "\n", "nothing": NOTHING}[kind]
    for spec in ROWS[kind]:
        codes = [code for code in code_points(spec) if chr(code) != sign]
        assert any(folding().get(code) == sign for code in codes) or chr(code_points(spec)[0]) == sign


def test_no_character_is_told_to_be_two_things() -> None:
    chars = [char for row in ROWS["same"] for char in row["from"]]
    assert len(chars) == len(set(chars))


def test_labels_in_one_glyph_are_written_out() -> None:
    assert [expansions()[glyph] for glyph in "⑴⒂⒈㈠㈩"] == ["(1)", "(15)", "1.", "(一)", "(十)"]
