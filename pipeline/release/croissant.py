"""`croissant.json`: the release for machine learning, in Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html)."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.release.content import file_hash
from pipeline.release.dataset import dataset
from pipeline.release.descriptors import write_json
from pipeline.release.layout import CROISSANT, relative, released_tables, table_files
from pipeline.release.versions import Version
from schemas.derive import polars_schema
from schemas.registry import table

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
PARQUET = "application/x-parquet"
TYPES = {
    pl.String(): "sc:Text",
    pl.Int64(): "sc:Integer",
    pl.Float64(): "sc:Float",
    pl.Boolean(): "sc:Boolean",
    pl.Date(): "sc:Date",
}


def write_croissant(release: Path, version: Version) -> None:
    """Write the descriptor of the Parquet files that stand in a release folder."""
    write_json(release / CROISSANT, croissant(release, version))


def croissant(release: Path, version: Version) -> dict[str, Any]:
    """The descriptor of a release folder: its Parquet files with their hashes, and a record set for each table."""
    about = dataset()
    context = json.loads((resources.files("pipeline.release") / "croissant_context.json").read_text(encoding="utf-8"))
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "name": about.name,
        "alternateName": [about.title_en, about.title_zh],
        "description": f"{about.description_en} {about.description_zh}",
        "conformsTo": CONFORMS_TO,
        "license": about.licence["url"],
        "creator": [{"@type": "sc:Organization", "name": name} for name in about.creators],
        "inLanguage": list(about.languages),
        "keywords": list(about.keywords),
        "version": str(version),
        "datePublished": version.date,
        "citeAs": about.citation(str(version)),
        "isLiveDataset": False,
        "distribution": [node for name in released_tables() for node in _files(release, name)],
        "recordSet": [_record_set(release, name) for name in released_tables()],
    }


def _files(release: Path, name: str) -> list[dict[str, Any]]:
    files = table_files(release, name)
    nodes: list[dict[str, Any]] = [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "description": table(name).description,
            "contentUrl": path,
            "contentSize": f"{(release / path).stat().st_size} B",
            "encodingFormat": PARQUET,
            "sha256": file_hash(release / path),
        }
        for path in relative(release, files)
    ]
    if _is_set(release, name):
        folder = f"data/{name}/"
        node = {"@type": "cr:FileSet", "@id": folder, "name": folder, "encodingFormat": PARQUET, "includes": f"{folder}**/*.parquet"}
        nodes.append(node | {"description": f"{table(name).title}: a file a province and year."})
    return nodes


def _is_set(release: Path, name: str) -> bool:
    return (release / "data" / name).is_dir()


def _record_set(release: Path, name: str) -> dict[str, Any]:
    source = {"fileSet": {"@id": f"data/{name}/"}} if _is_set(release, name) else {"fileObject": {"@id": f"data/{name}.parquet"}}
    columns = table(name).schema.columns
    fields = []
    for column, polars_type in polars_schema(name).items():
        inner = polars_type.inner if isinstance(polars_type, pl.List) else polars_type
        listed = {"isArray": True, "arrayShape": "-1"} if isinstance(polars_type, pl.List) else {}
        fields.append(
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "description": f"{columns[column].title}. {columns[column].description}",
                "dataType": TYPES[inner if isinstance(inner, pl.DataType) else inner()],
                **listed,
                "source": {**source, "extract": {"column": column}},
            }
        )
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table(name).description,
        "key": [{"@id": f"{name}/{column}"} for column in table(name).key],
        "field": fields,
    }
