"""Law 2: every numeral of a body has exactly one disposition."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import Context, read_numbers
from pipeline.parse import sections

ALPHABET = (
    "0123456789一二三四五六七八九十百千万亿两零半第前余多约近超至—-~%,.:;。、()《》“”年月日件个项次人元万成分之号同比增长下降其中"
    "收到行政复议案件\n 〔〕AZ"
)


def check(text: str) -> None:
    numerals, quantities = read_numbers(text, sections(text), Context(2023))
    spans = [(n.start, n.end) for n in numerals]
    assert spans == sorted(spans)
    assert all(start < end <= len(text) and text[start:end] == n.text for (start, end), n in zip(spans, numerals, strict=True))
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    inside = set()
    for start, end in spans:
        inside.update(range(start, end))
    for quantity in quantities:
        inside.update(range(quantity.number_start, quantity.number_end))
    missing = [m for m in re.finditer(r"\d", text) if m.start() not in inside]
    assert not missing
    starts = {n.start for n in numerals if n.disposition == "quantity"}
    assert all(q.number_start in starts for q in quantities)
    assert all(q.start <= q.number_start < q.number_end <= q.end for q in quantities)


@given(st.text(alphabet=ALPHABET, max_size=120))
def test_every_digit_belongs_to_exactly_one_numeral(text: str) -> None:
    check(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    numerals, _ = read_numbers(text, [], Context())
    assert len({n.start for n in numerals}) == len(numerals)


def test_long_hostile_strings_are_read() -> None:
    """Nothing in the reader may backtrack for long: these would take hours if it did."""
    pieces = (
        "1",
        "1,",
        "一",
        "百",
        "1-",
        "1、",
        "“1",
        "《1",
        "第",
        "1.",
        "近",
        "不少于",
        "分别1",
        "其中",
        "由1",
        "(1)",
        "1年",
        "增长",
        "1 ",
    )
    for piece in pieces:
        read_numbers(piece * 20_000, [], Context(2023))
