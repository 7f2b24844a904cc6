"""Values that no report tells but that follow from what it tells: last year's level from a growth, a denominator from a rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.audit.arithmetic import number, step_of
from pipeline.tables import frame

Row = dict[str, Any]
_PLACE = ["report_id", "region_code", "year", "sentence_start"]


def implied(changes: pl.DataFrame, reports: pl.DataFrame, quantities: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The table `implied`, of `pipeline.panel.growth.told_changes` and of the tables.

    Only exact numbers imply anything. A rate and its numerator (`related` in the codebook) must be told in one sentence, and the
    denominator not in that report: where it is told, the audit holds the three against each other. `low` and `high` are what the value
    may be, since the text rounds. Duplicate reports imply nothing. Of `reports` the columns report_id and duplicate_of are needed.
    """
    return frame("implied", [*_levels_before(changes), *_denominators(reports, quantities, observations)])


def _levels_before(changes: pl.DataFrame) -> Iterator[Row]:
    exact = changes.filter((pl.col("comparator") == "eq") & (pl.col("change_comparator") == "eq"))
    for row in exact.iter_rows(named=True):
        relative = row["change_unit"] == "%"
        if relative and (row["unit"] == "%" or row["change"] <= -100):
            continue  # percent of a percentage, or points: the text does not say which
        ends = [_before(row, change, level, relative) for change in _around(row, "change") for level in _around(row, "value")]
        value, told = _before(row, row["change"], row["value"], relative), number(row["change"])
        level = number(row["value"])
        how = f"{level} / (1 + {told}%)" if relative else f"{level} - {told}"
        yield {
            **{name: row[name] for name in ("observation_id", "report_id", "region_code", "code", "unit")},
            "year": row["year"] - 1,
            "value": value,
            "low": min(value, *ends),
            "high": max(value, *ends),
            "basis": "growth" if relative else "change",
            "expression": f"{how.replace('+ -', '- ').replace('- -', '+ ')} = {value:.6g}",
            "quantity_ids": [row["quantity_id"], row["change_id"]],
        }


def _around(row: Row, name: str) -> tuple[float, float]:
    slack = row["change_step"] / 2 if name == "change" else row["level_slack"]
    return row[name] - slack, row[name] + slack


def _before(row: Row, change: float, level: float, relative: bool) -> float:
    value: float = level / (1 + change / 100) if relative else level - change
    return value


def _denominators(reports: pl.DataFrame, quantities: pl.DataFrame, observations: pl.DataFrame) -> Iterator[Row]:
    """What a rate and its numerator imply; a rate of 0 % or above 100 % implies nothing."""
    originals = reports.filter(pl.col("duplicate_of").is_null()).select("report_id")
    sentences = quantities.select("quantity_id", "sentence_start", pl.col("quote").alias("written"))
    counted = observations.filter((pl.col("status") == "actual") & (pl.col("region_code") != ""))
    told = counted.join(originals, on="report_id", how="semi").join(sentences, on="quantity_id")
    exact = told.filter((pl.col("comparator") == "eq") & pl.col("value_high").is_null())
    for rate, numerator, code, unit in _rates():
        rates = exact.filter((pl.col("code") == rate) & pl.col("value").is_between(0, 100, closed="right"))
        numerators = exact.filter(pl.col("code") == numerator).filter(pl.col("value").n_unique().over(_PLACE) == 1)
        above = numerators.sort("observation_id").unique(_PLACE, keep="first").select(*_PLACE, "quantity_id", "value")
        pairs = rates.join(above, on=_PLACE, suffix="_above")
        silent = pairs.join(counted.filter(pl.col("code") == code), on=["report_id", "year"], how="anti")
        for row in silent.sort("observation_id").iter_rows(named=True):
            yield _denominator(row, code, unit)


def _denominator(row: Row, code: str, unit: str) -> Row:
    above, rate = row["value_above"], row["value"]
    half = step_of("".join(character for character in row["written"] if character in "0123456789."), rate) / 2
    value = above / rate * 100
    return {
        **{name: row[name] for name in ("observation_id", "report_id", "region_code", "year")},
        "code": code,
        "unit": unit,
        "value": value,
        "low": min(value, above / min(rate + half, 100.0) * 100),
        "high": max(value, above / max(rate - half, rate / 2) * 100),
        "basis": "rate",
        "expression": f"{number(above)} / {number(rate)}% = {value:.6g}",
        "quantity_ids": [row["quantity_id_above"], row["quantity_id"]],
    }


def _rates() -> list[tuple[str, str, str, str]]:
    """The codebook's rates with a numerator and a denominator: rate, numerator, denominator, the denominator's unit."""
    from pipeline.coding.codebook import codebook

    indicators = codebook().indicators
    return [
        (rate, above, below, of_below.unit)
        for above, of_above in indicators.items()
        for rate in of_above.related.get("numerator_of", ())
        if rate in indicators and indicators[rate].unit == "%"
        for below, of_below in indicators.items()
        if rate in of_below.related.get("denominator_of", ())
    ]
