"""Releases: immutable, numbered, verifiable copies of the tables for the public.

    data/curated/releases/2026.11.0/
        README.md  CODEBOOK.md  DATA-DICTIONARY.md  QUALITY.md  CHANGES.md  CITATION.cff
        data/<table>.parquet                                    a table; a big one in
        data/<table>/region_province=33/year=2017/part.parquet  a file a province and year
        csv/<table>.csv                                         the tables that people open in spreadsheets
        fazhi.duckdb                                            all tables, with comments, views and macros
        datapackage.json  croissant.json                        descriptors for machines
        provenance.json                                         code, lake snapshot, every raw file
        CONTENT-SHA256SUMS                                      a hash of each table's sorted rows, whatever holds them
        SHA256SUMS                                              of every file but the database
        fazhi.duckdb.sha256                                     of the database: its bytes differ from build to build, its rows do not

A release is built in a folder beside the others whose name begins with a dot, verified there, and renamed: a build that dies leaves
that folder, which the next build removes, and no release. All files but the last one and the database are the same, byte for byte,
whoever builds from the same lake snapshot with the same code, and whenever: no clock, user or place is in them.

| module | makes or checks |
|---|---|
| `versions` | version numbers, the releases there are, what the changelog declares |
| `layout` | which tables and files a release has |
| `parquet`, `database`, `mirrors` | the tables as Parquet, DuckDB, CSV |
| `content` | the hash of a table's rows |
| `changes` | the differences between two releases and their causes |
| `gates` | which differences must be declared |
| `dataset`, `descriptors`, `croissant`, `provenance`, `cards`, `quality` | what is said of the data, to machines and to people |
| `build`, `verify`, `checks_…` | the whole, and whether it is whole |
"""

from pipeline.release.build import Order, build
from pipeline.release.checks import Problem, Verdict
from pipeline.release.layout import ReleaseError
from pipeline.release.verify import verify
from pipeline.release.versions import Version, releases

__all__ = ["Order", "Problem", "ReleaseError", "Verdict", "Version", "build", "releases", "verify"]
