"""What the documents for analysts show is what a release answers, in every language they name."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REPOSITORY
from tests.integration.analysts import FILES, Example, code_blocks, examples, printed_by

QUESTIONS = 11


@pytest.mark.parametrize(
    "example", [pytest.param(example, id=f"{example.language} {number}") for number, example in enumerate(examples(FILES[0]), start=1)]
)
def test_an_example_prints_what_the_document_shows(example: Example, released: Path) -> None:
    assert printed_by(example, released) == example.printed, "`make docs` writes docs/analysts.md anew"


def test_all_questions_are_answered_and_every_answer_has_rows() -> None:
    answers = [example for example in examples(FILES[0]) if example.language == "sql"]
    assert len(answers) == QUESTIONS
    assert [example.code for example in answers if example.printed.endswith("(0 rows)\n")] == []


def test_both_languages_have_the_same_code_and_answers() -> None:
    first, second = (code_blocks(name) for name in FILES)
    assert first == second
    assert examples(FILES[0]) == examples(FILES[1])


def test_r_reads_a_release_too(released: Path, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    (code,) = [text for language, text in code_blocks(FILES[0]) if language == "r"]
    libraries = subprocess.run(["Rscript", "-e", "library(arrow); library(duckdb)"], capture_output=True, check=False)
    if libraries.returncode:
        pytest.skip("the R packages arrow and duckdb are not installed")
    script = tmp_path / "example.R"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(["Rscript", str(script)], cwd=released, capture_output=True, text=True, check=True)
    assert done.stdout.count("TRUE") == 2


def test_a_partitioned_table_is_read_as_the_document_says(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.release.parquet import write_table

    (sql,) = [text for language, text in code_blocks(FILES[0]) if "hive_partitioning" in text]
    with duckdb.connect() as connection:
        write_table(connection, "panel", f"read_parquet('{released / 'data/panel.parquet'}')", tmp_path / "data", 1)
        monkeypatch.chdir(tmp_path)
        found = connection.execute(sql).fetchall()
        expected = f"SELECT code, value FROM '{released / 'data/panel.parquet'}' WHERE region_code LIKE '33%' AND year = 2023"
        assert sorted(found) == sorted(connection.execute(expected).fetchall()) != []


@pytest.mark.parametrize("name", [*FILES, "docs/releasing.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (REPOSITORY / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not ((REPOSITORY / name).parent / target).exists()] == []


def test_the_notebook_draws_a_series_with_its_evidence_and_a_comparison(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["series.py", "--release", str(released)])
    path = REPOSITORY / "docs/notebooks/series.py"
    specification = importlib.util.spec_from_file_location("series", path)
    assert specification is not None and specification.loader is not None
    notebook = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(notebook)
    _, made = notebook.app.run()
    series, comparison = made["points"].to_dict(), made["bars"].to_dict()
    assert series["mark"]["type"] == "line" and {"field": "quote"} in [{"field": each["field"]} for each in series["encoding"]["tooltip"]]
    assert made["rows"].height > 0 and all(made["rows"]["quote"])
    assert comparison["mark"]["type"] == "bar"
    assert made["told"]["region_name"].n_unique() >= 3
    assert all(f"{value:g}" in quote for value, quote in made["told"].select("value", "quote").iter_rows())
