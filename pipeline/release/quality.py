"""What QUALITY.md tells of a release: how right it is, where it contradicts itself, what it leaves out and why."""

from __future__ import annotations

from typing import Any

import duckdb

SHOWN = 50
QUERIES = {
    "files": "SELECT status, count(*) AS number FROM raw_files GROUP BY ALL ORDER BY status",
    "quarantined": "SELECT collection, path, reason FROM raw_files WHERE status = 'quarantined' ORDER BY collection, path",
    "issues": "SELECT kind, severity, count(*) AS number FROM issues GROUP BY ALL ORDER BY number DESC, kind, severity",
    "types": "SELECT document_type, count(*) AS number, count(*) FILTER (region_code = '') AS without_region, "
    "count(*) FILTER (report_year IS NULL) AS without_year FROM reports WHERE duplicate_of IS NULL GROUP BY ALL ORDER BY document_type",
    "audits": "SELECT kind, count(*) FILTER (verdict = 'holds') AS holds, count(*) FILTER (verdict = 'fails') AS fails, "
    "count(*) FILTER (verdict = 'incomplete') AS incomplete FROM audits GROUP BY ALL ORDER BY kind",
    "failed": "SELECT audits.audit_id, reports.title, audits.expression, audits.difference FROM audits JOIN reports USING (report_id) "
    f"WHERE audits.verdict = 'fails' ORDER BY audits.audit_id LIMIT {SHOWN}",
    "growth": "SELECT verdict, count(*) AS number FROM growth_checks GROUP BY ALL ORDER BY verdict",
    "agreement": "SELECT agreement, count(*) AS number FROM panel GROUP BY ALL ORDER BY agreement",
    "coverage": "SELECT coverage, count(*) AS number FROM coverage GROUP BY ALL ORDER BY coverage",
    "findings": "SELECT kind, severity, count(*) AS number FROM findings GROUP BY ALL ORDER BY kind, severity",
    "untold": "SELECT code, name_zh, name_en FROM indicators WHERE code NOT IN (SELECT code FROM observations) ORDER BY code",
    "evaluation": "SELECT * FROM evaluation ORDER BY ALL",
    "corrections": "SELECT * FROM corrections ORDER BY ALL",
}


def quality(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the template QUALITY.md is filled with, out of the tables of the database in use."""
    return {name: connection.execute(sql).to_arrow_table().to_pylist() for name, sql in QUERIES.items()}
