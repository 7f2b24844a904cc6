"""Web pages: what is visible is read, in order, a line a block."""

import pytest

from pipeline.ingest.html import DEEPEST, declared_charset, looks_like_html, read_html
from pipeline.records import QuarantineError


def lines(markup: str) -> list[str]:
    return read_html(markup.encode(), "page.html").text.split("\n")


def test_blocks_and_breaks_end_lines_and_inline_tags_do_not() -> None:
    markup = "<p>收到申请<b>98</b>件。</p><div>全部<span>办结</span>。<br>其中<font color=red>维持</font>85件。</div>"
    assert lines(markup) == ["收到申请98件。", "全部办结。", "其中维持85件。"]


def test_rows_of_data_keep_their_cells_apart() -> None:
    markup = "<table><tr><th>项目</th><th>数量</th></tr><tr><td><p>受理</p></td><td>98<br>件</td></tr></table>"
    assert lines(markup) == ["项目\t数量", "受理\t98件"]


def test_a_table_that_lays_out_the_page_is_not_a_row_of_data() -> None:
    long_text = "全市行政机关认真履行职责。" * 40
    markup = f"<table><tr><td>栏目</td><td><p>{long_text}</p><p>特此报告。</p></td></tr></table>"
    assert lines(markup) == ["栏目", long_text, "特此报告。"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">看不见的字。</div>',
        '<p style="VISIBILITY : hidden">看不见的字。</p>',
        '<span style="font-size:0">看不见的字。</span>',
        "<p hidden>看不见的字。</p>",
        "<script>document.write('看不见的字。')</script>",
        "<style>p::after{content:'看不见的字。'}</style>",
        "<noscript>看不见的字。</noscript>",
        "<!-- 看不见的字。 -->",
        "<template><p>看不见的字。</p></template>",
        '<select><option>看不见的字。</option></select><textarea>看不见的字。</textarea><input value="看不见的字。">',
        "<nav>看不见的字。</nav>",
        '<style>.gone{display:none}</style><p class="a gone">看不见的字。</p>',
        '<style>#x , #y { display : none; }</style><p id="y">看不见的字。</p>',
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    assert lines(f"<p>收到复议申请98件，全部按时办结。</p>{hidden}<p>特此报告。</p>") == ["收到复议申请98件，全部按时办结。", "特此报告。"]


def test_a_style_sheet_for_print_hides_nothing_on_the_screen() -> None:
    markup = "<style>@media print{.a{display:none}}</style><p class=a>收到申请98件。</p>"
    assert lines(markup) == ["收到申请98件。"]


def test_a_text_that_only_a_script_shows_is_read() -> None:
    markup = "<style>.tab{display:none}</style><p>标签</p><div class=tab>收到行政复议申请98件，全部办结。</div>"
    assert lines(markup) == ["标签", "收到行政复议申请98件，全部办结。"]


def test_small_type_is_visible() -> None:
    assert lines('<p style="font-size:0.9em;opacity:0.8">收到申请98件。</p>') == ["收到申请98件。"]


def test_a_menu_of_links_is_left_out_and_a_breadcrumb_stays() -> None:
    menu = "".join(f"<li><a href=/{i}>栏目{i}</a></li>" for i in range(6))
    markup = f"<ul>{menu}</ul><div><a href=/>首页</a> &gt; <a href=/a>公开</a> &gt; 正文</div><p>收到申请98件。</p>"
    assert lines(markup) == ["首页 > 公开 > 正文", "收到申请98件。"]


def test_title_and_named_meta_elements_are_declared_not_read() -> None:
    decoded = read_html(b'<title>\n A  B </title><meta name="PubDate" content="2021-06-04"><p>x</p>', "a")
    assert decoded.declared == {"title": "A B", "pubdate": "2021-06-04"}
    assert decoded.text == "x"


@pytest.mark.parametrize("declared", ["gbk", "gb2312", "utf-8", "big5", "windows-1252", "no-such-charset", ""])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_charset_is_believed_only_if_it_fits(declared: str, encoding: str) -> None:
    markup = f'<html><head><meta charset="{declared}"></head><body><p>收到行政复议申请98件，全部按时办结。</p></body></html>'
    decoded = read_html(markup.encode(encoding), "a")
    assert (decoded.text, decoded.encoding) == ("收到行政复议申请98件，全部按时办结。", encoding)


def test_the_charset_is_found_however_it_is_written() -> None:
    assert declared_charset(b'<META http-equiv=Content-Type content="text/html; charset=GB2312">') == "GB2312"
    assert declared_charset(b"<meta charset = 'utf-8'/>") == "utf-8"
    assert declared_charset(b"<p>charset</p>") == ""


def test_markup_is_told_from_text() -> None:
    assert looks_like_html("\n<!DOCTYPE html><html></html>")
    assert looks_like_html("<div><p>a</p></div>")
    assert not looks_like_html("收到申请98件。")
    assert not looks_like_html("<<法治政府建设实施纲要>>印发以来，收到申请98件。")


def test_a_page_that_never_closes_a_tag_is_read_to_its_end() -> None:
    assert lines("<div><p>收到申请98件。<p>办结<b>97<i>件。<p>特此报告。") == ["收到申请98件。", "办结97件。", "特此报告。"]


def test_tags_nested_some_hundreds_deep_are_read() -> None:
    assert lines("<font>" * 900 + "收到申请98件。") == ["收到申请98件。"]


def test_a_page_nested_without_end_is_refused() -> None:
    with pytest.raises(QuarantineError, match="nested deeper"):
        read_html(b"<div>" * (DEEPEST + 10) + b"x", "deep.html")


def test_a_page_that_loads_its_text_by_script_is_refused() -> None:
    with pytest.raises(QuarantineError, match=r"without visible text.* save the page after it has loaded"):
        read_html(b"<html><body><div id=app></div><script>load()</script></body></html>", "spa.html")
