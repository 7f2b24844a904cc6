"""The files of a release: each is there, none is too many, and each has the bytes that were released."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.release.checks import Problem
from pipeline.release.content import file_hash
from pipeline.release.layout import DATABASE, DATABASE_SUM, SUMS, relative

_LINE = re.compile(r"(?P<hash>[0-9a-f]{64})  (?P<path>[^\n]+)")


def files_of(release: Path) -> list[str]:
    """All files of a release but the lists of hashes, ascending."""
    found = sorted(path for path in release.rglob("*") if path.is_file())
    return sorted(path for path in relative(release, found) if path not in {SUMS, DATABASE_SUM})


def write_sums(release: Path) -> None:
    """Write the lists of hashes, in the format that `sha256sum -c` reads."""
    names = [name for name in files_of(release) if name != DATABASE]
    for path, listed in ((release / SUMS, names), (release / DATABASE_SUM, [DATABASE])):
        path.write_text("".join(f"{file_hash(release / name)}  {name}\n" for name in listed), encoding="utf-8")


def read_sums(path: Path) -> tuple[dict[str, str], list[Problem]]:
    """The hashes of a list by name, and the lines of it that say none."""
    hashes, problems = {}, []
    for number, line in enumerate(path.read_bytes().decode(errors="replace").split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match and match["path"] not in hashes:
            hashes[match["path"]] = match["hash"]
        elif line or match:
            problems.append(Problem(f"{path.name}, line {number}", "is not a hash, two blanks and a file named once"))
    return hashes, problems


def check_sums(release: Path) -> Iterator[Problem]:
    """Files against the lists of hashes."""
    hashes: dict[str, str] = {}
    for name in (SUMS, DATABASE_SUM):
        if not (release / name).is_file():
            yield Problem(name, "is missing")
            continue
        read, problems = read_sums(release / name)
        hashes |= read
        yield from problems
    there = files_of(release)
    for name in sorted(set(there) | set(hashes)):
        if name not in hashes:
            yield Problem(name, "is in no list of hashes: it does not belong to the release")
        elif name not in there:
            yield Problem(name, "is missing")
        elif file_hash(release / name) != hashes[name]:
            yield Problem(name, "does not have the bytes that were released (its SHA-256 is another)")
