"""`fazhi run`: bring the lake up to date with `data/raw/`, as Dagster runs in this process, and say what came of it.

Runs are recorded in the Dagster instance of `DAGSTER_HOME` where that is set (`make data` sets it, so that the interface shows them).
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.errors import FAILED, CommandError, say
from pipeline.manifest import loose_files, project_root

if TYPE_CHECKING:
    import dagster as dg

    from pipeline.lake import Lake

# The interface is not started here, so that a run keeps to its own messages.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
SHOWN_QUARANTINED = 20


@dataclass(slots=True)
class Report:
    """What the runs did, as they go on: checks passed, warning and failed, and the messages of what went wrong."""

    passed: int = 0
    warned: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)


def run(root: Path | None, names: Sequence[str]) -> int:
    """Materialize what is out of date; `names` limits it to these collections. Returns the exit code."""
    project = (root or project_root()).resolve()
    collections = _collections(project / "data" / "raw", names)
    from pipeline.assets.freshness import freshness
    from pipeline.lake import LakeSettings, open_lake

    settings = LakeSettings.from_environment(project)
    with open_lake(settings) as lake:
        found = freshness(project / "data" / "raw", lake)
        stale = [name for name in collections if name in found.stale]
        report = Report() if stale or found.summary_stale else None
        if report is not None:
            _materialize(project, stale, report)
        _print_summary(lake, settings.catalog.removeprefix(f"{project}{os.sep}"), report)
    errors = report.errors if report else []
    for error in errors:
        say(f"fazhi: {error}")
    return FAILED if errors else 0


def _collections(raw_folder: Path, names: Sequence[str]) -> list[str]:
    from pipeline.manifest import collection_names

    there = collection_names(raw_folder)
    if not there:
        raise CommandError(f"{raw_folder} holds no collection: put files there with `fazhi add FILE... --collection NAME`.")
    unknown = sorted(set(names) - set(there))
    if unknown:
        raise CommandError(f"there is no collection {', '.join(unknown)}; there is {', '.join(there)}.")
    for name in loose_files(raw_folder):
        say(f"fazhi: {raw_folder / name} lies in no collection and is not read: `fazhi add` it to one, and delete it here.")
    return [name for name in there if not names or name in names]


def _materialize(root: Path, stale: Sequence[str], report: Report) -> None:
    """Run the job `collection` for each collection that is out of date, then the assets that are made from all of them."""
    warnings.filterwarnings("ignore", module="dagster")
    from pipeline.definitions import OF_A_COLLECTION, OF_ALL, build_definitions

    definitions = build_definitions(root)
    steps = len(stale) * sum(len(list(asset.keys)) for asset in OF_A_COLLECTION) + len(OF_ALL)
    refresh = definitions.resolve_job_def("refresh")
    with _instance() as instance, _progress(steps) as starting:
        instance.add_dynamic_partitions("collections", list(stale))
        of_collection = definitions.resolve_job_def("collection")
        for name in stale:
            starting(name)
            _record(
                of_collection.execute_in_process(QUIET, instance, partition_key=name, raise_on_error=False), f"collection {name}", report
            )
        starting("all collections")
        keys = [key for asset in OF_ALL for key in asset.keys]
        result = refresh.execute_in_process(QUIET, instance, asset_selection=keys, raise_on_error=False)
        _record(result, "all collections", report)


def _record(result: dg.ExecuteInProcessResult, what: str, report: Report) -> None:
    evaluations = result.get_asset_check_evaluations()
    for evaluation in evaluations:
        if evaluation.passed:
            report.passed += 1
        elif evaluation.severity.value == "WARN":
            report.warned += 1
        else:
            report.failed += 1
    for event in result.all_events:
        if event.is_step_failure:
            told = f"{what}: {_explanation(event.step_failure_data)}"
            report.errors += [told] if told not in report.errors else []
    if not result.success and not report.errors:
        report.errors.append(f"{what}: the run failed.")


def _explanation(failure: Any) -> str:
    """The words of a `dagster.Failure`; of any other error its own, with the innermost cause and where it was raised."""
    if failure.user_failure_data is not None and failure.user_failure_data.description:
        return str(failure.user_failure_data.description)
    error = failure.error
    while error.cause is not None:
        error = error.cause
    return f"{error.message.strip()}\n{''.join(error.stack[-3:])}".rstrip()


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    import dagster as dg

    home = os.environ.get("DAGSTER_HOME")
    if home:
        Path(home).mkdir(parents=True, exist_ok=True)
    with dg.DagsterInstance.get() if home else dg.DagsterInstance.ephemeral() as instance:
        yield instance


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error, where that is a terminal; it moves on with every asset that is finished."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=steps)

        class Advance(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                bar.advance(task)

        finished, handler = logging.getLogger("fazhi.finished"), Advance()
        finished.setLevel(logging.INFO)
        finished.propagate = False
        finished.addHandler(handler)
        try:
            yield lambda what: bar.update(task, description=what)
        finally:
            finished.removeHandler(handler)


def _print_summary(lake: Lake, catalog: str, report: Report | None) -> None:
    """What the lake holds now; `report` None: nothing was new."""
    counts = lake.query(COUNTS).to_pydict()
    quarantined = lake.query(QUARANTINED).to_pylist()
    lines = [(name, f"{values[0]:,}") for name, values in counts.items()]
    if report is None:
        lines.append(("checks", "not run again: nothing is new, nothing was written"))
    else:
        told = [f"{report.passed} passed"]
        told += [f"{report.warned} found something to look at (tables findings and issues)"] if report.warned else []
        told += [f"{report.failed} FAILED"] if report.failed else []
        lines.append(("checks", ", ".join(told)))
    out = [f"{name:<14}{value}" for name, value in lines]
    if quarantined:
        out += ["", "Not read, and why:"]
        out += [f"  {row['collection']}/{row['path']}: {row['reason']}" for row in quarantined[:SHOWN_QUARANTINED]]
        left = len(quarantined) - SHOWN_QUARANTINED
        out += [f"  and {left} more: fazhi query \"SELECT path, reason FROM raw_files WHERE status = 'quarantined'\""] if left > 0 else []
    command = _command()
    out += [
        "",
        f"The tables are in the lake {catalog}, snapshot {lake.snapshot()}. Look at them:",
        f'  {command} query "SELECT region_code, code, year, value, unit FROM panel LIMIT 10"',
        f"  {command} show OBSERVATION_ID    the sentence a number was read from",
        "  make dev    the pipeline in Dagster's web interface",
    ]
    sys.stdout.write("\n".join(out) + "\n")


def _command() -> str:
    """How a person calls this program from here, whether the shell knows its name or not."""
    program = Path(sys.executable).with_name("fazhi")
    return os.path.relpath(program) if program.exists() else "fazhi"


COUNTS = """
    SELECT (SELECT count(DISTINCT collection) FROM raw_files) AS collections,
           (SELECT count(*) FROM raw_files) AS "raw files",
           (SELECT count(*) FROM reports) AS reports,
           (SELECT count(*) FROM raw_files WHERE status = 'duplicate') + (SELECT count(*) FROM duplicates) AS duplicates,
           (SELECT count(*) FROM raw_files WHERE status = 'quarantined') AS quarantined,
           (SELECT count(*) FROM quantities) AS quantities,
           (SELECT count(*) FROM observations) AS observations,
           (SELECT count(*) FROM panel) AS "panel rows"
"""
QUARANTINED = "SELECT collection, path, reason FROM raw_files WHERE status = 'quarantined' ORDER BY ALL"
