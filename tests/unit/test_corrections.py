"""Corrections by hand: read, applied to what was read, and refused when the program reads something else than expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import batch
from pipeline.corrections import (
    COLUMNS,
    Correction,
    CorrectionError,
    corrected_observations,
    corrected_quantities,
    of_reports,
    parse,
    read,
    refuse_unknown,
)
from pipeline.records import RawFile
from schemas.derive import example, validate
from tests.conftest import REPOSITORY

HEADER = ",".join(COLUMNS)
REPORT = "5294964d9a8dd071"
QUANTITY = f"{REPORT}-512"
CODE, OTHER = "reconsideration.applications", "reconsideration.accepted"
REASON = ("digits swapped", "A. Reader")


def correction(field: str, expect: str, value: str, quantity: str = QUANTITY) -> Correction:
    return Correction(quantity[:16], quantity, field, expect, value, *REASON)


def line(*cells: str) -> str:
    return f"{HEADER}\n{','.join(cells)}\n"


# -- the file -------------------------------------------------------------------------------------------------------------------


def test_the_file_of_the_project_is_there_and_can_be_read() -> None:
    assert isinstance(read(REPOSITORY / "data" / "raw"), tuple)


def test_a_line_is_a_correction_and_no_file_is_none(tmp_path: Path) -> None:
    assert parse(line(REPORT, QUANTITY, "value", "26", "62", *REASON)) == (correction("value", "26", "62"),)
    assert parse(f"{HEADER}\n") == ()
    assert read(tmp_path / "raw") == ()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ((REPORT, QUANTITY, "value", "26", "62", "", "A. Reader"), "needs a reason and who says so"),
        ((REPORT, QUANTITY, "value", "26", "62", "why", ""), "needs a reason and who says so"),
        ((REPORT, QUANTITY, "values", "26", "62", *REASON), "'values' cannot be corrected; expected one of value,"),
        (("0" * 16, QUANTITY, "value", "26", "62", *REASON), "is no quantity of the report"),
        ((REPORT, "512", "value", "26", "62", *REASON), "is no quantity of the report"),
        ((REPORT, QUANTITY, "value", "26", "62"), "has 5 cells, expected 7"),
        ((REPORT, QUANTITY, "value", "26", "sixty", *REASON), "'sixty' is no value"),
        ((REPORT, QUANTITY, "value", "26", "", *REASON), "'' is no value"),
        ((REPORT, QUANTITY, "year", "", "2o17", *REASON), "'2o17' is no year"),
        ((REPORT, QUANTITY, "value", "26", "26.0", *REASON), "to the same"),
        ((REPORT, QUANTITY, "code", "", CODE, *REASON), "one that is missing is told to the codebook"),
    ],
)
def test_a_line_that_says_nothing_clear_is_refused_with_its_number(cells: tuple[str, ...], says: str) -> None:
    with pytest.raises(CorrectionError, match=says) as refused:
        parse(line(*cells))
    assert "data/corrections.csv" in str(refused.value)


def test_one_field_is_corrected_once_and_the_header_is_as_documented() -> None:
    once = ",".join((REPORT, QUANTITY, "value", "26", "62", *REASON))
    with pytest.raises(CorrectionError, match=r"line 3: value of .* is corrected twice"):
        parse(f"{HEADER}\n{once}\n{once}\n")
    with pytest.raises(CorrectionError, match=f"the first line must be {HEADER}"):
        parse("report,quantity\n")


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        assert all(isinstance(each, Correction) for each in parse(f"{HEADER}\n{text}"))
    except CorrectionError as error:
        assert "data/corrections.csv" in str(error)


def test_a_correction_of_a_report_that_is_not_there_is_refused() -> None:
    given_ = [correction("value", "26", "62")]
    refuse_unknown(given_, [REPORT])
    assert of_reports(given_, ["other"]) == ()
    with pytest.raises(CorrectionError, match="no file in data/raw/ is the report"):
        refuse_unknown(given_, ["other"])


# -- applied ------------------------------------------------------------------------------------------------------------------


def quantity(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (example("quantities") | changes).items() if name != "as_read"}


def observation(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (example("observations") | changes).items() if name != "as_read"}


def test_a_quantity_has_the_right_value_and_what_was_read_beside_it() -> None:
    rows = corrected_quantities([quantity(value=26.0)], [correction("value", "26", "62"), correction("year", "", "2016")])
    assert [(row["value"], row["year"], row["as_read"]) for row in rows] == [(62.0, 2016, ["value=26", "year="])]


def test_a_quantity_without_a_correction_is_as_read() -> None:
    assert corrected_quantities([quantity()], []) == [quantity() | {"as_read": []}]


@pytest.mark.parametrize("found", [62.0, 27.0])
def test_a_stale_correction_stops_the_run(found: float) -> None:
    with pytest.raises(CorrectionError, match=f"expects '26', and the program reads {found}"):
        corrected_quantities([quantity(value=found)], [correction("value", "26", "62")])


def test_a_correction_of_a_quantity_that_is_not_read_any_more_stops_the_run() -> None:
    with pytest.raises(CorrectionError, match="there is no such quantity any more"):
        corrected_quantities([], [correction("value", "26", "62")])


def test_an_observation_shows_what_was_corrected_in_its_quantity() -> None:
    (row,) = corrected_observations([observation()], [correction("value", "26", "62")], {})
    assert (row["value"], row["as_read"]) == (62.0, ["value=26"])


def test_an_observation_is_recoded_or_left_out() -> None:
    units = {CODE: "件", OTHER: "宗"}
    (row,) = corrected_observations([observation()], [correction("code", CODE, OTHER)], units)
    assert (row["observation_id"], row["code"], row["unit"], row["as_read"]) == (f"{QUANTITY}-{OTHER}", OTHER, "宗", [f"code={CODE}"])
    assert corrected_observations([observation()], [correction("code", CODE, "")], units) == []


@pytest.mark.parametrize(
    ("expect", "value", "says"),
    [
        (OTHER, CODE, "it is not coded 'reconsideration.accepted' any more"),
        (CODE, "no.such", "there is no indicator 'no.such'"),
        (CODE, OTHER, "it is coded 'reconsideration.accepted' already"),
    ],
)
def test_a_code_that_cannot_be_corrected_stops_the_run(expect: str, value: str, says: str) -> None:
    rows = [observation()]
    if "already" in says:
        rows.append(observation(code=OTHER, observation_id=f"{QUANTITY}-{OTHER}"))
    with pytest.raises(CorrectionError, match=says):
        corrected_observations(rows, [correction("code", expect, value)], {CODE: "件", OTHER: "件"})


# -- in the chain of stages -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def read_once() -> dict[str, pl.DataFrame]:
    text = "示范县2023年法治政府建设工作报告\n全年收到行政复议申请26件。\n"
    return batch.extract_files([RawFile("made", "a.txt", text.encode())])


def test_what_follows_is_made_from_the_corrected_number(read_once: dict[str, pl.DataFrame]) -> None:
    (found,) = read_once["quantities"].filter(pl.col("value") == 26)["quantity_id"].to_list()
    texts = (read_once["reports"], read_once["raw_texts"], read_once["sections"])
    made = batch.numbers(*texts, [correction("value", "26", "62", found), correction("value", "1", "2", QUANTITY)])
    meant = batch.meanings(*texts, made["quantities"], made["corrections"])
    for name, rows in {**made, **meant}.items():
        validate(name, rows)
    assert made["corrections"].select("quantity_id", "expect", "value").rows() == [(found, "26", "62")]
    assert meant["observations"].select("code", "value", "as_read").rows() == [(CODE, 62.0, ["value=26"])]
    assert made["quantities"]["quote"].to_list() == read_once["quantities"]["quote"].to_list(), "the evidence stays as the file has it"


def test_without_corrections_nothing_is_marked(read_once: dict[str, pl.DataFrame]) -> None:
    assert read_once["corrections"].height == 0
    for name in ("quantities", "observations"):
        assert read_once[name]["as_read"].list.len().sum() == 0
