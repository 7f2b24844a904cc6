"""What several tests need: a project with the sample collection, and the same after a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

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
    """The `fazhi` command, in its own process, on the project in `root`."""

    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
        return subprocess.run(command, env=environment(root), cwd=root, capture_output=True, text=True, check=False, timeout=120)

    return call


def environment(root: Path) -> dict[str, str]:
    """An environment in which `fazhi` knows no project but `root`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAZHI_", "DAGSTER_"))}
    return {**kept, "FAZHI_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}


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
