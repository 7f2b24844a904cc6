"""Where a lake is, and how DuckDB gets hold of it: extensions, the writers' lock, ATTACH."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import TracebackType

import duckdb
from filelock import FileLock, Timeout

from schemas.sql import literal

#: How long a writer waits for another one, and a connection for the catalog's own lock, in seconds.
LOCK_SECONDS = 900
BUSY_SECONDS = 30


class LakeError(Exception):
    """The lake cannot do what was asked. The message says what was found and what to do."""


@dataclass(frozen=True)
class LakeSettings:
    """Where a lake is. `catalog`: a file, or `postgres:…` (libpq keywords) or `postgresql://…`; `data_path`: a folder or an address."""

    catalog: str
    data_path: str

    @classmethod
    def from_environment(cls, root: Path) -> LakeSettings:
        """The lake of the project in `root`, unless FAZHI_CATALOG or FAZHI_DATA_PATH say another; relative paths are below `root`."""
        catalog = os.environ.get("FAZHI_CATALOG") or "data/curated/catalog.sqlite"
        data_path = os.environ.get("FAZHI_DATA_PATH") or "data/curated/lake/"
        return cls(
            catalog if _is_postgres(catalog) else str(root / catalog),
            (data_path if "://" in data_path else str(root / data_path)).rstrip("/") + "/",
        )

    @property
    def catalog_file(self) -> Path | None:
        """The file of a SQLite catalog, None for PostgreSQL."""
        return None if _is_postgres(self.catalog) else Path(self.catalog)


def _is_postgres(catalog: str) -> bool:
    return catalog.startswith(("postgres:", "postgresql:"))


class WriterLock:
    """The lock beside a SQLite catalog, a context manager that may be entered again within itself.

    Two writers of a SQLite catalog at once fail with `database is locked` (duckdb/ducklake issue 1309), so they queue here.
    A PostgreSQL catalog needs no lock and gets none.
    """

    def __init__(self, settings: LakeSettings) -> None:
        file = settings.catalog_file
        self._lock = FileLock(f"{file}.lock", timeout=LOCK_SECONDS) if file else None

    def __enter__(self) -> None:
        if self._lock is None:
            return
        path = Path(self._lock.lock_file)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LakeError(f"another process has been writing for {LOCK_SECONDS} s and holds {path}; wait for it or end it") from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._lock is not None:
            self._lock.release()


def attach(settings: LakeSettings, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in which the lake is attached as `lake` and in use."""
    connection = duckdb.connect(config={"python_enable_replacements": False})
    try:
        for name in _extensions(settings):
            load_extension(connection, name)
        options = [f"DATA_PATH {literal(settings.data_path)}", "OVERRIDE_DATA_PATH true"]
        options += ["READ_ONLY"] if read_only else []
        if settings.catalog_file:
            source = f"ducklake:sqlite:{settings.catalog_file}"
            options.append(f"META_BUSY_TIMEOUT {BUSY_SECONDS * 1000}")
            options += [] if read_only else ["META_JOURNAL_MODE 'WAL'"]
        else:
            source = f"ducklake:postgres:{settings.catalog.removeprefix('postgres:')}"
        connection.execute(f"ATTACH {literal(source)} AS lake ({', '.join(options)})")
        connection.execute("USE lake")
    except duckdb.Error as error:
        connection.close()
        raise LakeError(f"the lake with catalog {settings.catalog} and data path {settings.data_path} cannot be opened: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _extensions(settings: LakeSettings) -> list[str]:
    catalog = "sqlite_scanner" if settings.catalog_file else "postgres_scanner"
    return ["ducklake", catalog, *(["httpfs"] if "://" in settings.data_path else [])]


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Loads an extension of DuckDB: out of its pinned wheel; else as installed for this user; else installed over the network.

    Raises LakeError that says what to do if none of the three works.
    """
    said: list[str] = []
    for way in (_load_from_wheel, _load_installed, _install):
        try:
            way(connection, name)
            return
        except (ImportError, duckdb.Error) as error:
            said.append(str(error).splitlines()[0])
    wheel = f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
    raise LakeError(
        f"DuckDB {duckdb.__version__} cannot load its extension {name!r}. Without a network: `pip install {wheel}` (a wheel for "
        f"this platform); with one: `python -c \"import duckdb; duckdb.execute('INSTALL {name}')\"`. Tried: {' | '.join(said)}"
    )


def _load_from_wheel(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    # Loaded where it lies: installing it first would copy it to the home folder, in which several processes can meet.
    folder = files(import_module(f"duckdb_extension_{name}"))
    connection.load_extension(str(folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"))


def _load_installed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.load_extension(name)


def _install(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.install_extension(name)
    connection.load_extension(name)
