"""Plain text: which encoding it is in, what is broken, mojibake undone or refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from pipeline.ingest import decode
from pipeline.ingest.text import _WINDOWS_1252, readability
from pipeline.records import QuarantineError

SENTENCES = (
    "2020年以来，全市上下深入学习贯彻习近平法治思想，收到行政复议申请98件，其中决定受理89件，不予受理9件。\n"
    "（一）提升依法行政能力。市政府常务会议坚持每季度至少学法1次，同比下降30.8%。\n"
)
TRADITIONAL = OpenCC("s2t").convert(SENTENCES)
SEEDS = Path(__file__).parents[3] / "../shared/seeds"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"])
def test_simplified_text_is_read_in_every_encoding_that_sites_use(encoding: str) -> None:
    decoded = decode(SENTENCES.encode(encoding), "报告.txt")
    assert (decoded.text, decoded.repaired, decoded.media_type) == (SENTENCES, 0, "text/plain")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "big5hkscs", "gb18030"])
def test_traditional_text_is_read_in_every_encoding_that_sites_use(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "報告.txt").text == TRADITIONAL


def test_the_encoding_is_named() -> None:
    assert decode(SENTENCES.encode("gbk"), "a").encoding == "gb18030"
    assert decode(TRADITIONAL.encode("big5"), "a").encoding == "big5hkscs"
    assert decode(SENTENCES.encode("utf-8-sig"), "a").encoding == "utf-8"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed reports are not beside this checkout")
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_every_seed_survives_another_encoding(encoding: str) -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert decode(text.encode(encoding), path.name).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_are_repaired_and_counted(encoding: str) -> None:
    content = bytearray((SENTENCES * 5).encode(encoding))
    content[60] = content[200] = 0xFF
    decoded = decode(bytes(content), "a")
    assert decoded.encoding == encoding
    assert decoded.repaired == decoded.text.count("\ufffd") >= 2
    assert "30.8%" in decoded.text


def test_a_file_cut_off_in_the_middle_of_a_character_is_read_up_to_there() -> None:
    decoded = decode((SENTENCES + "特此报告").encode()[:-2], "a")
    assert decoded.text.startswith(SENTENCES + "特此报")
    assert decoded.repaired == 1


def test_a_page_read_as_windows_1252_and_saved_again_is_undone() -> None:
    seen = {byte: char for char, byte in _WINDOWS_1252.items()}
    garbled = "".join(seen[bytes((byte,))] for byte in SENTENCES.encode())
    decoded = decode(garbled.encode(), "a")
    assert (decoded.text, decoded.encoding, decoded.repaired) == (SENTENCES, "utf-8 misread as cp1252", 0)


def test_a_gbk_page_read_as_latin_1_and_saved_again_is_undone() -> None:
    decoded = decode(SENTENCES.encode("gbk").decode("latin-1").encode(), "a")
    assert (decoded.text, decoded.encoding) == (SENTENCES, "gb18030 misread as cp1252")


def test_a_utf_8_page_read_as_gbk_is_undone_where_nothing_was_lost() -> None:
    # An even number of ideographs between ASCII signs: no byte was left over, so nothing was lost.
    text = "收到行政复议申请98件,全部办结工作,取得积极成效90%;认真学习贯彻法治政府建设精神.\n" * 4
    text = (
        "\n".join(line for line in text.splitlines() if not line.encode().decode("gb18030", "replace").count("\ufffd"))
        or "法治政府建设情况报告" * 8
    )
    decoded = decode(text.encode().decode("gb18030").encode(), "a")
    assert (decoded.text, decoded.encoding) == (text, "utf-8 misread as gb18030")


def test_mojibake_that_lost_characters_is_refused_not_guessed() -> None:
    garbled = SENTENCES.encode().decode("gb18030", "replace")
    with pytest.raises(QuarantineError, match=r"报告\.txt: only \d+% of the characters.* fetch it again"):
        decode(garbled.encode(), "报告.txt")


def test_sound_chinese_reads_as_chinese_and_other_writing_does_not() -> None:
    assert readability(SENTENCES) > 0.95
    assert readability(TRADITIONAL) > 0.95
    assert readability("Отчёт о работе правительства") < 0.1


def test_latin_text_is_plain_text() -> None:
    assert decode(b"Report 2020\n", "a").text == "Report 2020\n"


@given(st.text(alphabet=st.characters(codec="utf-8", min_codepoint=0x4E00, max_codepoint=0x6C00), min_size=1, max_size=60))
def test_whatever_valid_utf_8_holds_is_given_back_or_refused(text: str) -> None:
    try:
        decoded = decode(text.encode(), "a")
    except QuarantineError as error:
        assert "expected" in str(error)
    else:
        assert decoded.text == text or "misread" in decoded.encoding
