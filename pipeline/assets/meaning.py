"""From numbers to what they mean: the assets `observations` and `audits`, of one collection, in one transaction.

They are one step, because an audit looks at the observations as the coder made them, with their place in the body.
"""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipeline.assets import laws
from pipeline.assets.project import COLLECTIONS, Project
from pipeline.assets.writing import Check, Made, Outcome, finish, read, read_if_current, version_of

TABLES = {"observations": ("observations", "near_misses"), "audits": ("audits",)}
READS = ("reports", "raw_texts", "sections", "quantities", "corrections")
CHECKS = [
    *(Check(asset, "schema", f"{asset} meets its pandera model.", partial(laws.breaks_schema, names)) for asset, names in TABLES.items()),
    Check("observations", "quotes_are_in_the_file", laws.breaks_law_3.__doc__ or "", partial(laws.breaks_law_3, "observations")),
    Check(
        "observations",
        "references",
        "Every observation is of a report and a quantity that exist.",
        partial(laws.breaks_references, "observations"),
    ),
    Check("observations", "near_misses_are_none", laws.breaks_near_misses.__doc__ or "", laws.breaks_near_misses),
    Check("audits", "references", "Every audit is of a report and quantities that exist.", partial(laws.breaks_references, "audits")),
]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "observations",
            deps=["quantities"],
            description="Quantities whose meaning is in the codebook, and why others have none.",
            group_name="meaning",
        ),
        dg.AssetSpec(
            "audits",
            deps=["observations"],
            description="Arithmetic among a report's own numbers, and whether it holds.",
            group_name="meaning",
        ),
    ],
    check_specs=[check.spec for check in CHECKS],
    partitions_def=COLLECTIONS,
)
def meaning(context: dg.AssetExecutionContext, project: Project) -> Iterator[Outcome]:
    """Code and audit the numbers of a collection's reports."""
    from pipeline import batch, versions

    collection = context.partition_key
    lake = project.lake
    version = versions.input_version(version_of(lake, "quantities", collection))
    given = read(lake, READS, collection)
    found = read_if_current(lake, batch.MEANING_TABLES, collection, version)
    made = batch.meanings(*(given[name] for name in READS)) if found is None else found
    yield from finish(context, lake, TABLES, CHECKS, Made({**given, **made}, version, found is not None))
