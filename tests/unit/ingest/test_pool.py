"""Worker processes: a file that crashes, loops or swallows memory costs itself alone."""

import io
import os
import subprocess
import sys
import threading

import pytest

from pipeline.ingest import pool
from pipeline.ingest.worker import READERS, answer, serve
from pipeline.records import Decoded, QuarantineError

PAGE = "<html><body><p>收到行政复议申请98件，全部办结。</p></body></html>".encode()


def test_a_worker_is_kept_for_the_next_file() -> None:
    pool.close()
    pool.read_in_worker("html", PAGE, "a")
    first = pool._idle[-1]
    pool.read_in_worker("html", PAGE, "b")
    assert pool._idle == [first]


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read() -> None:
    with pytest.raises(QuarantineError, match=r"slow\.html: .* took longer than 0\.001 s"):
        pool.read_in_worker("html", b"<p>x</p>" * 1_000_000, "slow.html", time_limit=0.001)
    assert pool.read_in_worker("html", PAGE, "a").text == "收到行政复议申请98件，全部办结。"


def test_a_worker_that_dies_costs_its_file_alone() -> None:
    pool.close()
    pool.read_in_worker("html", PAGE, "a")
    pool._idle[-1]._process.kill()
    with pytest.raises(QuarantineError, match="crashed"):
        pool.read_in_worker("html", PAGE, "b")
    assert pool.read_in_worker("html", PAGE, "c").media_type == "text/html"


def test_threads_do_not_share_a_pipe() -> None:
    texts: list[str] = []

    def read(number: int) -> None:
        texts.append(pool.read_in_worker("html", f"<p>{number}</p>".encode() * 500, "a").text.split("\n")[0])

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts) == ["0", "1", "2", "3"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no address-space limit and no fork")
def test_a_forked_process_starts_workers_of_its_own() -> None:
    pool.read_in_worker("html", PAGE, "a")
    child = os.fork()
    if child == 0:
        os._exit(len(pool._idle))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of the address space")
def test_a_worker_cannot_take_more_memory_than_it_may() -> None:
    code = "from pipeline.ingest.worker import MEMORY_LIMIT, limit_memory; limit_memory(); bytearray(MEMORY_LIMIT)"
    finished = subprocess.run([sys.executable, "-c", code], cwd=pool.PACKAGE_ROOT, capture_output=True, text=True, check=False)
    assert finished.stderr.strip().endswith("MemoryError")


def test_a_reader_that_ran_out_of_memory_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(content: bytes, name: str) -> Decoded:
        raise MemoryError

    monkeypatch.setitem(READERS, "html", exhausted)
    answers = io.BytesIO()
    serve(io.BytesIO(b'{"reader": "html", "name": "a", "size": 1}\nx' * 2), answers)
    assert answers.getvalue().count(b"\n") == 1
    assert b"more memory than allowed" in answers.getvalue()


def test_an_unexpected_error_in_a_reader_is_a_reason_not_a_crash() -> None:
    reply = answer("docx", "a.docx", b"PK")
    assert str(reply["quarantine"]).startswith("a.docx: ")


def test_requests_are_answered_one_line_each() -> None:
    content = "<p>甲</p>".encode()
    request = b'{"reader": "html", "name": "a", "size": %d}\n' % len(content) + content
    answers = io.BytesIO()
    serve(io.BytesIO(request * 2), answers)
    assert answers.getvalue().count(b"\n") == 2
    assert b'"text": "\\u7532"' in answers.getvalue()
