"""The same report in several files: another page around it, another encoding, a sentence more or less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

Kind = Literal["same_text", "near_text"]

SHINGLE = 8
"""Characters. Two reports of one region share phrases of this length, but not most of them."""
SIMILAR = 0.85
"""Two bodies are one report if they share this part of their shingles …"""
SAME_NUMBERS = 0.8
"""… and this part of their numbers: next year's report from the same mould has other numbers."""
CANDIDATE = 0.6
"""Similarity from which the index (MinHash LSH, Broder 1997) proposes pairs; each is then compared exactly."""
PERMUTATIONS = 64
SCHEME = "affine32"
SAMPLED = 4
"""One shingle in this many is looked at, chosen by its hash: the same ones in every body."""

_SIGNS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Knuth's multiplicative hashing: the first factor makes a number of eight characters, the second spreads it over all bits.
_BASE, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Copy:
    """A report that tells what an earlier one tells. `text_share`, `number_share`: the part of shingles and numbers that both have."""

    report: str
    original: str
    kind: Kind
    text_share: float
    number_share: float


def near_duplicates(
    reports: Iterable[str], body_of: Callable[[str], str], may_be_one: Callable[[str, str], bool] = lambda first, second: True
) -> list[Copy]:
    """Which reports tell what an earlier one tells, in the order given: the earliest first. The kept ones are not in the result.

    `body_of` gives a report's body text whenever it is needed, so bodies need not be in memory together: what is kept of each is
    `PERMUTATIONS` hashes. `may_be_one` says of a later and an earlier report whether they could be one for all that is known beside
    their text. Nothing is random: the same bodies in the same order give the same result.
    """
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=CANDIDATE, num_perm=PERMUTATIONS)
    place: dict[str, int] = {}
    copies: list[Copy] = []
    for report in reports:
        body = body_of(report)
        signature = _signature(_shingles(body))
        earlier = sorted((str(key) for key in index.query(signature)), key=place.__getitem__)
        compared = (copy_of(report, body, key, body_of(key)) for key in earlier if may_be_one(report, key))
        found = next((copy for copy in compared if copy), None)
        if found:
            copies.append(found)
        else:
            index.insert(report, signature)
            place[report] = len(place)
    return copies


def copy_of(report: str, body: str, original: str, earlier: str) -> Copy | None:
    """The later of two reports as a copy of the earlier, if their bodies say that they are one."""
    if body == earlier:
        return Copy(report, original, "same_text", 1.0, 1.0)
    first, second = set(_NUMBER.findall(body)), set(_NUMBER.findall(earlier))
    numbers = len(first & second) / len(first | second) if first | second else 1.0
    if numbers < SAME_NUMBERS:
        return None
    one, other = _shingles(body), _shingles(earlier)
    together = np.intersect1d(one, other, assume_unique=True).size
    texts = together / (one.size + other.size - together)
    return Copy(report, original, "near_text", float(texts), numbers) if texts >= SIMILAR else None


def _shingles(body: str) -> Hashes:
    """Hashes (distinct, ascending) of the sampled shingles of a body, signs and white space apart; of all of them where it is short."""
    codes = np.frombuffer(_SIGNS.sub("", body).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    if codes.size < SHINGLE:
        codes = np.pad(codes, (0, SHINGLE - codes.size))
    rolled = np.zeros(codes.size - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        rolled = rolled * _BASE + codes[place : place + rolled.size]
    hashes = ((rolled ^ (rolled >> np.uint64(32))) * _SPREAD >> np.uint64(32)).astype(np.uint32)
    sampled = np.unique(hashes[hashes % SAMPLED == 0])
    return sampled if sampled.size >= PERMUTATIONS else np.unique(hashes)


@cache
def _permutations() -> Any:
    """Drawing them anew for each body would take longer than all the rest."""
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, scheme=SCHEME).permutations


def _signature(shingles: Hashes) -> MinHash:
    from datasketch import MinHash

    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=int, permutations=_permutations(), scheme=SCHEME)
    signature.update_batch(shingles)
    return signature
