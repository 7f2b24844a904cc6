"""A release of the sample collection: complete, and the same whoever builds it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest
import yaml

from pipeline.definitions import build_definitions
from pipeline.lake import LakeSettings, open_lake
from pipeline.release import Order, Version, build, verify
from pipeline.release.layout import MIRRORED, PACKAGE, VOLATILE, released_tables, table_files
from schemas.registry import TABLES
from schemas.views import views
from tests.conftest import REPOSITORY, environment, fazhi_in, fazhi_process_in

VERSION = "2026.11.0"


def files(release: Path) -> dict[str, str]:
    """Every file of a release with its hash."""
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in release.rglob("*") if path.is_file()
    }


# -- what is in it --------------------------------------------------------------------------------------------------------------


def test_a_release_has_every_table_three_times_and_all_that_is_said_of_them(released: Path) -> None:
    named = {f"data/{name}.parquet" for name in released_tables()} | {f"csv/{name}.csv" for name in MIRRORED}
    said = {"README.md", "CODEBOOK.md", "DATA-DICTIONARY.md", "QUALITY.md", "CHANGES.md", "CITATION.cff", "provenance.json"}
    sums = {"SHA256SUMS", "CONTENT-SHA256SUMS", "fazhi.duckdb.sha256"}
    assert set(files(released)) == named | said | sums | {"fazhi.duckdb", "datapackage.json", "croissant.json"}
    assert set(released_tables()) == (set(TABLES) - {"materializations"}) | {"changes"}


def test_the_hashes_are_those_that_sha256sum_checks(released: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS", "fazhi.duckdb.sha256"],
        cwd=released, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_tables_are_those_of_the_lake(released: Path, finished_project: Path) -> None:
    with open_lake(LakeSettings.from_environment(finished_project), read_only=True) as lake:
        for name in set(released_tables()) - {"changes"}:
            (path,) = table_files(released, name)
            assert pl.read_parquet(path).equals(lake.read(name)), name


def test_the_database_opens_without_extensions_and_has_comments_views_and_macros(released: Path) -> None:
    with duckdb.connect(str(released / "fazhi.duckdb"), read_only=True, config={"autoload_known_extensions": "false"}) as connection:
        comments = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert set(comments) == set(released_tables()) and all(comments.values())
        for view in views([]):
            if view.kind == "VIEW":
                connection.execute(f"SELECT count(*) FROM {view.name}").fetchone()
        rows = connection.execute("SELECT year, value, quote FROM series_of('330783', 'reconsideration.applications')").fetchall()
        assert [(year, value) for year, value, _ in rows] == [(2017, 62.0)]


def test_the_descriptors_pass_their_validators_and_name_every_column_with_its_hash(released: Path) -> None:
    import frictionless
    import mlcroissant

    package = frictionless.Package(str(released / PACKAGE))
    assert package.version == VERSION
    for name in released_tables():
        resource = package.get_resource(name.replace("_", "-"))
        assert resource.hash == f"sha256:{files(released)[resource.path]}"
    for name in MIRRORED:
        rows = package.get_resource(f"{name}-csv").read_rows()
        assert len(rows) == pl.read_parquet(released / "data" / f"{name}.parquet").height
    dataset = mlcroissant.Dataset(str(released / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors and not dataset.metadata.ctx.issues.warnings
    assert [each.uuid for each in dataset.metadata.record_sets] == released_tables()
    first = next(iter(dataset.records("panel")))
    assert first["panel/unit"].decode() == pl.read_parquet(released / "data/panel.parquet")["unit"][0]


def test_the_card_has_the_front_matter_that_hugging_face_reads_and_both_languages(released: Path) -> None:
    _, front, text = (released / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    assert (card["license"], card["language"]) == ("cc-by-4.0", ["zh", "en"])
    assert {each["config_name"]: (released / each["data_files"]).exists() for each in card["configs"]} == dict.fromkeys(
        released_tables(), True
    )
    assert [each["config_name"] for each in card["configs"] if each.get("default")] == ["panel"]
    assert "# 中文" in text and VERSION in text


def test_the_citation_names_the_version_and_its_date(released: Path) -> None:
    citation = yaml.safe_load((released / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], str(citation["date-released"]), citation["license"]) == (VERSION, "2026-11-01", "CC-BY-4.0")


def test_its_origin_is_told_down_to_the_raw_files(released: Path) -> None:
    origin = json.loads((released / "provenance.json").read_text(encoding="utf-8"))
    raw = REPOSITORY / "data" / "raw" / "seeds"
    told = {row["path"]: row["sha256"] for row in origin["raw_files"]}
    assert told == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in raw.glob("*.txt")}
    assert {"sha256", "source_url", "retrieved_at", "licence", "status", "reason"} <= set(origin["raw_files"][0])
    assert origin["lake"]["snapshot"] > 0 and origin["previous"] is None and len(origin["code"]["reading"]) == 16


def test_a_release_with_tables_in_partitions_is_whole_too(finished_project: Path, tmp_path: Path) -> None:
    order = Order(Version.parse(VERSION), tmp_path, partition_from=1)
    with open_lake(LakeSettings.from_environment(finished_project), read_only=True) as lake:
        release = build(lake, order)
    assert (release / "data/panel/region_province=33/year=2017/part.parquet").exists()
    panel = pl.read_parquet(f"{release}/data/panel/**/*.parquet", hive_partitioning=False)
    assert panel.height == len((release / "csv/panel.csv").read_text(encoding="utf-8-sig").splitlines()) - 1
    (release / "data/panel/region_province=33/year=2017/part.parquet").unlink()
    assert "data/panel/region_province=33/year=2017/part.parquet: is missing" in "\n".join(map(str, verify(release).problems))


# -- the same whoever builds it ---------------------------------------------------------------------------------------------------


def test_another_place_time_zone_and_locale_give_the_same_bytes(released: Path, finished_project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another place"
    shutil.copytree(finished_project / "data", elsewhere / "data")
    surroundings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "USER": "somebody"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "release", "build", "--version", VERSION, "--folder", str(tmp_path / "out")],
        env={**environment(elsewhere), **surroundings, "POLARS_MAX_THREADS": "1"},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = files(released), files(tmp_path / "out" / VERSION)
    assert {name for name in first if first[name] != second.get(name)} <= set(VOLATILE)
    assert set(first) == set(second)


def test_nothing_in_a_release_tells_where_or_by_whom_it_was_built(released: Path, finished_project: Path) -> None:
    private = [str(finished_project), str(released.parent), f"{Path.home()}{os.sep}", str(REPOSITORY)]
    for path in released.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [text for text in private if text.encode() in content], path.name


# -- the command ------------------------------------------------------------------------------------------------------------------


def test_a_release_is_verified_by_command(released: Path) -> None:
    done = fazhi_process_in(released.parent)("release", "verify", released)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{VERSION}: ") and done.stdout.endswith(" checks passed\n")


def test_a_release_is_never_overwritten(released: Path, finished_project: Path) -> None:
    before = files(released)
    done = fazhi_in(finished_project)("release", "build", "--version", VERSION, "--folder", released.parent)
    assert done.returncode == 2 and "a release is never changed: choose the next version" in done.stderr
    assert files(released) == before
    assert {path.name for path in released.parent.iterdir()} == {VERSION, ".lock"}


def test_a_lake_that_is_behind_its_raw_files_is_not_released(finished_project: Path, tmp_path: Path) -> None:
    shutil.copytree(finished_project / "data", tmp_path / "data")
    (tmp_path / "data/raw/more").mkdir()
    (tmp_path / "data/raw/more/a.txt").write_text("示范县2023年法治政府建设报告\n全年收到行政复议申请98件。\n", encoding="utf-8")
    done = fazhi_in(tmp_path)("release", "build", "--version", VERSION)
    assert done.returncode == 2 and "(more): bring it up to date with `fazhi run`" in done.stderr
    assert not (tmp_path / "data/curated/releases").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("build",), "CHANGELOG.md has no section `## Data <version>`"),
        (("build", "--version", "1.0"), "'1.0' is no version of the data"),
        (("verify", "data"), "holds no release"),
        (("diff", "2026.1.0", "2026.2.0"), "there is no release 2026.1.0"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(finished_project: Path, arguments: tuple[str, ...], says: str) -> None:
    done = fazhi_in(finished_project)("release", *arguments)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr


def test_the_next_release_tells_what_changed_and_why(released: Path, finished_project: Path, tmp_path: Path) -> None:
    """A correction and a new report between two releases, end to end."""
    shutil.copytree(finished_project / "data", tmp_path / "data", ignore=shutil.ignore_patterns("releases"))
    shutil.copytree(released, tmp_path / "data/curated/releases" / VERSION)
    with duckdb.connect(str(released / "fazhi.duckdb"), read_only=True) as connection:
        sql = "SELECT report_id, quantity_id FROM observations WHERE code = 'reconsideration.applications' AND value = 62"
        ((report, quantity),) = connection.execute(sql).fetchall()
    text = "桐庐县人民政府2023年法治政府建设工作报告\n全年收到行政复议申请98件。\n"
    (tmp_path / "data/raw/more").mkdir()
    (tmp_path / "data/raw/more/a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "data/raw/more/manifest.csv").write_text("path\na.txt\n", encoding="utf-8")
    header = "report_id,quantity_id,field,expect,value,reason,who\n"
    (tmp_path / "data/corrections.csv").write_text(f"{header}{report},{quantity},value,62,63,misread,A. Reader\n", encoding="utf-8")
    fazhi = fazhi_in(tmp_path)
    assert fazhi("run").returncode == 0
    built = fazhi("release", "build", "--version", "2026.12.0")
    assert built.returncode == 0, built.stderr
    second = tmp_path / "data/curated/releases/2026.12.0"
    changes = pl.read_parquet(second / "data/changes.parquet")
    value = changes.filter(pl.col("table_name").is_in(["panel", "observations", "quantities"]), column_name="value")
    assert {tuple(row) for row in value.select("old_value", "new_value", "cause").iter_rows()} == {("62.0", "63.0", "correction")}
    assert value.height == 3
    added = changes.filter(pl.col("table_name") == "observations", pl.col("change") == "added")
    files_added = changes.filter(table_name="raw_files", change="added")
    assert files_added.select("row_key", "cause").rows() == [("more|a.txt", "new_report")]
    assert added.select("code", "cause").rows() == [("reconsideration.applications", "new_report")]
    assert "misread" in (second / "QUALITY.md").read_text(encoding="utf-8")
    told = (second / "CHANGES.md").read_text(encoding="utf-8")
    assert "62.0 | 63.0 | correction |" in told
    fazhi = fazhi_process_in(tmp_path)
    assert fazhi("release", "diff", VERSION, "2026.12.0").stdout == told
    listed = fazhi("release", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed[2:4]] == [VERSION, "2026.12.0"]


def test_a_stale_correction_stops_the_run(tmp_path: Path) -> None:
    raw = tmp_path / "data/raw/small"
    raw.mkdir(parents=True)
    (raw / "a.txt").write_text("桐庐县人民政府2023年法治政府建设工作报告\n全年收到行政复议申请98件。\n", encoding="utf-8")
    (raw / "manifest.csv").write_text("path\na.txt\n", encoding="utf-8")
    report = hashlib.sha256((raw / "a.txt").read_bytes()).hexdigest()[:16]
    place = (raw / "a.txt").read_text(encoding="utf-8").index("98件")
    header = "report_id,quantity_id,field,expect,value,reason,who\n"
    path = tmp_path / "data/corrections.csv"
    path.write_text(f"{header}{report},{report}-{place},value,97,99,misread,A. Reader\n", encoding="utf-8")
    done = fazhi_in(tmp_path)("run")
    assert done.returncode == 1 and "expects '97', and the program reads 98.0" in done.stderr
    path.write_text(f"{header}{'0' * 16},{'0' * 16}-1,value,61,62,misread,A. Reader\n", encoding="utf-8")
    done = fazhi_in(tmp_path)("run")
    assert done.returncode == 2 and "no file in data/raw/ is the report" in done.stderr


def test_the_asset_builds_a_version_once_and_leaves_it_as_it_is(finished_project: Path, tmp_path: Path) -> None:
    shutil.copytree(finished_project / "data", tmp_path / "data")
    definitions = build_definitions(tmp_path, LakeSettings.from_environment(tmp_path))
    job = definitions.resolve_implicit_global_asset_job_def()

    def materialized(version: str) -> list[dg.AssetMaterialization]:
        config = {"ops": {"release": {"config": {"version": version}}}} if version else {}
        result = job.execute_in_process(config, asset_selection=[dg.AssetKey("release")], instance=dg.DagsterInstance.ephemeral())
        assert result.success
        return [event.materialization for event in result.get_asset_materialization_events()]

    assert materialized("") == [], "without a changelog nothing says which version"
    (event,) = materialized(VERSION)
    release = tmp_path / "data/curated/releases" / VERSION
    assert event.metadata["path"].value == str(release) and "# How far the data can be trusted" in str(event.metadata["quality"].value)
    before = files(release)
    assert materialized(VERSION) == [] and files(release) == before
