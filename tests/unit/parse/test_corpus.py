"""Region and year of the work reports, which their names tell; by the manifest's title, and by the text alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.parse import metadata, sections

CORPUS = Path(__file__).parents[4] / "shared/corpus"
REGIONS = {"国务院": "100000", "广东省": "440000", "罗湖区": "440303", "福田区": "440304", "盐田区": "440308"}

pytestmark = pytest.mark.skipif(not (CORPUS / "manifest.csv").is_file(), reason="needs the shared work reports")


def expected(path: str) -> tuple[str, int]:
    """The region, and the year before the one in which the report was delivered."""
    delivered = re.search(r"20\d\d", path)
    assert delivered
    return next(code for name, code in REGIONS.items() if name in path), int(delivered[0]) - 1


def reports() -> Iterator[tuple[str, tuple[str, int | None], tuple[str, int | None]]]:
    """Path, and (region, year) as read with the manifest's title and without."""
    from pipeline.clean import clean
    from pipeline.ingest import decode

    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = clean(decode((CORPUS / row["path"]).read_bytes(), "report.txt"))
            headings = sections(text.body.text)
            told, alone = (metadata(text, headings, "report.txt", title).metadata for title in (row["title"], ""))
            yield row["path"], (told.region_code, told.report_year), (alone.region_code, alone.report_year)


def test_region_and_year_of_work_reports() -> None:
    found = list(reports())
    assert len(found) == 59
    assert [(path, told) for path, told, _ in found if told != expected(path)] == []
    assert sum(alone == expected(path) for path, _, alone in found) >= 50
    # What the text does not tell stays open: nothing is guessed.
    for path, _, (region, year) in found:
        code, reviewed = expected(path)
        assert region in {code, ""} and year in {reviewed, None}, path
