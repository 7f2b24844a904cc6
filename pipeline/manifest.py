"""Collections of raw files: what lies in `data/raw/<collection>/`, what its `manifest.csv` says of it, and what is wrong.

A manifest is UTF-8 CSV (what a Chinese spreadsheet saves as GB18030 is read too) with one line a file. Only `path` is required:

| column | meaning |
|---|---|
| `path` | the file, relative to the manifest's folder, with `/` |
| `sha256` | its hash when it was added; empty: not checked |
| `source_url` | where it was served from |
| `retrieved_at` | the day it was fetched (ISO 8601) |
| `licence` | the terms it is under |
| `title` | the title of the page or of the list it was found in |

Nothing in a collection is dropped and nothing in it can stop a run: a file that the manifest and the disk do not agree on is an
`Entry` with a `problem`, which becomes a quarantined row of `raw_files`. Hidden files (a name that begins with a dot) are no raw files.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from pipeline.records import QuarantineError, RawFile

MANIFEST_NAME = "manifest.csv"
COLUMNS = ("path", "sha256", "source_url", "retrieved_at", "licence", "title")
# A report is some kilobytes, a scanned one some megabytes; what is larger is no report and would cost the others their memory.
MAXIMUM_BYTES = 64 * 1024 * 1024
# The folder names a partition and a column of every table (schemas.values.COLLECTION); Dagster refuses three dots in a row.
_NAME = re.compile(r"(?!.*\.\.\.)[^\W_][\w.-]*")
# The lake keeps a collection's rows in a folder `collection=<name>`, percent-encoded; file systems allow 255 bytes.
LONGEST_NAME = 240
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?")


class ManifestError(ValueError):
    """A collection that cannot be told at all. The message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a collection, by manifest or by disk.

    `path` is relative and has no `..` and no backslash; a line of the manifest that names no such path is told as `manifest.csv line 3`.
    `problem` is empty, or says why the file cannot be read as it stands. `remark`: something to mend that does not keep it from being read.
    """

    collection: str
    path: str
    sha256: str = ""
    size: int = 0
    source_url: str = ""
    retrieved_at: str = ""
    licence: str = ""
    title: str = ""
    problem: str = ""
    remark: str = ""

    @property
    def report_id(self) -> str:
        """The identity of the file's content: the first 16 hex digits of its SHA-256."""
        return self.sha256[:16]

    @property
    def key(self) -> tuple[str, str]:
        """What is unique among all entries: collection and path."""
        return self.collection, self.path


@dataclass(frozen=True, slots=True)
class Collection:
    """A delivery of raw files: its folder and its entries, sorted by path."""

    name: str
    folder: Path
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a manifest: its number in the file, its cells by column, and what is wrong with the line itself."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""


def project_root() -> Path:
    """The project a command works on: `FAZHI_ROOT`, else the nearest folder from here upwards that has `data/raw/`, else this one."""
    given = os.environ.get("FAZHI_ROOT")
    here = Path(given) if given else Path.cwd()
    if not given:
        here = next((folder for folder in (here, *here.parents) if (folder / "data" / "raw").is_dir()), here)
    return here.resolve()


def collection_names(raw_folder: Path) -> list[str]:
    """The names of the collections under `data/raw/`, sorted. A folder is one when its name does not begin with a dot.

    Raises `ManifestError` for a folder whose name cannot name a partition.
    """
    if not raw_folder.is_dir():
        return []
    names = sorted(child.name for child in raw_folder.iterdir() if child.is_dir() and not child.name.startswith("."))
    for name in names:
        check_name(name)
    return names


def check_name(name: str) -> None:
    """Raise `ManifestError` where `name` cannot name a collection."""
    if not _NAME.fullmatch(name):
        raise ManifestError(
            f"{name!r} cannot name a collection: use letters, ideographs, digits, '.', '-' and '_', a letter or digit first, "
            "for example '浙江-2023' or 'zhejiang-2023'."
        )
    if len(quote(name)) > LONGEST_NAME:
        raise ManifestError(
            f"{name[:20]!r}… cannot name a collection: too long for the lake; use at most {LONGEST_NAME // 9} ideographs or "
            f"{LONGEST_NAME} Latin letters."
        )


def loose_files(raw_folder: Path) -> list[str]:
    """Names of files that lie in `data/raw/` itself, in no collection, so that nothing reads them."""
    if not raw_folder.is_dir():
        return []
    return sorted(child.name for child in raw_folder.iterdir() if not child.is_dir() and not child.name.startswith("."))


