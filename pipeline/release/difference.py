"""What changed from one release to another, in words: CHANGES.md for any two."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.release import changes, gates
from pipeline.release.cards import changes_text
from pipeline.release.database import open_database
from pipeline.release.layout import PACKAGE, ReleaseError
from pipeline.release.provenance import read_provenance
from pipeline.release.versions import Version
from schemas.derive import duckdb_create


def difference(old: Path, new: Path) -> str:
    """The changes from `old` to `new` in Markdown. Neither is written to. Raises ReleaseError for a folder that is no release."""
    for release in (old, new):
        if not (release / PACKAGE).is_file():
            raise ReleaseError(f"{release} is no release: it has no {PACKAGE}.")
    packages = [json.loads((release / PACKAGE).read_text(encoding="utf-8")) for release in (old, new)]
    with open_database(new) as connection:
        changes.attach_old(connection, old)
        connection.execute("USE memory")
        connection.execute(duckdb_create("changes"))
        changes.compare(connection, read_provenance(old), read_provenance(new))
        found = gates.differences(connection, *packages)
        return changes_text(connection, Version.parse(packages[1]["version"]), packages[0]["version"], found)
