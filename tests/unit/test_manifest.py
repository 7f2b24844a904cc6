"""What lies in a collection's folder and what its manifest says of it: every file is told once, and nothing stops the reading."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import manifest
from pipeline.manifest import Collection, ManifestError
from pipeline.records import QuarantineError
from pipeline.versions import code_version, fingerprint, fingerprints, input_version
from schemas.values import COLLECTION

COLUMN_NAME = re.compile(COLLECTION)


def collection(root: Path, files: dict[str, str], lines: str | bytes | None, name: str = "c") -> Path:
    """A collection's folder with these files and this manifest (None: no manifest)."""
    folder = root / name
    folder.mkdir()
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    if lines is not None:
        (folder / "manifest.csv").write_bytes(lines if isinstance(lines, bytes) else lines.encode())
    return folder


def problems(folder: Path) -> dict[str, str]:
    scanned = manifest.scan(folder)
    assert len({entry.path for entry in scanned.entries}) == len(scanned.entries)
    return {entry.path: entry.problem for entry in scanned.entries}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_listed_file_carries_what_the_manifest_says(tmp_path: Path) -> None:
    line = f'甲/报告.txt,{digest("收到98件").upper()},https://a.gov.cn/1,2024-03-01,Article 5,"甲市2023年报告"'
    folder = collection(tmp_path, {"甲/报告.txt": "收到98件"}, f"path,sha256,source_url,retrieved_at,licence,title\n{line}\n")
    (entry,) = manifest.scan(folder).entries
    assert entry == manifest.Entry(
        collection="c",
        path="甲/报告.txt",
        sha256=digest("收到98件"),
        size=len("收到98件".encode()),
        source_url="https://a.gov.cn/1",
        retrieved_at="2024-03-01",
        licence="Article 5",
        title="甲市2023年报告",
    )
    assert entry.report_id == digest("收到98件")[:16]


@pytest.mark.parametrize(
    "lines",
    [
        "path,title\na.txt,题目\n",
        "\ufeffpath,title\r\na.txt,题目\r\n",
        "title,path\n题目,./a.txt\n\n",
        " Path , TITLE \n a.txt , 题目 \n",
        "path,title\na.txt,题目".encode("gb18030"),
    ],
    ids=["two columns", "byte-order mark", "other order and dot", "blanks", "GB18030"],
)
def test_only_the_path_is_required_and_spreadsheets_spellings_are_read(tmp_path: Path, lines: str | bytes) -> None:
    (entry,) = manifest.scan(collection(tmp_path, {"a.txt": "x"}, lines)).entries
    assert (entry.path, entry.title, entry.problem, entry.sha256) == ("a.txt", "题目", "", digest("x"))


@pytest.mark.parametrize(
    ("lines", "path", "says"),
    [
        ("path\na.txt\nb.txt\n", "b.txt", "lists this file, but it is not there"),
        ("path,sha256\na.txt," + "0" * 64 + "\n", "a.txt", "not the one that was added"),
        ("path\na.txt\n../other/b.txt\n", "manifest.csv line 3", "'../other/b.txt' leads out of the collection's folder"),
        ("path\na.txt\nx\\..\\..\\b.txt\n", "manifest.csv line 3", "leads out of the collection's folder"),
        ("path\na.txt\n/etc/hostname\n", "manifest.csv line 3", "leads out of the collection's folder"),
        ("path\na.txt\n./a.txt\n", "a.txt", "2 times (lines 2, 3)"),
        ("path\n", "a.txt", "does not list this file"),
        (None, "a.txt", "has no manifest.csv"),
        (b"", "a.txt", "no column `path`"),
        ("file,title\na.txt,x\n", "a.txt", "no column `path`"),
        (b"path\n\xff\xff\xff\n", "a.txt", "neither UTF-8 nor GB18030"),
        ('path\n"a.txt\n', "a.txt", "is not CSV"),
        ("path,title\na.txt,甲,乙\n", "a.txt", "has 3 cells and its header 2"),
        ("path,title\na.txt,甲\n,乙\n", "manifest.csv line 3", "has no path"),
        ("path\na.txt\nmanifest.csv\n", "manifest.csv", "lists itself"),
        ("path\na.txt\nfolder\n", "folder", "not a file"),
        ("path\na.txt\na\0b\n", "a\0b", "cannot be read"),
        (f"path\na.txt\n{'x' * 5000}\n", "x" * 5000, "cannot be read"),
    ],
)
def test_what_disagrees_is_told_with_the_reason(tmp_path: Path, lines: str | bytes | None, path: str, says: str) -> None:
    found = problems(collection(tmp_path, {"a.txt": "x", "folder/.keep": ""}, lines))
    assert says in found[path]
    assert set(found) == {"a.txt", path}


