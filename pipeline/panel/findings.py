"""What looks wrong in the panel as a whole. A finding changes no value; it is published with its evidence.

Every check is a function from frames to rows of the table `findings`; `KINDS` says how severe its findings are. The thresholds are wide on
purpose: government series do jump, and a finding should be worth a look.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from pipeline.tables import in_order
from schemas.derive import polars_schema

#: How severe the findings of each kind are; the asset checks report them so.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "rate_over_100": "error",
        "year_out_of_range": "error",
        "jump_in_series": "warning",
        "part_above_whole": "warning",
        "conflict": "info",
        "far_from_peers": "info",
        "unit_change": "info",
    }
)
#: A value is far from others if it is so many times their median, and so many of their (normal-consistent) median deviations away.
JUMP_TIMES, JUMP_DEVIATIONS, JUMP_YEARS = 5.0, 4.0, 4
PEER_TIMES, PEER_DEVIATIONS, PEER_REGIONS = 30.0, 5.0, 8
#: The factor that makes a median absolute deviation the standard deviation of a normal distribution.
NORMAL = 1.4826
#: Reports review a term of government (five years) or a plan and its predecessor, rarely more.
YEARS_BACK = 11

_SERIES = ["region_code", "code"]
_KEY = ["region_code", "code", "year"]


def findings(
    panel: pl.DataFrame,
    vintages: pl.DataFrame,
    observations: pl.DataFrame,
    quantities: pl.DataFrame,
    indicators: pl.DataFrame,
    regions: pl.DataFrame,
) -> pl.DataFrame:
    """The table `findings` of the tables given. Of `observations` the columns observation_id, quantity_id are needed, of `quantities`
    quantity_id, unit."""
    found = [
        jumps_in_series(panel),
        far_from_peers(panel, regions),
        rates_over_100(panel, indicators),
        parts_above_wholes(panel, _parts()),
        years_out_of_range(vintages),
        unit_changes(panel, observations, quantities),
        conflicts(panel),
    ]
    schema = polars_schema("findings")
    return in_order("findings", pl.concat(found).select(pl.col(name).cast(polars_type) for name, polars_type in schema.items()))


def _rows(found: pl.DataFrame, kind: str, message: pl.Expr, *, expected: str = "", others: str = "", about: str = "") -> pl.DataFrame:
    """Findings of one kind; `expected`, `others` (more evidence) and `about` (what tells findings of one panel row apart) name columns."""
    parts = [pl.lit(kind), "region_code", pl.col("year").cast(pl.String), "code", *([pl.col(about)] if about else [])]
    evidence = [pl.concat_list("observation_id"), *([pl.col(others)] if others else [])]
    return found.select(
        pl.concat_str(parts, separator="-").alias("finding_id"),
        pl.lit(kind).alias("kind"),
        pl.lit(KINDS[kind]).alias("severity"),
        *_KEY,
        "value",
        (pl.col(expected) if expected else pl.lit(None, dtype=pl.Float64)).alias("expected"),
        message.alias("message"),
        pl.concat_list(evidence).alias("observation_ids"),
    )


def _plain(name: str) -> pl.Expr:
    """A number as a person writes it: at most four significant decimals, no trailing `.0`."""
    return pl.col(name).round_sig_figs(6).cast(pl.String).str.replace(r"\.0$", "")


def _far(found: pl.DataFrame, group: list[str], times: float, deviations: float, members: int) -> pl.DataFrame:
    """The rows of `found` whose log value is far from the median of the others in their group, with `median`, `times`, `others`."""
    logs = found.filter(pl.col("value") > 0).with_columns(pl.col("value").log().alias("log"))
    middle = logs.with_columns(
        pl.col("log").median().over(group).alias("middle"),
        pl.col("value").median().over(group).alias("median"),
        pl.len().over(group).alias("members"),
    )
    spread = middle.with_columns((pl.col("log") - pl.col("middle")).abs().alias("away"))
    limit = pl.max_horizontal(pl.lit(math.log(times)), deviations * NORMAL * pl.col("away").median().over(group))
    return spread.filter((pl.col("members") >= members) & (pl.col("away") > limit)).with_columns(
        (pl.col("value") / pl.col("median")).alias("times"),
        (pl.col("members") - 1).alias("others"),
    )


def jumps_in_series(panel: pl.DataFrame) -> pl.DataFrame:
    """Values far from the median of their own series; zero is a value of its own and is not compared."""
    found = _far(panel, _SERIES, JUMP_TIMES, JUMP_DEVIATIONS, JUMP_YEARS)
    message = pl.format(
        "{} {} is {} times the median of the series ({}, with {} other years)",
        _plain("value"),
        "unit",
        _plain("times"),
        _plain("median"),
        "others",
    )
    return _rows(found, "jump_in_series", message, expected="median")


def far_from_peers(panel: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Values far from the median of the regions of the same level in the same year."""
    levels = (
        regions.sort("region_code", "valid_from").unique("region_code", keep="last", maintain_order=True).select("region_code", "level")
    )
    found = _far(panel.join(levels, on="region_code"), ["code", "year", "level"], PEER_TIMES, PEER_DEVIATIONS, PEER_REGIONS)
    message = pl.format(
        "{} {} is {} times the median of {} other regions of level {} ({})",
        _plain("value"),
        "unit",
        _plain("times"),
        "others",
        "level",
        _plain("median"),
    )
    return _rows(found, "far_from_peers", message, expected="median")


