"""How long Dagster waits for the definitions, which every one of its processes loads, beside the import of Dagster itself; and how long
`fazhi --help` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from rich.console import Console
from rich.table import Table


def loading(what: str) -> float:
    """Seconds of a Python process that does nothing but `what`."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", what], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main(rounds: int = 7) -> None:
    """Print the time of both, taken in turns, and how many times as long the definitions take (the design wants them under 2 s)."""
    alone, whole = [], []
    for _ in range(rounds):
        alone.append(loading("import dagster"))
        whole.append(loading("from pipeline.definitions import defs"))
    ratio = median(b / a for a, b in zip(alone, whole, strict=True))
    table = Table("a process that loads", "seconds", "times Dagster alone")
    table.add_row("dagster", f"{min(alone):.2f}", "1.0")
    table.add_row("the definitions", f"{min(whole):.2f}", f"{ratio:.1f}")
    helping = min(loading("from pipeline.cli import app; app(['--help'])") for _ in range(rounds))
    table.add_row("fazhi --help", f"{helping:.2f}", "")
    Console().print(table)


if __name__ == "__main__":
    main()
