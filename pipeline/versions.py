"""When a stage is up to date: fingerprints of what goes in, and the version of the code that reads it.

`docs/architecture.md`, "When is a stage up to date", has the rule. A stage compares the input version it would work from with the
one that the lake recorded when it was last written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.corrections import Correction, of_reports, read, refuse_unknown
from pipeline.manifest import Collection, Entry, kept_files, scan_all

# Sources that decide no row of a table: the frame around the pure layers.
_FRAME = ("assets", "commands", "lake", "release", "cli.py", "definitions.py")
# Libraries whose version may change what is read.
_READERS = ("ahocorasick-rs", "charset-normalizer", "datasketch", "lxml", "opencc", "pypdfium2", "python-docx", "selectolax")


def fingerprint(collection: Collection, kept: Mapping[tuple[str, str], Entry], corrections: Sequence[Correction] = ()) -> str:
    """Hash (64 hex digits) of all that decides what a collection holds: its entries, which of them another delivery supersedes, and
    what a person corrected in them (`corrections` may be those of all collections).
    """
    reports = [entry.report_id for entry in collection.entries]
    rows = [
        [
            *(
                entry.path,
                entry.sha256,
                entry.size,
                entry.source_url,
                entry.retrieved_at,
                entry.licence,
                entry.title,
                entry.problem,
                entry.remark,
            ),
            kept[entry.key].report_id if entry.key in kept else "",
        ]
        for entry in collection.entries
    ]
    own = [[each.quantity_id, each.field, each.expect, each.value, each.reason, each.who] for each in of_reports(corrections, reports)]
    return _hash(json.dumps([collection.name, rows, *([own] if own else [])], ensure_ascii=False))


def fingerprints(raw_folder: Path) -> dict[str, str]:
    """The fingerprint of every collection under `data/raw/`. Raises CorrectionError for a correction of a report that is in none."""
    collections = scan_all(raw_folder)
    kept = kept_files(collections.values())
    corrections = read(raw_folder)
    refuse_unknown(corrections, (entry.report_id for collection in collections.values() for entry in collection.entries))
    return {name: fingerprint(collection, kept, corrections) for name, collection in collections.items()}


def input_version(*parts: str) -> str:
    """The input version of a stage (16 hex digits): the code version and the fingerprints that it works from."""
    return _hash(json.dumps([code_version(), *parts]))[:16]


@cache
def code_version() -> str:
    """Hash (16 hex digits) of the sources of the pure layers, of `schemas/` with its data, and of the versions of the reading libraries."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for root in (package, package.parent / "schemas"):
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root)
            if "__pycache__" in inner.parts or not path.is_file() or (root == package and inner.parts[0] in _FRAME):
                continue
            digest.update(f"{root.name}/{inner.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _READERS:
        digest.update(f"{name} {_version_of(name)}\0".encode())
    return digest.hexdigest()[:16]


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
