"""One report as many sites would serve it: every rendering, encoding and script gives the observations that its plain text gives.

The plain text is a seed with its chrome taken off (title, addressee, paragraphs, issuer, date). What is compared of an observation is all
that is said of it but its place; its place is compared by the words that stand there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from opencc import OpenCC

from pipeline import batch
from pipeline.clean.lines import read_lines
from pipeline.records import RawFile
from tests.unit.ingest.rendering import HTML_LAYOUTS, Report, pdf, word

SEEDS = sorted((Path(__file__).parents[2] / "data/raw/seeds").glob("*.txt"))
RENDERINGS: tuple[Callable[[Report], bytes], ...] = (*HTML_LAYOUTS, pdf, word)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs")
SAID = ("code", "year", "value", "value_high", "unit", "comparator", "status", "scope", "matched_by")
Rows = list[tuple[object, ...]]


@cache
def report_of(seed: Path) -> Report:
    """The seed as a report that a page can be made of. One without a title or an issuer is given them: pages have both."""
    frames = batch.extract_files([RawFile("c", seed.name, seed.read_bytes())])
    (row,) = frames["reports"].to_dicts()
    title = row["title"] or f"肥城市{row['report_year']}年法治政府建设情况报告"
    return Report(title, row["issuer"] or "肥城市人民政府", "省人民政府：", tuple(row["body"].split("\n")))


def plain(report: Report) -> str:
    return "\n".join((report.title, report.addressee, *report.paragraphs, report.issuer, report.signed))


def normal(words: str) -> str:
    """Words as a body has them: one script, one form of every sign, no white space."""
    return "".join(line.text for line in read_lines(unicodedata.normalize("NFKC", words))[0]).replace(" ", "").replace("\t", "")


def observed(frames: batch.Frames) -> dict[str, Rows]:
    """By file: its observations, in their order, each with the words that stand at its raw offsets and at those of its number."""
    texts = dict(frames["raw_texts"].select("report_id", "raw_text").iter_rows())
    places = {row["quantity_id"]: (row["raw_start"], row["raw_end"]) for row in frames["quantities"].iter_rows(named=True)}
    rows: dict[str, Rows] = {path: [] for path in frames["reports"]["path"]}
    paths = dict(frames["reports"].select("report_id", "path").iter_rows())
    for row in frames["observations"].sort("report_id", "raw_start", "observation_id").iter_rows(named=True):
        text, number = texts[row["report_id"]], places[row["quantity_id"]]
        words = (normal(text[row["raw_start"] : row["raw_end"]]), normal(text[number[0] : number[1]]))
        rows[paths[row["report_id"]]].append((*(row[name] for name in SAID), *words))
    return {path: sorted(found, key=repr) for path, found in rows.items()}


def assert_same(files: Sequence[RawFile], expected: Rows) -> batch.Frames:
    frames = batch.extract_files(files)
    assert frames["raw_files"].filter(pl.col("status") != "parsed").rows() == []
    for path, rows in observed(frames).items():
        assert rows == expected, path
    return frames


def expected_rows(text: str) -> Rows:
    (rows,) = observed(batch.extract_files([RawFile("c", "plain.txt", text.encode())])).values()
    assert rows
    return rows


@pytest.mark.parametrize("seed", SEEDS, ids=[path.name[:3] for path in SEEDS])
def test_every_rendering_gives_the_observations_of_the_plain_text(seed: Path) -> None:
    report = report_of(seed)
    files = [RawFile("c", render.__name__, render(report)) for render in RENDERINGS]
    frames = assert_same(files, expected_rows(plain(report)))
    paged = frames["quantities"].join(frames["reports"].select("report_id", "path"), on="report_id")
    assert paged.filter(pl.col("path") != "pdf")["page"].null_count() == paged.filter(pl.col("path") != "pdf").height
    (starts,) = frames["raw_texts"].join(paged.filter(path="pdf").head(1), on="report_id", how="semi")["pages"].to_list()
    for row in paged.filter(path="pdf").iter_rows(named=True):
        behind = starts[row["page"]] if row["page"] < len(starts) else row["raw_end"]
        assert starts[row["page"] - 1] <= row["raw_start"] <= behind


@pytest.mark.parametrize("seed", SEEDS, ids=[path.name[:3] for path in SEEDS])
def test_every_encoding_of_the_simplified_text_gives_the_same_observations(seed: Path) -> None:
    """Big5 has no simplified characters: it is tried with the traditional text below."""
    text = plain(report_of(seed))
    files = [RawFile("c", encoding, text.encode(encoding) + b"\n" * n) for n, encoding in enumerate(ENCODINGS[:-1])]
    assert_same(files[:2] + files[3:], expected_rows(text))
    assert_same([RawFile("c", "utf-16", text.encode("utf-16"))], expected_rows(text))


def there_and_back(text: str) -> tuple[str, str]:
    """Simplified and traditional text of the sentences that Big5 can write and that come back as they were.

    What is left out: sentences with a character that Big5-HKSCS lacks (爲, rare names), and those where one simplified character
    has become one of several traditional ones whose way back is another (干预 -> 乾預 -> 乾预): there the file itself says something else.
    """
    sentences = re.findall(r"[^。;\n]*[。;\n]?", text)
    to_traditional = OpenCC("s2tw")
    pairs = [(sentence, to_traditional.convert(sentence)) for sentence in sentences]
    kept = [pair for pair in pairs if _survives(*pair)]
    return "".join(sentence for sentence, _ in kept), "".join(other for _, other in kept)


def _survives(line: str, traditional: str) -> bool:
    try:
        back = traditional.encode("big5hkscs").decode("big5hkscs")
    except UnicodeEncodeError:
        return False
    return normal(back) == normal(line)


@pytest.mark.parametrize("seed", SEEDS, ids=[path.name[:3] for path in SEEDS])
def test_every_encoding_of_the_traditional_text_gives_the_same_observations(seed: Path) -> None:
    text = plain(report_of(seed))
    simplified, traditional = there_and_back(text)
    assert len(simplified) > 0.8 * len(text)
    files = [RawFile("c", encoding, traditional.encode(encoding)) for encoding in ENCODINGS]
    frames = assert_same(files, expected_rows(simplified))
    assert frames["reports"]["script"].unique().to_list() == ["hant"]
