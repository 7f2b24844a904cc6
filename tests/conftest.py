"""What several tests need: a project with the sample collection, and the same after a run."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import duckdb
import polars as pl
import pytest
from hypothesis import settings

from pipeline.cli import main
from pipeline.lake import LakeSettings, store
from pipeline.lake import connection as connection_module
from tests.integration.tables import lake_tables

REPOSITORY = Path(__file__).parents[1]
# Tests run on busy machines: how long an example takes says nothing.
settings.register_profile("fazhi", deadline=None)
settings.load_profile("fazhi")

Fazhi = Callable[..., subprocess.CompletedProcess[str]]


def copy_seeds(root: Path) -> Path:
    """Make `root` a project that holds the sample collection alone."""
    shutil.copytree(REPOSITORY / "data" / "raw" / "seeds", root / "data" / "raw" / "seeds")
    return root


def fazhi_in(root: Path) -> Fazhi:
    """The `fazhi` command on the project in `root`, in this process, which has imported what it needs after the first call.

    It has the arguments, the environment and the folder that it has in `fazhi_process_in`, and gives back the same. Where the process
    itself is looked at, or what two of them make of the same files, take that one; so does one test of each command at least.
    """

    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = ["fazhi", *map(str, arguments)]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            mock.patch.dict(os.environ, environment(root), clear=True),
            mock.patch.object(sys, "argv", command),
            chdir(root),
            warnings.catch_warnings(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = exit_code()
        return subprocess.CompletedProcess(command, code, text_of(out), text_of(err))

    return call


def exit_code() -> int:
    """Call the command as `sys.argv` has it: the exit code that the interpreter would end with, and the traceback that it would print."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def text_of(stream: io.TextIOWrapper) -> str:
    """All that was written to a stream."""
    stream.seek(0)
    return stream.read()


def fazhi_process_in(root: Path) -> Fazhi:
    """The `fazhi` command, in its own process, on the project in `root`."""

    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
        return subprocess.run(command, env=environment(root), cwd=root, capture_output=True, text=True, check=False, timeout=120)

    return call


def environment(root: Path) -> dict[str, str]:
    """An environment in which `fazhi` knows no project but `root`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAZHI_", "DAGSTER_"))}
    return {**kept, "FAZHI_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}


@pytest.fixture(scope="session", autouse=True)
def one_thread_for_each_worker() -> Iterator[None]:
    """Where pytest has a worker for every core, DuckDB gets one thread in each: more only wait for each other, a third of its time.

    The processes that tests start have as many as anywhere, and what they write is held against what was written here.
    """

    def attach(settings: LakeSettings, read_only: bool) -> duckdb.DuckDBPyConnection:
        connection = connection_module.attach(settings, read_only)
        connection.execute("SET threads = 1")
        return connection

    with mock.patch.object(store, "attach", attach) if "PYTEST_XDIST_WORKER" in os.environ else nullcontext():
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the sample collection, in which nothing was run yet."""
    return copy_seeds(tmp_path)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project with the sample collection after `fazhi run`, and what that printed. Not to be changed."""
    root = copy_seeds(tmp_path_factory.mktemp("finished"))
    done = fazhi_in(root)("run")
    assert done.returncode == 0, done.stderr
    return root, done.stdout


@pytest.fixture(scope="session")
def finished_project(first_run: tuple[Path, str]) -> Path:
    """A project with the sample collection after `fazhi run`. Not to be changed."""
    return first_run[0]


@pytest.fixture(scope="session")
def finished_tables(finished_project: Path) -> dict[str, pl.DataFrame]:
    """All tables of its lake."""
    return lake_tables(finished_project)


@pytest.fixture
def finished_copy(finished_project: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(finished_project, tmp_path / "copy")


@pytest.fixture(scope="session")
def released(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release (2026.11.0) of the sample collection. Not to be changed."""
    folder = tmp_path_factory.mktemp("releases")
    done = fazhi_in(finished_project)("release", "build", "--version", "2026.11.0", "--folder", folder)
    assert done.returncode == 0, done.stderr
    return folder / "2026.11.0"


@pytest.fixture
def fazhi(project: Path) -> Fazhi:
    """The `fazhi` command on `project`."""
    return fazhi_in(project)


@pytest.fixture
def shared() -> Path:
    """The folder of gold files and a larger corpus that lies beside some working copies."""
    folder = (REPOSITORY / "../shared").resolve()
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not here")
    return folder
