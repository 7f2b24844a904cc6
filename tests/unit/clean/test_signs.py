"""A whole text is folded as its lines are, and is told what its signs ask for."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.clean.characters import expansions, fold
from pipeline.clean.script import has_changeable
from pipeline.clean.signs import fold_text

SIGNS = st.text(st.one_of(st.characters(), st.sampled_from("一二〇○О0十年ａ１　()（）ēhao法嚴○\0\n\t国國㈠℃…")), max_size=40)


@given(SIGNS)
@example("\0a\0")
@example("二○二二年(nián)法(fǎ)治(zhì)政(zhèng)府(fǔ)建(jiàn)设○")
@example("\ud800一")
def test_a_text_is_folded_as_a_line_is(text: str) -> None:
    folded = fold_text(text)
    assert folded.text == fold(text)
    assert len(folded.text) == len(text)


@given(SIGNS)
@example("㈠國○")
def test_what_is_not_told_is_not_there(text: str) -> None:
    folded = fold_text(text)
    assert folded.has_glyphs or not set(expansions()) & set(folded.text)
    assert folded.may_change or not has_changeable(folded.text)
