"""DOCX: paragraphs, generated numbers, tables; bombs and damage are refused."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.ingest.docx import LARGEST_PART, read_docx
from pipeline.ingest.numbering import chinese_number, formatted
from pipeline.records import QuarantineError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def package(document: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def body(markup: str) -> str:
    return f'<w:document xmlns:w="{W}" xmlns:mc="mc"><w:body>{markup}</w:body></w:document>'


def paragraph(text: str, *, level: int | None = None, number_id: int = 1) -> str:
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr></w:pPr>' if level is not None else ""
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def lists(*levels: tuple[str, str], overrides: str = "") -> str:
    drawn = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (number_format, pattern) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{drawn}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{overrides}</w:num></w:numbering>'
    )


def lines(content: bytes) -> list[str]:
    return read_docx(content, "a.docx").text.split("\n")


def test_paragraphs_runs_breaks_and_tables_in_order() -> None:
    document = docx.Document()
    first = document.add_paragraph("收到申请")
    first.add_run("98").bold = True
    first.add_run("件。")
    table = document.add_table(2, 2)
    for row, texts in enumerate((("项目", "数量"), ("受理", "89件"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.add_paragraph("办结。\n特此报告。")
    stream = io.BytesIO()
    document.save(stream)
    assert lines(stream.getvalue()) == ["收到申请98件。", "项目\t数量", "受理\t89件", "办结。", "特此报告。"]


def test_the_numbers_that_word_generates_are_written_out() -> None:
    texts = (("主要做法", 0), ("加强领导", 1), ("学法。", 2), ("述法。", 2), ("规范执法", 1), ("培训。", 2), ("存在问题", 0), ("短板", 1))
    markup = "".join(paragraph(text, level=level) for text, level in texts)
    numbering = lists(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    assert lines(package(body(markup), numbering=numbering)) == [
        "一、主要做法", "（一）加强领导", "1.学法。", "2.述法。", "（二）规范执法", "1.培训。", "二、存在问题", "（一）短板",
    ]  # fmt: skip


def test_a_list_that_starts_over_counts_alone() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    markup = paragraph("甲", level=0) + paragraph("乙", level=0, number_id=2) + paragraph("丙", level=0)
    assert lines(package(body(markup), numbering=lists(("decimal", "%1."), overrides=override))) == ["1.甲", "5.乙", "2.丙"]


def test_bullets_write_nothing() -> None:
    assert lines(package(body(paragraph("甲", level=0)), numbering=lists(("bullet", "\uf0b7")))) == ["甲"]


def test_a_paragraph_is_numbered_by_its_style_and_the_style_that_is_based_on() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    markup = '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>总则</w:t></w:r></w:p>'
    assert lines(package(body(markup), numbering=lists(("chineseCountingThousand", "第%1章")), styles=styles)) == ["第一章总则"]


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (21, "chineseCounting", "二十一"),
        (10, "ideographDigital", "十"),
        (3, "decimalEnclosedCircle", "③"),
        (2, "ideographTraditional", "乙"),
        (28, "upperLetter", "BB"),
        (1, "lowerLetter", "a"),
        (4, "upperRoman", "IV"),
        (9, "lowerRoman", "ix"),
        (7, "ordinal", "7"),
    ],
)
def test_list_numbers_are_shown_as_word_shows_them(number: int, number_format: str, shown: str) -> None:
    assert formatted(number, number_format) == shown


def test_chinese_numbers() -> None:
    assert [chinese_number(n) for n in (1, 10, 11, 20, 35, 99)] == ["一", "十", "十一", "二十", "三十五", "九十九"]


def test_what_was_deleted_or_hidden_is_not_read() -> None:
    markup = (
        "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t>插入。</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert lines(package(body(markup))) == ["插入。"]


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框内文字。')}</w:txbxContent>"
    markup = (
        f"<w:p><w:r><w:t>正文。</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(package(body(markup))) == ["正文。", "框内文字。"]


def test_numbers_of_a_real_word_list() -> None:
    document = docx.Document()
    for text in ("甲", "乙"):
        item = document.add_paragraph(text)
        properties = item._p.get_or_add_pPr()
        style = OxmlElement("w:pStyle")
        style.set(qn("w:val"), "ListNumber")
        properties.append(style)
    stream = io.BytesIO()
    document.save(stream)
    assert lines(stream.getvalue()) == ["1.甲", "2.乙"]


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + body("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")
    with pytest.raises(QuarantineError, match="declares entities"):
        read_docx(package(bomb), "bomb.docx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(QuarantineError, match=f"larger than {LARGEST_PART} bytes unpacked"):
        read_docx(package(body(paragraph(" " * (LARGEST_PART + 1)))), "bomb.docx")


def test_xml_nested_without_end_is_refused() -> None:
    with pytest.raises(QuarantineError, match=r"nested deeper|broken XML"):
        read_docx(package(body("<w:sdt>" * 240 + paragraph("甲") + "</w:sdt>" * 240)), "deep.docx")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (package("<w:document"), "broken XML"),
        (package(body("<w:p/>")), "without text"),
        (package(body(paragraph("甲" * 500)))[:200], "damaged"),
    ],
)
def test_damage_is_refused_with_the_way_out(content: bytes, message: str) -> None:
    with pytest.raises(QuarantineError, match=message):
        read_docx(content, "a.docx")
