"""What the asset `evaluation` is beside a table made of others: its gold sets, its floor as a check, its figures as metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

from pipeline.assets.writing import Check

WORST = 10


def make(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table, from `reports` and `observations`; empty where no gold files are installed."""
    from pipeline import evaluation

    folder = evaluation.gold_folder()
    sets, names = ((), {}) if folder is None else (evaluation.gold_sets(folder), evaluation.report_names(folder))
    return evaluation.evaluation(frames["reports"], frames["observations"], sets, names)


def version() -> str:
    """What of the gold files decides the table."""
    from pipeline import evaluation

    return evaluation.gold_version(evaluation.gold_folder())


def below_floor(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """The precision of no gold set is below the floor that tests/gold/sets.yaml sets for it."""
    from pipeline import evaluation

    folder = evaluation.gold_folder()
    return [] if folder is None else evaluation.below_floor(frames["evaluation"], evaluation.gold_sets(folder))


CHECK = Check("evaluation", "precision_floor", below_floor.__doc__ or "", below_floor)


def told(made: pl.DataFrame) -> dict[str, Any]:
    """The totals of every gold set, and the indicators in which most is false or missed, as metadata of the asset."""
    totals = {row["gold_set"]: row for row in made.filter(pl.col("code") == "").iter_rows(named=True)}
    figures = {
        f"{name}/{measure}": dg.MetadataValue.float(round(row[measure], 4))
        for name, row in totals.items()
        for measure in ("precision", "recall")
        if row[measure] is not None
    }
    wrong = pl.col("rows_false") + pl.col("rows_missed")
    worst = made.filter((pl.col("code") != "") & (wrong > 0)).sort(wrong, "gold_set", "code", descending=[True, False, False]).head(WORST)
    lines = [
        f"| {row['gold_set']} | {row['code']} | {row['rows_right']} | {row['rows_false']} | {row['rows_missed']} |"
        for row in worst.iter_rows(named=True)
    ]
    table = "\n".join(["| gold set | indicator | right | false | missed |", "|---|---|---|---|---|", *lines])
    return {**figures, "worst_indicators": dg.MetadataValue.md(table if lines else "Nothing false, nothing missed.")}
