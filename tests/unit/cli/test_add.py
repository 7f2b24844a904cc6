"""`fazhi add` copies files into a collection and lists them; what is there stays as it is."""

from __future__ import annotations

import csv
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.commands.add import Provenance, add
from pipeline.commands.errors import CommandError
from pipeline.manifest import ManifestError


def lines(root: Path, collection: str = "c") -> list[dict[str, str]]:
    with (root / "data/raw" / collection / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files_of(root: Path) -> dict[str, bytes]:
    folder = root / "data/raw"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "甲.txt").write_text("收到98件", encoding="utf-8")
    (folder / "乙.txt").write_text("收到62件", encoding="utf-8")
    return folder


def test_files_are_copied_and_listed_with_what_is_known_of_them(tmp_path: Path, source: Path) -> None:
    known = Provenance(("https://a/1", "https://a/2"), ("甲报告", "乙报告"), "2024年3月1日", "Article 5")
    assert add(tmp_path, [source / "甲.txt", source / "乙.txt"], "c", known) == 0
    assert lines(tmp_path) == [
        {
            "path": f"{name}.txt",
            "sha256": hashlib.sha256((source / f"{name}.txt").read_bytes()).hexdigest(),
            "source_url": url,
            "retrieved_at": "2024-03-01",
            "licence": "Article 5",
            "title": f"{name}报告",
        }
        for name, url in (("甲", "https://a/1"), ("乙", "https://a/2"))
    ]


def test_a_folder_is_added_with_its_subfolders_and_without_hidden_files(tmp_path: Path, source: Path) -> None:
    (source / "sub").mkdir()
    (source / "sub/丙.txt").write_text("x")
    (source / ".DS_Store").write_text("x")
    add(tmp_path, [source], "c", Provenance())
    assert [line["path"] for line in lines(tmp_path)] == ["sub/丙.txt", "乙.txt", "甲.txt"]
    assert {line["retrieved_at"] for line in lines(tmp_path)} == {datetime.now(UTC).date().isoformat()}


def test_a_folder_with_a_manifest_brings_what_it_says(tmp_path: Path, source: Path) -> None:
    (source / "manifest.csv").write_text("path,title,retrieved_at\n甲.txt,甲报告,2020-01-01\n乙.txt,乙报告,2020-01-02\n", encoding="utf-8")
    add(tmp_path, [source], "c", Provenance())
    assert [(line["path"], line["title"], line["retrieved_at"]) for line in lines(tmp_path)] == [
        ("乙.txt", "乙报告", "2020-01-02"),
        ("甲.txt", "甲报告", "2020-01-01"),
    ]


def test_adding_again_changes_nothing(tmp_path: Path, source: Path) -> None:
    add(tmp_path, [source], "c", Provenance())
    before = files_of(tmp_path)
    add(tmp_path, [source], "c", Provenance(retrieved_at="1999-01-01"))
    assert files_of(tmp_path) == before


def test_an_addition_that_was_broken_off_is_finished_by_the_same_again(tmp_path: Path, source: Path) -> None:
    add(tmp_path, [source / "甲.txt"], "c", Provenance())
    (tmp_path / "data/raw/c/乙.txt").write_bytes((source / "乙.txt").read_bytes())
    add(tmp_path, [source], "c", Provenance())
    assert [line["path"] for line in lines(tmp_path)] == ["甲.txt", "乙.txt"]


def test_a_file_that_is_there_with_other_content_stays_and_nothing_is_added(tmp_path: Path, source: Path) -> None:
    add(tmp_path, [source / "甲.txt"], "c", Provenance())
    before = files_of(tmp_path)
    (source / "甲.txt").write_text("other")
    with pytest.raises(CommandError, match="never changed"):
        add(tmp_path, [source / "乙.txt", source / "甲.txt"], "c", Provenance())
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("paths", "known", "says"),
    [
        (["absent.txt"], Provenance(), "there is no such file"),
        (["甲.txt", "乙.txt"], Provenance(urls=("https://a",)), "2 files and 1 times --url"),
        (["甲.txt"], Provenance(titles=("a", "b")), "1 files and 2 times --title"),
        (["甲.txt"], Provenance(retrieved_at="gestern"), "'gestern' is not a date"),
        (["甲.txt", "sub/甲.txt"], Provenance(), "have the same name"),
        (["manifest.csv"], Provenance(), "cannot be called manifest.csv"),
        ([".hidden"], Provenance(), "cannot be called .hidden"),
    ],
)
def test_what_cannot_be_added_is_told_and_leaves_no_trace(
    tmp_path: Path, source: Path, paths: list[str], known: Provenance, says: str
) -> None:
    (source / "sub").mkdir()
    (source / "sub/甲.txt").write_text("x")
    (source / "manifest.csv").write_text("path\n")
    (source / ".hidden").write_text("x")
    with pytest.raises(CommandError, match=says):
        add(tmp_path, [source / path for path in paths], "c", known)
    assert files_of(tmp_path) == {}


def test_a_collection_with_a_manifest_that_is_wrong_is_left_alone(tmp_path: Path, source: Path) -> None:
    (tmp_path / "data/raw/c").mkdir(parents=True)
    (tmp_path / "data/raw/c/manifest.csv").write_text("file\na.txt\n")
    before = files_of(tmp_path)
    with pytest.raises(ManifestError, match="no column `path`"):
        add(tmp_path, [source / "甲.txt"], "c", Provenance())
    assert files_of(tmp_path) == before


def test_a_name_that_cannot_be_a_collection_is_refused(tmp_path: Path, source: Path) -> None:
    with pytest.raises(ManifestError, match="cannot name a collection"):
        add(tmp_path, [source], "../c", Provenance())
    assert files_of(tmp_path) == {}
