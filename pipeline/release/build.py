"""A release out of a lake snapshot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from pipeline.lake import Lake
from pipeline.release import changes, gates
from pipeline.release.cards import write_cards
from pipeline.release.checks_files import write_sums
from pipeline.release.content import content_hash
from pipeline.release.croissant import write_croissant
from pipeline.release.database import MEMORY, add_views, fill, open_database
from pipeline.release.descriptors import write_json, write_package
from pipeline.release.layout import (
    CONTENT_SUMS,
    MIRRORED,
    PACKAGE,
    PARTITIONED_ROWS,
    PROVENANCE,
    ReleaseError,
    lake_tables,
    released_tables,
    table_files,
)
from pipeline.release.mirrors import write_mirror
from pipeline.release.parquet import scan, write_table
from pipeline.release.provenance import provenance, read_provenance
from pipeline.release.verify import verify
from pipeline.release.versions import Version, declared, previous
from schemas.derive import duckdb_ddl
from schemas.sql import identifier, literal

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: the version, the folder of all releases, and the changelog in which differences are declared.

    `snapshot` is the lake's (default: the newest). The release to compare with is the newest that is older, if there is one.
    """

    version: Version
    folder: Path
    changelog: str = ""
    snapshot: int | None = None
    partition_from: int = PARTITIONED_ROWS


def build(lake: Lake, order: Order) -> Path:
    """Build, verify and publish a release into `order.folder`; returns its folder.

    Raises ReleaseError, and leaves nothing behind, if the version is there already, if differences from the release before are not
    declared, or if what was built does not verify.
    """
    target = order.folder / str(order.version)
    order.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(order.folder / ".lock"):
        if target.exists():
            raise ReleaseError(f"{target} is there already, and a release is never changed: choose the next version.")
        building = order.folder / f".building-{order.version}"
        shutil.rmtree(building, ignore_errors=True)
        try:
            _write(lake, order, building)
            _refuse_what_is_not_whole(building)
            building.rename(target)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return target


def _write(lake: Lake, order: Order, release: Path) -> None:
    (release / "data").mkdir(parents=True)
    snapshot = lake.snapshot() if order.snapshot is None else order.snapshot
    with _modest(lake.connection, release / ".spill"):
        for name in lake_tables():
            source = f"{identifier(name)} AT (VERSION => {int(snapshot)})"
            write_table(lake.connection, name, source, release / "data", order.partition_from)
        materializations = lake.read("materializations", snapshot=snapshot).to_dicts()
    before = previous(order.folder, order.version)
    with open_database(release, read_only=False) as connection:
        for name in lake_tables():
            fill(connection, release, name)
        add_views(connection)
        origin = provenance(connection, order.version, snapshot, materializations, before)
        write_json(release / PROVENANCE, origin)
        _write_changes(connection, release, before, origin, order.partition_from)
        for name in MIRRORED:
            write_mirror(release, name)
        write_package(release, order.version)
        write_croissant(release, order.version)
        found = None if before is None else _differences(connection, before, release, order)
        write_cards(connection, release, order.version, None if before is None else before.name, found)
        sums = [f"{content_hash(connection, name, scan(table_files(release, name)))}  {name}\n" for name in released_tables()]
        (release / CONTENT_SUMS).write_text("".join(sums), encoding="utf-8")
    write_sums(release)


@contextmanager
def _modest(connection: duckdb.DuckDBPyConnection, spill: Path) -> Iterator[None]:
    """Keep the lake's connection within bounds of memory while it sorts whole tables."""
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = {literal(str(spill))}")
    try:
        yield
    finally:
        connection.execute("RESET memory_limit")
        shutil.rmtree(spill, ignore_errors=True)


def _write_changes(
    connection: duckdb.DuckDBPyConnection, release: Path, before: Path | None, origin: dict[str, Any], partition_from: int
) -> None:
    """Make the table `changes` in the database, empty for a first release, and its Parquet file."""
    for statement in duckdb_ddl("changes"):
        connection.execute(statement)
    if before is not None:
        changes.attach_old(connection, before)
        changes.compare(connection, read_provenance(before), origin)
    write_table(connection, "changes", "changes", release / "data", partition_from)


def _differences(connection: duckdb.DuckDBPyConnection, before: Path, release: Path, order: Order) -> gates.Differences:
    """What differs from the release before. Raises ReleaseError if the changelog does not declare what it must."""
    old, new = (json.loads((folder / PACKAGE).read_text(encoding="utf-8")) for folder in (before, release))
    found = gates.differences(connection, old, new)
    sentences = gates.undeclared(found, declared(order.changelog, order.version), old["schemaVersion"], new["schemaVersion"])
    if sentences:
        listed = "\n".join(f"- {sentence}" for sentence in sentences)
        raise ReleaseError(f"the changelog's section `## Data {order.version}` must declare what differs from {before.name}:\n{listed}")
    return found


def _refuse_what_is_not_whole(release: Path) -> None:
    verdict = verify(release, fresh=True)
    if not verdict.whole:
        listed = "\n".join(f"- {problem}" for problem in verdict.problems[:SHOWN])
        more = len(verdict.problems) - SHOWN
        raise ReleaseError(f"nothing was released, because these checks failed:\n{listed}" + (f"\nand {more} more" if more > 0 else ""))
