"""`fazhi add`: copy files into a collection and list them in its manifest.

What was added stays as it is: a file that is there is never changed, and either all files are added or none. The copies come
first, each whole or not at all, and the manifest last; an `add` that is broken off leaves files that are not listed yet, and the
same `add` again lists them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import manifest
from pipeline.commands.errors import CommandError, say

LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of the files that are added; `urls` and `titles` are empty or have one for each file."""

    urls: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    retrieved_at: str | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A file to add: where it is, and what the manifest will say of it."""

    source: Path
    entry: manifest.Entry


def add(root: Path | None, paths: Sequence[Path], collection: str, provenance: Provenance) -> int:
    """Add files, and files of folders, to a collection."""
    manifest.check_name(collection)
    additions = _with_provenance(list(_additions(paths, collection)), provenance)
    data = (root or manifest.project_root()).resolve() / "data"
    folder = data / "raw" / collection
    folder.mkdir(parents=True, exist_ok=True)
    # What is made lies in data/curated/, the lock too: data/raw/ holds what was delivered.
    (data / "curated").mkdir(exist_ok=True)
    from filelock import FileLock

    with FileLock(data / "curated" / "add.lock", timeout=LOCK_SECONDS):
        added = _add(folder, additions)
    there = len(additions) - added
    say(f"{added} added to {folder}" + (f", {there} there already" if there else "") + ". Read them with: fazhi run")
    return 0


def _additions(paths: Sequence[Path], collection: str) -> Iterator[Addition]:
    seen: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path}: there is no such file.")
        for addition in _of_folder(path, collection) if path.is_dir() else [Addition(path, manifest.Entry(collection, path.name))]:
            name = addition.entry.path
            if name in seen:
                raise CommandError(f"{seen[name]} and {addition.source} have the same name {name}: rename one, or use two collections.")
            if name == manifest.MANIFEST_NAME or any(part.startswith(".") for part in Path(name).parts):
                raise CommandError(f"{addition.source}: a raw file cannot be called {name}: rename it.")
            seen[name] = addition.source
            yield addition


def _of_folder(folder: Path, collection: str) -> Iterator[Addition]:
    """The files of a folder with what its own manifest, if it has one, says of them."""
    if (folder / manifest.MANIFEST_NAME).exists():
        for entry in manifest.scan(folder).entries:
            if entry.problem:
                raise CommandError(f"{folder / entry.path}: {entry.problem}")
            yield Addition(folder / entry.path, replace(entry, collection=collection))
        return
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        inner = path.relative_to(folder)
        if not any(part.startswith(".") for part in inner.parts):
            yield Addition(path, manifest.Entry(collection, inner.as_posix()))


def _with_provenance(additions: list[Addition], provenance: Provenance) -> list[Addition]:
    for option, given in (("--url", provenance.urls), ("--title", provenance.titles)):
        if given and len(given) != len(additions):
            raise CommandError(f"{len(additions)} files and {len(given)} times {option}: give it once for each file, in the same order.")
    today = datetime.now(UTC).date().isoformat()
    retrieved_at = manifest.iso_date(provenance.retrieved_at) if provenance.retrieved_at else ""
    if retrieved_at is None:
        raise CommandError(f"--retrieved-at {provenance.retrieved_at!r} is not a date: write it as 2024-03-01.")
    return [
        replace(
            addition,
            entry=replace(
                addition.entry,
                source_url=provenance.urls[number] if provenance.urls else addition.entry.source_url,
                title=provenance.titles[number] if provenance.titles else addition.entry.title,
                retrieved_at=retrieved_at or addition.entry.retrieved_at or today,
                licence=provenance.licence or addition.entry.licence,
            ),
        )
        for number, addition in enumerate(additions)
    ]


def _add(folder: Path, additions: Sequence[Addition]) -> int:
    """Copy and list; returns how many files are new in the manifest. Raises before the first copy where something would change."""
    listed = manifest.listed_paths(folder / manifest.MANIFEST_NAME)
    new: list[tuple[Addition, str]] = []
    for addition in additions:
        digest, target = _digest(addition.source), folder / addition.entry.path
        if target.exists() and _digest(target) != digest:
            raise CommandError(
                f"{target} is there with other content, and raw files are never changed: add the new one under another name."
            )
        if addition.entry.path not in listed:
            new.append((addition, digest))
    lines = [
        {
            "path": addition.entry.path,
            "sha256": digest,
            "source_url": addition.entry.source_url,
            "retrieved_at": addition.entry.retrieved_at,
            "licence": addition.entry.licence,
            "title": addition.entry.title,
        }
        for addition, digest in new
    ]
    content = manifest.with_lines(folder / manifest.MANIFEST_NAME, lines)
    for addition, _ in new:
        _put(folder / addition.entry.path, addition.source)
    if new:
        _write(folder / manifest.MANIFEST_NAME, content)
    return len(new)


def _put(target: Path, source: Path) -> None:
    """Copy a file so that it is there whole or not at all."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, temporary)
    _settle(temporary, target)


def _write(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.new")
    temporary.write_bytes(content)
    _settle(temporary, target)


def _settle(temporary: Path, target: Path) -> None:
    """Give a finished file its name, after its bytes are on the disk."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(target)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read ({error.strerror}).") from None
