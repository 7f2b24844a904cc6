"""Law 5: a run that dies at any point leaves the previous state readable, and running again gives what an undisturbed run gives."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from pipeline.lake import LakeError
from tests.conftest import environment, fazhi_process_in
from tests.integration.tables import lake_tables

KILLS = 10


def start(root: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", "run"]
    return subprocess.Popen(command, env=environment(root), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def assert_readable(root: Path) -> None:
    """There is no lake yet, or one whose tables fit each other."""
    try:
        tables = lake_tables(root)
    except LakeError as error:
        assert "there is no lake" in str(error) or "does not exist" in str(error), error
        return
    parsed = tables["raw_files"].filter(status="parsed")["report_id"].to_list()
    for name in ("reports", "raw_texts"):
        assert sorted(tables[name]["report_id"]) == sorted(parsed)
    assert set(tables["quantities"]["report_id"]) <= set(parsed)
    assert set(tables["observations"]["quantity_id"]) <= set(tables["quantities"]["quantity_id"])


def test_a_run_killed_at_ten_moments_ends_as_an_undisturbed_one(
    project: Path, finished_project: Path, finished_tables: dict[str, pl.DataFrame]
) -> None:
    chance = random.Random(20261122)
    began = time.monotonic()
    undisturbed = start(finished_project)
    assert undisturbed.wait(timeout=60) == 0
    # With nothing to write a run takes this long; the writing comes after.
    idle = time.monotonic() - began
    killed = 0
    for _ in range(KILLS):
        process = start(project)
        time.sleep(chance.uniform(idle / 2, 3 * idle))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        assert_readable(project)
    assert killed >= 1
    done = fazhi_process_in(project)("run")
    assert done.returncode == 0, done.stderr
    for name, frame in lake_tables(project).items():
        assert frame.equals(finished_tables[name]), name
