"""The codebook as a book: it is what the indicators' files make it, and a reader finds everything in it that it speaks of."""

from __future__ import annotations

import re

import pytest

from pipeline.coding.book import BOOK, book, themes
from pipeline.coding.codebook import CodebookError, load_concepts, load_entries

ENTRIES = load_entries()
TEXT = book(ENTRIES, load_concepts(), themes())
MINIMAL = {
    "code": "mediation.success_rate",
    "theme": "disputes",
    "name_zh": "调解成功率",
    "name_en": "Success rate of mediation",
    "definition_zh": "调解成功的占比",
    "definition_en": "Disputes settled among those handled",
    "value_type": "rate",
    "unit": "%",
    "accepted_units": ["%", "‰"],
    "range": [0, 100],
    "additive": False,
    "scope": "jurisdiction",
    "related": {"part_of": ["mediation.disputes_handled"]},
    "told": [
        {"counted": ["成功率", "@rates"], "where": "before", "topic": "mediation", "sentence": [["调解"], ["纠纷"]], "not_near": ["涉企"]}
    ],
    "examples": [
        {"text": "调解成功率98%。", "value": 98},
        {
            "text": "调解成功率达到95%以上。",
            "heading": "三、目标",
            "document_type": "plan",
            "report_year": 2021,
            "rows": [{"value": 95, "comparator": "ge", "year": 2025, "status": "target"}],
        },
    ],
    "counterexamples": [{"text": "涉企调解成功率90%。", "why": "a part"}],
}


def test_the_book_is_up_to_date() -> None:
    assert BOOK.read_text(encoding="utf-8") == TEXT, "run: make docs"


def test_every_indicator_has_a_section_with_names_definitions_examples_and_counterexamples() -> None:
    sections = {part.split("\n", 1)[0]: part for part in TEXT.split("\n### ")[1:]}
    assert list(sections) == [entry["code"] for theme in themes() for entry in ENTRIES if entry["theme"] == theme]
    for entry in ENTRIES:
        section = sections[entry["code"]]
        for field in ("name_zh", "name_en", "definition_zh", "definition_en"):
            assert entry[field] in section, (entry["code"], field)
        assert entry["examples"][0]["text"] in section
        for counterexample in entry["counterexamples"]:
            assert f"{counterexample['text']}" in section and counterexample["why"] in section


def test_every_link_leads_to_a_section() -> None:
    anchors = {heading.replace(".", "") for heading in re.findall(r"^### (\S+)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) == anchors


def test_the_appendix_holds_every_list_of_words_that_a_rule_names() -> None:
    body, appendix = TEXT.split("## Appendix")
    listed = set(re.findall(r"^- \*(\w+)\*:", appendix, re.MULTILINE))
    named = set(re.findall(r"(?:^|[ 、])\*(\w+)\*(?=[、;\n ])", body, re.MULTILINE)) - {"italics"}
    assert named <= listed
    assert listed <= set(load_concepts())


def test_a_rule_and_its_rows_are_told_in_words() -> None:
    text = book([MINIMAL], {"rates": ["成功比例"]}, {"disputes": {"zh": "争议", "en": "Disputes"}})
    assert "- rate in % (told as ‰ too); 0 to 100; does not add up over subordinate regions; scope: jurisdiction" in text
    assert (
        "1. 成功率、*rates* before the number; topic mediation; in the sentence 调解; in the sentence 纠纷; not beside the number 涉企"
        in text
    )
    assert "- 调解成功率98%。 → **98** (2023)" in text
    assert "- 调解成功率达到95%以上。 [heading 三、目标, plan, 2021] → **≥ 95** (target 2025)" in text
    assert "- 涉企调解成功率90%。 (a part)" in text
    assert text.endswith("- *rates*: 成功比例\n")


def test_an_indicator_without_a_chapter_is_refused() -> None:
    with pytest.raises(CodebookError, match=r"mediation.success_rate.*'disputes'"):
        book([MINIMAL], {"rates": []}, {"rules": {"zh": "规则", "en": "Rules"}})
