"""The process that reads untrusted formats: one file at a time, under limits that the operating system keeps.

Started by `pool` as `python -m pipeline.ingest.worker`. On standard input it gets a request: a line of JSON (`reader`, `name`,
`size`) and `size` bytes of content. On standard output it gives a line of JSON: the fields of `Decoded`, or `quarantine` with the reason.
JSON, because what comes back from a process that an attacker's file may have taken over must only be data.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import BinaryIO

from pipeline.ingest.docx import read_docx
from pipeline.ingest.html import read_html
from pipeline.ingest.mhtml import read_mhtml
from pipeline.ingest.pdf import read_pdf
from pipeline.ingest.refusal import refusal
from pipeline.records import Decoded, QuarantineError

MEMORY_LIMIT = 2 * 1024 * 1024 * 1024
"""Bytes of address space. A PDF of 1,000 pages takes a tenth of it."""

READERS: dict[str, Callable[[bytes, str], Decoded]] = {"docx": read_docx, "html": read_html, "mhtml": read_mhtml, "pdf": read_pdf}


def limit_memory() -> None:
    """Keeps this process under `MEMORY_LIMIT`, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def answer(reader: str, name: str, content: bytes) -> dict[str, object]:
    """What one request is answered with."""
    try:
        return asdict(READERS[reader](content, name))
    except QuarantineError as error:
        return {"quarantine": str(error)}
    except (MemoryError, RecursionError) as error:
        found = f"took more memory than allowed ({type(error).__name__})"
        return {"quarantine": str(refusal(name, found, "a report", "save the report's text alone")), "spent": True}
    except Exception as error:
        found = f"could not be read as {reader} ({type(error).__name__}: {str(error)[:200]})"
        return {"quarantine": str(refusal(name, found, "a file that its program opens", "open it, save it again and add that"))}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the input ends."""
    while header := requests.readline():
        request = json.loads(header)
        content = requests.read(request["size"])
        reply = answer(request["reader"], request["name"], content)
        answers.write(json.dumps(reply).encode("ascii") + b"\n")
        answers.flush()
        if reply.get("spent"):
            return


if __name__ == "__main__":
    limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
