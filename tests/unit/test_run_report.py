"""What `fazhi run` counts of the checks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import dagster as dg

from pipeline.commands.run import Report, _record


def test_a_check_that_only_warns_is_not_told_as_failed() -> None:
    evaluations = [
        SimpleNamespace(passed=True, severity=dg.AssetCheckSeverity.ERROR),
        SimpleNamespace(passed=False, severity=dg.AssetCheckSeverity.WARN),
        SimpleNamespace(passed=False, severity=dg.AssetCheckSeverity.ERROR),
    ]
    result = SimpleNamespace(get_asset_check_evaluations=lambda: evaluations, all_events=[], success=True)
    report = Report()
    _record(cast(Any, result), "collection seeds", report)
    assert (report.passed, report.warned, report.failed, report.errors) == (1, 1, 1, [])
