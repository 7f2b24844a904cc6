"""Words of time: the leads into which a pattern is taken apart find what the pattern finds."""

from __future__ import annotations

import re

import pytest

from pipeline.extract.context_rules import _leads, _times
from pipeline.extract.lexicon import load

PATTERNS = [pattern for name in ("multi", "part", "each") for pattern in load("context.yaml")[name]]
SENTENCES = [
    "“七五”普法期间,五年来全市开展活动300场",
    "近三年新增12家,2021年来共35件",
    "12年来首次,2年来共办理45件",
    "1-6月受理23件,上半年、前三季度和第三季度分别为1件、2件、3件",
    "每季度组织1次,平均每年3次,户均2.5人,均为3",
    "机构改革以来、权责清单实施工作以来、党的十八大以来累计112件",
    "十三五时期与“十二五”期间",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_leads_of_a_pattern_find_what_it_finds(pattern: str) -> None:
    leads = _leads(pattern)
    assert all(not re.match(r"\(\?:|\[", lead) for lead in leads)
    for sentence in SENTENCES:
        assert [m.span() for m in re.finditer(pattern, sentence)] == [m.span() for m in re.finditer("|".join(leads), sentence)]


@pytest.mark.parametrize("pattern", load("context.yaml")["targets"])
def test_a_word_of_intent_begins_with_a_plain_character(pattern: str) -> None:
    """The engine then skips to it; a look-behind or a group in front would have it try every pattern at every character."""
    assert re.match("[一-鿿]", pattern)


@pytest.mark.parametrize(
    ("text", "period"),
    [("3年来", "multi"), ("半年", "part"), ("上半年", "part"), ("5个月内", "part"), ("每月", "each"), ("三年以来", "multi")],
)
def test_times_are_told_apart_however_their_patterns_begin(text: str, period: str) -> None:
    times = _times({"multi": [r"\d年来", "三年以来"], "part": ["上?半年", "[2-9]个月内"], "each": ["每月"]})
    found = times.pattern.search(f"共{text}。")
    assert found is not None and found.lastindex is not None
    assert (found[0], times.names[found.lastindex]) == (text, period)
