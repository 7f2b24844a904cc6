"""What governments set out to reach, beside what they have reached."""

from __future__ import annotations

import polars as pl

from pipeline.tables import in_order
from schemas.derive import polars_schema

#: How many of a region's latest values the slope is drawn through.
SLOPE_VALUES = 5
#: A target told without a comparator is one to reach, unless it is a time: `审批时间80天` is one to keep to.
TIMES = ("天", "日", "个工作日", "工作日", "小时", "分钟", "秒", "年", "个月")
_LARGE = float("inf")


def targets(reports: pl.DataFrame, observations: pl.DataFrame, panel: pl.DataFrame) -> pl.DataFrame:
    """The table `targets`: every target of a region and indicator, with the panel's latest value up to the horizon.

    Targets of duplicate reports and of unknown regions are left out. Of `reports` the columns report_id and duplicate_of are needed.
    """
    originals = reports.filter(pl.col("duplicate_of").is_null()).select("report_id")
    told = observations.filter((pl.col("status") == "target") & (pl.col("region_code") != "")).join(originals, on="report_id", how="semi")
    rows = told.join(_actuals(told, panel), on="observation_id", how="left").with_columns(_met(), _trend())
    schema = polars_schema("targets")
    return in_order("targets", rows.select(pl.col(name).cast(polars_type) for name, polars_type in schema.items()))


def _actuals(told: pl.DataFrame, panel: pl.DataFrame) -> pl.DataFrame:
    """Per target: the latest actual not after the horizon, and the slope of the last values up to it."""
    values = panel.select(
        "region_code",
        "code",
        pl.col("year").alias("actual_year"),
        pl.col("value").alias("actual"),
        pl.col("value_high").alias("actual_high"),
        pl.col("comparator").alias("actual_comparator"),
        pl.col("observation_id").alias("actual_observation_id"),
    )
    pairs = told.select("observation_id", "region_code", "code", "year").join(values, on=["region_code", "code"])
    latest = (
        pairs.filter(pl.col("actual_year") <= pl.col("year"))
        .sort("observation_id", "actual_year", descending=[False, True])
        .group_by("observation_id", maintain_order=True)
        .head(SLOPE_VALUES)
    )
    slopes = (
        latest.join(latest, on="observation_id", suffix="_before")
        .filter(pl.col("actual_year_before") < pl.col("actual_year"))
        .group_by("observation_id")
        .agg(
            ((pl.col("actual") - pl.col("actual_before")) / (pl.col("actual_year") - pl.col("actual_year_before"))).median().alias("slope")
        )
    )
    first = latest.unique("observation_id", keep="first", maintain_order=True)
    return first.drop("region_code", "code", "year").join(slopes, on="observation_id", how="left")


def _met() -> pl.Expr:
    """Whether the actual, as far as its own comparator says where it lies, meets the target."""
    how, low_end = pl.col("actual_comparator"), pl.col("actual")
    low = pl.when(how.is_in(["lt", "le"])).then(-_LARGE).otherwise(low_end)
    high = pl.when(how.is_in(["gt", "ge"])).then(_LARGE).otherwise(pl.coalesce("actual_high", "actual"))
    keep_to = pl.col("comparator").is_in(["lt", "le"]) | (pl.col("comparator").is_in(["eq", "approx"]) & pl.col("unit").is_in(TIMES))
    limit = pl.when(keep_to).then(pl.coalesce("value_high", "value")).otherwise(pl.col("value"))
    strictly = pl.col("comparator").is_in(["gt", "lt"])
    reached = pl.when(strictly).then((low > limit) | ((how == "gt") & (low >= limit))).otherwise(low >= limit)
    kept = pl.when(strictly).then((high < limit) | ((how == "lt") & (high <= limit))).otherwise(high <= limit)
    missed = pl.when(keep_to).then(low > limit).otherwise(high < limit)
    return pl.when(pl.when(keep_to).then(kept).otherwise(reached)).then(True).when(missed | low.eq(high)).then(False).alias("met")


def _trend() -> pl.Expr:
    slope = pl.col("slope")
    return (
        pl.when(slope.is_null())
        .then(pl.lit("unknown"))
        .when(slope > 0)
        .then(pl.lit("rising"))
        .when(slope < 0)
        .then(pl.lit("falling"))
        .otherwise(pl.lit("steady"))
        .alias("trend")
    )
