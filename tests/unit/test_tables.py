"""Plain rows become frames as `schemas` declares them, or an error that says which value is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables import frame
from schemas.derive import InvalidTableError, example, polars_schema
from schemas.registry import TABLES

SECTION = example("sections")


@pytest.mark.parametrize("name", TABLES)
def test_columns_types_and_order_are_the_tables_whatever_the_order_of_the_row(name: str) -> None:
    row = dict(reversed(example(name).items()))
    assert frame(name, [row]).schema == polars_schema(name)
    assert frame(name, []).schema == polars_schema(name)


@given(st.permutations([1, 2, 3, 10]))
def test_rows_are_sorted_by_the_tables_order(numbers: list[int]) -> None:
    rows = frame("sections", [SECTION | {"section_no": number, "parent_no": 0} for number in numbers])
    assert rows["section_no"].to_list() == [1, 2, 3, 10]


def test_integers_tuples_and_iso_dates_become_what_the_column_holds() -> None:
    report = frame("reports", [example("reports") | {"recipients": ("甲", "乙"), "published_on": "2018-03-22", "signed_on": ""}])
    assert report.select("recipients", "published_on", "signed_on").row(0) == (["甲", "乙"], date(2018, 3, 22), None)
    assert frame("observations", [example("observations") | {"value": 62}])["value"].to_list() == [62.0]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sections", {"level": 1.5}, "table sections, column level: expected Int64"),
    ("sections", {"title": 3}, "table sections, column title: expected String"),
    ("observations", {"value": "62"}, "table observations, column value: expected Float64"),
    ("reports", {"recipients": ["甲", 1]}, "table reports, column recipients: expected List"),
    ("reports", {"signed_on": "22.1.2018"}, "table reports, column signed_on: expected Date: Invalid isoformat string"),
    ("sections", {"depth": 1}, r"table sections, row 0: missing columns \[\], unknown columns \['depth'\]"),
]


@pytest.mark.parametrize(("name", "changes", "says"), WRONG)
def test_a_value_of_another_type_is_an_error_that_names_it(name: str, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidTableError, match=says):
        frame(name, [example(name) | changes])


def test_a_row_without_a_column_is_an_error_that_names_it() -> None:
    row = {name: value for name, value in SECTION.items() if name != "label"}
    with pytest.raises(InvalidTableError, match=r"row 1: missing columns \['label'\]"):
        frame("sections", [SECTION, row])


def test_the_frame_is_validated_when_asked() -> None:
    assert frame("sections", [SECTION | {"level": 0}]).height == 1
    with pytest.raises(InvalidTableError, match="column level"):
        frame("sections", [SECTION | {"level": 0}], check=True)
