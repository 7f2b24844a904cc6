"""`datapackage.json`: the release as a Data Package, version 2 (https://datapackage.org), out of the same models as the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.release.content import file_hash
from pipeline.release.dataset import dataset
from pipeline.release.layout import DATABASE, MIRRORED, PACKAGE, csv_file, relative, released_tables, table_files
from pipeline.release.versions import Version
from schemas.derive import polars_schema, unit
from schemas.registry import table
from schemas.version import SCHEMA_VERSION

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
#: https://datapackage.org/standard/table-schema/#field-types
TYPES: Mapping[pl.DataType, str] = {
    pl.String(): "string",
    pl.Int64(): "integer",
    pl.Float64(): "number",
    pl.Boolean(): "boolean",
    pl.Date(): "date",
}


def write_package(release: Path, version: Version) -> None:
    """Write the descriptor of the data files that stand in a release folder."""
    write_json(release / PACKAGE, package(release, version))


def package(release: Path, version: Version) -> dict[str, Any]:
    """The descriptor of a release folder. The database has neither size nor hash in it: its bytes are not the same in every build."""
    about = dataset()
    parquet = [_parquet_resource(release, name) for name in released_tables()]
    mirrors = [_mirror_resource(release, name) for name in MIRRORED]
    database = {
        "name": "database",
        "title": "All tables as one DuckDB database",
        "description": "All tables with their comments, and views and macros over them, for DuckDB 1.5 or newer without extensions.",
        "path": DATABASE,
        "format": "duckdb",
        "mediatype": "application/vnd.duckdb",
    }
    return {
        "$schema": PROFILE,
        "name": about.name,
        "title": f"{about.title_en} / {about.title_zh}",
        "description": f"{about.description_en} {about.description_zh}",
        "version": str(version),
        "schemaVersion": SCHEMA_VERSION,
        "created": f"{version.date}T00:00:00Z",
        "licenses": [{"name": about.licence["name"], "title": about.licence["title"], "path": about.licence["url"]}],
        "contributors": [{"title": name, "roles": ["creator"]} for name in about.creators],
        "keywords": list(about.keywords),
        "resources": [*parquet, *mirrors, database],
    }


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON as all files of a release have it: UTF-8, two blanks, a newline at the end."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _parquet_resource(release: Path, name: str) -> dict[str, Any]:
    files = table_files(release, name)
    single = len(files) == 1
    facts = {"bytes": files[0].stat().st_size, "hash": f"sha256:{file_hash(files[0])}"} if single else {}
    return {
        "name": name.replace("_", "-"),
        "type": "table",
        "title": table(name).title,
        "description": table(name).description,
        "path": relative(release, files)[0] if single else relative(release, files),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **facts,
        "schema": _table_schema(name, {each: each.replace("_", "-") for each in released_tables()}),
    }


def _mirror_resource(release: Path, name: str) -> dict[str, Any]:
    path = csv_file(release, name)
    return {
        "name": f"{name}-csv",
        "type": "table",
        "title": f"{table(name).title} (CSV)",
        "description": f"{table(name).description} Lists are JSON, and an apostrophe stands before what looks like a formula.",
        "path": relative(release, [path])[0],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_hash(path)}",
        "schema": _table_schema(name, {each: f"{each}-csv" for each in MIRRORED}),
    }


def _table_schema(name: str, resources: Mapping[str, str]) -> dict[str, Any]:
    """The Table Schema of a table; `resources` says what the tables that it may point to are called."""
    columns = table(name).schema.columns
    fields = [_field(column_name, columns[column_name], polars_type) for column_name, polars_type in polars_schema(name).items()]
    keys = [
        {"fields": [key.column], "reference": {"resource": resources[key.table], "fields": [key.column_there]}}
        for key in table(name).foreign_keys
        # A Table Schema has no words for the items of a list.
        if key.table in resources and not isinstance(polars_schema(name)[key.column], pl.List)
    ]
    return {"fields": fields, "primaryKey": list(table(name).key), **({"foreignKeys": keys} if keys else {})}


def _field(name: str, column: Any, polars_type: pl.DataType) -> dict[str, Any]:
    constraints = _constraints(column, polars_type)
    return {
        "name": name,
        "type": TYPES.get(polars_type, "array"),
        "title": column.title,
        "description": column.description,
        "unit": unit(column),
        "source": column.metadata["source"],
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(column: Any, polars_type: pl.DataType) -> dict[str, Any]:
    """The checks of a column in the words of Table Schema. An empty text is a missing value there, so only texts that must not be
    empty are required."""
    found: dict[str, Any] = {}
    for check in column.checks:
        facts = check.statistics
        match check.name:
            case "isin":
                found["enum"] = [value for value in facts["allowed_values"] if value != ""]
            case "str_matches":
                found["pattern"] = facts["pattern"]
            case "str_length":
                found["minLength"] = facts["min_value"]
            case "in_range":
                found |= {"minimum": facts["min_value"], "maximum": facts["max_value"]}
            case "greater_than_or_equal_to":
                found["minimum"] = facts["min_value"]
    required = not column.nullable and (polars_type != pl.String() or not _may_be_empty(column.checks))
    return {**({"required": True} if required else {}), **found}


def _may_be_empty(checks: Sequence[Any]) -> bool:
    for check in checks:
        facts = check.statistics
        if check.name == "isin" and "" not in facts["allowed_values"]:
            return False
        if check.name == "str_matches" and not re.match(facts["pattern"], ""):
            return False
        if check.name == "str_length" and facts["min_value"] > 0:
            return False
    return True
