"""`fazhi run` from end to end, on the sample collection and on collections that are not sound."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Fazhi, copy_seeds, fazhi_in, fazhi_process_in
from tests.integration.tables import lake_table, lake_tables, snapshot

SEEDS = 5
Tables = dict[str, pl.DataFrame]


def summary(printed: str) -> dict[str, str]:
    """The figures at the head of what `fazhi run` prints."""
    head = printed.split("\n\n", maxsplit=1)[0]
    return {match[1]: match[2] for match in re.finditer(r"(?m)^([a-z ]+?)  +(.+)$", head)}


def write_collection(root: Path, name: str, files: dict[str, str], lines: str) -> None:
    folder = root / "data/raw" / name
    folder.mkdir(parents=True)
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "manifest.csv").write_text(lines, encoding="utf-8")


def test_the_sample_collection_becomes_reports_numbers_and_a_panel(finished_tables: Tables) -> None:
    assert dict(finished_tables["raw_files"]["status"].value_counts().iter_rows()) == {"parsed": SEEDS}
    assert finished_tables["reports"].height == SEEDS
    for name in ("sections", "numerals", "quantities", "observations", "near_misses", "audits", "panel", "regions", "indicators"):
        assert finished_tables[name].height > 0, name
    for name in ("sections", "quantities", "observations"):
        assert finished_tables[name]["report_id"].n_unique() == SEEDS, name


def test_the_summary_counts_what_is_in_the_lake_and_a_second_run_writes_nothing(first_run: tuple[Path, str], finished_copy: Path) -> None:
    tables, written = lake_tables(finished_copy), snapshot(finished_copy)
    found = summary(first_run[1])
    assert re.fullmatch(r"\d+ passed", found.pop("checks"))
    assert found == {
        "collections": "1",
        "raw files": f"{SEEDS}",
        "reports": f"{SEEDS}",
        "duplicates": "0",
        "quarantined": "0",
        "quantities": f"{tables['quantities'].height:,}",
        "observations": f"{tables['observations'].height:,}",
        "panel rows": f"{tables['panel'].height:,}",
    }
    second = fazhi_process_in(finished_copy)("run")
    assert second.returncode == 0, second.stderr
    assert "nothing is new, nothing was written" in second.stdout
    assert snapshot(finished_copy) == written


def test_two_lakes_from_the_same_files_are_equal_byte_for_byte_in_another_process(
    first_run: tuple[Path, str], finished_tables: Tables, project: Path
) -> None:
    finished_project, printed = first_run
    done = fazhi_process_in(project)("run")
    assert (done.returncode, done.stdout) == (0, printed)
    for name, frame in lake_tables(project).items():
        assert frame.equals(finished_tables[name]), name
    assert parquet_bytes(project) == parquet_bytes(finished_project)


def parquet_bytes(root: Path) -> dict[str, list[str]]:
    """The hashes of the lake's data files, by table (their names are DuckLake's, and of no meaning)."""
    folder = root / "data/curated/lake"
    hashes: dict[str, list[str]] = {}
    for path in folder.rglob("*.parquet"):
        hashes.setdefault(path.parent.relative_to(folder).as_posix(), []).append(hashlib.sha256(path.read_bytes()).hexdigest())
    return {name: sorted(found) for name, found in hashes.items()}


def test_every_file_of_an_unsound_collection_is_told_once_and_the_sound_ones_go_through(project: Path, fazhi: Fazhi) -> None:
    text = (project / "data/raw/seeds/000_5294964d9a8dd071.txt").read_text(encoding="utf-8").replace("62件", "63件")
    write_collection(
        project,
        "unsound",
        {"good.txt": text, "empty.txt": "", "changed.txt": "x", "unlisted.txt": "y", "twice.txt": "z"},
        f"path,sha256\ngood.txt,\nempty.txt,\nchanged.txt,{'0' * 64}\nmissing.txt,\n../seeds/manifest.csv,\ntwice.txt,\ntwice.txt,\n",
    )
    done = fazhi("run")
    assert done.returncode == 0, done.stderr
    rows = lake_table(project, "raw_files").filter(collection="unsound")
    assert dict(rows.select("path", "status").iter_rows()) == {
        "good.txt": "parsed",
        **dict.fromkeys(["empty.txt", "changed.txt", "missing.txt", "manifest.csv line 6", "unlisted.txt", "twice.txt"], "quarantined"),
    }
    assert all(rows.filter(status="quarantined")["reason"])
    assert summary(done.stdout)["quarantined"] == "6"
    assert "unsound/missing.txt: manifest.csv lists this file, but it is not there" in done.stdout


def test_a_file_delivered_again_is_a_duplicate_of_the_earlier_delivery(project: Path, fazhi: Fazhi) -> None:
    name = "000_5294964d9a8dd071.txt"
    text = (project / "data/raw/seeds" / name).read_text(encoding="utf-8")
    write_collection(project, "earlier", {name: text}, f"path,retrieved_at\n{name},2020-01-01\n")
    assert fazhi("run").returncode == 0
    tables = lake_tables(project)
    rows = tables["raw_files"].filter(path=name)
    assert sorted(rows.select("collection", "status").rows()) == [("earlier", "parsed"), ("seeds", "duplicate")]
    (report,) = rows.filter(status="duplicate")["duplicate_of"].to_list()
    assert tables["reports"].filter(report_id=report)["collection"].to_list() == ["earlier"]


def test_a_new_collection_leaves_the_others_as_they_were_and_a_removed_one_leaves_no_row(
    finished_copy: Path, finished_tables: Tables
) -> None:
    project, fazhi = finished_copy, fazhi_in(finished_copy)
    text = (project / "data/raw/seeds/000_5294964d9a8dd071.txt").read_text(encoding="utf-8").replace("62件", "63件")
    write_collection(project, "more", {"a.txt": text}, "path\na.txt\n")
    assert fazhi("run").returncode == 0
    both = lake_tables(project)
    assert set(both["reports"]["collection"]) == {"seeds", "more"}
    assert both["quantities"].filter(collection="seeds").equals(finished_tables["quantities"])
    shutil.rmtree(project / "data/raw/more")
    assert fazhi("run").returncode == 0
    for name, frame in lake_tables(project).items():
        assert frame.equals(finished_tables[name]), name


def test_only_the_collections_asked_for_are_run(project: Path, fazhi: Fazhi) -> None:
    write_collection(project, "more", {"a.txt": "示范县2023年法治政府建设报告\n全年收到行政复议申请98件。\n"}, "path\na.txt\n")
    assert fazhi("run", "--collection", "more").returncode == 0
    assert set(lake_table(project, "raw_files")["collection"]) == {"more"}
    unknown = fazhi("run", "--collection", "absent")
    assert (unknown.returncode, unknown.stderr.strip()) == (2, "fazhi: there is no collection absent; there is more, seeds.")


def test_an_empty_project_says_what_to_do(tmp_path: Path) -> None:
    done = fazhi_process_in(tmp_path)("run")
    assert done.returncode == 2
    assert "holds no collection: put files there with `fazhi add" in done.stderr


def test_a_file_beside_the_collections_is_named(finished_copy: Path) -> None:
    (finished_copy / "data/raw/stray.txt").write_text("x")
    assert "stray.txt lies in no collection" in fazhi_in(finished_copy)("run").stderr


def test_readers_see_the_former_state_or_the_new_one_as_of_a_snapshot(finished_project: Path, tmp_path: Path) -> None:
    root = copy_seeds(tmp_path)
    shutil.copytree(finished_project / "data/curated", root / "data/curated")
    before = snapshot(root)
    write_collection(root, "more", {"a.txt": "示范县2023年法治政府建设报告\n全年收到行政复议申请98件。\n"}, "path\na.txt\n")
    assert fazhi_in(root)("run").returncode == 0
    asked = fazhi_in(root)("query", f"SELECT count(*) AS n FROM reports AT (VERSION => {before})", "--format", "csv")
    assert asked.stdout == f"n\n{SEEDS}\n"
    assert lake_table(root, "reports").height == SEEDS + 1


@pytest.mark.parametrize("name", ["quantities", "observations"])
def test_every_quote_can_be_found_in_the_files_themselves(finished_project: Path, finished_tables: Tables, name: str) -> None:
    rows = finished_tables[name].join(finished_tables["reports"].select("report_id", "path"), on="report_id")
    for path, start, end, quote in rows.select("path", "raw_start", "raw_end", "quote").iter_rows():
        text = (finished_project / "data/raw/seeds" / path).read_bytes().decode()
        assert text[start:end] == quote


def test_every_numeral_has_one_disposition_and_every_digit_is_in_a_numeral(finished_tables: Tables) -> None:
    assert finished_tables["numerals"].select("report_id", "start").is_unique().all()
    for report_id, body in finished_tables["reports"].select("report_id", "body").iter_rows():
        spans = finished_tables["numerals"].filter(report_id=report_id).select("start", "end").rows()
        told = {offset for start, end in spans for offset in range(start, end)}
        untold = [body[max(0, found.start() - 5) : found.end() + 5] for found in re.finditer(r"\d+", body) if found.start() not in told]
        assert untold == []


def test_the_panel_answers_with_region_year_value_and_sentence(finished_project: Path, fazhi: Fazhi) -> None:
    sql = """
        SELECT r.full_name, p.year, p.value, i.name_en, q.sentence
        FROM panel p JOIN indicators i USING (code) JOIN observations o USING (observation_id) JOIN quantities q USING (quantity_id)
        JOIN regions r ON r.region_code = p.region_code AND p.year BETWEEN r.valid_from AND coalesce(r.valid_to, 9999)
        WHERE p.code = 'reconsideration.applications' ORDER BY ALL
    """
    output = finished_project / "answer.parquet"
    assert fazhi_in(finished_project)("query", sql, "--format", "parquet", "--output", output).returncode == 0
    answer = pl.read_parquet(output)
    assert ("浙江省/金华市/东阳市", 2017, 62.0) in answer.select("full_name", "year", "value").rows()
    assert all(f"{value:g}" in sentence for value, sentence in answer.select("value", "sentence").iter_rows())
