"""Everything Dagster knows of the project, assembled in one place. `dagster dev` loads `defs`; tests and the command line build their own.

https://docs.dagster.io/api/dagster/definitions
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipeline.assets import longitudinal, summary
from pipeline.assets.counting import quantities
from pipeline.assets.meaning import meaning
from pipeline.assets.project import Project
from pipeline.assets.reading import reading
from pipeline.assets.release import release
from pipeline.assets.sensor import collections_sensor
from pipeline.lake import LakeSettings
from pipeline.manifest import project_root

OF_A_COLLECTION = [reading, quantities, meaning]
OF_ALL = summary.ASSETS


def build_definitions(
    root: Path, settings: LakeSettings | None = None, executor: dg.ExecutorDefinition = dg.in_process_executor
) -> dg.Definitions:
    """The assets, checks, jobs and the sensor of the project in `root`.

    `settings` says where the lake is (default: as `LakeSettings.from_environment`); `executor` may be `dagster.multiprocess_executor`.
    """
    lake = settings or LakeSettings.from_environment(root)
    partitioned = dg.AssetSelection.assets(*OF_A_COLLECTION)
    refresh = dg.define_asset_job(
        "refresh",
        selection=partitioned | dg.AssetSelection.assets(*OF_ALL),
        description="One collection, and all that is made from all collections.",
    )
    collection = dg.define_asset_job("collection", selection=partitioned, description="One collection alone.")
    return dg.Definitions(
        assets=[*OF_A_COLLECTION, *OF_ALL, release],
        asset_checks=longitudinal.CHECKS,
        jobs=[refresh, collection],
        sensors=[collections_sensor("refresh", [table.name for table in summary.TABLES])],
        resources={"project": Project(root=str(root), catalog=lake.catalog, data_path=lake.data_path)},
        executor=executor,
    )


defs = build_definitions(project_root())
