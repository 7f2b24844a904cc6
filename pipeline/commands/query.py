"""`fazhi query` and `fazhi history`: ask the lake, and list what was written to it."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.commands.output import table_text, write
from pipeline.lake import Lake, LakeSettings, open_lake
from pipeline.manifest import project_root


def reading_lake(root: Path | None) -> Lake:
    """The lake of the project, for reading, to be used in a `with` statement."""
    return open_lake(LakeSettings.from_environment((root or project_root()).resolve()), read_only=True)


def query(root: Path | None, sql: str, format_name: str, output: Path | None) -> int:
    """Print the result of an SQL query."""
    import polars as pl

    with reading_lake(root) as lake:
        write(pl.DataFrame(pl.from_arrow(lake.query(sql))), format_name, output)
    return 0


def history(root: Path | None, limit: int) -> int:
    """Print the newest snapshots, the newest last."""
    with reading_lake(root) as lake:
        sys.stdout.write(table_text(lake.snapshots().tail(limit).select("id", "time", "message"), width=200))
    return 0
