"""The descriptors of a release: right by their own validators, and about the files that are there.

frictionless checks neither the bytes nor the hashes of Parquet files, and mlcroissant's validation checks no hashes: both are checked here.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from pipeline.release.checks import Checked, Problem
from pipeline.release.content import file_hash
from pipeline.release.croissant import croissant
from pipeline.release.descriptors import package
from pipeline.release.layout import CROISSANT, MIRRORED, PACKAGE
from pipeline.release.versions import Version

#: How many rows of a CSV file frictionless reads: its rows are checked whole elsewhere, and frictionless takes a minute for a million.
ROWS = 10_000
#: A validator's message is cut here: it may hold a whole descriptor.
MESSAGE = 300
VALIDATORS = ("frictionless", "mlcroissant")


def missing_validators() -> list[str]:
    """Which of the validators are not installed here."""
    return [name for name in VALIDATORS if find_spec(name) is None]


def check_content(checked: Checked) -> Iterator[Problem]:
    """Both descriptors are what the files and the schemas make them, with every hash and size."""
    version = Version.parse(checked.package["version"])
    yield from _different(PACKAGE, checked.package, package(checked.release, version))
    told = json.loads((checked.release / CROISSANT).read_text(encoding="utf-8"))
    yield from _different(CROISSANT, told, croissant(checked.release, version))


def _different(place: str, told: Any, made: Any) -> Iterator[Problem]:
    """Where two JSON values differ: the first place in each branch."""
    if isinstance(told, dict) and isinstance(made, dict):
        for key in [*made, *(key for key in told if key not in made)]:
            yield from _different(f"{place}, {key}", told.get(key), made.get(key))
    elif isinstance(told, list) and isinstance(made, list) and len(told) == len(made):
        for number, (first, second) in enumerate(zip(told, made, strict=True)):
            name = first.get("name", number) if isinstance(first, dict) else number
            yield from _different(f"{place} {name}", first, second)
    elif told != made:
        yield Problem(place, f"says {_short(told)}, and should say {_short(made)}")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"


def check_frictionless(checked: Checked) -> Iterator[Problem]:
    """The Data Package by frictionless: the descriptor, and the rows of the CSV files with their keys."""
    import frictionless

    described = frictionless.Package.validate_descriptor(checked.package, basepath=str(checked.release))
    for error in described.errors:
        yield Problem(PACKAGE, f"frictionless: {error.message[:MESSAGE]}")
    names = {f"{name}-csv" for name in MIRRORED}
    mirrors = {**checked.package, "resources": [each for each in checked.package["resources"] if each["name"] in names]}
    with frictionless.system.use_context(trusted=True):
        read = frictionless.Package.from_descriptor(mirrors, basepath=str(checked.release))
        report = read.validate(limit_rows=ROWS, checklist=None)
    for task in report.tasks:
        for error in task.errors:
            yield Problem(task.place, f"frictionless: {error.message[:MESSAGE]}")
    for error in report.errors:
        yield Problem(PACKAGE, f"frictionless: {error.message[:MESSAGE]}")


def check_croissant(checked: Checked) -> Iterator[Problem]:
    """The Croissant descriptor by mlcroissant, and the hashes in it by reading the files."""
    import mlcroissant

    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        dataset = mlcroissant.Dataset(jsonld=str(checked.release / CROISSANT))
    except mlcroissant.ValidationError as error:
        yield Problem(CROISSANT, f"mlcroissant: {str(error)[:MESSAGE]}")
        return
    for message in sorted(dataset.metadata.ctx.issues.errors):
        yield Problem(CROISSANT, f"mlcroissant: {message[:MESSAGE]}")
    for node in dataset.metadata.distribution:
        told = getattr(node, "sha256", None)
        if told and file_hash(checked.release / node.content_url) != told:
            yield Problem(f"{CROISSANT}, {node.content_url}", "the file has another SHA-256 than is said here")
