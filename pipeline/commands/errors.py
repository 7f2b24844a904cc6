"""Errors as a person reads them: one line on standard error that says what to do, and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FAILED = 1
NOT_UNDERSTOOD = 2


class CommandError(Exception):
    """A command that cannot do what it was asked to. The message says what was found and what to do."""


def say(message: str) -> None:
    """Tell a person something beside the output."""
    sys.stderr.write(f"{message}\n")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a person can mend into a message and exit code 2. Bugs keep their traceback."""
    try:
        yield
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has what it wanted; the interpreter must not write to it at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if not _is_for_people(error):
            raise
        say(f"fazhi: {error}")
        sys.exit(NOT_UNDERSTOOD)


def _is_for_people(error: Exception) -> bool:
    # By name, so that no command loads the lake or the manifests only to catch their errors.
    return type(error).__name__ in {"CommandError", "CorrectionError", "LakeError", "ManifestError", "ReadingBugError", "ReleaseError"}
