"""Growth that a report tells (`收到行政复议申请98件,同比下降30.8%`) against the earlier year's value in another report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl

from pipeline.audit.arithmetic import Verdict, equal, number, step_of
from pipeline.audit.changes import direction, growth_slack
from pipeline.tables import frame
from schemas.derive import polars_schema

Row = dict[str, Any]
_NEXT = (
    "quantity_id",
    "start",
    "number_start",
    "number_end",
    "value",
    "value_high",
    "unit",
    "kind",
    "comparator",
    "role",
    "sentence_start",
)
_YEAR = re.compile(r"(\d{4})年")

_OF_THE_OBSERVATION = ("observation_id", "report_id", "quantity_id", "region_code", "code", "year", "value", "unit", "comparator")


@cache
def told_changes_schema() -> pl.Schema:
    """What `told_changes` gives a row: an observation and the change that is told right behind it."""
    observation = polars_schema("observations")
    return pl.Schema(
        {
            **{name: observation[name] for name in _OF_THE_OBSERVATION},
            "level_slack": pl.Float64(),
            "change_id": pl.String(),
            "change": pl.Float64(),
            "change_unit": pl.String(),
            "change_comparator": pl.String(),
            "change_step": pl.Float64(),
        }
    )


def told_changes(reports: pl.DataFrame, quantities: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The changes from the year before that are told right behind an actual value of the panel's kind, as `told_changes_schema`.

    `change` is negative for a fall; its unit is `%` (relative growth), `百分点` (of a rate) or the level's own (an absolute change).
    `level_slack` and `change_step` say how far level and change may lie from what is written because the text rounds. Between the two
    numbers only words of a change from the year before may stand (`pipeline.audit.changes.direction`). Of `reports` the columns
    report_id, body, duplicate_of are needed.
    """
    ordered = quantities.sort("report_id", "start")
    behind = ordered.select("report_id", pl.col(_NEXT).shift(-1).over("report_id").name.prefix("next_"))
    pairs = ordered.with_columns(behind.drop("report_id")).filter(
        (pl.col("next_role") == "change")
        & (pl.col("next_sentence_start") == pl.col("sentence_start"))
        & pl.col("next_value_high").is_null()
    )
    bodies = reports.filter(pl.col("duplicate_of").is_null()).select("report_id", "body")
    counted = observations.filter((pl.col("status") == "actual") & (pl.col("region_code") != "") & pl.col("value_high").is_null())
    levels = pairs.filter(pl.col("role") == "level").select(
        "quantity_id", "end", "number_start", "number_end", pl.col("kind").alias("level_kind"), pl.col("^next_.*$")
    )
    found = (
        counted.join(levels, on="quantity_id")
        .join(bodies, on="report_id")
        .with_columns(
            _span("end", "next_start").alias("words"),
            _span("number_start", "number_end").alias("written"),
            _span("next_number_start", "next_number_end").alias("next_written"),
        )
        .drop("body")
    )
    rows = [row for each in found.iter_rows(named=True) if (row := _told_change(each)) is not None]
    return pl.DataFrame(rows, schema=told_changes_schema(), orient="row").sort("observation_id", "change_id")


def _span(start: str, end: str) -> pl.Expr:
    return pl.col("body").str.slice(pl.col(start), pl.col(end) - pl.col(start))


def _told_change(row: Row) -> Row | None:
    sign = direction(row["words"])
    if sign is None or any(int(year) != row["year"] - 1 for year in _YEAR.findall(row["words"])):
        return None
    same_unit = row["next_unit"] == row["unit"]
    if not same_unit and row["next_unit"] not in ("%", "百分点"):
        return None
    return {
        **{name: row[name] for name in _OF_THE_OBSERVATION},
        "level_slack": _place(row["written"], row["value"], row["level_kind"]) / 2,
        "change_id": row["next_quantity_id"],
        "change": sign * row["next_value"],
        "change_unit": row["next_unit"],
        "change_comparator": row["next_comparator"],
        "change_step": _place(row["next_written"], row["next_value"], row["next_kind"]),
    }


def _place(written: str, value: float, kind: str) -> float:
    """The unit of the last place written; 0 for a count of which every digit is written: it is not rounded."""
    place = step_of(written, value)
    return 0.0 if kind == "count" and place <= 1 else place


def growth_checks(changes: pl.DataFrame, vintages: pl.DataFrame) -> pl.DataFrame:
    """The table `growth_checks` of `told_changes` and the table `vintages`.

    The earlier value is the best telling of region, indicator and year before in any other report. A growth told in `%` of a rate that is
    itself in `%` may mean percentage points: if it fits neither, the check is `incomplete`, as it is where a number is told approximately.
    """
    earlier = vintages.filter(pl.col("value_high").is_null()).select(
        "region_code",
        "code",
        (pl.col("year") + 1).alias("year"),
        "rank",
        pl.col("report_id").alias("previous_report_id"),
        pl.col("observation_id").alias("previous_observation_id"),
        pl.col("value").alias("previous"),
        pl.col("comparator").alias("previous_comparator"),
    )
    pairs = changes.join(earlier, on=["region_code", "code", "year"]).filter(pl.col("previous_report_id") != pl.col("report_id"))
    best = pairs.sort("observation_id", "change_id", "rank").unique(["observation_id", "change_id"], keep="first", maintain_order=True)
    return frame("growth_checks", _checks(best))


def _checks(pairs: pl.DataFrame) -> Iterator[Row]:
    for row in pairs.iter_rows(named=True):
        left, tolerance, ambiguous = _computed(row)
        if left is None:
            continue
        sure = {row["comparator"], row["change_comparator"], row["previous_comparator"]} == {"eq"} and not ambiguous
        verdict: Verdict = "holds" if equal(left, row["change"], tolerance) else "fails" if sure else "incomplete"
        yield {
            **{name: row[name] for name in ("observation_id", "report_id", "region_code", "code", "year", "previous_observation_id")},
            "quantity_id": row["change_id"],
            "expression": _expression(row, left),
            "left": left,
            "right": row["change"],
            "difference": left - row["change"],
            "tolerance": tolerance,
            "verdict": verdict,
        }


def _computed(row: Row) -> tuple[float | None, float, bool]:
    """The change from the two levels, how far it may be off, and whether another reading of the text is possible."""
    now, before, slack = row["value"], row["previous"], row["level_slack"]
    earlier = _slack_of(before)
    difference = now - before
    if row["change_unit"] != "%" or row["unit"] == "%":
        tolerance = row["change_step"] + slack + earlier
        if row["change_unit"] != "%" or equal(difference, row["change"], tolerance):
            return difference, tolerance, False
    if not before:
        return None, 0.0, False
    return difference / before * 100, row["change_step"] + growth_slack(now, before, slack, earlier), row["unit"] == "%"


def _slack_of(value: float) -> float:
    """How far a value may be rounded, by its zeros at the end: `28000` may be anything from 27,500 to 28,500, `120` is taken as it is."""
    if value != int(value) or abs(value) < 1000:
        return 0.0
    digits = str(abs(int(value)))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(10**zeros) / 2 if zeros > 1 else 0.0


def _expression(row: Row, left: float) -> str:
    now, before, told = number(row["value"]), number(row["previous"]), number(row["change"])
    if left == row["value"] - row["previous"]:
        return f"{now} - {before} = {number(round(left, 10))} ≈ {told}{row['change_unit']}"
    return f"({now} - {before}) / {before} = {left:.2f}% ≈ {told}%"
