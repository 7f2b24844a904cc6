"""How a file is refused: what it is, what was expected, what to do."""

from __future__ import annotations

from pipeline.records import QuarantineError


def refusal(name: str, found: str, expected: str, advice: str) -> QuarantineError:
    """The error to raise for a file that cannot become a report."""
    return QuarantineError(f"{name}: {found}, expected {expected}; {advice}")
