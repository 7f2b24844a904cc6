"""Rows of the tables that several tests of the panel set against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.derive import example

Row = Mapping[str, Any]
REPORTS = ("a" * 16, "b" * 16, "c" * 16, "d" * 16)


def report(report_id: str, year: int | None, **changes: Any) -> Row:
    """A report of 东阳市 about a year."""
    return example("reports") | {"report_id": report_id, "report_year": year} | changes


def telling(report_id: str, value: float, **changes: Any) -> Row:
    """An observation in a report: 62 reconsideration applications of 2022, unless `changes` say otherwise."""
    row = example("observations") | {"report_id": report_id, "value": value, "year": 2022} | changes
    start = row["raw_start"]
    quantity = f"{report_id}-{start}"
    return row | {"quantity_id": quantity, "observation_id": f"{quantity}-{row['code']}", "raw_end": start + len(str(row["quote"]))}


def panel_row(value: float, **changes: Any) -> Row:
    """A row of the panel, with ids made from what it is about."""
    row = example("panel") | {"value": value, "values": [value]} | changes
    report_id = f"{row['region_code'].strip('X'):0>12}{row['year']}"
    observation = f"{report_id}-1-{row['code']}"
    return row | {"report_id": report_id, "observation_id": observation, "observation_ids": [observation, *changes.get("also", [])]}


def without(row: Row, *names: str) -> dict[str, Any]:
    """A row without some columns."""
    return {name: value for name, value in row.items() if name not in names}
