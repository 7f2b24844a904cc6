"""The commands that the READMEs show, with what they print. `python -m tests.integration.readme` prints them anew into the files.

A `console` block holds commands, each behind `$ ` and as long as its quotes are open, and below each what it printed. `make dev` and
`fazhi add` print nothing there: they are not run.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY, copy_seeds, fazhi_process_in

FILES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")
NOT_RUN = (["make", "dev"], ["fazhi", "add"], ["fazhi", "run"])


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as a README has it, its arguments, and what stands below it."""

    command: str
    arguments: tuple[str, ...]
    printed: str

    @property
    def is_run(self) -> bool:
        """Whether the command can be run by a test."""
        return list(self.arguments[:2]) not in NOT_RUN


def commands(block: str) -> list[Shown]:
    """The commands of a console block."""
    found: list[Shown] = []
    lines = block.splitlines(keepends=True)
    while lines:
        command = lines.pop(0)
        while not _is_whole(command):
            command += lines.pop(0)
        printed = ""
        while lines and not lines[0].startswith("$ "):
            printed += lines.pop(0)
        found.append(Shown(command, tuple(shlex.split(command[2:])), printed))
    return found


def _is_whole(command: str) -> bool:
    try:
        shlex.split(command[2:])
    except ValueError:
        return False
    return True


def shown_in(name: str) -> list[Shown]:
    """All commands of a README, in order."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return [shown for match in BLOCK.finditer(text) for shown in commands(match[1])]


def printed_by(shown: Shown, root: Path) -> str:
    """What a command prints on the project in `root`; `make data` is `fazhi run` there."""
    arguments = ["run"] if shown.arguments == ("make", "data") else list(shown.arguments[1:])
    done = fazhi_process_in(root)(*arguments)
    if done.returncode:
        raise AssertionError(f"{shown.command}{done.stderr}")
    return seen_from_there(done.stdout)


def seen_from_there(printed: str) -> str:
    """What a command printed, as seen from the project's folder, whose .venv is meant."""
    return re.sub(r"\S+/fazhi(?= )", ".venv/bin/fazhi", printed)


def refreshed(text: str, answer: Callable[[Shown], str]) -> str:
    """A README with what its commands print now."""

    def block(match: re.Match[str]) -> str:
        inner = "".join(shown.command + (answer(shown) if shown.is_run else shown.printed) for shown in commands(match[1]))
        return f"```console\n{inner}```"

    return BLOCK.sub(block, text)


def main() -> None:
    """Write the READMEs anew."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_seeds(Path(folder))
        for name in FILES:
            path = REPOSITORY / name
            path.write_text(
                refreshed(path.read_text(encoding="utf-8"), lambda shown: printed_by(shown, fresh(root, shown))), encoding="utf-8"
            )
            sys.stdout.write(f"wrote {name}\n")


def fresh(root: Path, shown: Shown) -> Path:
    """The project in `root`; for `make data` another one like it in which nothing was run yet."""
    return (
        copy_seeds(Path(tempfile.mkdtemp(dir=root))) if shown.arguments == ("make", "data") and (root / "data/curated").exists() else root
    )


if __name__ == "__main__":
    main()
