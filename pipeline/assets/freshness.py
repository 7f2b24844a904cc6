"""What is out of date: the lake's recorded input versions against those that the raw files and the code now ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline import batch, versions
from pipeline.assets.recorded import Recorded
from pipeline.assets.summary import TABLES
from pipeline.lake import Lake


@dataclass(frozen=True, slots=True)
class Expected:
    """The input versions of a collection's stages."""

    reading: str
    numbers: str
    meaning: str

    @classmethod
    def of(cls, fingerprint: str) -> Expected:
        """The versions that follow from a collection's fingerprint: each stage's from the stage's before it."""
        reading = versions.input_version(fingerprint)
        numbers = versions.input_version(reading)
        return cls(reading, numbers, versions.input_version(numbers))

    def tables(self) -> dict[str, str]:
        """The version of every table of a collection."""
        return {
            **dict.fromkeys(batch.READING_TABLES, self.reading),
            **dict.fromkeys(batch.NUMBER_TABLES, self.numbers),
            **dict.fromkeys(batch.MEANING_TABLES, self.meaning),
        }


@dataclass(frozen=True, slots=True)
class Freshness:
    """The collections in `data/raw/`, those of them that are out of date, those whose folder is gone, and whether the rest is.

    `versions` has what each collection should be made from, `summary_version` what the tables over all collections
    should be made from as the lake is now.
    """

    present: tuple[str, ...]
    stale: tuple[str, ...]
    gone: tuple[str, ...]
    summary_stale: bool
    summary_version: str
    versions: dict[str, str]


def freshness(raw_folder: Path, lake: Lake) -> Freshness:
    """Compare the raw files and the code with the lake. Reads every raw file once, to hash it."""
    fingerprints = versions.fingerprints(raw_folder)
    recorded = Recorded.of(lake)
    expected = {name: Expected.of(fingerprint) for name, fingerprint in fingerprints.items()}
    stale = [name for name, version in expected.items() if _is_stale(recorded, name, version)]
    gone = sorted(set(recorded.collections()) - expected.keys())
    expected_of_all = [(summary.name, summary.input_version(recorded)) for summary in TABLES]
    summary_stale = any(recorded.version(name, None) != version for name, version in expected_of_all)
    return Freshness(
        present=tuple(expected),
        stale=tuple(stale),
        gone=tuple(gone),
        summary_stale=summary_stale or bool(gone),
        summary_version=versions.input_version(*(version for _, version in expected_of_all), *gone),
        versions={name: version.meaning for name, version in expected.items()},
    )


def _is_stale(recorded: Recorded, collection: str, expected: Expected) -> bool:
    return any(recorded.version(name, collection) != version for name, version in expected.tables().items())
