"""What a release says to people: the files in Markdown and the citation, out of the templates in `templates/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.coding.book import book, themes
from pipeline.coding.codebook import load_concepts, load_entries
from pipeline.release.changes import CHARACTERS
from pipeline.release.dataset import dataset
from pipeline.release.gates import CHANGED_PERCENT, Differences
from pipeline.release.layout import MIRRORED, released_tables, table_files
from pipeline.release.versions import Version
from schemas.derive import data_dictionary
from schemas.registry import table
from schemas.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from jinja2 import Environment

#: The size classes that Hugging Face knows: https://huggingface.co/docs/hub/datasets-cards
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
#: The configuration that Hugging Face shows first.
FIRST_TABLE = "panel"
SHOWN_CELLS = 50


def write_cards(
    connection: duckdb.DuckDBPyConnection, release: Path, version: Version, previous: str | None, found: Differences | None
) -> None:
    """Write README.md, CODEBOOK.md, DATA-DICTIONARY.md, QUALITY.md, CHANGES.md and CITATION.cff; `connection` has the release's tables."""
    from pipeline.release.quality import quality

    about = {"about": dataset(), "version": str(version), "date": version.date, "schema_version": SCHEMA_VERSION}
    rows = {name: count(connection, name) for name in released_tables()}
    (release / "DATA-DICTIONARY.md").write_text(data_dictionary(released_tables()), encoding="utf-8")
    (release / "CODEBOOK.md").write_text(codebook_text(), encoding="utf-8")
    write_template(release, "README.md", {**about, **_card(release, rows)})
    write_template(release, "QUALITY.md", {**about, **quality(connection)})
    write_template(release, "CITATION.cff", about)
    changes = changes_text(connection, version, previous, found)
    (release / "CHANGES.md").write_text(changes, encoding="utf-8")


def changes_text(connection: duckdb.DuckDBPyConnection, version: Version, previous: str | None, found: Differences | None) -> str:
    """CHANGES.md, out of the table `changes` of the database in use, and what `gates` found."""
    summary = rows_of(
        connection, "SELECT table_name, change, cause, count(*) AS number FROM changes GROUP BY ALL ORDER BY table_name, change, cause"
    )
    by_code = rows_of(
        connection,
        "SELECT code, count(*) FILTER (change = 'added') AS added, count(*) FILTER (change = 'removed') AS removed, "
        "count(*) FILTER (change = 'changed' AND column_name IN ('value', 'value_high')) AS changed "
        "FROM changes WHERE table_name = 'panel' AND code <> '' GROUP BY code HAVING added + removed + changed > 0 ORDER BY code",
    )
    worst = rows_of(
        connection,
        "SELECT row_key, old_value, new_value, cause FROM changes WHERE table_name = 'panel' AND column_name = 'value' "
        "ORDER BY abs(ln(1 + abs(CAST(new_value AS DOUBLE))) - ln(1 + abs(CAST(old_value AS DOUBLE)))) DESC, row_key "
        f"LIMIT {SHOWN_CELLS}",
    )
    about = {"version": str(version), "previous": previous, "found": found, "characters": CHARACTERS, "share": CHANGED_PERCENT}
    return render("CHANGES.md", {**about, "summary": summary, "by_code": by_code, "worst": worst})


def codebook_text() -> str:
    """CODEBOOK.md: the codebook as the documentation has it."""
    return book(load_entries(), load_concepts(), themes())


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows that a query gives."""
    found: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    return found


def count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """How many rows a table has."""
    row = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
    return int(row[0]) if row else 0


def _card(release: Path, rows: Mapping[str, int]) -> dict[str, Any]:
    tables = []
    for name in sorted(rows, key=lambda each: (each != FIRST_TABLE, list(rows).index(each))):
        files = table_files(release, name)
        path = f"data/{name}/**/*.parquet" if (release / "data" / name).is_dir() else f"data/{name}.parquet"
        tables.append({"name": name, "path": path, "files": len(files), "rows": rows[name], **_words(name)})
    size = next((words for limit, words in SIZES if rows["observations"] < limit), "n>10M")
    return {"tables": tables, "size": size, "first": FIRST_TABLE, "mirrored": MIRRORED}


def _words(name: str) -> dict[str, str]:
    return {"title": table(name).title, "description": table(name).description}


def write_template(release: Path, name: str, values: Mapping[str, Any]) -> None:
    """Write a file of a release from the template of the same name."""
    (release / name).write_text(render(name, values), encoding="utf-8")


def render(name: str, values: Mapping[str, Any]) -> str:
    """A template filled in. A name that the template uses and `values` has not is an error."""
    return _environment().get_template(f"{name}.j2").render(values)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.release"),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = lambda value: f"{value:g}" if isinstance(value, float) else f"{value:,}"
    environment.filters["share"] = lambda value: "" if value is None else f"{value:.3f}"
    environment.filters["cell"] = _markdown_cell
    return environment


def _markdown_cell(value: object) -> str:
    """A value in a cell of a Markdown table."""
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
