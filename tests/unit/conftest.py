"""Fixtures of the unit tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.lake import Lake, LakeSettings, open_lake


@pytest.fixture
def place(tmp_path: Path) -> LakeSettings:
    return LakeSettings(str(tmp_path / "catalog.sqlite"), str(tmp_path / "lake") + "/")


@pytest.fixture
def lake(place: LakeSettings) -> Iterator[Lake]:
    with open_lake(place) as lake:
        yield lake
