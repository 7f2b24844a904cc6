"""A whole text folded, and what else its signs ask for, both told by one look at each.

`characters.fold` does the same for a line, sign by sign; here one table of all code points holds what a sign is folded to together
with what may have to be done about it, so that most texts are told in one pass to need nothing more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.clean.characters import CHINESE_DIGITS, ROUND_SIGNS, TONED_LETTERS, codes, expansions, folding, with_zeros, without_readings
from pipeline.clean.script import changeable

_CODE = (1 << 24) - 1
"""The bits of a code point; the flags stand above them."""
_CHINESE_DIGIT, _ROUND, _GLYPH, _CHANGEABLE, _TONED = 1 << 24, 1 << 25, 1 << 26, 1 << 27, 1 << 28


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; whether it has glyphs that stand for several characters, and characters that simplifying may change."""

    text: str
    has_glyphs: bool
    may_change: bool


@cache
def _signs() -> npt.NDArray[np.uint32]:
    """Every code point -> the one that folded text has in its place, with the flags of that one."""
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    flagged = ((CHINESE_DIGITS, _CHINESE_DIGIT), (ROUND_SIGNS, _ROUND), ("".join(expansions()), _GLYPH), (TONED_LETTERS, _TONED))
    for chars, flag in flagged:
        table[[ord(char) for char in chars]] |= flag
    table[changeable()] |= _CHANGEABLE
    table[list(folding())] = table[[ord(char) for char in folding().values()]]
    return table


def fold_text(text: str) -> Folded:
    """What `characters.fold` makes of a text, and what its signs ask for."""
    signs = _signs().take(codes(text))
    every = int(np.bitwise_or.reduce(signs))
    folded = _text_of(signs & np.uint32(_CODE))
    if every & _ROUND and every & _CHINESE_DIGIT and _has_zeros(signs):
        folded = with_zeros(folded)
    if every & _TONED:
        folded = without_readings(folded)
    return Folded(folded, bool(every & _GLYPH), bool(every & _CHANGEABLE))


def _text_of(signs: npt.NDArray[np.uint32]) -> str:
    """The text with these code points, none of which is NUL at the end."""
    return str(signs.view(f"U{len(signs)}").item()) if len(signs) else ""


def _has_zeros(signs: npt.NDArray[np.uint32]) -> bool:
    """Whether a round sign stands behind a digit in Chinese, as a zero does."""
    return bool(np.bitwise_or.reduce(signs[:-1] & (signs[1:] >> 1)) & _CHINESE_DIGIT)
