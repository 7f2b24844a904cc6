"""The same report in several files: another page around it, another encoding, a sentence more or less."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE = 8
"""Characters. Two reports of one region share phrases of this length, but not most of them."""
SIMILAR = 0.85
"""Two bodies are one report if they share this part of their shingles …"""
SAME_NUMBERS = 0.8
"""… and this part of their numbers: next year's report from the same mould has other numbers."""
CANDIDATE = 0.6
"""Similarity from which the index (MinHash LSH, Broder 1997) proposes pairs; each is then compared exactly."""
PERMUTATIONS = 64
SAMPLED = 4
"""One shingle in this many is looked at, chosen by its hash: the same ones in every body."""

_SIGNS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def near_duplicates(bodies: Mapping[str, str]) -> dict[str, str]:
    """Which bodies tell what an earlier one tells: id -> id of the one to keep. `bodies`: id -> body text, the earliest first.

    The kept ones are not in the result. Nothing is random: the same bodies in the same order give the same result.
    """
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=CANDIDATE, num_perm=PERMUTATIONS)
    kept: dict[str, str] = {}
    place: dict[str, int] = {}
    duplicates: dict[str, str] = {}
    for report, body in bodies.items():
        signature = _signature(_shingles(body))
        earlier = sorted((str(key) for key in index.query(signature)), key=place.__getitem__)
        original = next((key for key in earlier if same_report(kept[key], body)), None)
        if original is None:
            index.insert(report, signature)
            kept[report] = body
            place[report] = len(place)
        else:
            duplicates[report] = original
    return duplicates


def same_report(first: str, second: str) -> bool:
    """Whether two bodies are one report, by their shingles and their numbers."""
    if first == second:
        return True
    numbers = set(_NUMBER.findall(first)), set(_NUMBER.findall(second))
    return _share(*numbers) >= SAME_NUMBERS and _share(_shingles(first), _shingles(second)) >= SIMILAR


def _share(first: Set[object], second: Set[object]) -> float:
    together = len(first | second)
    return len(first & second) / together if together else 1.0


def _shingles(body: str) -> set[int]:
    """Hashes of the sampled shingles of a body, signs and white space apart; of all of them where the body is short."""
    text = _SIGNS.sub("", body)
    hashes = {zlib.crc32(text[i : i + SHINGLE].encode()) for i in range(max(1, len(text) - SHINGLE + 1))}
    sampled = {value for value in hashes if value % SAMPLED == 0}
    return sampled if len(sampled) >= PERMUTATIONS else hashes


def _signature(shingles: set[int]) -> MinHash:
    from datasketch import MinHash

    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
    signature.update_batch(sorted(shingles))
    return signature
