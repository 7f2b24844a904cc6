"""Is a release whole? Every promise of it, checked; a problem names its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.release import checks_descriptors, checks_evidence, checks_tables
from pipeline.release.checks import Checked, Problem, Tell, Verdict, guarded
from pipeline.release.checks_files import check_sums, read_sums
from pipeline.release.database import open_database
from pipeline.release.layout import CONTENT_SUMS, CROISSANT, DATABASE, MIRRORED, PACKAGE, PROVENANCE, ReleaseError, released_tables
from schemas.version import SCHEMA_VERSION

#: How many observations and quantities are looked up in the reports' texts.
SAMPLE = 1_000
Check = tuple[str, Callable[[], Iterator[Problem]]]
Run = Callable[[str, Iterator[Problem]], None]


@dataclass(frozen=True, slots=True)
class Checks:
    """What `verify` was asked for, and the release's Data Package descriptor."""

    release: Path
    package: dict[str, object]
    sample: int
    fresh: bool


def verify(release: Path, *, sample: int = SAMPLE, tell: Tell = lambda problem: None, fresh: bool = False) -> Verdict:
    """Check a release. `tell` hears of each problem as it is found.

    `fresh` leaves out what a build would only do a second time: the hashes that it has just written, and the CSV files made from them.
    Raises ReleaseError if the folder holds no release at all.
    """
    if not (release / PACKAGE).is_file() and not (release / DATABASE).is_file():
        raise ReleaseError(f"{release} holds no release: it has neither {PACKAGE} nor {DATABASE}.")
    verdict = Verdict()

    def run(place: str, found: Iterator[Problem]) -> None:
        for problem in guarded(place, found):
            verdict.problems.append(problem)
            tell(problem)
        verdict.checks += 1

    if not fresh:
        run("the lists of hashes", check_sums(release))
    package = _package(release)
    if package is None:
        run(PACKAGE, iter([Problem(PACKAGE, "is missing or no JSON object; the tables cannot be checked without it")]))
        return verdict
    if package.get("schemaVersion") != SCHEMA_VERSION:
        verdict.notes.append(
            f"only the hashes were checked: the release has schema {package.get('schemaVersion')}, this program {SCHEMA_VERSION}; "
            "the program that made it is named in provenance.json"
        )
        return verdict
    run(DATABASE, _with_database(Checks(release, package, sample, fresh), run))
    verdict.notes += [
        f"{name} is not installed here, so the descriptor was not given to it" for name in checks_descriptors.missing_validators()
    ]
    return verdict


def _package(release: Path) -> dict[str, object] | None:
    try:
        read = json.loads((release / PACKAGE).read_bytes())
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _with_database(checks: Checks, run: Run) -> Iterator[Problem]:
    """Run the checks that need the database; what is yielded is only why it cannot be opened."""
    with open_database(checks.release) as connection:
        for place, check in _checks(Checked(checks.release, connection, checks.package, checks.sample), checks.fresh):
            run(place, check())
    yield from ()


def _checks(checked: Checked, fresh: bool) -> Iterator[Check]:
    listed = read_sums(checked.release / CONTENT_SUMS)[0] if (checked.release / CONTENT_SUMS).is_file() else {}
    for name in released_tables():
        yield f"table {name}, Parquet", partial(checks_tables.check_parquet, checked, name)
        yield f"{DATABASE}, table {name}", partial(checks_tables.check_database_shape, checked, name)
        yield f"table {name}", partial(checks_tables.check_rows, checked, name, listed.get(name), fresh=fresh)
    for name in () if fresh else MIRRORED:
        yield f"csv/{name}.csv", partial(checks_tables.check_mirror, checked, name)
    yield f"{DATABASE}, references", partial(checks_tables.check_references, checked)
    yield f"{DATABASE}, views", partial(checks_tables.check_views, checked)
    yield "the quotes", partial(checks_evidence.check_quotes, checked)
    yield "table panel", partial(checks_evidence.check_panel, checked)
    yield PROVENANCE, partial(checks_evidence.check_provenance, checked)
    yield f"{PACKAGE} and {CROISSANT}", partial(checks_descriptors.check_content, checked)
    missing = checks_descriptors.missing_validators()
    if "frictionless" not in missing:
        yield PACKAGE, partial(checks_descriptors.check_frictionless, checked)
    if "mlcroissant" not in missing:
        yield CROISSANT, partial(checks_descriptors.check_croissant, checked)
