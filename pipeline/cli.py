"""The `fazhi` command: its arguments and options. What each command does stands in `pipeline.commands`, imported when it is called,
so that `fazhi --help` is there at once.

Exit codes: 0 all is well; 1 something was left out or failed, and the message on standard error says what; 2 the command was not
understood, or there is nothing to work on.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="fazhi",
    help="Read the numbers out of Chinese 法治政府建设 reports, with the place of each in the file it comes from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


class What(StrEnum):
    """What `fazhi extract` prints."""

    report = "report"
    sections = "sections"
    numerals = "numerals"
    quantities = "quantities"
    observations = "observations"
    near_misses = "near_misses"


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the rows.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
RootOption = Annotated[
    Path | None,
    typer.Option("--root", help="The project's folder, with data/raw/. Default: FAZHI_ROOT, else the nearest one from here upwards."),
]


@app.command()
def extract(
    files: Annotated[list[Path], typer.Argument(help="Reports: text, HTML, PDF or Word.", metavar="FILE...")],
    what: Annotated[What, typer.Option(help="What to print of each report.")] = What.observations,
    format: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Read files and print what is in them. Needs no lake and changes nothing."""
    from pipeline.commands.extract import extract as command

    raise typer.Exit(command(files, what.value, format.value, output))


@app.command()
def run(
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be given several times.", metavar="NAME")] = None,
    root: RootOption = None,
) -> None:
    """Bring the lake up to date with data/raw/: read what is new or changed, check it, write it."""
    from pipeline.commands.run import run as command

    raise typer.Exit(command(root, collection or []))


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.", metavar="PATH...")],
    collection: Annotated[str, typer.Option(help="The collection to add to; made if absent.", metavar="NAME")],
    url: Annotated[list[str] | None, typer.Option(help="Where the file was served from; once for each file, in order.")] = None,
    title: Annotated[list[str] | None, typer.Option(help="The title it was listed under; once for each file, in order.")] = None,
    retrieved_at: Annotated[str | None, typer.Option(help="The day the files were fetched. Default: today.", metavar="YYYY-MM-DD")] = None,
    licence: Annotated[str, typer.Option(help="The terms the files are under.")] = "",
    root: RootOption = None,
) -> None:
    """Copy files into a collection and list them in its manifest. Refuses to change a file that is there."""
    from pipeline.commands.add import Provenance
    from pipeline.commands.add import add as command

    raise typer.Exit(command(root, paths, collection, Provenance(tuple(url or ()), tuple(title or ()), retrieved_at, licence)))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="A query in DuckDB's SQL; tables by their bare names.", metavar="SQL")],
    format: FormatOption = Format.table,
    output: OutputOption = None,
    root: RootOption = None,
) -> None:
    """Ask the lake. Reads only."""
    from pipeline.commands.query import query as command

    raise typer.Exit(command(root, sql, format.value, output))


@app.command()
def show(
    number_id: Annotated[str, typer.Argument(help="An observation_id, as the tables observations and panel have it, or a quantity_id.")],
    root: RootOption = None,
) -> None:
    """Show the evidence of a number: its sentence, its report, its place in the raw file, what it was taken for or why for nothing."""
    from pipeline.commands.show import show as command

    raise typer.Exit(command(root, number_id))


@app.command()
def history(
    limit: Annotated[int, typer.Option(help="How many of the newest snapshots.", min=1)] = 20,
    root: RootOption = None,
) -> None:
    """List the lake's snapshots: when, and what was written."""
    from pipeline.commands.query import history as command

    raise typer.Exit(command(root, limit))


release_app = typer.Typer(help="Releases of the data: build, verify, list, compare.", no_args_is_help=True)
app.add_typer(release_app, name="release")
FolderOption = Annotated[Path | None, typer.Option("--folder", help="Where releases are. Default: data/curated/releases/ of the project.")]


@release_app.command("build")
def release_build(
    version: Annotated[str | None, typer.Option(help="As 2026.11.0. Default: the newest `## Data` section of CHANGELOG.md.")] = None,
    folder: FolderOption = None,
    root: RootOption = None,
) -> None:
    """Make a numbered, immutable copy of the lake's tables for the public, and verify it."""
    from pipeline.commands.release import build as command

    raise typer.Exit(command(root, version, folder))


@release_app.command("verify")
def release_verify(
    release: Annotated[Path, typer.Argument(help="The folder of a release.", metavar="DIR")],
    sample: Annotated[int, typer.Option(help="How many observations and quantities to look up in the texts.", min=1)] = 1000,
) -> None:
    """Check everything that a release promises. Needs no lake."""
    from pipeline.commands.release import verify as command

    raise typer.Exit(command(release, sample))


@release_app.command("list")
def release_list(folder: FolderOption = None, root: RootOption = None) -> None:
    """List the releases there are."""
    from pipeline.commands.release import show_list as command

    raise typer.Exit(command(root, folder))


@release_app.command("diff")
def release_diff(
    first: Annotated[str, typer.Argument(help="A version or a folder.", metavar="A")],
    second: Annotated[str, typer.Argument(help="A version or a folder.", metavar="B")],
    folder: FolderOption = None,
    root: RootOption = None,
) -> None:
    """Say what changed from one release to another, and why."""
    from pipeline.commands.release import diff as command

    raise typer.Exit(command(root, folder, first, second))


def main() -> None:
    """The entry point. Reports what a person can mend in one line, without a traceback."""
    from pipeline.commands.errors import explained

    with explained():
        app()


if __name__ == "__main__":
    main()
