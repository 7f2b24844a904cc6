"""What the lake's tables were made from, as the lake itself has recorded it: one look instead of one for every table."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lake import Lake


@dataclass(frozen=True, slots=True)
class Recorded:
    """The input version of every table and collection; the collection of an unpartitioned table is ''."""

    versions: dict[tuple[str, str], str]

    @classmethod
    def of(cls, lake: Lake) -> Recorded:
        """As the lake is now."""
        rows = lake.read("materializations", columns=["table_name", "collection", "input_version"]).iter_rows()
        return cls({(name, collection): version for name, collection, version in rows})

    def version(self, name: str, collection: str | None) -> str | None:
        """What a table was made from; None if it never was."""
        return self.versions.get((name, collection or ""))

    def collections(self) -> list[str]:
        """The collections the lake holds, ascending."""
        return sorted({collection for _, collection in self.versions if collection})

    def everywhere(self, name: str) -> str:
        """What all rows of a table were made from: of a partitioned table, its version in every collection."""
        return ",".join(f"{collection}:{version}" for (table, collection), version in sorted(self.versions.items()) if table == name)
