"""What is made from all collections together, and the reference tables: one asset a table, none partitioned.

An asset here is an entry of `TABLES`; what makes the table is a function of `pipeline.panel`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import dagster as dg
import polars as pl

from pipeline.assets import evaluation, laws
from pipeline.assets.project import Project
from pipeline.assets.recorded import Recorded
from pipeline.assets.writing import Check, Made, Outcome, finish, read
from pipeline.lake import Lake
from schemas.registry import table

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Summary:
    """A table, the tables it is made from, the function that makes it of them, and what it is.

    `texts` says that the function looks into the bodies of the reports, which are otherwise left in the lake. `beside` gives the version of
    what it is made from beside tables, `checks` stand beside those that every table has, `told` makes more metadata of the table.
    `behind` are assets whose work must be done first, though their tables are not read; `applied` carries what was made to other tables.
    """

    name: str
    reads: tuple[str, ...]
    make: Callable[[Frames], pl.DataFrame]
    group: str
    description: str
    texts: bool = False
    beside: Callable[[], str] = str
    checks: tuple[Check, ...] = ()
    told: Callable[[pl.DataFrame], Mapping[str, Any]] | None = None
    behind: tuple[str, ...] = ()
    applied: Callable[[Lake, pl.DataFrame], None] | None = None

    def input_version(self, recorded: Recorded) -> str:
        """What the table should be made from: what its inputs were made from."""
        from pipeline import versions

        return versions.input_version(
            *(f"{name}={recorded.everywhere(name)}" for name in (*self.reads, *self.behind)), *filter(None, [self.beside()])
        )

    def read(self, lake: Lake) -> dict[str, pl.DataFrame]:
        """The tables it is made from."""
        left_out = set() if self.texts else {"body"}
        with lake.unchanging():
            return {
                name: lake.read(name, columns=[column for column in table(name).columns if column not in left_out]) for name in self.reads
            }


def _reference(name: str) -> Callable[[Frames], pl.DataFrame]:
    def make(frames: Frames) -> pl.DataFrame:
        from pipeline.panel import reference_frame

        return reference_frame(name)

    return make


def _in_order(name: str) -> Callable[[Frames], pl.DataFrame]:
    """The function of `pipeline.panel` that is called as the table, with the tables it is made from as its arguments."""

    def make(frames: Frames) -> pl.DataFrame:
        from pipeline import panel

        made: pl.DataFrame = getattr(panel, name)(*frames.values())
        return made

    return make


def _mark_duplicates(lake: Lake, made: pl.DataFrame) -> None:
    """Bring `reports.duplicate_of` to what the table `duplicates` says; what agrees already is left alone.

    Comes before the table itself is written, so that a run that dies in between is taken up again.
    """
    from pipeline.panel import marked

    there = lake.read("reports", columns=["collection", "report_id", "duplicate_of"])
    changed = there.filter(marked(there, made).get_column("duplicate_of").ne_missing(there.get_column("duplicate_of")))
    for collection in changed.get_column("collection").unique(maintain_order=True):
        version = lake.input_version("reports", collection)
        reports = marked(lake.read("reports", collection=collection), made)
        if version is not None:
            message = f"{collection}: which reports are copies of earlier ones"
            lake.replace({"reports": reports}, collection=collection, input_version=version, message=message)


def _growth_checks(frames: Frames) -> pl.DataFrame:
    from pipeline import panel

    changes = panel.told_changes(frames["reports"], frames["quantities"], frames["observations"])
    return panel.growth_checks(changes, frames["vintages"])


def _implied(frames: Frames) -> pl.DataFrame:
    from pipeline import panel

    changes = panel.told_changes(frames["reports"], frames["quantities"], frames["observations"])
    return panel.implied(changes, frames["reports"], frames["quantities"], frames["observations"])


REPORTED = ("reports", "quantities", "observations")
COPIES = ("duplicates",)
SUSPECTED = ("panel", "vintages", "observations", "quantities", "indicators", "regions")
TABLES = (
    Summary("regions", (), _reference("regions"), "reference", "The region codes of GB/T 2260 and what each meant in which years."),
    Summary("indicators", (), _reference("indicators"), "reference", "The codebook."),
    Summary(
        "duplicates",
        ("reports", "raw_files"),
        _in_order("duplicates"),
        "reading",
        "Reports that are another copy of an earlier one, over all collections.",
        texts=True,
        applied=_mark_duplicates,
    ),
    Summary(
        "vintages", ("reports", "observations"), _in_order("vintages"), "panel", "Every telling of a value, the best first.", behind=COPIES
    ),
    Summary(
        "panel",
        ("reports", "observations"),
        _in_order("panel"),
        "panel",
        "The best value of each region, indicator and year.",
        behind=COPIES,
    ),
    Summary(
        "targets",
        ("reports", "observations", "panel"),
        _in_order("targets"),
        "panel",
        "What shall be reached, beside what has been.",
        behind=COPIES,
    ),
    Summary(
        "coverage",
        ("reports", "raw_files", "panel", "indicators"),
        _in_order("coverage"),
        "panel",
        "What reports tell and leave out.",
        behind=COPIES,
    ),
    Summary(
        "growth_checks",
        (*REPORTED, "vintages"),
        _growth_checks,
        "checks",
        "Growth told, against the earlier year's report.",
        texts=True,
        behind=COPIES,
    ),
    Summary("findings", SUSPECTED, _in_order("findings"), "checks", "What looks wrong in the panel as a whole."),
    Summary(
        "evaluation",
        ("reports", "observations"),
        evaluation.make,
        "checks",
        "How far the observations agree with what people read in the same reports.",
        beside=evaluation.version,
        checks=(evaluation.CHECK,),
        told=evaluation.told,
    ),
    Summary(
        "implied",
        REPORTED,
        _implied,
        "checks",
        "Values that follow from a growth or a rate; never in the panel.",
        texts=True,
        behind=COPIES,
    ),
)


def swept(lake: Lake, project: Project, context: dg.AssetExecutionContext) -> Recorded:
    """What the lake has recorded, once the rows of collections whose folder is gone are removed; earlier snapshots keep them."""
    from pipeline import manifest

    recorded = Recorded.of(lake)
    gone = sorted(set(recorded.collections()) - set(manifest.collection_names(project.raw_folder)))
    for name in gone:
        context.log.warning(f"data/raw/{name} is gone: its rows leave the lake; earlier snapshots keep them.")
        lake.remove_collection(name)
    return Recorded.of(lake) if gone else recorded


def _asset(summary: Summary) -> dg.AssetsDefinition:
    name = summary.name
    checks = [
        Check(name, "schema", f"{name} meets its pandera model.", partial(laws.breaks_schema, [name])),
        Check(
            name,
            "references",
            f"What {name} points to, in itself and in what it is made from, exists.",
            partial(laws.breaks_references, name),
        ),
        *summary.checks,
    ]

    @dg.asset(
        name=name,
        deps=[*summary.reads, *summary.behind],
        check_specs=[check.spec for check in checks],
        group_name=summary.group,
        description=summary.description,
    )
    def made_of_all(context: dg.AssetExecutionContext, project: Project) -> Iterator[Outcome]:
        lake = project.lake
        recorded = swept(lake, project, context) if summary.reads else Recorded.of(lake)
        version = summary.input_version(recorded)
        given = summary.read(lake)
        found = read(lake, [name]) if recorded.version(name, None) == version else None
        made = {name: summary.make(given)} if found is None else found
        told = summary.told(made[name]) if summary.told else {}
        if summary.applied:
            summary.applied(lake, made[name])
        yield from finish(context, lake, {name: [name]}, checks, Made({**given, **made}, version, found is not None, told))

    return made_of_all


ASSETS = [_asset(summary) for summary in TABLES]