def test_a_wrong_line_costs_its_own_file_alone(tmp_path: Path) -> None:
    found = problems(collection(tmp_path, {"a.txt": "x", "b.txt": "y"}, "path\na.txt\nmissing.txt\n../out.txt\nb.txt\n"))
    assert [path for path, problem in found.items() if not problem] == ["a.txt", "b.txt"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/more.txt").write_text("secret")
    folder = collection(tmp_path, {"a.txt": "x"}, "path\na.txt\nlink.txt\n")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder").symlink_to(tmp_path / "secrets")
    (folder / "loop.txt").symlink_to("loop.txt")
    entries = {entry.path: entry for entry in manifest.scan(folder).entries}
    assert {path: entry.sha256 for path, entry in entries.items() if path != "a.txt"} == {"link.txt": "", "folder": "", "loop.txt": ""}
    assert "symbolic link" in entries["link.txt"].problem


def test_a_pipe_does_not_hang_the_run(tmp_path: Path) -> None:
    folder = collection(tmp_path, {}, "path\npipe\n")
    os.mkfifo(folder / "pipe")
    assert "not a file" in problems(folder)["pipe"]


def test_hidden_files_are_no_raw_files_and_an_empty_folder_has_no_entries(tmp_path: Path) -> None:
    assert problems(collection(tmp_path, {".DS_Store": "x", ".git/a.txt": "x"}, "path\n")) == {}


def test_a_name_that_is_no_unicode_is_escaped_and_quarantined(tmp_path: Path) -> None:
    folder = collection(tmp_path, {}, "path\n")
    try:
        (folder / os.fsdecode(b"\xb1\xa8.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")
    assert "not UTF-8" in problems(folder)["%b1%a8.txt"]


def test_a_file_too_large_for_a_report_is_quarantined_and_still_identified(tmp_path: Path) -> None:
    folder = collection(tmp_path, {}, "path\nbig.txt\n")
    with (folder / "big.txt").open("wb") as file:
        file.truncate(manifest.MAXIMUM_BYTES + 1)
    (entry,) = manifest.scan(folder).entries
    assert "67,108,865 bytes" in entry.problem
    assert len(entry.sha256) == 64


def test_a_path_with_windows_separators_is_read_and_a_name_with_a_backslash_waits(tmp_path: Path) -> None:
    folder = collection(tmp_path, {"甲/a.txt": "x", "b\\c.txt": "y"}, "path\n甲\\a.txt\n")
    found = problems(folder)
    assert found["甲/a.txt"] == ""
    assert "has a backslash" in found["b%5cc.txt"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-01", "2024-03-01"),
        ("2024/3/1", "2024-03-01"),
        ("2024年3月1日", "2024-03-01"),
        ("2024-03-01 9:05", "2024-03-01T09:05"),
        ("2024-03-01T09:05:30Z", "2024-03-01T09:05:30Z"),
        ("2024-03-01T09:05:30.5+08:00", "2024-03-01T09:05:30.5+08:00"),
        ("", ""),
        ("2024-02-30", None),
        ("last week", None),
    ],
)
def test_days_are_read_in_the_spellings_of_spreadsheets(written: str, day: str | None) -> None:
    assert manifest.iso_date(written) == day


def test_a_day_that_is_none_is_remarked_and_costs_nothing(tmp_path: Path) -> None:
    (entry,) = manifest.scan(collection(tmp_path, {"a.txt": "x"}, "path,retrieved_at\na.txt,bald\n")).entries
    assert (entry.retrieved_at, entry.problem) == ("", "")
    assert "'bald' is not a date" in entry.remark


def test_the_earliest_delivery_of_the_same_bytes_is_kept(tmp_path: Path) -> None:
    collection(tmp_path, {"one.txt": "same", "new.txt": "other"}, "path,retrieved_at\none.txt,2024-05-01\nnew.txt,\n", "b")
    collection(tmp_path, {"two.txt": "same", "three.txt": "same"}, "path,retrieved_at\ntwo.txt,2024-06-01\nthree.txt,\n", "a")
    kept = manifest.kept_files(manifest.scan_all(tmp_path).values())
    assert {key: entry.key for key, entry in kept.items()} == {("a", "two.txt"): ("b", "one.txt"), ("a", "three.txt"): ("b", "one.txt")}


def test_a_quarantined_file_is_nobodys_original(tmp_path: Path) -> None:
    collection(tmp_path, {"a.txt": "same", "b.txt": "same"}, "path\nb.txt\n")
    assert manifest.kept_files(manifest.scan_all(tmp_path).values()) == {}


def test_a_file_that_changes_after_the_scan_is_refused(tmp_path: Path) -> None:
    folder = collection(tmp_path, {"a.txt": "x"}, "path\na.txt\n")
    scanned = manifest.scan(folder)
    assert manifest.read_file(scanned, scanned.entries[0]).content == b"x"
    (folder / "a.txt").write_text("y")
    with pytest.raises(QuarantineError, match="changed while it was read"):
        manifest.read_file(scanned, scanned.entries[0])
    (folder / "a.txt").unlink()
    with pytest.raises(QuarantineError, match="cannot be read"):
        manifest.read_file(scanned, scanned.entries[0])


def test_folders_are_collections_and_files_beside_them_are_named(tmp_path: Path) -> None:
    for name in ("2023-a", "b", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "stray.txt").write_text("x")
    assert manifest.collection_names(tmp_path) == ["2023-a", "b"]
    assert manifest.loose_files(tmp_path) == ["stray.txt"]
    assert manifest.collection_names(tmp_path / "absent") == manifest.loose_files(tmp_path / "absent") == []


@pytest.mark.parametrize("name", ["浙江", "浙江-2023", "2023年度", "zhejiang_2.0", "浙" * 26, "a" * 240])
def test_letters_of_any_script_may_name_a_collection(name: str) -> None:
    manifest.check_name(name)
    assert COLUMN_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["a...b", "a\nb", "", ".a", "a/b", " a", "a\\b", "_a", "浙 江", "浙江。", "e\u0301", "浙" * 27, "a" * 241])
