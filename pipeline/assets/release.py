"""The asset `release`: a numbered copy of the lake's tables for the public, `data/curated/releases/<version>/`.

It is materialized on request, not by `fazhi run`. A version that is there is left as it is, since releases are immutable.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipeline.assets import summary
from pipeline.assets.project import Project

FOLDER = Path("data") / "curated" / "releases"


class ReleaseConfig(dg.Config):
    """What to release. `version`: as 2026.11.0; default: the newest that CHANGELOG.md has a section for."""

    version: str = ""


@dg.asset(
    name="release",
    deps=[*(table.name for table in summary.TABLES), "audits"],
    output_required=False,
    group_name="release",
    description="A numbered, verified copy of all tables for the public (fazhi release build).",
)
def release(context: dg.AssetExecutionContext, config: ReleaseConfig, project: Project) -> Iterator[dg.MaterializeResult[None]]:
    """Build and verify a release of the lake; no output where that version exists, or where none is asked for."""
    from pipeline.release import Order, ReleaseError, Version, build
    from pipeline.release.versions import newest_declared

    changelog = Path(project.root) / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
    version = Version.parse(config.version) if config.version else newest_declared(text)
    folder = Path(project.root) / FOLDER
    if version is None:
        context.log.warning("Nothing was released: CHANGELOG.md has no section `## Data <version>`, and the run's config names no version.")
        return
    if (folder / str(version)).exists():
        context.log.warning(f"{folder / str(version)} is there already; a release is never changed. The next one needs the next version.")
        return
    try:
        made = build(project.lake, Order(version, folder, text))
    except ReleaseError as error:
        raise dg.Failure(str(error)) from error
    yield dg.MaterializeResult(
        metadata={
            "version": str(version),
            "path": dg.MetadataValue.path(str(made)),
            "changes": dg.MetadataValue.md((made / "CHANGES.md").read_text(encoding="utf-8")),
            "quality": dg.MetadataValue.md((made / "QUALITY.md").read_text(encoding="utf-8")),
        }
    )
