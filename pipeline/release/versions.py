"""Version numbers of the data, the releases in a folder, and what the changelog says of a version.

Data have calendar versions, `YEAR.MONTH.NUMBER`: `2026.11.0` is the first release of November 2026. The shape of the tables has a
version of its own (`schemas.version`), by the rules of semantic versioning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.release.layout import ReleaseError

_VERSION = re.compile(r"(?P<year>20[0-9]{2})\.(?P<month>[1-9]|1[0-2])\.(?P<number>0|[1-9][0-9]*)")
_HEADING = re.compile(r"(?m)^## Data (?P<version>\S+)[ \t]*$")
_SHARE = re.compile(r"(?im)^- values changed: up to (?P<percent>[0-9]+(?:\.[0-9]+)?) ?%")
_BREAKING = re.compile(r"(?im)^- breaking: (?P<what>.+(?:\n  .+)*)")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version of the data."""

    year: int
    month: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `2026.11.0`. Raises ReleaseError for anything else."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise ReleaseError(f"{text!r} is no version of the data: write year.month.number, as in 2026.11.0.")
        return cls(int(match["year"]), int(match["month"]), int(match["number"]))

    @property
    def date(self) -> str:
        """The day that stands for the version in descriptors: the first of its month. It is not taken from the clock."""
        return f"{self.year}-{self.month:02}-01"

    def __str__(self) -> str:
        return f"{self.year}.{self.month}.{self.number}"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the changelog declares of a version: columns or codes that break, and the largest share of changed values, in percent."""

    breaking: frozenset[str] = frozenset()
    changed_percent: float | None = None


def releases(folder: Path) -> list[Version]:
    """The versions released in a folder, ascending; other names in it are passed over."""
    if not folder.is_dir():
        return []
    return sorted(Version.parse(path.name) for path in folder.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name))


def previous(folder: Path, version: Version) -> Path | None:
    """The newest release in a folder that is older than `version`."""
    older = [each for each in releases(folder) if each < version]
    return folder / str(older[-1]) if older else None


def newest_declared(changelog: str) -> Version | None:
    """The newest version of the data that a changelog has a section for (`## Data 2026.11.0`)."""
    found = [Version.parse(match["version"]) for match in _HEADING.finditer(changelog)]
    return max(found, default=None)


def declared(changelog: str, version: Version) -> Declared:
    """What the section of a version declares: lines `- Breaking: … ` with the names in backquotes, and `- Values changed: up to N %`."""
    section = _section(changelog, version)
    named = [name for match in _BREAKING.finditer(section) for name in re.findall(r"`([^`]+)`", match["what"])]
    shares = [float(match["percent"]) for match in _SHARE.finditer(section)]
    return Declared(frozenset(named), max(shares, default=None))


def _section(changelog: str, version: Version) -> str:
    for match in _HEADING.finditer(changelog):
        if match["version"] == str(version):
            rest = changelog[match.end() :]
            end = re.search(r"(?m)^## ", rest)
            return rest[: end.start()] if end else rest
    return ""
