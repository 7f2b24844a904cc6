"""One report, served in many ways: every rendering gives the body that its plain text gives."""

from collections.abc import Callable
from pathlib import Path

import pytest
from opencc import OpenCC

from pipeline.clean import clean
from pipeline.ingest import decode
from pipeline.records import Cleaned, Decoded
from tests.unit.ingest.rendering import HTML_LAYOUTS, Report, pdf, word

SEEDS = Path(__file__).parents[3] / "../shared/seeds"
PATHS = sorted(SEEDS.glob("*.txt"))
pytestmark = pytest.mark.skipif(not PATHS, reason="the seed reports are not beside this checkout")

RENDERINGS: tuple[Callable[[Report], bytes], ...] = (*HTML_LAYOUTS, pdf, word)


def plain(path: Path) -> Cleaned:
    return clean(decode(path.read_bytes(), path.name))


def report_of(cleaned: Cleaned) -> Report:
    return Report("示范市人民政府关于2020年度法治政府建设情况的报告", "示范市人民政府", "省人民政府:", tuple(cleaned.body.text.split("\n")))


@pytest.mark.parametrize("render", RENDERINGS, ids=[render.__name__ for render in RENDERINGS])
@pytest.mark.parametrize("path", PATHS, ids=[path.name[:3] for path in PATHS])
def test_every_rendering_gives_the_same_body(path: Path, render: Callable[[Report], bytes]) -> None:
    expected = plain(path)
    decoded = decode(render(report_of(expected)), "saved")
    cleaned = clean(decoded)
    assert cleaned.body.text == expected.body.text
    assert_numbers_stand_where_the_map_says(decoded, cleaned)


def assert_numbers_stand_where_the_map_says(decoded: Decoded, cleaned: Cleaned) -> None:
    body, offsets = cleaned.body.text, cleaned.body.offsets
    for at, char in enumerate(body):
        if char.isdigit():
            assert decoded.text[offsets.start(at) : offsets.end(at + 1)] == char


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("path", PATHS, ids=[path.name[:3] for path in PATHS])
def test_encoding_and_script_do_not_change_the_body(path: Path, encoding: str) -> None:
    expected = plain(path)
    text = path.read_text(encoding="utf-8")
    traditional = OpenCC("s2tw").convert(text)
    content = (traditional if encoding == "big5hkscs" else text).encode(encoding, "ignore")
    body = clean(decode(content, "served")).body.text
    if encoding == "big5hkscs":  # a few characters have no place in Big5, or more than one way back
        assert len(body) >= 0.995 * len(expected.body.text)
        assert body[:12] == expected.body.text[:12]
    else:
        assert body == expected.body.text


@pytest.mark.parametrize("path", PATHS, ids=[path.name[:3] for path in PATHS])
def test_the_metadata_of_a_page_stands_in_its_head(path: Path) -> None:
    report = report_of(plain(path))
    for layout in HTML_LAYOUTS:
        cleaned = clean(decode(layout(report), "saved"))
        around = "\n".join(cleaned.head + cleaned.tail)
        assert report.title in around
        assert report.addressee in cleaned.head
        assert report.issuer in cleaned.tail
        assert report.signed in cleaned.tail
