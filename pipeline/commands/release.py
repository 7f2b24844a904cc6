"""`fazhi release`: build a release of the lake, check one, list them, compare two."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.commands.errors import FAILED, CommandError, say
from pipeline.manifest import project_root
from pipeline.release.versions import Version

#: Where releases are kept, below the project.
FOLDER = Path("data") / "curated" / "releases"
CHANGELOG = "CHANGELOG.md"


def build(root: Path | None, version: str | None, folder: Path | None) -> int:
    """Build and verify a release of the lake as it is. The version is by default the newest that the changelog has."""
    from pipeline.assets.freshness import freshness
    from pipeline.lake import LakeSettings, open_lake
    from pipeline.release import Order
    from pipeline.release import build as make

    project = (root or project_root()).resolve()
    changelog = changelog_of(project)
    with open_lake(LakeSettings.from_environment(project), read_only=True) as lake:
        found = freshness(project / "data" / "raw", lake)
        if found.stale or found.gone or found.summary_stale:
            behind = ", ".join([*found.stale, *found.gone]) or "what is made from all collections"
            raise CommandError(f"the lake is behind data/raw/ or the code ({behind}): bring it up to date with `fazhi run`.")
        release = make(lake, Order(wanted_version(version, changelog), folder or project / FOLDER, changelog))
    sys.stdout.write(f"{release}\n")
    return 0


def changelog_of(project: Path) -> str:
    """The project's changelog; empty if it has none."""
    path = project / CHANGELOG
    return path.read_text(encoding="utf-8") if path.exists() else ""


def wanted_version(given: str | None, changelog: str) -> Version:
    """The version to build: the one given, else the newest of the changelog. Raises CommandError if there is neither."""
    from pipeline.release.versions import newest_declared

    version = Version.parse(given) if given else newest_declared(changelog)
    if version is None:
        raise CommandError(f"{CHANGELOG} has no section `## Data <version>`: write one, or say --version 2026.11.0.")
    return version


def verify(release: Path, sample: int) -> int:
    """Check a release and print every problem with its place."""
    from pipeline.release import verify as check

    verdict = check(release, sample=sample, tell=lambda problem: say(str(problem)))
    for note in verdict.notes:
        say(f"not checked: {note}")
    if not verdict.whole:
        say(f"fazhi: {release} is not whole: {len(verdict.problems)} problems in {verdict.checks} checks.")
        return FAILED
    sys.stdout.write(f"{release.name}: {verdict.checks} checks passed\n")
    return 0


def show_list(root: Path | None, folder: Path | None) -> int:
    """Print the releases there are, the newest last."""
    import polars as pl

    from pipeline.commands.output import table_text
    from pipeline.release import releases
    from pipeline.release.provenance import read_provenance

    there = folder or (root or project_root()).resolve() / FOLDER
    rows = []
    for version in releases(there):
        said = read_provenance(there / str(version))
        size = sum(path.stat().st_size for path in (there / str(version)).rglob("*") if path.is_file())
        previous = (said["previous"] or {}).get("version", "")
        rows.append(
            (str(version), said["schema_version"], said["lake"]["snapshot"], len(said["raw_files"]), f"{size / 1e6:.1f} MB", previous)
        )
    columns = ["version", "schema", "snapshot", "raw files", "size", "previous"]
    sys.stdout.write(table_text(pl.DataFrame(rows, schema=columns, orient="row")))
    return 0


def diff(root: Path | None, folder: Path | None, first: str, second: str) -> int:
    """Print what changed from one release to another. Each is a version, or the folder of a release."""
    from pipeline.release.difference import difference

    there = folder or (root or project_root()).resolve() / FOLDER
    sys.stdout.write(difference(_release(there, first), _release(there, second)))
    return 0


def _release(folder: Path, name: str) -> Path:
    for path in (folder / name, Path(name)):
        if path.is_dir():
            return path
    raise CommandError(f"there is no release {name} in {folder}, and no such folder; `fazhi release list` shows what there is.")
