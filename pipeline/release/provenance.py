"""`provenance.json`: which code made the release, from which lake snapshot, and from which raw files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipeline import versions
from pipeline.release.content import file_hash
from pipeline.release.layout import PROVENANCE, SUMS
from pipeline.release.versions import Version
from schemas.version import SCHEMA_VERSION

RAW_FILES = (
    "SELECT collection, path, sha256, size, media_type, source_url, retrieved_at, licence, status, reason FROM raw_files "
    "ORDER BY collection, path"
)
#: The sources that decide how a release looks, beside those that decide its rows.
OWN_SOURCES = ("release", "lake")


def provenance(
    connection: duckdb.DuckDBPyConnection, version: Version, snapshot: int, materializations: list[dict[str, Any]], previous: Path | None
) -> dict[str, Any]:
    """What the release was made from.

    `connection` has its tables; `materializations` are the rows of that table of the lake; `previous` is the folder of the release before.
    """
    rows = connection.execute(RAW_FILES).to_arrow_table().to_pylist()
    return {
        "version": str(version),
        "schema_version": SCHEMA_VERSION,
        "code": {"program": installed_version("fazhi"), "reading": versions.code_version(), "release": _own_code()},
        "lake": {"snapshot": snapshot, "materializations": materializations},
        "previous": None if previous is None else {"version": previous.name, "sha256sums": file_hash(previous / SUMS)},
        "codebook": codebook_hashes(),
        "raw_files": rows,
    }


def read_provenance(release: Path) -> dict[str, Any]:
    """What a release says of itself."""
    read: dict[str, Any] = json.loads((release / PROVENANCE).read_text(encoding="utf-8"))
    return read


def codebook_hashes() -> dict[str, str]:
    """A hash of each indicator's entry in the codebook: its definition and how it is told. Shared word lists are code, not entry."""
    found: dict[str, str] = {}
    for path in sorted((resources.files("schemas") / "data" / "indicators").iterdir(), key=lambda each: each.name):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            found[entry["code"]] = _hash(entry)
    return dict(sorted(found.items()))


def _hash(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _own_code() -> str:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in OWN_SOURCES:
        for path in sorted((package / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(package).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()[:16]
