"""When a number is about: what the search for words of time may skip."""

from __future__ import annotations

import re

import pytest

from pipeline.extract.lexicon import load
from pipeline.extract.times import SENSED

PATTERNS = [pattern for name in ("multi", "part", "each") for pattern in load("context.yaml")[name]]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_of_time_is_skipped_unseen(pattern: str) -> None:
    """A sentence without any sensed character is not searched: so each pattern must hold one whatever it matches."""
    required = re.sub(r"\[[^\]]*\]|\(\?[<!=]+[^)]*\)", "", pattern)
    assert SENSED.search(required) or pattern.endswith("[-—~至到][2-8]月"), pattern
