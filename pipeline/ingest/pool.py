"""Runs the readers of untrusted formats in worker processes: a crash, a loop or a bomb costs that file alone.

A worker is started when the first file needs one and then kept, so the rest of a collection pays a pipe, not a start. Each thread
that reads at the same time has a worker of its own; the memory is bounded by threads x `worker.MEMORY_LIMIT`.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from pipeline.ingest.refusal import refusal
from pipeline.records import Decoded, QuarantineError

TIME_LIMIT = 30.0
"""Seconds for one file. A PDF of 300 pages takes two."""
PACKAGE_ROOT = Path(__file__).parents[2]


class Worker:
    """One worker process and the pipe to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.ingest.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PACKAGE_ROOT,
        )

    def ask(self, reader: str, name: str, content: bytes, time_limit: float) -> dict[str, Any] | None:
        """The worker's answer, or None if it died or was stopped after `time_limit` seconds; then it is of no more use."""
        assert self._process.stdin and self._process.stdout
        timer = threading.Timer(time_limit, self._process.kill)
        timer.start()
        try:
            header = json.dumps({"reader": reader, "name": name, "size": len(content)}).encode("ascii")
            self._process.stdin.write(header + b"\n" + content)
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (BrokenPipeError, OSError):
            line = b""
        finally:
            timer.cancel()
        return json.loads(line) if line.endswith(b"\n") else None

    def close(self) -> int:
        """Stops the process; returns its exit code."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    continue  # what was not yet written to a dead process has no reader
        return code


_idle: list[Worker] = []
_lock = threading.Lock()


def read_in_worker(reader: str, content: bytes, name: str, time_limit: float = TIME_LIMIT) -> Decoded:
    """Reads `content` with the reader of that name (`worker.READERS`). Raises QuarantineError for whatever goes wrong with the file."""
    with _lock:
        worker = _idle.pop() if _idle else None
    worker = worker or Worker()
    reply = worker.ask(reader, name, content, time_limit)
    if reply is None:
        code = worker.close()
        raise refusal(
            name,
            f"reading it as {reader} crashed or took longer than {time_limit:g} s (exit code {code})",
            "a file that its program opens",
            "save the report's text alone",
        )
    if reply.get("spent"):
        worker.close()
    else:
        with _lock:
            _idle.append(worker)
    if "quarantine" in reply:
        raise QuarantineError(str(reply["quarantine"]))
    return Decoded(
        str(reply["text"]),
        str(reply["media_type"]),
        str(reply["encoding"]),
        int(reply["repaired"]),
        tuple(reply["pages"]),
        dict(reply["declared"]),
    )


def close() -> None:
    """Stops all idle workers; the next file starts a new one."""
    with _lock:
        workers, _idle[:] = list(_idle), []
    for worker in workers:
        worker.close()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # two processes must not speak through one pipe
