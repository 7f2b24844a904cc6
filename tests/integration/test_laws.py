"""Rows that break a law or a schema are found, and never reach the lake."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipeline.assets import laws
from pipeline.assets.counting import CHECKS, TABLES
from pipeline.assets.project import Project
from pipeline.assets.writing import Made, Outcome, finish, preview
from pipeline.lake import LakeSettings
from pipeline.manifest import Entry, scan
from tests.integration.tables import lake_tables

Frames = Mapping[str, pl.DataFrame]


@pytest.fixture(scope="module")
def sound(finished_tables: dict[str, pl.DataFrame]) -> Frames:
    return finished_tables


@pytest.fixture(scope="module")
def entries(finished_project: Path) -> list[Entry]:
    return list(scan(finished_project / "data/raw/seeds").entries)


def changed(frames: Frames, name: str, frame: pl.DataFrame) -> Frames:
    return {**frames, name: frame}


def test_the_sample_collection_breaks_no_law(sound: Frames, entries: list[Entry]) -> None:
    assert laws.breaks_schema(list(sound), sound) == []
    assert laws.breaks_law_1(entries, sound) == []
    assert laws.breaks_law_2(sound) == []
    for name in ("quantities", "observations"):
        assert laws.breaks_law_3(name, sound) == []
    for name in ("quantities", "observations", "audits", "panel"):
        assert laws.breaks_references(name, sound) == []
    assert laws.breaks_near_misses(sound) == []


def test_law_1_finds_a_file_that_is_missing_doubled_or_from_nowhere(sound: Frames, entries: list[Entry]) -> None:
    files = sound["raw_files"]
    assert laws.breaks_law_1(entries, changed(sound, "raw_files", files[1:])) == [
        f"{entries[0].path} is in raw_files 0 times",
        f"report {entries[0].report_id} comes from no file",
    ]
    assert laws.breaks_law_1(entries, changed(sound, "raw_files", pl.concat([files, files[:1]]))) == [
        f"{entries[0].path} is in raw_files 2 times"
    ]
    assert f"{entries[0].path} is in raw_files, but not in the collection" in laws.breaks_law_1(entries[1:], sound)


def test_a_near_miss_that_is_an_observation_or_of_nothing_is_found(sound: Frames) -> None:
    misses, first = sound["near_misses"], sound["observations"]["observation_id"][0]
    coded = misses[:1].with_columns(near_miss_id=pl.lit(first))
    assert laws.breaks_near_misses(changed(sound, "near_misses", coded)) == [f"near_misses holds {first!r}, which is an observation"]
    stray = misses[:1].with_columns(quantity_id=pl.lit("0000000000000000-1"))
    assert laws.breaks_near_misses(changed(sound, "near_misses", stray)) == [
        "near_misses.quantity_id names '0000000000000000-1', which is not in quantities"
    ]


def test_law_1_finds_a_status_that_the_tables_do_not_bear_out(sound: Frames, entries: list[Entry]) -> None:
    path = entries[0].path
    assert f"{path} is parsed and has 0 rows in reports" in laws.breaks_law_1(entries, changed(sound, "reports", sound["reports"].clear()))
    for status, says in (("duplicate", "is a duplicate of no report"), ("quarantined", "is quarantined without a reason")):
        files = sound["raw_files"].with_columns(status=pl.when(pl.col("path") == path).then(pl.lit(status)).otherwise("status"))
        assert f"{path} {says}" in laws.breaks_law_1(entries, changed(sound, "raw_files", files))


def test_law_2_finds_numerals_that_overlap_and_quantities_that_do_not_fit(sound: Frames) -> None:
    numerals, quantities = sound["numerals"], sound["quantities"]
    longer = numerals.with_columns(end=pl.col("end") + 1000)
    assert any("overlaps the one before it" in sentence for sentence in laws.breaks_law_2(changed(sound, "numerals", longer)))
    renamed = numerals.with_columns(disposition=pl.lit("other"))
    assert all("has no numeral" in sentence for sentence in laws.breaks_law_2(changed(sound, "numerals", renamed)))
    (sentence,) = laws.breaks_law_2(changed(sound, "quantities", quantities[1:]))
    assert "is called a quantity and is in none" in sentence


def test_law_3_finds_a_quote_that_does_not_stand_where_it_says(sound: Frames) -> None:
    shifted = sound["quantities"].with_columns(raw_start=pl.col("raw_start") + 1, raw_end=pl.col("raw_end") + 1)
    found = laws.breaks_law_3("quantities", changed(sound, "quantities", shifted))
    assert len(found) == laws.SHOWN
    assert "and quantities quotes" in found[0]
    nowhere = changed(sound, "raw_texts", sound["raw_texts"].clear())
    assert len(laws.breaks_law_3("observations", nowhere)) == laws.SHOWN


def test_a_broken_schema_is_told_with_the_column(sound: Frames) -> None:
    (sentence,) = laws.breaks_schema(["quantities"], changed(sound, "quantities", sound["quantities"].with_columns(kind=pl.lit("weight"))))
    assert "column kind" in sentence


@pytest.mark.parametrize("broken", ["schema", "one_disposition", "quotes_are_in_the_file"])
def test_a_check_that_fails_is_recorded_stops_the_run_and_leaves_the_lake_alone(broken: str, sound: Frames, tmp_path: Path) -> None:
    wrong = {
        "schema": changed(sound, "quantities", sound["quantities"].with_columns(kind=pl.lit("weight"))),
        "one_disposition": changed(sound, "quantities", sound["quantities"][1:]),
        "quotes_are_in_the_file": changed(sound, "raw_texts", sound["raw_texts"].with_columns(raw_text="x" + pl.col("raw_text"))),
    }[broken]
    partitions = dg.StaticPartitionsDefinition(["seeds"])

    @dg.asset(name="quantities", check_specs=[check.spec for check in CHECKS], partitions_def=partitions)
    def quantities(context: dg.AssetExecutionContext, project: Project) -> Iterator[Outcome]:
        yield from finish(context, project.lake, TABLES, CHECKS, Made(wrong, "version"))

    settings = LakeSettings.from_environment(tmp_path)
    project = Project(root=str(tmp_path), catalog=settings.catalog, data_path=settings.data_path)
    result = dg.materialize([quantities], partition_key="seeds", resources={"project": project}, raise_on_error=False)
    assert not result.success
    assert {evaluation.check_name: evaluation.passed for evaluation in result.get_asset_check_evaluations()} == {
        check.name: check.name != broken for check in CHECKS
    }
    assert result.get_asset_materialization_events() == []
    assert {name: frame.height for name, frame in lake_tables(tmp_path).items() if frame.height} == {}


def test_a_preview_is_a_markdown_table_with_long_texts_cut() -> None:
    frame = pl.DataFrame({"a": ["x|y", "长" * 50], "b": [None, 1.5]})
    assert preview(frame).splitlines() == ["| a | b |", "|---|---|", "| x\\|y |  |", f"| {'长' * 39}… | 1.5 |"]
