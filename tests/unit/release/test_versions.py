"""Version numbers of the data, and what the changelog declares of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.release import ReleaseError, Version, releases
from pipeline.release.versions import declared, newest_declared, previous

CHANGELOG = """# Changelog

## Data 2026.12.0

- Breaking: `panel.values` and `oversight.old` are gone,
  and `targets` has another key.
- Values changed: up to 12.5 %, because rates are read with their decimals.

## Data 2026.11.3

## 0.2.0

- Breaking: `nothing` of the data.
"""


@pytest.mark.parametrize("text", ["2026.11.0", "2026.1.10", "2030.12.3"])
def test_a_version_is_year_month_and_number(text: str) -> None:
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize("text", ["", "2026.11", "2026.13.0", "2026.01.0", "2026.0.0", "v2026.11.0", "2026.11.0 ", "2026.11.00", "0.1.0"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ReleaseError, match=r"year\.month\.number"):
        Version.parse(text)


def test_versions_are_ordered_by_number_not_by_letter() -> None:
    names = ["2026.2.0", "2026.11.9", "2026.11.10", "2027.1.0"]
    assert [str(version) for version in sorted(map(Version.parse, reversed(names)))] == names


def test_the_date_of_a_version_is_in_it_and_not_of_the_clock() -> None:
    assert Version.parse("2026.3.7").date == "2026-03-01"


def test_the_releases_of_a_folder_are_the_folders_named_by_a_version(tmp_path: Path) -> None:
    for name in ("2026.11.0", "2026.2.0", ".building-2026.12.0", "notes"):
        (tmp_path / name).mkdir()
    assert [str(version) for version in releases(tmp_path)] == ["2026.2.0", "2026.11.0"]
    assert releases(tmp_path / "absent") == []
    assert previous(tmp_path, Version.parse("2026.11.0")) == tmp_path / "2026.2.0"
    assert previous(tmp_path, Version.parse("2026.2.0")) is None


def test_the_newest_version_of_a_changelog_is_that_of_its_data_sections() -> None:
    assert newest_declared(CHANGELOG) == Version.parse("2026.12.0")
    assert newest_declared("## 0.1.0\n") is None


def test_a_section_declares_what_breaks_and_how_much_changes() -> None:
    found = declared(CHANGELOG, Version.parse("2026.12.0"))
    assert found.breaking == {"panel.values", "oversight.old", "targets"}
    assert found.changed_percent == 12.5
    for silent in ("2026.11.3", "2026.11.2"):
        assert declared(CHANGELOG, Version.parse(silent)).breaking == frozenset()
        assert declared(CHANGELOG, Version.parse(silent)).changed_percent is None
