"""One sign for one meaning: folding of look-alike characters, white space and invisible characters.

`fold` changes characters one for one, so every offset stays; what has to vanish or to grow is only marked there and is dealt with,
line by line, in `lines`. The characters are data: `schemas/data/clean_characters.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

NOTHING = "\x1f"
"""Stands in folded text for a character that the body does not have."""

FULL_WIDTH_SHIFT = ord("！") - ord("!")
CHARACTERS_PATH = Path(__file__).parents[2] / "schemas" / "data" / "clean_characters.yaml"

# What stands before is looked at last: the sign itself is the rarer, and is found faster.
TONED_LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹɡ"
_READING = re.compile(rf"\((?<=[\u3400-\u9fff]\()[a-z{TONED_LETTERS}]{{1,6}}\)")
FEWEST_READINGS = 5
CHINESE_DIGITS, ROUND_SIGNS = "一二三四五六七八九〇", "○◯⚪OoΟО0"
_ZERO = re.compile(f"[{ROUND_SIGNS}](?<=[{CHINESE_DIGITS}].)(?=[{CHINESE_DIGITS}{ROUND_SIGNS}十年])")


def load_characters() -> dict[str, Any]:
    """The rows of `clean_characters.yaml` as they stand."""
    rows: dict[str, Any] = yaml.safe_load(CHARACTERS_PATH.read_text(encoding="utf-8"))
    return rows


def code_points(spec: str) -> range:
    """`"2000-200A"` or `"3000"` (hexadecimal) -> the range of code points."""
    first, _, last = spec.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


@cache
def folding() -> dict[int, str]:
    """Code point -> the one character that folded text has in its place."""
    rows = load_characters()
    table: dict[int, str] = {code: chr(code - FULL_WIDTH_SHIFT) for code in range(0xFF01, 0xFF5F)}
    table |= dict(_compatibility_ideographs())
    for kind, sign in (("blank", " "), ("line", "\n"), ("nothing", NOTHING)):
        table |= {code: sign for spec in rows[kind] for code in code_points(spec)}
    table |= {ord(char): row["to"] for row in rows["same"] for char in row["from"]}
    return {code: char for code, char in table.items() if chr(code) != char}


def _compatibility_ideographs() -> Iterator[tuple[int, str]]:
    """Kangxi radicals and CJK compatibility ideographs, as Unicode folds them (NFKC, one for one)."""
    for block in (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20)):
        for code in block:
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                yield code, folded


@cache
def expansions() -> dict[str, str]:
    """Character -> the short text that it stands for (`⑴` -> `(1)`, `㈡` -> `(二)`)."""
    return {
        chr(code): row["pattern"].format(n=number, zh="〇一二三四五六七八九十"[number] if number <= 10 else number)
        for row in load_characters()["expand"]
        for number, code in enumerate(code_points(row["from"]), start=row["first"])
    }


@cache
def expandable() -> re.Pattern[str]:
    """Matches one character that stands for several."""
    return _one_of(sorted(expansions()))


def _one_of(chars: list[str]) -> re.Pattern[str]:
    """A character class; neighbouring code points are joined to ranges, which `re` tests faster."""
    parts: list[tuple[int, int]] = []
    for code in map(ord, chars):
        if parts and parts[-1][1] == code - 1:
            parts[-1] = (parts[-1][0], code)
        else:
            parts.append((code, code))
    return re.compile("[" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" if a < b else re.escape(chr(a)) for a, b in parts) + "]")


def codes(text: str) -> npt.NDArray[np.uint32]:
    """The code points of `text`, one each."""
    return np.array([text]).view(np.uint32) if text else np.empty(0, dtype=np.uint32)


@cache
def _folded_characters() -> dict[str, str]:
    return {chr(code): char for code, char in folding().items()}


def fold(text: str) -> str:
    """`text` with every look-alike replaced, length and offsets unchanged.

    Blanks become U+0020 (a tab stays), line ends U+000A, what has no meaning `NOTHING`. A round sign between Chinese digits is a
    zero (`二○二二年` -> `二〇二二年`; GB/T 15835-2011, 4.3).
    Readings that a page has behind its ideographs become `NOTHING`. This is for a line; for a whole text `signs.fold_text` is faster.
    """
    return without_readings(with_zeros("".join(map(_folded_characters().get, text, text))))


def with_zeros(text: str) -> str:
    """Twice, for the sign before a sign is no digit until it was folded."""
    return _ZERO.sub("〇", _ZERO.sub("〇", text))


def without_readings(text: str) -> str:
    """Copies of government pages on other sites put the reading behind ideographs, `建設(shè)`: it is no part of the text."""
    readings = _READING.findall(text)
    if len(readings) < FEWEST_READINGS or sum(not reading.isascii() for reading in readings) < len(readings) / 2:
        return text
    return _READING.sub(lambda reading: NOTHING * len(reading.group()), text)
