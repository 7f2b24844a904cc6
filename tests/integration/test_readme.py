"""What the READMEs show is what the commands print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.lake import load_extension
from tests.conftest import REPOSITORY
from tests.integration.readme import FILES, Shown, printed_by, seen_from_there, shown_in


@pytest.fixture(scope="module")
def printed(first_run: tuple[Path, str]) -> Callable[[Shown], str]:
    """What a command prints on the sample collection; both languages show the same commands, and each is run once."""
    root, first = first_run
    known = {("make", "data"): seen_from_there(first)}

    def printed(shown: Shown) -> str:
        if shown.arguments not in known:
            known[shown.arguments] = printed_by(shown, root)
        return known[shown.arguments]

    return printed


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param(name, shown, id=f"{name} {' '.join(shown.arguments)[:40]}")
        for name in FILES
        for shown in shown_in(name)
        if shown.is_run
    ],
)
def test_a_command_prints_what_the_readme_shows(name: str, shown: Shown, printed: Callable[[Shown], str]) -> None:
    assert printed(shown) == shown.printed, f"`make docs` writes {name} anew"


@pytest.mark.parametrize("name", FILES)
def test_duckdb_itself_opens_the_lake_as_the_readme_says(name: str, finished_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (sql,) = re.findall(r"(?ms)^```sql\n(.*?)^```$", (REPOSITORY / name).read_text(encoding="utf-8"))
    statements = [part.strip() for part in sql.split(";") if part.strip()]
    assert [part for part in statements if part.startswith("INSTALL")] == ["INSTALL ducklake", "INSTALL sqlite"]
    monkeypatch.chdir(finished_project)
    with duckdb.connect() as connection:
        # The tests have no network: the extensions come out of their wheels.
        for extension in ("ducklake", "sqlite_scanner"):
            load_extension(connection, extension)
        for statement in statements:
            if not statement.startswith("INSTALL"):
                connection.execute(statement)
        assert len(connection.fetchall()) == 5


def test_both_languages_show_the_same_commands() -> None:
    first, second = ([shown.arguments[:2] for shown in shown_in(name)] for name in FILES)
    assert first == second


@pytest.mark.parametrize("name", [*FILES, "docs/architecture.md", "CHANGELOG.md"])
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (REPOSITORY / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not ((REPOSITORY / name).parent / target).exists()] == []
