"""Traditional -> simplified by OpenCC, told piece by piece so that positions can be kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache
from operator import ne
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.clean.characters import codes
from schemas.values import Script

if TYPE_CHECKING:
    from opencc import OpenCC

# A traditional text has a third of its characters in another form, a simplified one a stray name now and then.
TRADITIONAL_SHARE = 0.05
_TO_SIMPLIFIED = "t2s"
_ONLY_IN_PHRASES = "沈坏藉哩衹瞭甦"
"""Characters that `t2s` changes in some words (深沈) and leaves alone elsewhere."""
_IN_REPLIES = re.compile("覆(?:(?<=[回答批拜重反函示明申]覆)|(?=[墓按文校信呈命]))")
"""One more such character, in the words in which it changes (答覆): elsewhere it stands in every report (全覆盖)."""
_BASIC_IDEOGRAPHS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))
_BASIC_PLANE = 0x10000
_PIECES = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")


@cache
def _converter(configuration: str) -> OpenCC:
    from opencc import OpenCC

    # The risky dictionaries give simplified forms outside the basic plane that no font and no other text has.
    return OpenCC(configuration, include_tofu_risk_dictionaries=False)


@cache
def changeable() -> npt.NDArray[np.bool_]:
    """For every code point whether `t2s` may change it, by itself or in a phrase; beyond the basic plane it may change any."""
    ideographs = [chr(code) for codes in _BASIC_IDEOGRAPHS for code in codes]
    converted = _converter(_TO_SIMPLIFIED).convert("\n".join(ideographs)).split("\n")
    table = np.zeros(sys.maxunicode + 1, dtype=np.bool_)
    table[_BASIC_PLANE:] = True
    table[[ord(before) for before, after in zip(ideographs, converted, strict=True) if before != after]] = True
    table[[ord(char) for char in _ONLY_IN_PHRASES]] = True
    return table


def has_changeable(text: str) -> bool:
    """Whether any character is one that `t2s` may change; a simplified text mostly has none."""
    return bool(changeable().take(codes(text)).any())


def simplify(
    texts: Sequence[str], configuration: str = _TO_SIMPLIFIED, *, may_change: bool | None = None
) -> tuple[list[list[tuple[str, str]] | None], Script]:
    """For each text None where nothing changes, else its (traditional, simplified) pieces in order; and the script of the whole.

    `may_change`: whether `has_changeable` of the texts holds (None: not looked at yet), told in a quarter of conversion's time.
    Texts are lines: they hold no line end. A piece is the whole text where conversion went character for character, as OpenCC's
    `t2s` does; else a phrase, so that an offset into it is off by less than that.
    """
    joined = "\n".join(texts)
    if may_change is None:
        may_change = has_changeable(joined)
    if configuration == _TO_SIMPLIFIED and not may_change and not _IN_REPLIES.search(joined):
        return [None] * len(texts), "hans"
    result = _converter(configuration).convert(joined)
    if result == joined:
        return [None] * len(texts), "hans"
    pairs = list(zip(texts, result.split("\n"), strict=True))
    one, other = codes(joined), codes(result)
    if _same_frame(one, other):
        changed = int(np.count_nonzero(one != other))
        pieces = [None if before == after else [(before, after)] for before, after in pairs]
    else:
        pieces = [None if before == after else _aligned(before, after, configuration) for before, after in pairs]
        changed = sum(sum(map(ne, before, after)) for line in pieces if line for before, after in line)
    return pieces, "hant" if changed > TRADITIONAL_SHARE * np.count_nonzero(_are_ideographs(one)) else "hans"


def _aligned(before: str, after: str, configuration: str) -> list[tuple[str, str]]:
    if _same_frame(codes(before), codes(after)):
        return [(before, after)]
    pairs: list[tuple[str, str]] = []
    for piece in _PIECES.findall(before):
        pairs += _phrases(piece, _converter(configuration).convert(piece), configuration)
    return pairs


def _same_frame(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> bool:
    """Whether all that is not an ideograph stands in the same places of two texts, given as code points."""
    return len(one) == len(other) and bool(np.all((one == other) | (_are_ideographs(one) & _are_ideographs(other))))


def _are_ideographs(signs: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = (signs >= 0x3400) & (signs <= 0x9FFF)
    return flags


def _phrases(before: str, after: str, configuration: str) -> list[tuple[str, str]]:
    """Splits a stretch whose length changed where conversion does not look across: both parts convert to the same whole."""
    if len(before) == len(after) or len(before) == 1:
        return [(before, after)]
    convert = _converter(configuration).convert
    for middle in range(1, len(before)):
        left, right = convert(before[:middle]), convert(before[middle:])
        if left + right == after:
            return [(before[:middle], left), *_phrases(before[middle:], right, configuration)]
    return [(before, after)]
