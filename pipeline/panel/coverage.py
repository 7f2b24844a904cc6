"""What a region's reports tell and what they leave out: zero is a value, absence is not."""

from __future__ import annotations

from pathlib import PurePosixPath

import polars as pl

from pipeline.tables import in_order
from schemas.derive import polars_schema

#: Documents that account for a year; a plan does not.
ACCOUNTS = ("annual_report", "work_report", "case", "other")
_PLACES = {"annual_report": 0, "work_report": 1, "case": 2, "other": 3}


def coverage(reports: pl.DataFrame, raw_files: pl.DataFrame, panel: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """The table `coverage`: a row for every region that has a report, every year from its first to its last, and every indicator in use.

    `reported` wherever the panel has a value (a later report may restate a year that has no report of its own); else what the year's own
    report, an unreadable file or a gap says of all indicators alike. Years: those of the region's reports, of its unreadable files and
    those between. A quarantined file has no text, so its region and year are what its name tells; where the name tells neither, the file
    stands in `raw_files` alone. Of the tables given these columns are needed: reports report_id, region_code, report_year, document_type,
    issuer_kind, duplicate_of; raw_files path, status; panel region_code, code, year; indicators code, superseded_by.
    """
    own = _own_reports(reports)
    years = _years(own, _unreadable(raw_files))
    codes = indicators.filter(pl.col("superseded_by").is_null()).select("code")
    told = panel.select("region_code", "year", "code", pl.lit(True).alias("told"))
    rows = years.join(codes, how="cross").join(told, on=["region_code", "year", "code"], how="left")
    rows = rows.with_columns(pl.when("told").then(pl.lit("reported")).otherwise("state").alias("coverage"))
    schema = polars_schema("coverage")
    return in_order("coverage", rows.select(pl.col(name).cast(polars_type) for name, polars_type in schema.items()))


def _own_reports(reports: pl.DataFrame) -> pl.DataFrame:
    """The one report a region has of a year: region_code, year, report_id. A department's only where the government has none."""
    counted = reports.filter(
        pl.col("duplicate_of").is_null()
        & (pl.col("region_code") != "")
        & pl.col("report_year").is_not_null()
        & pl.col("document_type").is_in(ACCOUNTS)
    )
    rank = pl.col("document_type").replace_strict(_PLACES, return_dtype=pl.Int64)
    return (
        counted.sort(pl.col("issuer_kind") == "department", rank, "report_id")
        .unique(["region_code", "report_year"], keep="first", maintain_order=True)
        .select("region_code", pl.col("report_year").alias("year"), "report_id")
    )


def _years(own: pl.DataFrame, unreadable: pl.DataFrame) -> pl.DataFrame:
    """Every year of every region: region_code, year, report_id, state."""
    known = unreadable.join(own, on="region_code", how="semi")
    ends = pl.concat([own.select("region_code", "year"), known]).group_by("region_code")
    spans = ends.agg(pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
    years = spans.select("region_code", pl.int_ranges("first", pl.col("last") + 1).alias("year")).explode("year")
    found = years.join(own, on=["region_code", "year"], how="left").join(
        known.with_columns(pl.lit(True).alias("unreadable")), on=["region_code", "year"], how="left"
    )
    state = (
        pl.when(pl.col("report_id").is_not_null())
        .then(pl.lit("not_mentioned"))
        .when("unreadable")
        .then(pl.lit("unreadable"))
        .otherwise(pl.lit("no_report"))
    )
    return found.select("region_code", "year", "report_id", state.alias("state"))


def _unreadable(raw_files: pl.DataFrame) -> pl.DataFrame:
    """The quarantined files whose names tell region and year: region_code, year, distinct."""
    found = {_named(path) for path in raw_files.filter(pl.col("status") == "quarantined").get_column("path")}
    rows = sorted(each for each in found if each is not None)
    return pl.DataFrame(rows, schema={"region_code": pl.String, "year": pl.Int64}, orient="row")


def _named(path: str) -> tuple[str, int] | None:
    """Region and report year as the name of a file tells them, by the rules that hold for all reports."""
    from pipeline.parse import metadata
    from pipeline.records import Body, Cleaned, OffsetMap

    nothing = Cleaned(Body("", OffsetMap((0,), (0,), (0,))), (), (), "hans")
    found = metadata(nothing, [], PurePosixPath(path).name, "").metadata
    return (found.region_code, found.report_year) if found.region_code and found.report_year else None
