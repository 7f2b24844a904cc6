"""`clean` as a whole: the seeds' bodies, the law of the offset map, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from pipeline.clean import clean
from pipeline.clean.characters import NOTHING, expansions, fold
from pipeline.ingest import decode
from pipeline.records import Cleaned, Decoded, QuarantineError

SHARED = Path(__file__).parents[3] / "../shared"
needs_seeds = pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seed reports are not beside this checkout")
needs_corpus = pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the work reports are not beside this checkout")
TO_SIMPLIFIED = OpenCC("t2s")


def gold() -> list[dict[str, Any]]:
    path = SHARED / "gold/seeds.metadata.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def seed(name: str) -> tuple[Decoded, Cleaned]:
    decoded = decode((SHARED / "seeds" / name).read_bytes(), name)
    return decoded, clean(decoded)


def same_words(body: str, quote: str) -> bool:
    return TO_SIMPLIFIED.convert(fold(quote)).replace(" ", "") == body.replace(" ", "")


def assert_map_holds(raw: str, cleaned: Cleaned) -> None:
    """Every character of the body comes from the raw characters that the map gives for it."""
    body, offsets = cleaned.body.text, cleaned.body.offsets
    folded = fold(raw)
    last = 0
    for index, char in enumerate(body):
        start, end = offsets.start(index), offsets.end(index + 1)
        assert last <= end and 0 <= start <= end <= len(raw)
        origin = folded[start:end]
        if char == "\n":
            assert "\n" in origin or (origin and origin.strip(f" {NOTHING}") == "")
        elif char in " \t":
            assert origin.strip(f" \t\n{NOTHING}") == ""
        else:
            assert char in TO_SIMPLIFIED.convert(origin) or char in origin or char in expansions().get(origin, "")
        last = start


@needs_seeds
@pytest.mark.parametrize("expected", gold(), ids=[row["report"][:3] for row in gold()])
def test_every_seed_begins_and_ends_where_the_gold_says(expected: dict[str, Any]) -> None:
    _, cleaned = seed(expected["report"])
    assert same_words(cleaned.body.text[: len(expected["body_first_words"])], expected["body_first_words"])
    assert same_words(cleaned.body.text[-len(expected["body_last_words"]) :], expected["body_last_words"])
    assert cleaned.script == expected["script"]


@needs_seeds
@pytest.mark.parametrize("expected", gold(), ids=[row["report"][:3] for row in gold()])
def test_metadata_of_every_seed_is_in_the_lines_around_its_body(expected: dict[str, Any]) -> None:
    _, cleaned = seed(expected["report"])
    around = "".join(cleaned.head + cleaned.tail)
    for key in ("title", "doc_number", "published_on", "signer"):
        assert TO_SIMPLIFIED.convert(expected.get(key) or "") in around
    assert fold(expected.get("attachment_title", "")) in around
    assert all(TO_SIMPLIFIED.convert(name) in around for name in expected["recipients"])


CHROME_OF_SEEDS = (
    "您所在的位置",
    "分享到",
    "字号:",
    "签发人",
    "浏览量",
    "打印",
    "案例内容",
    "索引号",
    "访问次数",
    ".pdf",
    "扫一扫",
    "ios",
    "发布日期",
    "抄:",
)


@needs_seeds
def test_no_chrome_of_a_seed_is_in_its_body() -> None:
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        body = seed(path.name)[1].body.text
        assert [word for word in CHROME_OF_SEEDS if word in body] == []


@needs_seeds
def test_a_notice_and_its_attachment_are_one_body_without_the_signature_between() -> None:
    _, cleaned = seed("003_c8d7652c0afc2086.txt")
    assert "认真组织实施。\n为加快建设法治政府" in cleaned.body.text
    assert cleaned.tail[:3] == ("嵊泗县人民政府办公室", "2022年12月27日", "嵊泗县纵深推进法治政府建设升级版的实施意见")


@needs_seeds
def test_a_page_with_its_report_twice_counts_once() -> None:
    decoded, cleaned = seed("001_6011d598a1855af3.txt")
    assert decoded.text.count("4.15:1") == 2
    assert cleaned.body.text.count("4.15:1") == 1


@needs_seeds
def test_the_map_of_every_seed_holds_for_every_character() -> None:
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        decoded, cleaned = seed(path.name)
        assert_map_holds(decoded.text, cleaned)


@needs_seeds
def test_a_traditional_quote_is_found_as_the_file_has_it() -> None:
    decoded, cleaned = seed("004_9e406318b9223388.txt")
    at = cleaned.body.text.index("收到行政复议申请98件")
    offsets = cleaned.body.offsets
    assert decoded.text[offsets.start(at) : offsets.end(at + 11)] == "收到行政復議申請98件"


@needs_corpus
def test_every_work_report_comes_out_whole() -> None:
    for path in sorted((SHARED / "corpus").glob("*.txt")):
        decoded = decode(path.read_bytes(), path.name)
        cleaned = clean(decoded)
        assert cleaned.head[0].startswith("各位代表")
        raw = len("".join(decoded.text.split()))
        once = raw / 2 if decoded.text.count("各位代表：") > 1 and decoded.text.count(decoded.text.strip()[20:60]) > 1 else raw
        assert len("".join(cleaned.body.text.split())) > 0.97 * once, path.name


@given(st.text(st.sampled_from("收到行政复议申请98件，。：；（）AB \t\n\u3000\u200b⑴㈡後發議一、"), max_size=300))
@settings(max_examples=200)
def test_the_map_holds_on_any_text(text: str) -> None:
    raw = text + "\n2020年，全市收到行政复议申请98件，全部办结。"
    cleaned = clean(Decoded(raw, "text/plain", "utf-8"))
    assert_map_holds(raw, cleaned)
    assert not any(line.strip() != line or not line for line in cleaned.body.text.split("\n"))


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_text_is_cleaned_or_refused(raw: str) -> None:
    try:
        cleaned = clean(Decoded(raw, "text/plain", "utf-8"))
    except QuarantineError as error:
        assert "no report text" in str(error)
    else:
        assert_map_holds(raw, cleaned)


@given(st.data())
@settings(max_examples=40, deadline=None)
@needs_seeds
def test_the_map_holds_on_mutated_reports(data: st.DataObject) -> None:
    text = (SHARED / "seeds/000_5294964d9a8dd071.txt").read_text(encoding="utf-8")
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        index = data.draw(st.integers(0, len(lines) - 1))
        lines[index] = data.draw(
            st.sampled_from(
                [lines[index] * 2, "", lines[0], lines[index][::-1], "\u200b".join(lines[index]), lines[index] + "\t" + lines[19]]
            )
        )
    raw = "\n".join(lines)
    assert_map_holds(raw, clean(Decoded(raw, "text/plain", "utf-8")))


@pytest.mark.parametrize("text", ["404 Not Found", "对不起，您访问的页面不存在或已被删除。"])
def test_an_error_page_is_refused_as_one(text: str) -> None:
    with pytest.raises(QuarantineError, match="an error page"):
        clean(Decoded(text, "text/plain", "utf-8"))


def test_a_list_of_links_is_no_report() -> None:
    with pytest.raises(QuarantineError, match=r"no report text: found 3 lines .* save the page again"):
        clean(Decoded("首页\n政务公开\n某县2020年法治政府建设报告", "text/plain", "utf-8"))
