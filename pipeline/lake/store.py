"""The open lake: replace, read, query, time travel."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb

from pipeline.lake.connection import LakeError, LakeSettings, WriterLock, attach
from pipeline.lake.tables import dangling_values, outdated
from pipeline.lake.views import outdated_views
from schemas.registry import TABLES, table
from schemas.sql import identifier

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

AUTHOR = "fazhi"
#: How often a transaction is tried again when another writer of a PostgreSQL catalog came first.
ATTEMPTS = 5
#: The most rows of `materializations` that stay in the catalog instead of a Parquet file each.
INLINED_ROWS = 10_000


def open_lake(settings: LakeSettings, read_only: bool = False) -> Lake:
    """The lake, as a context manager. For writing it is made if absent, with all tables and their comments.

    Raises LakeError if an extension of DuckDB is missing, if another writer does not let go, or if there is no lake to read.
    """
    lock = WriterLock(settings)
    if read_only:
        if settings.catalog_file and not settings.catalog_file.exists():
            raise LakeError(f"there is no lake at {settings.catalog}; make it with `fazhi run`")
        return Lake(attach(settings, read_only=True), settings, True, lock)
    with lock:  # attaching a catalog that is not there yet writes it
        lake = Lake(attach(settings, read_only=False), settings, False, lock)
        try:
            lake.bring_up_to_date()
        except BaseException:
            lake.close()
            raise
    return lake


class Lake:
    """An open lake. `connection` is a DuckDB connection in which the tables stand by their bare names."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, settings: LakeSettings, read_only: bool, lock: WriterLock) -> None:
        self.connection = connection
        self.settings = settings
        self.lock = lock
        self.read_only = read_only

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; an open transaction is rolled back."""
        self.connection.close()

    # -- writing ---------------------------------------------------------------------------------------------------------------

    def replace(
        self,
        tables: Mapping[str, pl.DataFrame],
        *,
        collection: str | None,
        input_version: str,
        message: str,
        author: str = AUTHOR,
    ) -> int:
        """Replaces the rows of one collection (all rows of unpartitioned tables: `collection` None) and notes what they were made from.

        All tables change in one transaction, or none does. Tables whose rows are the same are left alone; if nothing at all changes there
        is no new snapshot. Returns the snapshot that holds the rows. Raises InvalidTableError for rows that break their schema.
        """
        self._refuse_if_read_only()
        from pipeline.tables import in_order
        from schemas.derive import validate, validate_references

        for name, frame in tables.items():
            _check_partition(name, validate(name, frame), collection)
        validate_references(tables)
        ordered = {name: in_order(name, frame) for name, frame in tables.items()}

        def work() -> bool:
            changes = [self._replace_rows(name, frame, collection) for name, frame in ordered.items()]
            counts = {name: frame.height for name, frame in ordered.items()}
            if "indicators" in tables:
                changes.append(self._remake_views())  # panel_wide has a column for every indicator
            return self._note_versions(counts, collection or "", input_version) or any(changes)

        return self._transact(work, message, author)

    def remove_collection(self, name: str, *, author: str = AUTHOR) -> int:
        """Removes all rows of a collection from the present (former snapshots keep them). Returns the snapshot without it."""
        self._refuse_if_read_only()

        def work() -> bool:
            removed = 0
            for each in [*(each.name for each in TABLES.values() if each.partitioned), "materializations"]:
                removed += _count(self.connection.execute(f"DELETE FROM {identifier(each)} WHERE collection = ?", [name]))
            return removed > 0

        return self._transact(work, f"remove collection {name}", author)

    def compact(self, grace: timedelta = timedelta(hours=1)) -> None:
        """Merges small data files and removes files that no snapshot names. All snapshots stay readable.

        Files are removed only when they have been unused for `grace`, so that a reader under way does not lose them.
        Raises LakeError, before anything is removed, if the data path holds Parquet files that are not the lake's.
        """
        self._refuse_if_read_only()
        before = datetime.now(UTC) - grace
        with self.lock:
            self.connection.execute("CALL ducklake_rewrite_data_files('lake')")
            self.connection.execute("CALL ducklake_merge_adjacent_files('lake')")
            orphans = "CALL ducklake_delete_orphaned_files('lake', dry_run => {}, older_than => ?)"
            found = self.connection.execute(orphans.format("true"), [before]).fetchall()
            foreign = [path for (path,) in found if not Path(path).name.startswith("ducklake-")]
            if foreign:
                raise LakeError(f"{self.settings.data_path} holds files that are not the lake's, move them away: {', '.join(foreign[:3])}")
            self.connection.execute("CALL ducklake_cleanup_old_files('lake', older_than => ?)", [before])
            self.connection.execute(orphans.format("false"), [before])

    # -- reading ---------------------------------------------------------------------------------------------------------------

    def read(
        self, table_name: str, *, collection: str | None = None, columns: Sequence[str] | None = None, snapshot: int | None = None
    ) -> pl.DataFrame:
        """The rows of a table in its sort order: of one collection or all, some columns or all, now or as of a snapshot."""
        import polars as pl

        from schemas.derive import polars_schema

        definition = table(table_name)
        chosen = ", ".join(identifier(name) for name in columns) if columns is not None else "*"
        at = "" if snapshot is None else f" AT (VERSION => {int(snapshot)})"
        where, parameters = ("", []) if collection is None else (" WHERE collection = ?", [collection])
        order = ", ".join(identifier(name) for name in definition.sort)
        rows = self.query(f"SELECT {chosen} FROM {identifier(table_name)}{at}{where} ORDER BY {order}", parameters)
        schema = polars_schema(table_name)
        frame = pl.DataFrame(pl.from_arrow(rows))
        return frame.cast({name: schema[name] for name in frame.columns if name in schema})

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """What is read inside is of one snapshot, whoever writes meanwhile; DuckLake looks it up once, and not for every table."""
        self.connection.execute("BEGIN TRANSACTION")
        try:
            yield
        finally:
            self._roll_back()

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """The result of an SQL query over the tables, by their bare names, as an Arrow table. Raises LakeError with DuckDB's words."""
        try:
            return self.connection.execute(sql, list(parameters)).to_arrow_table()
        except duckdb.Error as error:
            raise LakeError(str(error)) from error

    def snapshots(self) -> pl.DataFrame:
        """All snapshots, oldest first: id, time (UTC), author, message."""
        import polars as pl

        sql = (
            "SELECT snapshot_id AS id, snapshot_time AT TIME ZONE 'UTC' AS time, author, commit_message AS message "
            "FROM ducklake_snapshots('lake') ORDER BY id"
        )
        return pl.DataFrame(pl.from_arrow(self.query(sql)))

    def snapshot(self) -> int:
        """The id of the newest snapshot."""
        rows = self.query("SELECT id FROM ducklake_current_snapshot('lake')")
        return int(rows.column("id")[0].as_py())

    def changes(self, table_name: str, first: int, last: int) -> pl.DataFrame:
        """The net difference of a table between two snapshots: `change`, then the table's columns, in the table's sort order.

        `change` is `insert`, `delete`, or, for a row whose key is in both, `update_preimage` (as of `first`) and
        `update_postimage` (as of `last`). Raises LakeError if the columns differ between the two.
        """
        import polars as pl

        definition = table(table_name)
        old, new = (f"{self._source(table_name, snapshot)}" for snapshot in (first, last))
        keys = ", ".join(identifier(name) for name in definition.key)
        order = ", ".join(identifier(name) for name in definition.sort)
        sql = f"""
            WITH gone AS (FROM {old} EXCEPT ALL FROM {new}), come AS (FROM {new} EXCEPT ALL FROM {old})
            SELECT CASE WHEN ({keys}) IN (SELECT ({keys}) FROM come) THEN 'update_preimage' ELSE 'delete' END AS change, * FROM gone
            UNION ALL
            SELECT CASE WHEN ({keys}) IN (SELECT ({keys}) FROM gone) THEN 'update_postimage' ELSE 'insert' END AS change, * FROM come
            ORDER BY {order}, change DESC"""
        return pl.DataFrame(pl.from_arrow(self.query(sql)))

    def input_version(self, table_name: str, collection: str | None) -> str | None:
        """What the rows of a table (and collection; None for an unpartitioned table) were made from; None if they never were."""
        found = self._materialization(table_name, collection or "")
        return found[0] if found else None

    def collections(self) -> list[str]:
        """The collections the lake holds, ascending."""
        rows = self.query("SELECT DISTINCT collection FROM materializations WHERE collection <> '' ORDER BY collection")
        return [str(name) for name in rows.column("collection").to_pylist()]

    def broken_references(self) -> pl.DataFrame:
        """The foreign keys that point nowhere, over the whole lake: table_name, column_name, value, distinct and ascending."""
        import polars as pl

        parts = [dangling_values(name, key) for name, each in TABLES.items() for key in each.foreign_keys]
        return pl.DataFrame(pl.from_arrow(self.query(" UNION ALL ".join(parts) + " ORDER BY ALL")))

    # -- inside ----------------------------------------------------------------------------------------------------------------

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise LakeError("this lake was opened read-only; open it for writing with open_lake(settings)")

    def _materialization(self, table_name: str, collection: str) -> tuple[str, int] | None:
        found = self.connection.execute(
            "SELECT input_version, rows FROM materializations WHERE table_name = ? AND collection = ?", [table_name, collection]
        ).fetchone()
        return (str(found[0]), int(found[1])) if found else None

    def _transact(self, work: Callable[[], bool], message: str, author: str) -> int:
        """Runs `work` in a transaction under the writers' lock and commits it if it says that something changed."""
        with self.lock:
            for attempt in range(1, ATTEMPTS + 1):
                self.connection.execute("BEGIN TRANSACTION")
                try:
                    changed = work()
                    if changed:
                        self.connection.execute("CALL ducklake_set_commit_message('lake', ?, ?)", [author, message])
                    self.connection.execute("COMMIT" if changed else "ROLLBACK")
                    return self.snapshot()
                except duckdb.TransactionException as error:
                    self._roll_back()
                    if attempt == ATTEMPTS:
                        raise LakeError(f"another writer changed the same tables {ATTEMPTS} times; run again later: {error}") from error
                    time.sleep(0.1 * 2**attempt)
                except BaseException:
                    self._roll_back()
                    raise
        raise AssertionError("a transaction ends with a return or an error")

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.TransactionException:
            return  # a failed commit has ended the transaction already

    def _replace_rows(self, name: str, frame: pl.DataFrame, collection: str | None) -> bool:
        if self.read(name, collection=collection).equals(frame):
            return False
        where, parameters = ("", []) if collection is None else (" WHERE collection = ?", [collection])
        self.connection.execute(f"DELETE FROM {identifier(name)}{where}", parameters)
        self.connection.register("incoming", frame.to_arrow())
        try:
            self.connection.execute(f"INSERT INTO {identifier(name)} BY NAME SELECT * FROM incoming")
        finally:
            self.connection.unregister("incoming")
        return True

    def _note_versions(self, counts: Mapping[str, int], collection: str, input_version: str) -> bool:
        changed = False
        for name, rows in counts.items():
            if self._materialization(name, collection) == (input_version, rows):
                continue
            key = [name, collection]
            self.connection.execute("DELETE FROM materializations WHERE table_name = ? AND collection = ?", key)
            self.connection.execute("INSERT INTO materializations VALUES (?, ?, ?, ?)", [*key, input_version, rows])
            changed = True
        return changed

    def _source(self, table_name: str, snapshot: int) -> str:
        """A table as of a snapshot, as SQL; an empty one of the present columns where the snapshot is older than the table."""
        name = identifier(table_name)
        try:
            self.connection.execute(f"SELECT 1 FROM {name} AT (VERSION => {int(snapshot)}) LIMIT 0")
        except duckdb.CatalogException:
            return f"(SELECT * FROM {name} LIMIT 0)"
        except duckdb.Error as error:
            raise LakeError(f"there is no snapshot {snapshot}; the newest is {self.snapshot()}: {error}") from error
        return f"{name} AT (VERSION => {int(snapshot)})"

    def bring_up_to_date(self) -> None:
        """Makes absent tables and views, and makes anew those that are another version's; see the head of this package."""
        tables = bool(outdated(self.connection))

        def work() -> bool:
            statements = outdated(self.connection)
            for statement in statements:
                self.connection.execute(statement)
            return self._remake_views() or bool(statements)

        if tables or outdated_views(self.connection):
            self._transact(work, "create tables and views as the code has them", AUTHOR)
        if tables:
            self._set_options()

    def _remake_views(self) -> bool:
        statements = outdated_views(self.connection)
        for statement in statements:
            self.connection.execute(statement)
        return bool(statements)

    def _set_options(self) -> None:
        with self.lock:
            for option, value, scope in (
                ("parquet_compression", "'zstd'", ""),
                ("data_inlining_row_limit", "0", ""),
                ("data_inlining_row_limit", str(INLINED_ROWS), ", table_name => 'materializations'"),
            ):
                self.connection.execute(f"CALL ducklake_set_option('lake', '{option}', {value}{scope})")


def _check_partition(name: str, frame: pl.DataFrame, collection: str | None) -> None:
    if name == "materializations":
        raise LakeError("materializations is kept by the lake itself")
    if table(name).partitioned != (collection is not None):
        raise LakeError(f"table {name}: {'give the collection' if collection is None else 'it is not partitioned; give collection=None'}")
    if collection is not None and not (frame.get_column("collection") == collection).all():
        raise LakeError(f"table {name}: rows of another collection than {collection!r}")


def _count(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
