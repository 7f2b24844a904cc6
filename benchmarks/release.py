"""How long a release of a lake of a million observations takes, and how much memory.

`python -m benchmarks.release [OBSERVATIONS]` fills a synthetic lake (2,800 counties, 10 years, 36 indicators, a quantity an observation,
the coverage of every indicator of the codebook), builds a release of it in a process of its own, and prints seconds and the peak of
resident memory. Budget: 60 s and 2 GB, building and verifying together.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks.panel_views import OBSERVATIONS, build
from pipeline.lake import LakeSettings, open_lake
from pipeline.release import Order, Version
from pipeline.release import build as build_release
from schemas.derive import example, polars_schema
from schemas.registry import table

BUDGET_SECONDS, BUDGET_MEGABYTES = 60.0, 2_000.0
VERSION = "2026.1.0"


def main() -> None:
    """Fill the lake, then measure the release in another process, so that the filling does not count."""
    if sys.argv[1:2] == ["--of"]:
        measure(Path(sys.argv[2]))
        return
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else OBSERVATIONS
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), wanted)
        subprocess.run([sys.executable, "-m", "benchmarks.release", "--of", folder], check=True)


def fill(root: Path, wanted: int) -> None:
    """Make the lake: reports, observations and panel as `benchmarks.panel_views` has them, with what they point to."""
    with open_lake(LakeSettings.from_environment(root)) as lake:
        build(lake, wanted)
        reports, observations = lake.read("reports"), lake.read("observations")
        quote = pl.concat_str(pl.lit("共"), pl.col("raw_start").cast(pl.String), pl.lit("件"))
        quoted = observations.with_columns(quote=quote, raw_end=pl.col("raw_start") + quote.str.len_chars())
        quantities = {
            "quantity_id": pl.concat_str("report_id", pl.lit("-"), "raw_start"),
            **{name: pl.col(name) for name in ("collection", "report_id", "quote", "raw_start", "raw_end")},
            **dict.fromkeys(("start", "number_start", "sentence_start", "clause_start"), pl.col("raw_start")),
            **dict.fromkeys(("end", "number_end", "sentence_end", "clause_end"), pl.col("raw_end")),
        }
        numbers = filled("quantities", quoted, quantities)
        # A text in which the number stands every ten characters: long enough for the last quote.
        text = "".join(f"共{place}件".ljust(10, "。") for place in range(0, 1500, 10))
        texts = filled(
            "raw_texts", reports, {"collection": pl.col("collection"), "report_id": pl.col("report_id"), "raw_text": pl.lit(text)}
        )
        written = {"observations": quoted, "quantities": numbers, "raw_texts": texts}
        lake.replace(written, collection="bench", input_version="2", message="synthetic")


def filled(name: str, rows: pl.DataFrame, columns: dict[str, pl.Expr]) -> pl.DataFrame:
    """Rows of a table: these columns, all others as in its example."""
    schema = polars_schema(name)
    given = {column: columns.get(column, pl.lit(example(name)[column], dtype=schema[column])) for column in table(name).columns}
    return rows.select(expression.alias(column).cast(schema[column]) for column, expression in given.items())


def measure(root: Path) -> None:
    """Build the release of the lake in `root` and print what it cost."""
    began = time.perf_counter()
    with open_lake(LakeSettings.from_environment(root), read_only=True) as lake:
        release = build_release(lake, Order(Version.parse(VERSION), root / "releases"))
    seconds = time.perf_counter() - began
    megabytes = peak_megabytes()
    size = sum(path.stat().st_size for path in release.rglob("*") if path.is_file()) / 1e6
    for what, value, unit, budget in (("release", seconds, "s", BUDGET_SECONDS), ("peak memory", megabytes, "MB", BUDGET_MEGABYTES)):
        print(f"{what:<12} {value:>8.1f} {unit:<3}{'' if value <= budget else '  over the budget'}")
    print(f"{'size':<12} {size:>8.1f} MB")


def peak_megabytes() -> float:
    """The most memory this process has held. Not by getrusage: on Linux that begins with what the parent held when it started this one."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
