"""Which telling a row of the panel takes, how far its tellings agree, and from when to when each was the one to take."""

from __future__ import annotations

import polars as pl

from pipeline.coding import codebook
from pipeline.tables import in_order
from schemas.derive import polars_schema

KEY = ("region_code", "code", "year")

_DOCUMENTS = {"annual_report": 0, "work_report": 1, "interpretation": 2, "plan": 3, "case": 4, "other": 5}
_SCOPES = {"government": 0, "jurisdiction": 1, "department": 2, "subordinate": 3}
_EXACTNESS = {"eq": 0, "approx": 1, "gt": 2, "ge": 2, "lt": 2, "le": 2}
_REPORT_COLUMNS = ("report_id", "report_year", "document_type", "issuer_kind", "published_on", "signed_on")


def panel(reports: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The table `panel` of the given tables `reports` and `observations`: `panel_of(vintages(reports, observations))`."""
    return panel_of(vintages(reports, observations))


def vintages(reports: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The table `vintages`: every telling that counts, ranked within its region, indicator and year, and the days it was known and chosen.

    What counts: actual values whose region is known, from reports that are not duplicates of another; a department's report (`司法局`) only
    where no other report tells a value, so that its number is never set against the government's own. Targets do not count.

    Which telling is better, by the first of these that tells two apart:

    1. the report about that very year, then reports about later years (they restate what they had in hand), then all others;
    2. the report whose year is nearest to the value's;
    3. an annual report, then a work report, then other documents: an annual report is written to account for the year;
    4. a number of the scope that the indicator is defined for (`indicators.scope`), then of the government itself, then of the
       jurisdiction, then of a department, then of subordinate units;
    5. an exact value, then a range or an approximate one, then a bound (`gt`, `ge`, `lt`, `le`);
    6. the document published later (a corrected copy), then the smaller `report_id`, then the earlier place in the text.

    Of `reports` only the columns report_id, report_year, document_type, issuer_kind, published_on, signed_on and duplicate_of are needed.
    """
    ranked = _ranked(_tellings(reports, observations)).with_columns(pl.int_range(1, pl.len() + 1).over(KEY).alias("rank"))
    better_known = pl.col("known_on").cum_min().shift(1).over(KEY, order_by="rank")
    return _as_table("vintages", ranked.with_columns(better_known.alias("chosen_until")))


def panel_of(tellings: pl.DataFrame) -> pl.DataFrame:
    """The table `panel` of the table `vintages`: the first telling of each region, indicator and year.

    How far the tellings agree (`agreement`): `conflict` if one report tells several distinct values, whichever was taken; else `single`
    for one report, `agree` if all reports tell the same value, `revised` if they do not. `vintages` counts the reports, `values` lists
    the distinct values.
    """
    chosen = tellings.filter(pl.col("rank") == 1).with_columns(pl.lit("actual").alias("status"))
    return _as_table("panel", chosen.join(_agreement(tellings), on=KEY, how="inner", validate="1:1"))


def _as_table(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    return in_order(name, rows.select(pl.col(column).cast(polars_type) for column, polars_type in polars_schema(name).items()))


def _tellings(reports: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The observations that count, with what is needed of their reports."""
    documents = reports.filter(pl.col("duplicate_of").is_null()).select(_REPORT_COLUMNS)
    counted = observations.filter((pl.col("status") == "actual") & (pl.col("region_code") != ""))
    told = counted.join(documents, on="report_id", how="inner", validate="m:1")
    by_department = pl.col("issuer_kind") == "department"
    # A report is due by 1 April of the year after the one it is about: the day by which it was known if it bears no date.
    due = pl.date(pl.max_horizontal(pl.col("report_year").fill_null(0), "year") + 1, 4, 1)
    return told.filter(by_department.all().over(KEY) | ~by_department).with_columns(
        pl.coalesce("published_on", "signed_on", due).alias("known_on"),
        pl.when(pl.col("published_on").is_not_null())
        .then(pl.lit("published"))
        .when(pl.col("signed_on").is_not_null())
        .then(pl.lit("signed"))
        .otherwise(pl.lit("estimated"))
        .alias("dated_by"),
    )


def _ranked(tellings: pl.DataFrame) -> pl.DataFrame:
    """The tellings, best first within a key: rules 1 to 6 of `vintages`."""
    later = pl.col("report_year") - pl.col("year")
    scopes = {code: indicator.scope for code, indicator in codebook().indicators.items()}
    exactness = pl.col("comparator").replace_strict(_EXACTNESS, return_dtype=pl.Int64)
    return tellings.sort(
        *KEY,
        pl.when(later == 0).then(0).when(later > 0).then(1).otherwise(2),
        later.abs(),
        pl.col("document_type").replace_strict(_DOCUMENTS, return_dtype=pl.Int64),
        pl.col("scope") != pl.col("code").replace_strict(scopes, default=None, return_dtype=pl.String),
        pl.col("scope").replace_strict(_SCOPES, return_dtype=pl.Int64),
        pl.when(pl.col("value_high").is_not_null()).then(pl.max_horizontal(exactness, 1)).otherwise(exactness),
        -pl.col("published_on").to_physical().cast(pl.Int64),
        "report_id",
        "raw_start",
        "observation_id",
        nulls_last=True,
    )


def _agreement(tellings: pl.DataFrame) -> pl.DataFrame:
    """Per key: vintages, values, observation_ids, agreement."""
    told = pl.struct("value", "value_high")
    in_one_report = told.n_unique().over(*KEY, "report_id")
    return (
        tellings.with_columns(told.alias("told"), in_one_report.alias("in_one_report"))
        .group_by(KEY)
        .agg(
            pl.col("report_id").n_unique().alias("vintages"),
            pl.col("value").unique().sort().alias("values"),
            pl.col("observation_id").sort_by("rank").alias("observation_ids"),
            pl.col("told").n_unique().alias("distinct"),
            pl.col("in_one_report").max(),
        )
        .with_columns(
            pl.when(pl.col("in_one_report") > 1)
            .then(pl.lit("conflict"))
            .when(pl.col("vintages") == 1)
            .then(pl.lit("single"))
            .when(pl.col("distinct") == 1)
            .then(pl.lit("agree"))
            .otherwise(pl.lit("revised"))
            .alias("agreement")
        )
    )
