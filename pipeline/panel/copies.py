"""Which reports of all collections are another copy of an earlier one."""

from __future__ import annotations

import polars as pl

from pipeline.clean.duplicates import near_duplicates
from pipeline.tables import frame


def duplicates(reports: pl.DataFrame, raw_files: pl.DataFrame) -> pl.DataFrame:
    """The table `duplicates` of all reports: of several copies the earliest counts, by day of retrieval, collection and path.

    A file of unknown day comes after those of a known one, as in `manifest.kept_files`; so which copy counts follows from the manifests
    alone, whatever was read first. Copies whose metadata name two regions are no copies: a county that passes on its province's plan
    word for word makes it its own. Needed: reports report_id, region_code, body; raw_files report_id, retrieved_at, collection, path.
    """
    delivered = raw_files.filter(pl.col("report_id").is_not_null()).sort(pl.col("retrieved_at") == "", "retrieved_at", "collection", "path")
    place = {report: row for row, report in enumerate(reports.get_column("report_id"))}
    bodies, regions = reports.get_column("body"), dict(reports.select("report_id", "region_code").iter_rows())

    def may_be_one(first: str, second: str) -> bool:
        return not regions[first] or not regions[second] or regions[first] == regions[second]

    found = near_duplicates(
        (report for report in delivered.get_column("report_id") if report in place), lambda report: bodies[place[report]], may_be_one
    )
    return frame(
        "duplicates",
        [
            {
                "report_id": copy.report,
                "duplicate_of": copy.original,
                "kind": copy.kind,
                "text_share": copy.text_share,
                "number_share": copy.number_share,
            }
            for copy in found
        ],
    )


def marked(reports: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """`reports` (any columns, report_id among them) with `duplicate_of` as the table `duplicates` has it."""
    told = dict(copies.select("report_id", "duplicate_of").iter_rows())
    return reports.with_columns(pl.col("report_id").replace_strict(told, default=None, return_dtype=pl.String).alias("duplicate_of"))