def scan(folder: Path) -> Collection:
    """Read a collection's manifest and hash its files (O(bytes), in constant memory). Never raises for what is in the folder."""
    name = folder.name
    base = folder.resolve()
    lines, manifest_problem = _read_manifest(folder / MANIFEST_NAME)
    on_disk = set(_walk(base))
    entries: list[Entry] = []
    counts = Counter(_normal(line.cells["path"]) for line in lines)
    seen: set[str] = set()
    for line in lines:
        entry = _listed(name, base, line)
        if entry.path in seen:
            continue
        seen.add(entry.path)
        times = counts[entry.path]
        if times > 1:
            numbers = ", ".join(str(other.number) for other in lines if _normal(other.cells["path"]) == entry.path)
            entry = replace(entry, problem=f"{MANIFEST_NAME} lists this path {times} times (lines {numbers}): keep one of the lines.")
        entries.append(entry)
    unlisted = f"{MANIFEST_NAME} does not list this file: add a line for it (`fazhi add` writes one), or take the file away."
    for path in on_disk - seen:
        entries.append(_measured(Entry(name, path, problem=manifest_problem or unlisted), base))
    if manifest_problem and not entries:
        entries.append(Entry(name, MANIFEST_NAME, problem=manifest_problem))
    return Collection(name, folder, tuple(sorted((_printable(entry) for entry in entries), key=lambda entry: entry.path)))


def scan_all(raw_folder: Path) -> dict[str, Collection]:
    """Every collection under `data/raw/`, by name."""
    return {name: scan(raw_folder / name) for name in collection_names(raw_folder)}


def kept_files(collections: Iterable[Collection]) -> dict[tuple[str, str], Entry]:
    """For every file whose bytes are delivered more than once and that is not the one kept: its key -> the file that is kept.

    The earliest by `retrieved_at`, collection and path is kept; a file of unknown day comes after those of a known one.
    """
    by_content: dict[str, list[Entry]] = {}
    for collection in collections:
        for entry in collection.entries:
            if not entry.problem:
                by_content.setdefault(entry.sha256, []).append(entry)
    kept: dict[tuple[str, str], Entry] = {}
    for entries in by_content.values():
        first, *others = sorted(entries, key=lambda entry: (not entry.retrieved_at, entry.retrieved_at, *entry.key))
        kept.update({other.key: first for other in others})
    return kept


def read_file(collection: Collection, entry: Entry) -> RawFile:
    """The bytes of an entry, as `ingest` takes them.

    Raises `QuarantineError` where the file is no longer what `scan` saw.
    """
    try:
        content = (collection.folder / entry.path).read_bytes()
    except OSError as error:
        raise QuarantineError(f"The file cannot be read ({error.strerror}): see that it exists and may be read, and run again.") from None
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise QuarantineError("The file changed while it was read: wait until nobody writes to it, and run again.")
    return RawFile(
        collection=entry.collection,
        path=entry.path,
        content=content,
        source_url=entry.source_url,
        retrieved_at=entry.retrieved_at,
        licence=entry.licence,
        title=entry.title,
    )


def listed_paths(manifest: Path) -> set[str]:
    """The paths that a manifest lists, in their normal spelling; none for an absent one. Raises `ManifestError` where it is wrong."""
    return {_normal(line.cells["path"]) for line in _sound_lines(manifest)}


def with_lines(manifest: Path, added: Iterable[Mapping[str, str]]) -> bytes:
    """The content of a manifest after lines are added to what it holds; its own columns and their order are kept.

    Raises `ManifestError` for a manifest that cannot be read or in which a line is wrong.
    """
    lines = _sound_lines(manifest)
    # The keys of a line are the header's cells, in their order.
    header = list(dict.fromkeys([*(lines[0].cells if lines else ()), *COLUMNS]))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows([line.cells for line in lines])
    writer.writerows(added)
    return buffer.getvalue().encode()


def _sound_lines(manifest: Path) -> list[_Line]:
    lines, problem = _read_manifest(manifest) if manifest.exists() else ([], "")
    for text in (problem, *(line.problem for line in lines)):
        if text:
            raise ManifestError(f"{manifest}: {text}")
    return lines


def _read_manifest(path: Path) -> tuple[list[_Line], str]:
    """The lines of a manifest, and what is wrong with it as a whole (then there are no lines)."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return [], f"{MANIFEST_NAME} is not a file: put a CSV file in its place."
        content = path.read_bytes()
    except FileNotFoundError:
        return [], f"The collection has no {MANIFEST_NAME}: write one (`fazhi add` does), with a line for each file."
    except OSError as error:
        return [], f"{MANIFEST_NAME} cannot be read ({error.strerror}): see that it may be read."
    text = _decode(content)
    if text is None:
        return [], f"{MANIFEST_NAME} is neither UTF-8 nor GB18030: save it as CSV in UTF-8."
    try:
        return _parse(text)
    except csv.Error as error:
        return [], f"{MANIFEST_NAME} is not CSV ({error}): save it as comma-separated values with quotes around cells that hold a comma."


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _parse(text: str) -> tuple[list[_Line], str]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip().lower() for cell in next(reader, [])]
    if "path" not in header:
        found = ", ".join(header) or "nothing"
        return [], f"{MANIFEST_NAME} has no column `path` (its first line has: {found[:200]}): its first line must be {','.join(COLUMNS)}."
    lines: list[_Line] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        named = dict(zip_longest(header, (cell.strip() for cell in cells[: len(header)]), fillvalue=""))
        problem = ""
        if len(cells) > len(header):
            problem = (
                f"Line {reader.line_num} of {MANIFEST_NAME} has {len(cells)} cells and its header {len(header)}: "
                "put quotes around a cell that holds a comma."
            )
        if not named["path"]:
            problem = f"Line {reader.line_num} of {MANIFEST_NAME} has no path: name the file, or delete the line."
            named["path"] = f"{MANIFEST_NAME} line {reader.line_num}"
        lines.append(_Line(reader.line_num, named, problem))
    return lines, ""


def _normal(path: str) -> str:
    """A manifest's path in one spelling: `./a//b.txt` and `a\\b.txt` (Windows) are `a/b.txt`. `..` stays, to be refused."""
    return str(PurePosixPath(path.replace("\\", "/")))