def test_a_name_that_cannot_be_a_partition_is_refused(name: str) -> None:
    with pytest.raises(ManifestError, match="cannot name a collection"):
        manifest.check_name(name)


def test_added_lines_keep_what_the_manifest_holds(tmp_path: Path) -> None:
    folder = collection(tmp_path, {"a.txt": "x"}, 'title,path,note\n题目,a.txt,"甲,乙"\n')
    content = manifest.with_lines(folder / "manifest.csv", [{"path": "b.txt", "sha256": "00", "title": "新"}])
    assert list(csv.DictReader(io.StringIO(content.decode()))) == [
        {"title": "题目", "path": "a.txt", "note": "甲,乙", "sha256": "", "source_url": "", "retrieved_at": "", "licence": ""},
        {"title": "新", "path": "b.txt", "note": "", "sha256": "00", "source_url": "", "retrieved_at": "", "licence": ""},
    ]
    assert manifest.with_lines(tmp_path / "none.csv", []).decode() == "path,sha256,source_url,retrieved_at,licence,title\n"


def test_a_manifest_with_a_wrong_line_is_not_written_anew(tmp_path: Path) -> None:
    folder = collection(tmp_path, {}, "path,title\na.txt,甲,乙\n")
    with pytest.raises(ManifestError, match="Line 2"):
        manifest.with_lines(folder / "manifest.csv", [])


def test_the_fingerprint_changes_with_what_decides_the_rows_and_only_then(tmp_path: Path) -> None:
    folder = collection(tmp_path, {"a.txt": "x"}, "path,title,note\na.txt,甲,1\n")

    def now() -> str:
        return fingerprints(tmp_path)["c"]

    first = now()
    (folder / "manifest.csv").write_text("note,path,title\n2,./a.txt,甲\n", encoding="utf-8")
    os.utime(folder / "a.txt", (0, 0))
    assert now() == first
    (folder / "manifest.csv").write_text("path,title\na.txt,乙\n", encoding="utf-8")
    retitled = now()
    (folder / "a.txt").write_text("y")
    changed = now()
    collection(tmp_path, {"z.txt": "y"}, "path,retrieved_at\nz.txt,2020-01-01\n", "earlier")
    superseded = now()
    assert len({first, retitled, changed, superseded}) == 4


def test_an_input_version_holds_the_code_and_its_inputs() -> None:
    assert len(code_version()) == 16
    assert input_version("a") == input_version("a") != input_version("b")
    assert input_version("a", "b") != input_version("ab")


@settings(max_examples=60, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(alphabet='path,\n"a./\\\0 题title', max_size=80).map(lambda t: ("path,title\n" + t).encode())
    )
)
def test_any_manifest_tells_every_file_exactly_once(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = collection(Path(root), {"a": "x", "t/a": "y"}, content)
        scanned: Collection = manifest.scan(folder)
        paths = [entry.path for entry in scanned.entries]
        assert len(paths) == len(set(paths))
        assert {"a", "t/a"} <= set(paths)
        assert all(entry.problem or len(entry.sha256) == 64 for entry in scanned.entries)
        assert len(fingerprint(scanned, {})) == 64
