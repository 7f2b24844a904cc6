"""Lines without layout, and the map back to the raw text."""

import string
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.characters import NOTHING, expansions, fold
from pipeline.clean.lines import Line, join, read_lines
from pipeline.clean.script import simplify


def texts(raw: str) -> list[str]:
    return [line.text for line in read_lines(raw)[0]]


def raw_of(raw: str, line: Line, first: int, last: int) -> str:
    return raw[line.raw_start(first) : line.raw_start(last) if last < len(line.text) else line.end]


def test_white_space_between_ideographs_goes_and_one_blank_between_words_stays() -> None:
    assert texts("  收 到 \u3000申请 98\xa0件。\n\n\t  GDP   growth 8 % \n") == ["收到申请98件。", "GDP growth 8%"]


def test_a_tab_between_cells_stays() -> None:
    assert texts("\t项目 \t 数量\t\t\n") == ["项目\t数量"]


def test_zero_width_characters_join_what_they_stand_between() -> None:
    assert texts("12\u200b3\u200d件\ufeff") == ["123件"]


def test_every_kind_of_line_end_ends_a_line() -> None:
    assert texts("一\r\n二\r三\u2028四\x0c五\x85六") == list("一二三四五六")


def test_a_character_is_found_in_the_raw_text_behind_what_was_taken_out() -> None:
    raw = "　　收 到\u200b申请９８ 件，⑵全部"
    (line,) = read_lines(raw)[0]
    assert line.text == "收到申请98件,(2)全部"
    assert raw_of(raw, line, 0, 2) == "收 到\u200b"
    assert raw[line.raw_start(line.text.index("98"))] == "９"
    assert raw[line.raw_start(line.text.index("件"))] == "件"
    assert raw[line.raw_start(line.text.index("2"))] == raw[line.raw_start(line.text.index(")"))] == "⑵"
    assert raw[line.raw_start(line.text.index("全"))] == "全"


def test_traditional_text_is_simplified_in_place() -> None:
    raw = "　發布後來，調解乾隆髮菜著作"
    (line,), _, script = read_lines(raw)
    assert (line.text, script) == ("发布后来,调解乾隆发菜著作", "hant")
    assert [raw[line.raw_start(i)] for i in range(len(line.text))] == list("發布後來，調解乾隆髮菜著作")


def test_a_stray_traditional_name_does_not_make_a_text_traditional() -> None:
    assert read_lines("市司法局局長某某主持会议，收到行政复议申请98件，全部按时办结。")[2] == "hans"


def test_a_cut_line_keeps_its_map() -> None:
    raw = "市 人大常委会:收 到申请"
    (line,) = read_lines(raw)[0]
    rest = line.cut(line.text.index(":") + 1)
    assert rest.text == "收到申请"
    assert [raw[rest.raw_start(i)] for i in range(4)] == list("收到申请")
    assert raw[rest.start : rest.end] == "收 到申请"


def test_joined_lines_keep_their_map() -> None:
    raw = "收到申\n  请98\n件by\nhand。"
    line = join(read_lines(raw)[0])
    assert line.text == "收到申请98件by hand。"
    assert [raw[line.raw_start(i)] for i in range(len(line.text)) if line.text[i] != " "] == list("收到申请98件byhand。")


CHARS = st.sampled_from("收到申请98件,。：（）AB \t\n\u3000\xa0\u200b\ufeff⑴㈡後發髮⒈％\ue5e5\uf0b7\r" + string.ascii_letters)


@given(st.text(CHARS, max_size=80))
def test_every_character_of_a_line_comes_from_where_the_map_says(raw: str) -> None:
    lines, folded, _ = read_lines(raw)
    for line in lines:
        assert line.text == line.text.strip()
        assert NOTHING not in line.text
        assert folded[line.start : line.end].strip() != ""
        for index, char in enumerate(line.text):
            origin = folded[line.raw_start(index)]
            pairs = simplify([origin])[0][0]
            simple = pairs[0][1] if pairs else origin
            assert (
                char in (simple, origin)
                or char in expansions().get(origin, "")
                or (char == "\t" and origin == " ")
                or (char in " \t" and origin == NOTHING)
            )


@given(st.text(max_size=60))
def test_nothing_but_white_space_and_invisible_characters_is_lost(raw: str) -> None:
    lines, folded, _ = read_lines(raw)
    kept = sum(len(line.text) for line in lines)
    assert (kept == 0) == (not fold(raw).strip(f" \t\n{NOTHING}"))
    assert all(a.end <= b.start for a, b in pairwise(lines))
    assert folded == fold(raw)
