"""Paragraphs that were broken at a width are put together; others are left alone."""

import pytest

from pipeline.clean import clean
from pipeline.clean.reflow import columns
from pipeline.records import Decoded

PARAGRAPHS = tuple(
    f"（{label}）全市各级行政机关认真履行推进法治建设职责，第{n}项工作收到行政复议申请{n}98件，其中决定受理89件，不予受理9件；"
    f"参与行政应诉{n}30件，负责人出庭应诉率达到100%，同比提高12.5个百分点，取得了良好的法律效果和社会效果。"
    for n, label in enumerate("一二三四五六", 1)
)


def broken(paragraphs: tuple[str, ...], width: int, indent: str) -> str:
    """Breaks as a word processor does: at `width` columns, no stop at the beginning of a line, no number in two."""
    lines = []
    for paragraph in paragraphs:
        line = indent
        for index, char in enumerate(paragraph):
            splits_number = line[-1:].isdigit() and char in "0123456789.%"
            if columns(line + char) > width and char not in "，。；：、）”" and not splits_number and index:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return "\n".join(lines)


def body(text: str) -> list[str]:
    return clean(Decoded(text, "text/plain", "utf-8")).body.text.split("\n")


@pytest.mark.parametrize("width", [40, 56, 76, 80, 100])
@pytest.mark.parametrize("indent", ["", "　　", "    "])
def test_broken_paragraphs_are_joined(width: int, indent: str) -> None:
    assert body(broken(PARAGRAPHS, width, indent)) == body("\n".join(PARAGRAPHS))


def test_double_spaced_lines_are_joined() -> None:
    text = broken(PARAGRAPHS, 56, "　　").replace("\n", "\n\n")
    assert body(text) == body("\n".join(PARAGRAPHS))


def test_title_addressee_and_signature_stay_lines_of_their_own() -> None:
    text = (
        "某市人民政府关于法治政府建设情况的报告\n省人民政府：\n" + broken(PARAGRAPHS, 56, "　　") + "\n　　某市人民政府\n　　2020年1月5日"
    )
    cleaned = clean(Decoded(text, "text/plain", "utf-8"))
    assert cleaned.head == ("某市人民政府关于法治政府建设情况的报告", "省人民政府:")
    assert cleaned.tail == ("某市人民政府", "2020年1月5日")


def test_short_paragraphs_of_their_own_are_not_joined() -> None:
    text = "\n".join(f"第{n}项工作已经完成，办理案件{n}件。" for n in range(1, 12))
    assert len(body(text)) == 11


def test_the_map_leads_back_into_the_broken_lines() -> None:
    raw = broken(PARAGRAPHS, 56, "　　")
    cleaned = clean(Decoded(raw, "text/plain", "utf-8")).body
    at = cleaned.text.index("198件")
    assert raw[cleaned.offsets.start(at) : cleaned.offsets.end(at + 4)].replace("\n", "") == "198件"
