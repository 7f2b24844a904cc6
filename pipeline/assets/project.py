"""The project a run works on, as a Dagster resource: where the raw files lie, and its lake, open while the run lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipeline.lake import Lake, LakeSettings, open_lake

COLLECTIONS = dg.DynamicPartitionsDefinition(name="collections")


class Project(dg.ConfigurableResource["Project"]):
    """A folder with `data/raw/`, and the addresses of the lake that belongs to it (see `pipeline.lake.LakeSettings`).

    https://docs.dagster.io/guides/build/external-resources/managing-resource-state
    """

    root: str
    catalog: str
    data_path: str
    _lake: Lake | None = PrivateAttr(default=None)

    @property
    def raw_folder(self) -> Path:
        """Where the collections lie."""
        return Path(self.root) / "data" / "raw"

    @property
    def lake(self) -> Lake:
        """The lake, open for writing; it is made if it is not there."""
        if self._lake is None:
            raise RuntimeError("the lake is open in runs and sensors only")
        return self._lake

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Project]:
        """Open the lake for a run, or for a step where each has its process, or for a look of a sensor."""
        with open_lake(LakeSettings(self.catalog, self.data_path)) as lake:
            self._lake = lake
            try:
                yield self
            finally:
                self._lake = None
