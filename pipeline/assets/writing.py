"""How every stage begins and ends: read what it needs, check its tables, write them in one transaction, report what was written.

The checks run before the transaction. A check that fails is recorded and stops the run; the lake keeps its previous state.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import polars as pl

from pipeline.assets.recorded import Recorded
from pipeline.lake import Lake
from schemas.registry import table

Frames = Mapping[str, pl.DataFrame]
Outcome = dg.AssetCheckResult | dg.MaterializeResult[None]
# Every asset that is finished is told here; the command line shows it as progress.
finished = logging.getLogger("fazhi.finished")
PREVIEW_ROWS = 8
PREVIEW_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Check:
    """A blocking check of an asset. `broken` looks at the stage's frames and returns a sentence for all that is wrong."""

    asset: str
    name: str
    says: str
    broken: Callable[[Frames], list[str]]

    @property
    def spec(self) -> dg.AssetCheckSpec:
        """The check as Dagster knows it."""
        return dg.AssetCheckSpec(self.name, asset=self.asset, description=self.says, blocking=True)


@dataclass(frozen=True, slots=True)
class Made:
    """What a stage made: its tables, from which inputs, whether the lake had them already, and what more is to be told of the asset."""

    frames: Frames
    input_version: str
    up_to_date: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)


def read(lake: Lake, names: Sequence[str], collection: str | None = None) -> dict[str, pl.DataFrame]:
    """Tables of the lake: the rows of one collection, or all."""
    with lake.unchanging():
        return {name: lake.read(name, collection=collection) for name in names}


def read_if_current(lake: Lake, names: Sequence[str], collection: str | None, input_version: str) -> dict[str, pl.DataFrame] | None:
    """The tables as the lake has them, if they were all written from this input version; else None."""
    recorded = Recorded.of(lake)
    if any(recorded.version(name, collection) != input_version for name in names):
        return None
    return read(lake, names, collection)


def version_of(lake: Lake, name: str, collection: str) -> str:
    """What a table was last made from. Raises `dagster.Failure` where it was not made yet."""
    found = lake.input_version(name, collection)
    if found is None:
        raise dg.Failure(f"The table {name} of {collection} is not there yet: materialize it first.")
    return found


def finish(
    context: dg.AssetExecutionContext, lake: Lake, assets: Mapping[str, Sequence[str]], checks: Iterable[Check], made: Made
) -> Iterator[Outcome]:
    """Check and write what a stage made, and tell Dagster. `assets` maps each asset to its tables, the one of its own name first.

    Raises `dagster.Failure` where a check fails; then nothing is written.
    """
    collection = context.partition_key if context.has_partition_key and context.assets_def.partitions_def else None
    results, failed = _checked(checks, made.frames)
    if failed:
        yield from results
        raise dg.Failure("Nothing was written, because these checks failed.\n" + "\n".join(failed))
    own = [name for names in assets.values() for name in names]
    snapshot: int | None = None
    if not made.up_to_date:
        message = f"{collection or 'all collections'}: {', '.join(assets)} (run {context.run.run_id[:8]}, input {made.input_version})"
        written = {name: made.frames[name] for name in own}
        snapshot = lake.replace(written, collection=collection, input_version=made.input_version, message=message)
    for asset, names in assets.items():
        finished.info("%s %s", collection or "", asset)
        yield dg.MaterializeResult(
            asset_key=asset,
            metadata=_metadata(names, made, snapshot),
            data_version=dg.DataVersion(made.input_version),
            check_results=[result for result in results if result.asset_key == dg.AssetKey(asset)],
        )


def _checked(checks: Iterable[Check], frames: Frames) -> tuple[list[dg.AssetCheckResult], list[str]]:
    """The results of all checks, and a sentence for all that is wrong."""
    results, failed = [], []
    for check in checks:
        broken = check.broken(frames)
        failed += [f"{check.asset}, {check.name}: {sentence}" for sentence in broken]
        metadata = {"broken": dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in broken))} if broken else {}
        results.append(dg.AssetCheckResult(asset_key=check.asset, check_name=check.name, passed=not broken, metadata=metadata))
    return results, failed


def _metadata(names: Sequence[str], made: Made, snapshot: int | None) -> dict[str, Any]:
    counts = "\n".join(f"| {name} | {made.frames[name].height:,} |" for name in names)
    return {
        "dagster/column_schema": dg.MetadataValue.table_schema(column_schema(names[0])),
        "dagster/row_count": made.frames[names[0]].height,
        "rows": dg.MetadataValue.md(f"| table | rows |\n|---|---|\n{counts}"),
        "preview": dg.MetadataValue.md(preview(made.frames[names[0]])),
        "lake_snapshot": "unchanged: up to date" if snapshot is None else snapshot,
        "input_version": made.input_version,
        **made.told,
    }


def column_schema(name: str) -> dg.TableSchema:
    """The columns of a table, as the interface shows them: from the same models as all else."""
    from schemas.derive import duckdb_type, polars_schema

    columns = table(name).schema.columns
    return dg.TableSchema(
        [
            dg.TableColumn(
                column,
                duckdb_type(polars_type),
                description=f"{columns[column].title}. {columns[column].description}",
                constraints=dg.TableColumnConstraints(
                    nullable=columns[column].nullable, other=[str(check) for check in columns[column].checks]
                ),
            )
            for column, polars_type in polars_schema(name).items()
        ]
    )


def preview(frame: pl.DataFrame) -> str:
    """The first rows of a frame as a Markdown table, long texts cut."""

    def cell(value: object) -> str:
        text = "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
        return text if len(text) <= PREVIEW_CHARACTERS else text[: PREVIEW_CHARACTERS - 1] + "…"

    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in frame.head(PREVIEW_ROWS).iter_rows()]
    return "\n".join(["| " + " | ".join(frame.columns) + " |", "|" + "---|" * frame.width, *lines])
