"""The sensor that keeps the lake at what lies in `data/raw/`: a new or changed folder becomes a partition and a run.

https://docs.dagster.io/guides/automate/sensors
"""

import dagster as dg

from pipeline.assets.freshness import freshness
from pipeline.assets.project import COLLECTIONS, Project

# A person who copies files into data/raw/ sees them read within this time.
SECONDS = 20


def collections_sensor(job: str, summary: list[str]) -> dg.SensorDefinition:
    """A sensor that asks for runs of the job `job`: for collections that are out of date, else for its `summary` assets if these are."""

    @dg.sensor(
        name="new_and_changed_collections",
        job_name=job,
        minimum_interval_seconds=SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks for new, changed and removed folders in data/raw/.",
    )
    def new_and_changed_collections(context: dg.SensorEvaluationContext, project: Project) -> dg.SensorResult:
        found = freshness(project.raw_folder, project.lake)
        known = set(context.instance.get_dynamic_partitions(str(COLLECTIONS.name)))
        added, removed = sorted(set(found.present) - known), sorted(known - set(found.present))
        requests = [dg.RunRequest(run_key=f"{name}:{found.versions[name]}", partition_key=name) for name in found.stale]
        if not requests and found.summary_stale:
            requests = [dg.RunRequest(run_key=f"summary:{found.summary_version}", asset_selection=[dg.AssetKey(name) for name in summary])]
        return dg.SensorResult(
            run_requests=requests,
            dynamic_partitions_requests=[
                *([COLLECTIONS.build_add_request(added)] if added else []),
                *([COLLECTIONS.build_delete_request(removed)] if removed else []),
            ],
        )

    return new_and_changed_collections
