"""The panel looked at as a whole, as Dagster asset checks: one for every kind of finding, one for identities that fail.

They look at what was written and stop nothing: a finding is data, published beside the values. A kind whose findings are only worth
knowing (`info`) tells how many there are and passes. https://docs.dagster.io/guides/test/asset-checks
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipeline.assets.project import Project
from pipeline.assets.writing import preview
from pipeline.panel.findings import KINDS

SEVERITIES = {"error": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN, "info": dg.AssetCheckSeverity.WARN}
SAYS = {
    "rate_over_100": "No rate is above 100 %.",
    "year_out_of_range": "No report tells of a year after its own or long before it.",
    "jump_in_series": "No value is far from the median of its own series.",
    "part_above_whole": "No part is above its whole.",
    "conflict": "How many values are told in several ways by one report.",
    "far_from_peers": "How many values are far from the median of regions of the same level.",
    "unit_change": "How many values are counted otherwise than the rest of their series.",
}


@dg.multi_asset_check(
    name="findings_by_kind",
    specs=[dg.AssetCheckSpec(kind, asset="findings", description=SAYS[kind]) for kind in KINDS],
)
def findings_by_kind(project: Project) -> Iterator[dg.AssetCheckResult]:
    """One result a kind of finding, with the findings as evidence."""
    found = project.lake.read("findings")
    for kind, severity in KINDS.items():
        rows = found.filter(pl.col("kind") == kind).drop("finding_id", "kind")
        yield _result("findings", kind, severity, rows, passed=severity == "info" or rows.is_empty())


@dg.asset_check(asset="audits", description="Every identity among a report's own numbers holds, as far as it can be told.")
def identities_hold(project: Project) -> dg.AssetCheckResult:
    """The identities that fail, over all collections."""
    return _failing(project, "audits", "identities_hold")


@dg.asset_check(asset="growth_checks", description="Growth that reports tell agrees with the earlier year's reports.")
def growth_agrees(project: Project) -> dg.AssetCheckResult:
    """The growth rates that fail."""
    return _failing(project, "growth_checks", "growth_agrees")


def _failing(project: Project, name: str, check: str) -> dg.AssetCheckResult:
    rows = project.lake.read(name).filter(pl.col("verdict") == "fails")
    return _result(name, check, "warning", rows, passed=rows.is_empty())


def _result(asset: str, check: str, severity: str, rows: pl.DataFrame, *, passed: bool) -> dg.AssetCheckResult:
    metadata = {"rows": dg.MetadataValue.int(rows.height), "evidence": dg.MetadataValue.md(preview(rows))}
    return dg.AssetCheckResult(
        asset_key=asset, check_name=check, passed=passed, severity=SEVERITIES[severity], metadata=metadata if rows.height else {}
    )


CHECKS = [findings_by_kind, identities_hold, growth_agrees]
