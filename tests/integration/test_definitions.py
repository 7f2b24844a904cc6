"""What Dagster is given: assets with their checks, jobs, the sensor; and that any executor gives the same rows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipeline import batch
from pipeline.assets.sensor import collections_sensor
from pipeline.assets.summary import TABLES as SUMMARIES
from pipeline.definitions import OF_A_COLLECTION, OF_ALL, build_definitions
from pipeline.lake import LakeSettings
from pipeline.panel.findings import KINDS
from schemas.registry import TABLES
from tests.conftest import REPOSITORY, environment
from tests.integration.tables import lake_table, lake_tables, snapshot

SUMMARY = [summary.name for summary in SUMMARIES]


def project_definitions(root: Path, executor: dg.ExecutorDefinition = dg.in_process_executor) -> dg.Definitions:
    return build_definitions(root, LakeSettings.from_environment(root), executor)


def test_loading_the_definitions_imports_no_library_that_only_a_run_needs(tmp_path: Path) -> None:
    """Every start of Dagster pays for what is imported here; `make bench` tells how long it takes."""
    code = "import json, sys\nfrom pipeline.definitions import defs\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    loaded = set(json.loads(done.stdout))
    assert {"dagster", "pipeline.definitions", "polars"} <= loaded
    of_a_run = {"pandera", "pandas", "pyarrow", "lxml", "pypdfium2", "datasketch", "opencc", "jinja2"}
    assert not of_a_run & loaded


def test_every_asset_is_a_table_with_a_blocking_schema_check(tmp_path: Path) -> None:
    graph = project_definitions(tmp_path).resolve_asset_graph()
    names = {key.to_user_string() for key in graph.get_all_asset_keys()} - {"release"}
    assert names <= set(TABLES)
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert {asset for asset, name in checks if name == "schema"} == names
    looks = {*KINDS, "identities_hold", "growth_agrees"}
    assert {key.name for key in graph.asset_check_keys if not graph.get(key).blocking} == looks, "a finding stops nothing"


def test_the_checks_hold_the_first_three_laws(tmp_path: Path) -> None:
    graph = project_definitions(tmp_path).resolve_asset_graph()
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert {
        ("raw_files", "every_file_once"),
        ("quantities", "one_disposition"),
        ("quantities", "quotes_are_in_the_file"),
        ("observations", "quotes_are_in_the_file"),
    } <= checks


def test_there_are_a_job_for_everything_and_one_for_a_collection(tmp_path: Path) -> None:
    definitions = project_definitions(tmp_path)

    def assets_of(job: str) -> set[str]:
        return {key.to_user_string() for key in definitions.resolve_job_def(job).asset_layer.selected_asset_keys}

    of_a_collection = {key.to_user_string() for asset in OF_A_COLLECTION for key in asset.keys}
    assert assets_of("collection") == of_a_collection
    assert assets_of("refresh") == of_a_collection | {key.to_user_string() for asset in OF_ALL for key in asset.keys}
    assert {key.to_user_string() for asset in OF_ALL for key in asset.keys} == set(SUMMARY)


def test_a_materialization_tells_its_rows_columns_preview_and_snapshot(project: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("collections", ["seeds"])
        job = project_definitions(project).resolve_job_def("refresh")
        result = job.execute_in_process(instance=instance, partition_key="seeds")
        again = job.execute_in_process(instance=instance, partition_key="seeds")
    tables = lake_tables(project)
    seen = {}
    for event in result.get_asset_materialization_events():
        name, metadata = event.asset_key.to_user_string(), event.materialization.metadata
        seen[name] = metadata
        assert metadata["dagster/row_count"].value == tables[name].height
        columns = metadata["dagster/column_schema"].value.columns
        assert [column.name for column in columns] == list(TABLES[name].columns)
        assert all(column.description for column in columns)
        assert str(metadata["preview"].value).startswith("| " + " | ".join(TABLES[name].columns))
        assert isinstance(metadata["lake_snapshot"].value, int)
    assert set(seen) == {key.to_user_string() for asset in (*OF_A_COLLECTION, *OF_ALL) for key in asset.keys}
    assert f"| numerals | {tables['numerals'].height:,} |" in str(seen["quantities"]["rows"].value)
    assert max(int(metadata["lake_snapshot"].value) for metadata in seen.values()) == snapshot(project)
    for event in again.get_asset_materialization_events():
        assert event.materialization.metadata["lake_snapshot"].value == "unchanged: up to date"


def test_the_executor_with_a_process_for_each_step_gives_the_same_rows(
    project: Path, finished_tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("dagster")
    script = home / "multiprocess.py"
    script.write_text(
        "import dagster as dg\n"
        "from pipeline.definitions import build_definitions\n"
        "from pipeline.manifest import project_root\n"
        "def collection():\n"
        "    return build_definitions(project_root(), executor=dg.multiprocess_executor).resolve_job_def('collection')\n"
        "if __name__ == '__main__':\n"
        "    with dg.DagsterInstance.get() as instance:\n"
        "        instance.add_dynamic_partitions('collections', ['seeds'])\n"
        "        tags = {'dagster/partition': 'seeds'}\n"
        "        with dg.execute_job(dg.reconstructable(collection), instance, tags=tags) as result:\n"
        "            assert result.success\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**environment(project), "DAGSTER_HOME": str(home)},
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    here = lake_tables(project)
    for name in batch.TABLES:
        assert here[name].equals(finished_tables[name]), name


def evaluate(root: Path, instance: dg.DagsterInstance) -> dg.SensorResult:
    definitions = project_definitions(root)
    with dg.build_sensor_context(instance=instance, definitions=definitions, resources=definitions.resources) as context:
        found = collections_sensor("refresh", SUMMARY)(context)
    assert isinstance(found, dg.SensorResult)
    return found


def test_the_sensor_finds_new_changed_and_removed_collections(project: Path, finished_project: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        new = evaluate(project, instance)
        assert [(type(request).__name__, list(request.partition_keys)) for request in new.dynamic_partitions_requests or ()] == [
            ("AddDynamicPartitionsRequest", ["seeds"])
        ]
        assert [request.partition_key for request in new.run_requests or ()] == ["seeds"]

        instance.add_dynamic_partitions("collections", ["seeds", "gone"])
        shutil.rmtree(project / "data/curated")
        shutil.copytree(finished_project / "data/curated", project / "data/curated")
        current = evaluate(project, instance)
        assert current.run_requests == []
        assert [list(request.partition_keys) for request in current.dynamic_partitions_requests or ()] == [["gone"]]

        manifest = project / "data/raw/seeds/manifest.csv"
        manifest.write_text(manifest.read_text(encoding="utf-8").replace("2026-11-22", "2026-11-21"), encoding="utf-8")
        (request,) = evaluate(project, instance).run_requests or ()
        assert request.partition_key == "seeds"
        assert request.run_key != (new.run_requests or [request])[0].run_key


def test_the_sensor_asks_for_the_panel_alone_when_a_collection_is_gone(finished_copy: Path) -> None:
    project = finished_copy
    (project / "data/raw/seeds").rename(project / "elsewhere")
    with dg.DagsterInstance.ephemeral() as instance:
        (request,) = evaluate(project, instance).run_requests or ()
        assert {key.to_user_string() for key in request.asset_selection or ()} == set(SUMMARY)
        job = project_definitions(project).resolve_job_def("refresh")
        assert job.execute_in_process(instance=instance, asset_selection=request.asset_selection).success
    assert lake_table(project, "reports").height == 0
    assert lake_table(project, "panel").height == 0
