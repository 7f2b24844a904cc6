"""The tables of a project's lake, for tests."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.lake import LakeSettings, open_lake
from schemas.registry import TABLES


def lake_tables(root: Path) -> dict[str, pl.DataFrame]:
    """All rows of all tables, in their order."""
    with open_lake(LakeSettings.from_environment(root), read_only=True) as lake, lake.unchanging():
        return {name: lake.read(name) for name in TABLES}


def lake_table(root: Path, name: str) -> pl.DataFrame:
    """All rows of a table, in their order."""
    with open_lake(LakeSettings.from_environment(root), read_only=True) as lake:
        return lake.read(name)


def snapshot(root: Path) -> int:
    """The newest snapshot of the lake."""
    with open_lake(LakeSettings.from_environment(root), read_only=True) as lake:
        return lake.snapshot()
