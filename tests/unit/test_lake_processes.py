"""The lake between processes: real ones, one of which is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock

from pipeline.lake import Lake, LakeSettings, open_lake
from pipeline.tables import frame
from schemas.derive import example

SPAWN = multiprocessing.get_context("spawn")
SECONDS = 120
WRITERS, WRITES, ROWS = "abcd", 2, 50


def sections(collection: str, title: str) -> pl.DataFrame:
    rows = [
        example("sections") | {"collection": collection, "section_no": number, "parent_no": 0, "title": title}
        for number in range(1, ROWS + 1)
    ]
    return frame("sections", rows)


def write(lake: Lake, collection: str, title: str) -> int:
    return lake.replace({"sections": sections(collection, title)}, collection=collection, input_version=title, message=title)


@pytest.fixture
def place(tmp_path: Path) -> LakeSettings:
    return LakeSettings(str(tmp_path / "catalog.sqlite"), str(tmp_path / "lake") + "/")


@contextmanager
def another_process(work: Any, *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process at work, and this end of a pipe to it."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=work, args=(*arguments, there))
    process.start()
    try:
        yield process, here
    finally:
        process.join(SECONDS)
        if process.is_alive():
            process.kill()


def write_and_wait(place: LakeSettings, pipe: Connection) -> None:
    """Stands in the middle of a transaction until it is told to go on."""
    with open_lake(place) as lake, lake.lock:
        lake.connection.execute("BEGIN TRANSACTION")
        lake.connection.execute("DELETE FROM sections")
        lake.connection.register("incoming", sections("a", "new").to_arrow())
        lake.connection.execute("INSERT INTO sections BY NAME SELECT * FROM incoming")
        pipe.send("in the middle")
        pipe.recv()
        lake.connection.execute("COMMIT")
        pipe.send("committed")


def hold_the_lock(catalog: str, pipe: Connection) -> None:
    with FileLock(f"{catalog}.lock"):
        pipe.send("holding")
        pipe.recv()


def write_many(place: LakeSettings, collection: str, pipe: Connection) -> None:
    for number in range(WRITES):
        with open_lake(place) as lake:
            write(lake, collection, f"{collection}{number}")
    pipe.send("done")


def read_many(place: LakeSettings, pipe: Connection) -> None:
    """Reads until told to stop, and sends what it saw that no commit ever made."""
    wrong: list[str] = []
    reads = 0
    while not pipe.poll():
        with open_lake(place, read_only=True) as lake:
            rows = lake.query("SELECT collection, count(*) AS rows, count(DISTINCT title) AS titles FROM sections GROUP BY ALL").to_pylist()
            wrong += [str(row) for row in rows if (row["rows"], row["titles"]) != (ROWS, 1)]
            reads += 1
    pipe.send((reads, wrong))


def test_a_reader_sees_the_former_state_while_another_process_writes(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        write(lake, "a", "old")
    with another_process(write_and_wait, place) as (_, pipe):
        assert pipe.recv() == "in the middle"
        with open_lake(place, read_only=True) as reader:
            assert reader.read("sections").equals(sections("a", "old"))
            pipe.send("go on")
            assert pipe.recv() == "committed"
            assert reader.read("sections").equals(sections("a", "new"))


def test_four_writers_and_a_reader_lose_nothing(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        first = lake.snapshot()
    with another_process(read_many, place) as (_, reader):
        pipes = [SPAWN.Pipe() for _ in WRITERS]
        writers = [
            SPAWN.Process(target=write_many, args=(place, collection, there)) for collection, (_, there) in zip(WRITERS, pipes, strict=True)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(SECONDS)
        reader.send("stop")
        reads, wrong = reader.recv()
    assert [writer.exitcode for writer in writers] == [0] * len(WRITERS)
    assert (reads > 0, wrong) == (True, [])
    with open_lake(place) as lake:
        assert lake.snapshot() == first + len(WRITERS) * WRITES
        messages = lake.snapshots().filter(pl.col("id") > first)["message"].to_list()
        assert sorted(messages) == sorted(f"{collection}{number}" for collection in WRITERS for number in range(WRITES))
        for collection in WRITERS:
            assert lake.read("sections", collection=collection).equals(sections(collection, f"{collection}{WRITES - 1}"))


def test_a_writer_killed_in_its_transaction_leaves_the_former_state(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        before = write(lake, "a", "old")
    files = set(Path(place.data_path).rglob("*.parquet"))
    with another_process(write_and_wait, place) as (process, pipe):
        assert pipe.recv() == "in the middle"
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(SECONDS)
    with open_lake(place, read_only=True) as reader:
        assert (reader.snapshot(), reader.read("sections").equals(sections("a", "old"))) == (before, True)
    with open_lake(place) as lake:
        lake.compact(timedelta(0))
        assert set(Path(place.data_path).rglob("*.parquet")) == files
        assert write(lake, "a", "new") == before + 1
        assert lake.read("sections").equals(sections("a", "new"))


def test_two_processes_may_make_the_lake_at_once(place: LakeSettings) -> None:
    with another_process(write_many, place, "a") as (one, _), another_process(write_many, place, "b") as (two, _):
        one.join(SECONDS)
        two.join(SECONDS)
    assert (one.exitcode, two.exitcode) == (0, 0)
    with open_lake(place, read_only=True) as lake:
        assert lake.collections() == ["a", "b"]


def test_reading_does_not_wait_for_the_writers_lock(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        write(lake, "a", "old")
    with another_process(hold_the_lock, place.catalog) as (_, pipe):
        assert pipe.recv() == "holding"
        with open_lake(place, read_only=True) as reader:
            assert reader.read("sections").height == ROWS
        pipe.send("let go")  # only now: who waits for the lock waits for ever
