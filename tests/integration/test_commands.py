"""`fazhi extract`, `query`, `show` and `history` as another program or a person calls them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tests.conftest import REPOSITORY, Fazhi, environment, fazhi_in, fazhi_process_in
from tests.integration.tables import lake_table

SEEDS = sorted((REPOSITORY / "data/raw/seeds").glob("*.txt"))
# What annotation.md calls the fields, and what a row must have beside them.
FIELDS = {
    "quantities": {"report", "quote", "value", "value_high", "unit", "kind", "comparator", "role", "raw_start", "raw_end"},
    "observations": {"report", "code", "year", "value", "value_high", "unit", "comparator", "status", "quote"},
    "numerals": {"report", "start", "end", "text", "disposition"},
    "sections": {"report", "section_no", "parent_no", "level", "label", "title", "start", "end"},
    "report": {
        *(
            "report",
            "title",
            "doc_number",
            "document_number",
            "issuer",
            "region_name",
            "region_code",
            "level",
            "report_year",
            "target_year",
        ),
        *("document_type", "published_on", "signed_on", "script", "signer", "recipients", "copies_to", "body"),
    },
}


@pytest.fixture
def anywhere(tmp_path: Path) -> Fazhi:
    """The `fazhi` command in a folder that is no project."""
    return fazhi_in(tmp_path)


def rows_of(printed: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.mark.parametrize("what", FIELDS)
def test_every_row_names_its_report_and_has_the_fields_of_the_annotation(anywhere: Fazhi, what: str) -> None:
    done = anywhere("extract", *SEEDS, "--what", what, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    rows = rows_of(done.stdout)
    assert {str(row["report"]) for row in rows} == {path.name for path in SEEDS}
    assert all(FIELDS[what] <= row.keys() for row in rows)


def test_a_report_row_has_empty_text_and_lists_as_the_gold_files_have_them(anywhere: Fazhi) -> None:
    rows = {str(row["report"])[:3]: row for row in rows_of(anywhere("extract", *SEEDS, "--what", "report", "--format", "jsonl").stdout)}
    assert rows["002"]["doc_number"] == rows["002"]["published_on"] == rows["002"]["signed_on"] == rows["002"]["title"] == ""
    assert rows["000"]["doc_number"] == rows["000"]["document_number"] == "东阳市专报〔2018〕2号"
    assert (rows["000"]["signed_on"], rows["000"]["recipients"], rows["000"]["target_year"]) == ("2018-01-22", ["金华市人民政府"], None)


@pytest.mark.parametrize("what", FIELDS)
def test_every_format_holds_the_same_rows(tmp_path: Path, what: str) -> None:
    def printed(*options: str | Path) -> str:
        done = CliRunner().invoke(app, ["extract", *map(str, (*SEEDS, "--what", what, *options))], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    rows = rows_of(printed("--format", "jsonl"))
    printed("--format", "parquet", "--output", tmp_path / "rows")
    frame = pl.read_parquet(tmp_path / "rows")
    assert frame.height == len(rows)
    assert frame["report"].to_list() == [row["report"] for row in rows]
    csv.field_size_limit(10_000_000)
    lines = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert [line["report"] for line in lines] == [row["report"] for row in rows]
    assert printed().endswith(f"({len(rows):,} rows)\n")


def test_the_command_gives_the_rows_of_the_lake(anywhere: Fazhi, finished_tables: dict[str, pl.DataFrame]) -> None:
    rows = rows_of(anywhere("extract", *SEEDS, "--what", "observations", "--format", "jsonl").stdout)
    assert {row["observation_id"] for row in rows} == set(finished_tables["observations"]["observation_id"])


def test_a_file_that_cannot_be_read_is_told_and_the_others_come_out(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 4)
    files = [tmp_path / "empty.txt", SEEDS[0], tmp_path / "absent.txt", tmp_path / "noise.bin", tmp_path]
    done = fazhi_process_in(tmp_path)("extract", *files, "--what", "report", "--format", "jsonl")
    assert done.returncode == 1
    assert [row["report"] for row in rows_of(done.stdout)] == [SEEDS[0].name]
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == [str(path) for path in files if path != SEEDS[0]]
    assert all(len(line.split(":", 1)[1]) > 20 for line in told)


def test_the_seeds_score_against_the_gold_files(anywhere: Fazhi, shared: Path, tmp_path: Path) -> None:
    for what, precision, recall in (("observations", 0.90, 0.80), ("quantities", 0.93, 0.93)):
        (tmp_path / what).write_text(anywhere("extract", *SEEDS, "--what", what, "--format", "jsonl").stdout, encoding="utf-8")
        score = [sys.executable, shared / "tools/score.py", what, shared / f"gold/seeds.{what}.jsonl", "--rows", tmp_path / what]
        found = json.loads(subprocess.run(score, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        assert found["precision"] >= precision, what
        assert found["recall"] >= recall, what


def test_the_metadata_of_the_seeds_is_the_gold_files(anywhere: Fazhi, shared: Path) -> None:
    rows = {row["report"]: row for row in rows_of(anywhere("extract", *SEEDS, "--what", "report", "--format", "jsonl").stdout)}
    for gold in rows_of((shared / "gold/seeds.metadata.jsonl").read_text(encoding="utf-8")):
        row = rows[gold["report"]]
        for name in (
            "region_code",
            "region_name",
            "level",
            "report_year",
            "target_year",
            "document_type",
            "doc_number",
            "published_on",
            "signed_on",
            "script",
        ):
            assert row[name] == gold[name], (gold["report"], name)
        body = str(row["body"])
        # The gold file of the traditional report quotes it as the file has it; its body is simplified.
        if gold["script"] == "hans":
            assert body.startswith(str(gold["body_first_words"]))
            assert body.endswith(str(gold["body_last_words"]))


@pytest.mark.parametrize(
    ("format_name", "printed"),
    [
        ("csv", "path,n\n000_5294964d9a8dd071.txt,1\n"),
        ("jsonl", '{"path": "000_5294964d9a8dd071.txt", "n": 1}\n'),
        ("table", "path                       n\n────────────────────────────\n000_5294964d9a8dd071.txt   1\n(1 row)\n"),
    ],
)
def test_a_query_prints_its_result(finished_project: Path, format_name: str, printed: str) -> None:
    sql = "SELECT path, 1 AS n FROM raw_files ORDER BY path LIMIT 1"
    assert fazhi_in(finished_project)("query", sql, "--format", format_name).stdout == printed


@pytest.mark.parametrize(
    "sql", ["DELETE FROM reports", "DROP TABLE panel", "CREATE TABLE x (a INTEGER)", "INSERT INTO panel SELECT * FROM panel"]
)
def test_a_query_cannot_write(finished_project: Path, finished_tables: dict[str, pl.DataFrame], sql: str) -> None:
    done = fazhi_in(finished_project)("query", sql)
    assert done.returncode == 2
    assert "read-only" in done.stderr
    assert lake_table(finished_project, "reports").equals(finished_tables["reports"])


def test_a_query_with_a_mistake_is_explained_without_a_traceback(finished_project: Path) -> None:
    done = fazhi_process_in(finished_project)("query", "SELECT colour FROM panel")
    assert (done.returncode, done.stdout) == (2, "")
    assert '"colour" not found' in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_lake_the_message_says_how_to_make_one(anywhere: Fazhi) -> None:
    for arguments in (("query", "SELECT 1"), ("show", "x"), ("history",)):
        done = anywhere(*arguments)
        assert done.returncode == 2
        assert "make it with `fazhi run`" in done.stderr


def test_show_leads_to_the_characters_in_the_file(finished_project: Path, finished_tables: dict[str, pl.DataFrame]) -> None:
    row = finished_tables["observations"].filter(code="reconsideration.applications", year=2017).row(0, named=True)
    printed = fazhi_in(finished_project)("show", row["observation_id"]).stdout
    lines = dict(line.split(maxsplit=1) for line in printed.splitlines() if line.startswith(("sentence", "place", "value", "sha256")))
    assert "⟦62件⟧" in lines["sentence"]
    path = next(line.split()[-1] for line in printed.splitlines() if line.startswith("raw file"))
    text = (finished_project / path).read_bytes().decode()
    start, end = (int(number) for number in lines["place"].split("characters ")[1].split(" of ")[0].split(".."))
    assert text[start:end] == "62件"
    number, column = (int(word.strip(",")) for word in lines["place"].split() if word.strip(",").isdigit())
    assert text.splitlines()[number - 1][column - 1 :].startswith("62件")


def test_show_of_a_quantity_says_what_it_is_or_why_it_is_nothing(finished_project: Path, finished_tables: dict[str, pl.DataFrame]) -> None:
    tables, fazhi = finished_tables, fazhi_in(finished_project)
    coded = tables["observations"].row(0, named=True)
    assert f"coded as   {coded['observation_id']}\n" in fazhi("show", coded["quantity_id"]).stdout
    miss = tables["near_misses"].filter(condition="not_clause").row(0, named=True)
    printed = fazhi("show", miss["quantity_id"]).stdout
    assert f"not coded  {miss['code']}" in printed
    assert f"by rule {miss['rule']}, for its condition not_clause: {'、'.join(miss['words'])}\n" in printed
    known = [*tables["observations"]["quantity_id"], *tables["near_misses"]["quantity_id"]]
    far = tables["quantities"].filter(~pl.col("quantity_id").is_in(known))["quantity_id"][0]
    assert "not coded  it came near to no indicator\n" in fazhi("show", far).stdout


def test_near_misses_of_a_file_come_with_their_words(project: Path, fazhi: Fazhi) -> None:
    path = project / "report.txt"
    path.write_text(
        "青山县人民政府2023年法治政府建设情况报告\n\n2023年,县公安局收到行政复议申请3件。\n" + "依法行政。" * 60, encoding="utf-8"
    )
    (row,) = (json.loads(line) for line in fazhi("extract", path, "--what", "near_misses", "--format", "jsonl").stdout.splitlines())
    assert (row["code"], row["condition"], row["words"]) == ("reconsideration.applications", "owner", ["department"])
    assert (row["quote"], row["sentence"]) == ("3件", "2023年,县公安局收到行政复议申请3件")
    assert "县公安局收到行政复议申请3件" in fazhi("extract", path, "--what", "near_misses").stdout


def test_show_of_an_unknown_observation_says_where_to_look(finished_project: Path) -> None:
    done = fazhi_in(finished_project)("show", "0000000000000000-1-a.b")
    assert done.returncode == 1
    assert "there is no observation and no quantity '0000000000000000-1-a.b'" in done.stderr


def test_history_lists_what_was_written(finished_project: Path) -> None:
    printed = fazhi_process_in(finished_project)("history", "--limit", "30").stdout
    for words in (
        "seeds: raw_files, reports (run ",
        "seeds: quantities (run ",
        "seeds: observations, audits (run ",
        "all collections: panel (run ",
    ):
        assert words in printed


def test_help_waits_for_no_library_that_it_does_not_need() -> None:
    """`make bench` tells how long it takes."""
    code = "import sys\nfrom pipeline.cli import app\napp(['--help'], standalone_mode=False)\nprint('modules:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment(REPOSITORY))
    printed, _, modules = done.stdout.partition("modules:")
    assert "extract" in printed
    assert "typer" in modules.split()
    assert not {"dagster", "polars", "pandas", "pandera", "numpy", "pyarrow", "duckdb"} & set(modules.split())


def test_a_reader_that_stops_early_is_no_error(finished_project: Path) -> None:
    command = f"{sys.executable} -m pipeline.cli query 'SELECT * FROM numerals' --format jsonl | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment(finished_project),
        cwd=finished_project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["collection"] == "seeds"
