"""The reference tables as frames: what the data files of `schemas` say, in the columns of `regions` and `indicators`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from pipeline.tables import frame

Row = dict[str, Any]


def reference_frame(table_name: str) -> pl.DataFrame:
    """The table `regions` (every spell of a code, every zone) or `indicators` (the codebook), sorted and validated.

    Raises KeyError for any other table, InvalidTableError if the data files hold a row that the schema refuses.
    """
    return frame(table_name, _ROWS[table_name](), check=True)


def _regions() -> list[Row]:
    from pipeline.parse import load_regions

    return [
        {
            "region_code": region.region_code,
            "region_name": region.name,
            "full_name": region.full_name,
            "level": region.level,
            "parent_code": region.parent_code,
            "valid_from": region.valid_from,
            "valid_to": region.valid_to,
            "successors": region.successors,
            "division_id": region.division_id,
        }
        for region in load_regions()
    ]


def _indicators() -> list[Row]:
    from pipeline.coding.codebook import codebook

    return [
        {
            "code": indicator.code,
            "theme": indicator.theme,
            "name_zh": indicator.name_zh,
            "name_en": indicator.name_en,
            "definition_zh": indicator.definition_zh,
            "definition_en": indicator.definition_en,
            "value_type": indicator.value_type,
            "unit": indicator.unit,
            "accepted_units": indicator.accepted_units,
            "range_low": indicator.range_low,
            "range_high": indicator.range_high,
            "additive": indicator.additive,
            "scope": indicator.scope,
            "superseded_by": indicator.superseded_by,
        }
        for indicator in codebook().indicators.values()
    ]


_ROWS: Mapping[str, Callable[[], list[Row]]] = {"regions": _regions, "indicators": _indicators}
