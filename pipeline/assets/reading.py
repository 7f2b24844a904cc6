"""From raw files to reports: the assets `raw_files` and `reports`, of one collection, in one transaction.

They are one step, because a file's row in `raw_files` says what became of it: so no state of the lake has one without the other.
"""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipeline.assets import laws
from pipeline.assets.project import COLLECTIONS, Project
from pipeline.assets.writing import Check, Made, Outcome, finish, read_if_current

TABLES = {"raw_files": ("raw_files",), "reports": ("reports", "raw_texts", "sections", "issues")}
SCHEMA = [
    Check(asset, "schema", f"{', '.join(names)} meet their pandera models.", partial(laws.breaks_schema, names))
    for asset, names in TABLES.items()
]
LAW_1 = dg.AssetCheckSpec("every_file_once", asset="raw_files", description=laws.breaks_law_1.__doc__, blocking=True)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "raw_files", description="Every delivered file: parsed, a duplicate, or quarantined with the reason.", group_name="reading"
        ),
        dg.AssetSpec(
            "reports", deps=["raw_files"], description="The documents: metadata, body, sections, and the raw text.", group_name="reading"
        ),
    ],
    check_specs=[LAW_1, *(check.spec for check in SCHEMA)],
    partitions_def=COLLECTIONS,
)
def reading(context: dg.AssetExecutionContext, project: Project) -> Iterator[Outcome]:
    """Read a collection's files into reports."""
    from pipeline import batch, corrections, manifest, versions

    collections = manifest.scan_all(project.raw_folder)
    if context.partition_key not in collections:
        raise dg.Failure(f"There is no folder data/raw/{context.partition_key}: put it back, or delete the partition.")
    collection, kept = collections[context.partition_key], manifest.kept_files(collections.values())
    version = versions.input_version(versions.fingerprint(collection, kept, corrections.read(project.raw_folder)))
    names = [name for own in TABLES.values() for name in own]
    law_1 = Check("raw_files", LAW_1.name, "", partial(laws.breaks_law_1, collection.entries))
    lake = project.lake
    found = read_if_current(lake, names, collection.name, version)
    made = batch.read_entries(collection.entries, kept, partial(manifest.read_file, collection)) if found is None else found
    yield from finish(context, lake, TABLES, [law_1, *SCHEMA], Made(made, version, found is not None))
