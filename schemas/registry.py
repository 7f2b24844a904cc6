"""The tables by name. Looking one up is light; what is said of it is read from its pandera model, which is imported then.

A model's `Config` carries the table's title, description, key (`unique`) and, in `metadata`, its sort order and the columns that
point into other tables. A table whose first column is `collection` is partitioned by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas.columns import Model


@dataclass(frozen=True)
class ForeignKey:
    """`column` (or every item of it, for a list) holds values of `column_there` in `table`; null and '' point nowhere.

    `across` says that the row pointed to may be in another collection, so one collection alone cannot show that it is missing.
    """

    column: str
    table: str
    column_there: str
    across: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the lake: its name and where its model is."""

    name: str
    module: str
    class_name: str

    @cached_property
    def model(self) -> "type[Model]":
        """The pandera model."""
        model: type[Model] = getattr(import_module(self.module), self.class_name)
        return model

    @cached_property
    def schema(self) -> Any:
        """The pandera schema (`pandera.polars.DataFrameSchema`) of the model."""
        return self.model.to_schema()

    @cached_property
    def _metadata(self) -> Mapping[str, Any]:
        metadata: Mapping[str, Any] = getattr(self.model.Config, "metadata", None) or {}
        return metadata

    @cached_property
    def title(self) -> str:
        """A short name for people."""
        return str(self.schema.title)

    @cached_property
    def description(self) -> str:
        """What a row is, in a sentence or two."""
        return str(self.schema.description)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns in order."""
        return tuple(self.schema.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that together name a row."""
        return tuple(self.schema.unique)

    @cached_property
    def sort(self) -> tuple[str, ...]:
        """The order rows are stored and read in; it includes the key, so it is total."""
        return tuple(self._metadata["sort"])

    @cached_property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The columns that point into other tables."""
        return tuple(self._metadata.get("foreign_keys", ()))

    @cached_property
    def partitioned(self) -> bool:
        """Whether rows belong to a collection and are replaced with it."""
        return self.columns[0] == "collection"


_MODELS = {
    "raw_files": ("raw", "RawFiles"),
    "raw_texts": ("raw", "RawTexts"),
    "reports": ("reports", "Reports"),
    "sections": ("reports", "Sections"),
    "issues": ("reports", "Issues"),
    "numerals": ("numbers", "Numerals"),
    "quantities": ("numbers", "Quantities"),
    "corrections": ("corrections", "Corrections"),
    "observations": ("observations", "Observations"),
    "near_misses": ("near_misses", "NearMisses"),
    "audits": ("observations", "Audits"),
    "duplicates": ("duplicates", "Duplicates"),
    "panel": ("panel", "Panel"),
    "vintages": ("panel", "Vintages"),
    "targets": ("outlook", "Targets"),
    "coverage": ("outlook", "Coverage"),
    "implied": ("derived", "Implied"),
    "growth_checks": ("derived", "GrowthChecks"),
    "findings": ("derived", "Findings"),
    "evaluation": ("evaluation", "Evaluation"),
    "regions": ("reference", "Regions"),
    "indicators": ("reference", "Indicators"),
    "materializations": ("reference", "Materializations"),
}

TABLES: Mapping[str, Table] = MappingProxyType(
    {name: Table(name, f"schemas.{module}", class_name) for name, (module, class_name) in _MODELS.items()}
)


#: Tables that are made with a release and are not in the lake.
RELEASE_TABLES: Mapping[str, Table] = MappingProxyType({"changes": Table("changes", "schemas.release", "Changes")})


def table(name: str) -> Table:
    """The table called `name`; raises KeyError that lists the tables there are."""
    if name in RELEASE_TABLES:
        return RELEASE_TABLES[name]
    if name not in TABLES:
        raise KeyError(f"there is no table {name!r}; the tables are {', '.join([*TABLES, *RELEASE_TABLES])}")
    return TABLES[name]
