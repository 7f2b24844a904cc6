"""Lakes to try things on: rows for one, and what it holds."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.lake import Lake
from pipeline.tables import frame
from schemas.derive import example

REPORT = "0123456789abcdef"


def sections(*titles: str, collection: str = "seeds") -> pl.DataFrame:
    """One section a title."""
    given = [
        example("sections") | {"collection": collection, "report_id": REPORT, "section_no": number, "parent_no": 0, "title": title}
        for number, title in enumerate(titles, start=1)
    ]
    return frame("sections", given)


def write(lake: Lake, *titles: str, collection: str = "seeds", version: str = "v1", message: str = "test") -> int:
    """Replace the sections of a collection by one a title; returns the snapshot."""
    rows = sections(*titles, collection=collection)
    return lake.replace({"sections": rows}, collection=collection, input_version=version, message=message)


def titles(lake: Lake, **how: Any) -> list[str]:
    """The titles of the sections that the lake holds."""
    return list(lake.read("sections", **how)["title"])