def iso_date(written: str) -> str | None:
    """A day, or day and time, as ISO 8601; `2024/3/1` and `2024年3月1日` are read too. The empty string is itself; None: not a date."""
    if not written:
        return ""
    found = _DATE.fullmatch(written)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None
    return day if found[4] is None else f"{day}T{found[4].zfill(5)}{found[5] or ''}"


def _listed(collection: str, base: Path, line: _Line) -> Entry:
    """The entry for a line of the manifest, compared with what is on the disk."""
    cell = line.cells
    retrieved_at = iso_date(cell.get("retrieved_at", ""))
    entry = Entry(
        collection,
        _normal(cell["path"]),
        sha256=cell.get("sha256", "").lower(),
        source_url=cell.get("source_url", ""),
        retrieved_at=retrieved_at or "",
        licence=cell.get("licence", ""),
        title=cell.get("title", ""),
        problem=line.problem,
    )
    if retrieved_at is None:
        remark = f"Line {line.number} of {MANIFEST_NAME}: {cell['retrieved_at']!r} is not a date; write it as 2024-03-01."
        entry = replace(entry, remark=remark)
    if line.problem:
        return replace(entry, sha256="")
    pure = PurePosixPath(entry.path)
    if pure.is_absolute() or ".." in pure.parts or entry.path == ".":
        problem = f"{cell['path']!r} leads out of the collection's folder: copy the file into the folder and list it there."
        return replace(entry, path=f"{MANIFEST_NAME} line {line.number}", sha256="", problem=problem)
    if entry.path == MANIFEST_NAME:
        return replace(entry, sha256="", problem=f"{MANIFEST_NAME} lists itself: delete the line.")
    measured = _measured(replace(entry, sha256=""), base)
    if entry.sha256 and not measured.problem and measured.sha256 != entry.sha256:
        problem = (
            f"The file is not the one that was added: {MANIFEST_NAME} says SHA-256 {entry.sha256}, "
            f"the file has {measured.sha256}. Put the original back, or add the new file under another name."
        )
        return replace(measured, problem=problem)
    return measured


def _measured(entry: Entry, base: Path) -> Entry:
    """The entry with its file's hash and size, or with the problem of reading it (a problem that it has already is kept)."""
    path = base / entry.path
    try:
        if not path.resolve().is_relative_to(base):
            problem = "The path leads out of the collection's folder by a symbolic link: put the file itself into the folder."
            return replace(entry, problem=entry.problem or problem)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return replace(entry, problem=entry.problem or "This is a folder or a device, not a file: list the files in it.")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        problem = f"{MANIFEST_NAME} lists this file, but it is not there: put it back, or delete the line."
        return replace(entry, problem=entry.problem or problem)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return replace(entry, problem=entry.problem or f"The file cannot be read ({reason}): see that the path is right and may be read.")
    problem = entry.problem
    if not problem and status.st_size > MAXIMUM_BYTES:
        problem = (
            f"The file has {status.st_size:,} bytes, more than the {MAXIMUM_BYTES:,} a report may have: split it, or extract its text."
        )
    return replace(entry, sha256=digest, size=status.st_size, problem=problem)


def _walk(base: Path) -> Iterator[str]:
    """Paths (with `/`) of what lies under a folder and is not hidden, the manifest left out; links to folders are not followed."""
    for folder, subfolders, files in os.walk(base):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        inner = Path(folder).relative_to(base)
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in (*files, *links):
            path = (inner / name).as_posix()
            if not name.startswith(".") and path != MANIFEST_NAME:
                yield path


def _printable(entry: Entry) -> Entry:
    """A name that is not Unicode, or that has a backslash, cannot stand in a table: it is escaped, and the file waits for a better one."""
    try:
        entry.path.encode()
    except UnicodeEncodeError:
        problem = "The file's name is not UTF-8: rename the file and list it under its new name."
    else:
        if "\\" not in entry.path:
            return entry
        problem = "The file's name has a backslash: rename the file and list it under its new name."
    path = os.fsencode(entry.path).decode("utf-8", "backslashreplace").replace("\\x", "%").replace("\\", "%5c")
    return replace(entry, path=path, problem=problem)
