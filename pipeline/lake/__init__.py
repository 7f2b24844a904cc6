"""The lake: every table of `schemas`, versioned, in DuckLake (Parquet data files beside an SQL catalog).

    <root>/data/curated/catalog.sqlite        the catalog: tables, snapshots, which data files belong to which
    <root>/data/curated/catalog.sqlite.lock   held by the one writer; readers need no lock and are never blocked
    <root>/data/curated/lake/                 Parquet, one folder a table and collection; a file is never changed

`FAZHI_CATALOG` and `FAZHI_DATA_PATH` move the same lake to a PostgreSQL catalog and to object storage.

A write is one transaction: a writer that dies at any point leaves the former snapshot, and at most data files that no snapshot
names, which `Lake.compact` removes. Rows equal to those stored are not written again, so a snapshot is a real change.

Views and macros (`schemas/views.sql`) are in the catalog too: whoever attaches the lake has them. They are made anew when their text or the
codebook changes.

The lake can be made again from the raw files. So where the columns of a table differ from those in `schemas` (another version of the
code wrote it), opening the lake for writing replaces the table by an empty one of the present columns and forgets what it was made
from; its stage then counts as out of date and fills it. Former snapshots keep the former columns. Opening read-only changes nothing.
"""

from pipeline.lake.connection import LakeError, LakeSettings, load_extension
from pipeline.lake.store import Lake, open_lake

__all__ = ["Lake", "LakeError", "LakeSettings", "load_extension", "open_lake"]
