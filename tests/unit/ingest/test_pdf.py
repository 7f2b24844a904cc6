"""PDF: paragraphs are put together from placed lines; what cannot be read is refused."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest.pdf import MOST_PAGES, read_pdf
from pipeline.records import QuarantineError
from tests.unit.ingest.rendering import Report, pdf

PARAGRAPHS = (
    tuple(
        f"（{label}）全市行政机关认真履行职责，第{n}项工作收到行政复议申请{n}98件，其中决定受理89件，不予受理9件，均按时办结。"
        for n, label in enumerate("一二三四五六七八九十", 1)
    )
    * 3
)
REPORT = Report("某市2020年法治政府建设情况报告", "某市人民政府", "省人民政府：", PARAGRAPHS)


def drawn(*pages: list[tuple[float, float, str]]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for page in pages:
        canvas.setFont("STSong-Light", 12)
        for left, bottom, text in page:
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_a_paragraph_is_one_line_whatever_pages_it_runs_over() -> None:
    text = read_pdf(pdf(REPORT), "a.pdf").text.split("\n")
    assert text[0] == REPORT.title
    assert [line for line in text if line.startswith("（")] == list(PARAGRAPHS)
    assert text[-2:] == [REPORT.issuer, REPORT.signed]


@pytest.mark.parametrize("words", ["2021-2025年完成项目98个。", "笋岗-清水河片区收到申请98件。", "满意度98.6%-99.5%。"])
def test_a_hyphen_at_the_end_of_a_line_stays(words: str) -> None:
    paragraphs = tuple("城" * length + words for length in range(12, 34))
    text = read_pdf(pdf(Report(REPORT.title, REPORT.issuer, REPORT.addressee, (*PARAGRAPHS, *paragraphs))), "a.pdf").text
    assert "".join(paragraphs) in text.replace("\n", "")


def test_page_numbers_and_running_heads_are_left_out() -> None:
    text = read_pdf(pdf(REPORT), "a.pdf").text
    assert "文件" not in text
    assert "— 1 —" not in text


def test_the_offset_at_which_each_page_begins_is_told() -> None:
    pages = [[(80, 700, f"第{n}页的第一行，收到行政复议申请98件。"), (300, 30, f"- {n} -")] for n in (1, 2, 3)]
    decoded = read_pdf(drawn(*pages), "a.pdf")
    assert [decoded.text[start : start + 3] for start in decoded.pages] == ["第1页", "第2页", "第3页"]


def test_a_number_at_the_foot_of_the_text_is_not_a_page_number() -> None:
    decoded = read_pdf(drawn([(80, 400, "全年收到行政复议申请的件数是"), (80, 380, "98")]), "a.pdf")
    assert decoded.text.endswith("98")


def test_a_scan_is_refused_with_the_way_out() -> None:
    with pytest.raises(QuarantineError, match=r"scan\.pdf: 2 pages with 0 characters.* OCR"):
        read_pdf(drawn([], []), "scan.pdf")


def test_a_locked_pdf_is_refused() -> None:
    with pytest.raises(QuarantineError, match=r"locked with a password.* remove the password"):
        read_pdf(pdf(REPORT, encrypt="secret"), "locked.pdf")


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(QuarantineError, match=r"damaged PDF.* fetch it again"):
        read_pdf(b"%PDF-1.7\n" + bytes(200), "broken.pdf")


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(QuarantineError, match=f"expected 1 to {MOST_PAGES}"):
        read_pdf(drawn(*[[] for _ in range(MOST_PAGES + 1)]), "book.pdf")
