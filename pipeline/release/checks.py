"""What the checks of a release have in common: what they look at and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as a release promises: where, and what was found and expected."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A release under check: its folder, a connection to its database, its Data Package descriptor, and how many rows to sample."""

    release: Path
    connection: duckdb.DuckDBPyConnection
    package: dict[str, Any]
    sample: int


@dataclass(slots=True)
class Verdict:
    """What the checks found. `notes` say what was not checked, and why."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checks: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


Tell = Callable[[Problem], None]


def guarded(place: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    """The problems that a check finds; what keeps it from looking is a problem too, since a damaged file may fail anywhere."""
    try:
        yield from problems
    except Exception as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        yield Problem(place, f"cannot be read as it should: {said[0]}")
