"""The reference tables hold what the data files of `schemas` hold."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from pipeline.coding.codebook import load_entries
from pipeline.panel import reference_frame
from schemas.derive import validate_references

ROOT = Path(__file__).parents[3]
DESIGN = ROOT / "../shared/design/indicators.csv"


def test_every_spell_of_the_region_files_is_a_row() -> None:
    listed: set[tuple[str, int]] = set()
    for name in ("regions.csv", "zones.csv"):
        with (ROOT / "schemas" / "data" / name).open(encoding="utf-8", newline="") as lines:
            listed |= {(row["region_code"], int(row["valid_from"])) for row in csv.DictReader(lines)}
    assert set(reference_frame("regions").select("region_code", "valid_from").rows()) == listed


def test_a_region_has_its_full_name_parent_and_level() -> None:
    rows = reference_frame("regions").filter(pl.col("region_code") == "330783", pl.col("valid_to").is_null()).to_dicts()
    assert [(row["region_name"], row["full_name"], row["level"], row["parent_code"]) for row in rows] == [
        ("东阳市", "浙江省/金华市/东阳市", "county", "330700")
    ]


def test_parents_and_successors_are_regions_too() -> None:
    validate_references({"regions": reference_frame("regions")})


def test_every_entry_of_the_codebook_is_a_row() -> None:
    rows = reference_frame("indicators")
    assert rows["code"].to_list() == sorted(entry["code"] for entry in load_entries())
    validate_references({"indicators": rows})


@pytest.mark.skipif(not DESIGN.exists(), reason="the design's list of indicators is not here")
def test_every_indicator_of_the_design_is_in_the_codebook_with_its_unit() -> None:
    with DESIGN.open(encoding="utf-8", newline="") as lines:
        designed = {(row["code"], row["theme"], row["value_type"], row["unit"]) for row in csv.DictReader(lines)}
    assert designed <= set(reference_frame("indicators").select("code", "theme", "value_type", "unit").rows())


def test_there_is_no_other_reference_table() -> None:
    with pytest.raises(KeyError):
        reference_frame("reports")
