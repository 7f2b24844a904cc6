"""How fast the panel is made and its views answer on a lake of a million observations (synthetic: 2,800 counties, 10 years, 36 indicators).

`python -m benchmarks.panel_views [OBSERVATIONS]` prints a line a step and view: milliseconds, the best of three. Budget: 100 ms a view.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import polars as pl

from pipeline.lake import Lake, LakeSettings, open_lake
from pipeline.panel import coverage, panel_of, reference_frame, vintages
from schemas.derive import example, polars_schema
from schemas.views import views

OBSERVATIONS = 1_000_000
CODES, FIRST_YEAR, YEARS = 36, 2014, 10
BUDGET = 100.0
REGION, CODE = "330783", "reconsideration.applications"

#: What an analyst asks of each view: the whole where it is a summary, one region's, indicator's or report's rows where it is a listing.
QUESTIONS = {
    "region_spells": "FROM region_spells",
    "panel_labelled": f"FROM panel_labelled WHERE region_code = '{REGION}'",
    "evidence": f"FROM evidence WHERE region_code = '{REGION}' AND code = '{CODE}'",
    "by_region": "FROM by_region",
    "by_indicator": "FROM by_indicator",
    "by_theme": "FROM by_theme",
    "latest": f"FROM latest WHERE code = '{CODE}'",
    "growth": f"FROM growth WHERE code = '{CODE}'",
    "province_rollup": "FROM province_rollup",
    "series_by_division": f"FROM series_by_division WHERE code = '{CODE}'",
    "series_by_code": f"FROM series_by_code WHERE region_code = '{REGION}'",
    "panel_vintages": f"FROM panel_vintages WHERE region_code = '{REGION}'",
    "target_progress": "FROM target_progress",
    "coverage_by_year": "FROM coverage_by_year",
    "failed_audits": "FROM failed_audits",
    "panel_as_of": "SELECT count(*), sum(value) FROM panel_as_of('2019-06-30')",
    "series_of": f"FROM series_of('{REGION}', '{CODE}')",
    "panel_wide": f"FROM panel_wide(['{CODE}', 'reconsideration.concluded'])",
}


def main() -> None:
    """Build the lake in a temporary folder and print the times."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else OBSERVATIONS
    with tempfile.TemporaryDirectory() as folder, open_lake(LakeSettings.from_environment(Path(folder))) as lake:
        build(lake, wanted)
        times = {name: best(partial(lake.query, sql)) for name, sql in QUESTIONS.items()}
        missing = {view.name for view in views([])} - times.keys()
    for name, milliseconds in times.items():
        print(f"{name:<20} {milliseconds:>8.1f} ms{'' if milliseconds <= BUDGET else '   over the budget'}")
    if missing:
        raise SystemExit(f"no question is asked of {', '.join(sorted(missing))}: add it to QUESTIONS")


def build(lake: Lake, wanted: int) -> None:
    """Fill a lake with synthetic reports and observations and what is made from them."""
    indicators, regions = reference_frame("indicators"), reference_frame("regions")
    reports = synthetic_reports(regions, wanted)
    observations = synthetic_observations(reports, indicators)
    with timed(f"vintages of {observations.height:,} observations"):
        told = vintages(reports, observations)
    with timed("panel"):
        panel = panel_of(told)
    with timed("coverage"):
        covered = coverage(reports, pl.DataFrame(schema=polars_schema("raw_files")), panel, indicators)
    with timed("writing"):
        lake.replace({"reports": reports, "observations": observations}, collection="bench", input_version="1", message="synthetic")
        lake.replace(
            {"indicators": indicators, "regions": regions, "panel": panel, "vintages": told, "coverage": covered},
            collection=None,
            input_version="1",
            message="synthetic",
        )


def synthetic_reports(regions: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """A report a county and year, as many as `wanted` observations need."""
    counties = (
        regions.filter((pl.col("level") == "county") & pl.col("valid_to").is_null()).select("region_code").unique().sort("region_code")
    )
    years = pl.DataFrame({"report_year": list(range(FIRST_YEAR, FIRST_YEAR + YEARS))})
    # One observation in eight is told again by the next year's report.
    count = max(1, wanted * 8 // 9 // CODES)
    own = years.join(counties, how="cross").head(count).sort("region_code", "report_year")
    number = pl.int_range(pl.len())
    changes = {
        "collection": pl.lit("bench"),
        "report_id": number.cast(pl.String).str.zfill(16),
        "region_code": pl.col("region_code"),
        "report_year": pl.col("report_year"),
        "published_on": pl.date(pl.col("report_year") + 1, 3, 1 + number % 28),
        "signed_on": pl.lit(None, dtype=pl.Date),
        "body": pl.lit("正文"),
    }
    return _filled("reports", own, changes)


def synthetic_observations(reports: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Values of `CODES` indicators a report; every ninth telling is of the year before."""
    additive = indicators.sort("code").get_column("code").to_list()
    codes = [CODE, "reconsideration.concluded", *(code for code in additive if not code.startswith("reconsideration."))][:CODES]
    every = reports.select("report_id", "region_code", "report_year").join(
        pl.DataFrame({"code": codes, "raw_start": [place * 40 for place in range(CODES)]}), how="cross"
    )
    own = every.with_columns(pl.col("report_year").alias("year"))
    again = every.filter(pl.col("raw_start") % 320 == 0).with_columns((pl.col("report_year") - 1).alias("year"), pl.col("raw_start") + 10)
    value = (pl.col("region_code").hash(1) % 900 + pl.col("code").hash(2) % 90 + pl.col("year")).cast(pl.Float64)
    rows = pl.concat([own, again]).with_columns(pl.concat_str("report_id", pl.lit("-"), "raw_start").alias("quantity_id"))
    changes = {
        "collection": pl.lit("bench"),
        "observation_id": pl.concat_str("quantity_id", pl.lit("-"), "code"),
        **{name: pl.col(name) for name in ("report_id", "quantity_id", "region_code", "code", "year", "raw_start")},
        "raw_end": pl.col("raw_start") + len(str(example("observations")["quote"])),
        "value": value,
    }
    return _filled("observations", rows, changes)


def _filled(name: str, rows: pl.DataFrame, changes: dict[str, pl.Expr]) -> pl.DataFrame:
    """Rows of a table: the columns given, and those of its example row."""
    row = example(name)
    return rows.select(
        changes.get(column, pl.lit(row[column], dtype=polars_type)).cast(polars_type).alias(column)
        for column, polars_type in polars_schema(name).items()
    )


def best(ask: Callable[[], object], times: int = 3) -> float:
    """Milliseconds of the fastest of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a step took."""
    start = time.perf_counter()
    yield
    print(f"{what:<44} {time.perf_counter() - start:>8.2f} s")


if __name__ == "__main__":
    main()
