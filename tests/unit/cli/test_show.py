"""`fazhi show` points at the number in its sentence and at its place in the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.commands.show import line_and_column, marked

RAW = "标题\n\n  全年收到行政复议申请62件,\n审结62件。下一句62件。"


@pytest.mark.parametrize(
    ("words", "nth", "expected"),
    [("标题", 0, (1, 1)), ("62件", 0, (3, 13)), ("62件", 1, (4, 3)), ("62件", 2, (4, 10))],
)
def test_a_place_is_told_as_line_and_column_from_one(words: str, nth: int, expected: tuple[int, int]) -> None:
    offset = -1
    for _ in range(nth + 1):
        offset = RAW.index(words, offset + 1)
    assert line_and_column(RAW, offset) == expected


def test_the_number_itself_is_marked_and_not_one_like_it() -> None:
    sentence = "全年收到行政复议申请62件,\n审结62件。"
    second = RAW.index("审结62件") + 2
    assert marked(sentence, RAW, second, second + 3, color=False) == "全年收到行政复议申请62件, 审结⟦62件⟧。"
    assert marked(sentence, RAW, second, second + 3, color=True) == "全年收到行政复议申请62件, 审结\x1b[1;7m62件\x1b[0m。"


@given(st.text(alphabet="件62\n ", max_size=40), st.data())
def test_marking_loses_no_character_but_blanks(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = marked(text, text, start, end, color=False)
    assert "".join(shown.replace("⟦", "").replace("⟧", "").split()) == "".join(text.split())
