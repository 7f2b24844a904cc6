"""Laws 1 to 3 on bytes nobody would send: random ones, and real files that were cut, spliced and overwritten.

Ten thousand cases, once: `FAZHI_CASES=10000 python -m pytest tests/integration/test_mutations.py -p no:cacheprovider`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import batch
from pipeline.assets import laws
from pipeline.manifest import Entry
from pipeline.records import RawFile
from schemas.derive import validate
from tests.unit.ingest.rendering import HTML_LAYOUTS, Report, pdf, word

CASES = int(os.environ.get("FAZHI_CASES", "60"))
SEEDS = sorted((Path(__file__).parents[2] / "data/raw/seeds").glob("*.txt"))
TEXT = ("全年收到行政复议申请98件,受理90件,审结85件,同比下降30.8%。", "减税降费13.3亿元,惠及市场主体4.46万个,平均缩短至3.5天。") * 6
REPORT = Report("东阳市人民政府关于2020年法治政府建设情况的报告", "东阳市人民政府", "省人民政府：", TEXT)
SETTINGS = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def real_files() -> tuple[bytes, ...]:
    """The seeds in three encodings, and one report as pages, PDF and DOCX."""
    texts = [path.read_text(encoding="utf-8")[:4000] for path in SEEDS]
    encoded = [text.encode(encoding, "ignore") for text in texts for encoding in ("utf-8", "gb18030", "utf-16")]
    return (*encoded, *(layout(REPORT) for layout in HTML_LAYOUTS), pdf(REPORT), word(REPORT))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real file after one to four changes: bytes overwritten, taken out, doubled, put in, cut off, or taken from another file."""
    content = draw(st.sampled_from(real_files()))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        end = start + draw(st.sampled_from([1, 1, 2, 3, 30, 300]))
        change = draw(st.sampled_from(["overwrite", "delete", "double", "insert", "cut", "splice"]))
        if change == "splice":
            other = draw(st.sampled_from(real_files()))
            content = content[:start] + other[draw(st.integers(0, len(other) - 1)) :]
        elif change == "cut":
            content = content[:start]
        else:
            noise = draw(st.binary(min_size=1, max_size=6))
            between = {"overwrite": noise, "delete": b"", "double": content[start:end] * 2, "insert": noise + content[start:end]}[change]
            content = content[:start] + between + content[end:]
    return content


def assert_laws_hold(*contents: bytes) -> None:
    files = [RawFile("c", f"{number}.bin", content) for number, content in enumerate(contents)]
    frames = batch.extract_files(files)
    assert laws.breaks_law_1([Entry("c", file.path) for file in files], frames) == []
    assert laws.breaks_law_2(frames) == []
    for name in ("quantities", "observations"):
        assert laws.breaks_law_3(name, frames) == []
    for name, frame in frames.items():
        validate(name, frame)


@SETTINGS
@given(mutated())
def test_a_damaged_file_is_read_or_quarantined_and_what_is_read_stands_in_it(content: bytes) -> None:
    assert_laws_hold(content)


@SETTINGS
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3))
def test_random_bytes_are_told_once_each(contents: list[bytes]) -> None:
    assert_laws_hold(*contents)