def rates_over_100(panel: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Rates in % above 100 %."""
    rates = indicators.filter((pl.col("value_type") == "rate") & (pl.col("unit") == "%")).select("code")
    highest = pl.coalesce("value_high", "value")
    found = panel.join(rates, on="code", how="semi").filter(highest > 100).with_columns(pl.lit(100.0).alias("limit"))
    return _rows(found, "rate_over_100", pl.format("{}% is more than 100%", _plain("value")), expected="limit")


def _parts() -> pl.DataFrame:
    """The indicators that are parts of others for certain: code, whole. Bounds of `schemas/data/identities.yaml` with one whole."""
    from pipeline.audit.identities import identities

    sure = [each for each in identities() if each.kind == "bound" and each.may_fail and len(each.others) == 1]
    sums = [(part, each.one) for each in identities() if each.kind == "sum" for part in each.others]
    pairs = sorted({*((each.one, each.others[0]) for each in sure), *sums})
    return pl.DataFrame(pairs, schema={"code": pl.String, "whole": pl.String}, orient="row")


def parts_above_wholes(panel: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Exact values above the exact value of an indicator that contains theirs. `parts` has the columns code and whole."""
    exact = panel.filter((pl.col("comparator") == "eq") & pl.col("value_high").is_null())
    wholes = exact.select(
        "region_code",
        "year",
        pl.col("code").alias("whole"),
        pl.col("value").alias("whole_value"),
        pl.concat_list("observation_id").alias("whole_observations"),
    )
    found = exact.join(parts, on="code").join(wholes, on=["region_code", "year", "whole"]).filter(pl.col("value") > pl.col("whole_value"))
    message = pl.format("{} {} is more than {} of {}, which contains it", _plain("value"), "unit", _plain("whole_value"), "whole")
    return _rows(found, "part_above_whole", message, expected="whole_value", others="whole_observations", about="whole")


def years_out_of_range(vintages: pl.DataFrame) -> pl.DataFrame:
    """Tellings of a year after the report's own, or long before it."""
    own = pl.col("report_year")
    found = vintages.filter((pl.col("year") > own) | (pl.col("year") < own - YEARS_BACK)).with_columns(own.cast(pl.Float64).alias("own"))
    message = pl.format("an actual value of {} in a report about {}", "year", "report_year")
    return _rows(found, "year_out_of_range", message, expected="own", about="observation_id")


def unit_changes(panel: pl.DataFrame, observations: pl.DataFrame, quantities: pl.DataFrame) -> pl.DataFrame:
    """Values whose text counts otherwise than most years of the series: occasions instead of things (`人次` among `人`, `件次` among `件`).

    Measure words of the same things (`件`, `宗`; `家`, `户`) are no change: the codebook's `accepted_units` mean one unit.
    """
    told = panel.join(observations.select("observation_id", "quantity_id"), on="observation_id").join(
        quantities.select("quantity_id", pl.col("unit").alias("told")), on="quantity_id"
    )
    occasions = pl.col("told").str.ends_with("次")
    counts = told.group_by(*_SERIES, "told").agg(pl.len().alias("years"))
    ordered = counts.sort(*_SERIES, "years", "told", descending=[False, False, True, False])
    usual = ordered.unique(_SERIES, keep="first", maintain_order=True).select(*_SERIES, pl.col("told").alias("usual"), "years")
    found = told.join(usual, on=_SERIES).filter((occasions != pl.col("usual").str.ends_with("次")) & (pl.col("years") > 1))
    message = pl.format("told in {}, while {} other years of the series are told in {}", "told", "years", "usual")
    return _rows(found, "unit_change", message)


def conflicts(panel: pl.DataFrame) -> pl.DataFrame:
    """Rows of which one report tells several values."""
    found = panel.filter(pl.col("agreement") == "conflict").with_columns(
        pl.col("observation_ids").list.slice(1).alias("rest"),
        pl.col("values").list.eval(pl.element().round_sig_figs(6).cast(pl.String).str.replace(r"\.0$", "")).list.join(", ").alias("told"),
    )
    return _rows(found, "conflict", pl.format("one report tells several values: {}", "told"), others="rest")
