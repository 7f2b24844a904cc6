"""From reports to their numbers: the asset `quantities` (with `numerals` and `corrections`), of one collection."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipeline.assets import laws
from pipeline.assets.project import COLLECTIONS, Project
from pipeline.assets.writing import Check, Made, Outcome, finish, read, read_if_current, version_of

TABLES = {"quantities": ("quantities", "numerals", "corrections")}
READS = ("reports", "raw_texts", "sections")
CHECKS = [
    Check(
        "quantities",
        "schema",
        "quantities, numerals and corrections meet their pandera models.",
        partial(laws.breaks_schema, TABLES["quantities"]),
    ),
    Check("quantities", "one_disposition", laws.breaks_law_2.__doc__ or "", laws.breaks_law_2),
    Check("quantities", "quotes_are_in_the_file", laws.breaks_law_3.__doc__ or "", partial(laws.breaks_law_3, "quantities")),
]


@dg.asset(
    name="quantities",
    deps=["reports"],
    check_specs=[check.spec for check in CHECKS],
    partitions_def=COLLECTIONS,
    group_name="numbers",
    description="Every number of the bodies, and of those that measure something: value, unit, comparator, role, quote.",
)
def quantities(context: dg.AssetExecutionContext, project: Project) -> Iterator[Outcome]:
    """Find and read the numbers of a collection's reports."""
    from pipeline import batch, corrections, versions

    collection = context.partition_key
    lake = project.lake
    version = versions.input_version(version_of(lake, "reports", collection))
    given = read(lake, READS, collection)
    found = read_if_current(lake, TABLES["quantities"], collection, version)
    by_hand = corrections.read(project.raw_folder)
    made = batch.numbers(given["reports"], given["raw_texts"], given["sections"], by_hand) if found is None else found
    yield from finish(context, lake, TABLES, CHECKS, Made({**given, **made}, version, found is not None))
