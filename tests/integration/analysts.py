"""The examples of `docs/analysts.md` and its translation, with what they print. `python -m tests.integration.analysts` prints them anew.

A `sql` or `python` block is run in the folder of a release; a `text` block behind it holds what it prints.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipeline.commands.output import table_text
from tests.conftest import REPOSITORY, copy_seeds, fazhi_in

FILES = ("docs/analysts.md", "docs/analysts.zh-CN.md")
EXAMPLE = re.compile(r"(?ms)^```(?P<language>sql|python)\n(?P<code>.*?)^```\n\n```text\n(?P<printed>.*?)^```$")
CODE = re.compile(r"(?ms)^```(?P<language>sql|python|r)\n(?P<code>.*?)^```$")
VERSION = "2026.11.0"


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of code, its language, and what stands below it."""

    language: str
    code: str
    printed: str


def examples(name: str) -> list[Example]:
    """The examples of a document that print something, in order."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return [Example(match["language"], match["code"], match["printed"]) for match in EXAMPLE.finditer(text)]


def code_blocks(name: str) -> list[tuple[str, str]]:
    """All code of a document: language and text, in order."""
    return [(match["language"], match["code"]) for match in CODE.finditer((REPOSITORY / name).read_text(encoding="utf-8"))]


def printed_by(example: Example, release: Path) -> str:
    """What an example prints in the folder of a release."""
    if example.language == "sql":
        with duckdb.connect(str(release / "fazhi.duckdb"), read_only=True) as connection:
            return table_text(pl.DataFrame(pl.from_arrow(connection.execute(example.code).to_arrow_table())))
    done = subprocess.run([sys.executable, "-c", example.code], cwd=release, capture_output=True, text=True, check=True)
    return done.stdout


def refreshed(text: str, answer: Callable[[Example], str]) -> str:
    """A document with what its examples print now."""

    def block(match: re.Match[str]) -> str:
        example = Example(match["language"], match["code"], match["printed"])
        return f"```{example.language}\n{example.code}```\n\n```text\n{answer(example)}```"

    return EXAMPLE.sub(block, text)


def main() -> None:
    """Write the documents anew, out of a release of the sample collection."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_seeds(Path(folder))
        for command in (("run",), ("release", "build", "--version", VERSION)):
            done = fazhi_in(root)(*command)
            if done.returncode:
                raise SystemExit(done.stderr)
        release = root / "data" / "curated" / "releases" / VERSION
        for name in FILES:
            path = REPOSITORY / name
            path.write_text(refreshed(path.read_text(encoding="utf-8"), lambda example: printed_by(example, release)), encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
