"""Traditional to simplified, with pieces that tell what became what."""

import subprocess
import sys
from pathlib import Path

import opencc

from pipeline.clean.lines import Line, _realign, read_lines
from pipeline.clean.script import _converter, simplify

# OpenCC's Taiwan configuration puts mainland words for Taiwan's, and those are not equally long; `t2s` never does that today.
TAIWAN_WORDS = "tw2sp"


def test_simplified_lines_come_back_untouched() -> None:
    assert simplify(["收到行政复议申请98件。", "特此报告。"]) == ([None, None], "hans")


def test_a_traditional_line_is_one_piece_as_long_as_before() -> None:
    (pieces, untouched), name = simplify(["發布後來的報告", "98"])
    assert pieces == [("發布後來的報告", "发布后来的报告")]
    assert untouched is None
    assert name == "hant"


def test_words_are_told_apart_by_their_neighbours() -> None:
    (pieces,), _ = simplify(["皇后與後來,頭髮與發布,乾燥與乾隆"])
    assert pieces is not None
    assert "".join(after for _, after in pieces) == "皇后与后来,头发与发布,干燥与乾隆"


def converted(text: str) -> str:
    pieces = simplify([text])[0][0]
    return "".join(after for _, after in pieces) if pieces else text


def test_no_character_is_passed_over_that_is_converted_by_itself() -> None:
    every = [chr(code) for code in range(0x20, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    convert = _converter("t2s").convert
    plain = "".join(converted(char) for char in every if convert(char) != char)
    assert plain == "".join(convert(char) for char in every if convert(char) != char)
    assert len(plain) > 4000


def test_no_phrase_is_passed_over_that_is_converted(tmp_path: Path) -> None:
    library = Path(opencc.__file__).parent / "clib"
    listed = tmp_path / "phrases.txt"
    source = library / "share" / "opencc" / "TSPhrases.ocd2"
    program = [library / "bin" / "opencc_dict", "-i", source, "-o", listed, "-f", "ocd2", "-t", "text"]
    subprocess.run(program, check=True, capture_output=True)
    phrases = [line.split("\t")[0] for line in listed.read_text(encoding="utf-8").splitlines()]
    assert len(phrases) > 400
    convert = _converter("t2s").convert
    for phrase in phrases:
        assert converted(phrase) == convert(phrase)
        assert converted(f"全{phrase}盖") == convert(f"全{phrase}盖")
    assert simplify(["实现全覆盖,双重覆盖"])[0] == [[("实现全覆盖,双重覆盖", "实现全覆盖,双重复盖")]]


def test_phrases_that_change_their_length_are_pieces_of_their_own() -> None:
    (pieces,), _ = simplify(["全市配發隨身碟,記憶體共12條"], TAIWAN_WORDS)
    assert pieces is not None
    assert "".join(before for before, _ in pieces) == "全市配發隨身碟,記憶體共12條"
    assert "".join(after for _, after in pieces) == "全市配发U盘,内存共12条"
    assert max(len(before) for before, after in pieces if len(before) != len(after)) <= 4


def test_the_map_holds_where_a_phrase_changes_its_length() -> None:
    raw = "全市 配發隨身碟，記憶體共１２條，泡麵 3箱"
    (line,), _, _ = read_lines(raw, TAIWAN_WORDS)
    assert line.text == "全市配发U盘,内存共12条,方便面3箱"
    for simple, origin in (
        ("配", "配"),
        ("U", "隨"),
        (",", "，"),
        ("内", "記"),
        ("共", "共"),
        ("1", "１"),
        ("条", "條"),
        ("3", "3"),
        ("箱", "箱"),
    ):
        assert raw[line.raw_start(line.text.index(simple))] == origin
    assert all(line.raw_start(i) <= line.raw_start(i + 1) for i in range(len(line.text) - 1))


def test_the_map_holds_where_a_phrase_grows() -> None:
    line = _realign(Line("共甲乙12", ((0, 5, 1),), 5, 10), [("共", "共"), ("甲乙", "丙丁戊己"), ("12", "12")])
    assert line.text == "共丙丁戊己12"
    assert [line.raw_start(i) for i in range(7)] == [5, 6, 7, 7, 7, 8, 9]
