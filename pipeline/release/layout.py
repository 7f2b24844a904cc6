"""Which tables and files a release has, and where in it they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from schemas.registry import RELEASE_TABLES, TABLES

DATABASE = "fazhi.duckdb"
DATABASE_SUM = "fazhi.duckdb.sha256"
SUMS = "SHA256SUMS"
CONTENT_SUMS = "CONTENT-SHA256SUMS"
PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
PROVENANCE = "provenance.json"
#: The files that may differ between two builds of one release; all others are the same byte for byte.
VOLATILE = (DATABASE, DATABASE_SUM)
#: Kept by the lake for itself: what it says is in provenance.json.
INTERNAL = ("materializations",)
#: The tables that are mirrored as CSV.
MIRRORED = ("panel", "indicators", "regions", "targets", "coverage")
#: From this many rows on, a table that has regions and years is a folder of one file a province and year.
PARTITIONED_ROWS = 500_000


class ReleaseError(Exception):
    """A release that cannot be built or read. The message says what was found and what to do."""


def lake_tables() -> list[str]:
    """The tables of the lake that are released."""
    return [name for name in TABLES if name not in INTERNAL]


def released_tables() -> list[str]:
    """All tables of a release."""
    return [*lake_tables(), *RELEASE_TABLES]


def table_files(release: Path, name: str) -> list[Path]:
    """The Parquet files of a table in a release, in the order of its rows' partitions; none if it has none."""
    single = release / "data" / f"{name}.parquet"
    return [single] if single.exists() else sorted((release / "data" / name).rglob("*.parquet"))


def csv_file(release: Path, name: str) -> Path:
    """The CSV mirror of a table."""
    return release / "csv" / f"{name}.csv"


def relative(release: Path, paths: Sequence[Path]) -> list[str]:
    """Paths below a release as they are written in it: with forward slashes."""
    return [path.relative_to(release).as_posix() for path in paths]
