"""What a passage is about, and who did what to what: the words around a number put in their places."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from pipeline.extract.lexicon import load, one_of

_NOUN_STOP = re.compile(r"[,。;、:()《》“”\t\n\d]")
_TRAIL = re.compile(r"[^\w《》“”、]+$")


@dataclass(frozen=True, slots=True)
class Topics:
    """Every word of `schemas/data/topics.yaml` in a body, in order: where it begins, and the topic it shows."""

    starts: list[int]
    keys: list[str]

    def between(self, start: int, end: int) -> str:
        """The last topic word that begins in `start:end`, as its key; empty where none does."""
        index = bisect_left(self.starts, end) - 1
        return self.keys[index] if index >= 0 and self.starts[index] >= start else ""

    def last_start(self, start: int, end: int) -> int:
        """Where the topic word that `between` gives begins; `end` where there is none."""
        index = bisect_left(self.starts, end) - 1
        return self.starts[index] if index >= 0 and self.starts[index] >= start else end

    def first(self, start: int, end: int) -> str:
        """The first topic word that begins in `start:end`, as its key; empty where none does."""
        index = bisect_left(self.starts, start)
        return self.keys[index] if index < len(self.starts) and self.starts[index] < end else ""


@dataclass(frozen=True, slots=True)
class _Words:
    """Compiled once a process. `keys[n]` is the topic of the word that `topics` finds as its number `n`; empty for `none`.

    `fillers_begin`: the characters that fillers begin with.
    """

    topics: AhoCorasick
    keys: list[str]
    verbs: re.Pattern[str]
    fillers: re.Pattern[str]
    fillers_begin: frozenset[str]


@cache
def _words() -> _Words:
    keys = {str(word): "" if key == "none" else key for key, words in load("topics.yaml").items() for word in words}
    automaton = AhoCorasick(list(keys), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA, store_patterns=False)
    data = load("predicates.yaml")
    verbs, fillers = one_of(data["verbs"]), one_of(data["fillers"])
    begin = frozenset(word[0] for word in data["fillers"])
    return _Words(automaton, list(keys.values()), re.compile(f"({verbs})"), re.compile(f"(?:{fillers})*"), begin)


def topics(text: str) -> Topics:
    """Find the topic words of a body in one pass (longest word first, without overlap)."""
    keys = _words().keys
    found = _words().topics.find_matches_as_indexes(text)
    return Topics([start for word, start, _ in found if keys[word]], [keys[word] for word, _, _ in found if keys[word]])


def predicate_and_thing(before: str, behind: str) -> tuple[str, str]:
    """The verb and the counted thing around a number: (`predicate`, `counted`), either possibly empty.

    `before` and `behind` are the words between the number and its neighbours. A number that closes its clause counts what stands before it
    (`审查行政规范性文件35件`: 审查, 行政规范性文件); one followed by words counts what follows (`对166件涉法事务进行审查`: 涉法事务).
    """
    words = _words()
    verbs = words.verbs
    parts = verbs.split(before)  # … verb, words, verb, words
    predicate, noun = parts[-2] if len(parts) > 1 else "", parts[-1]
    filler = words.fillers.match(noun) if noun[:1] in words.fillers_begin else None
    noun = noun[filler.end() :] if filler else noun
    if behind and (len(noun) < 2 or not predicate):
        following = verbs.search(behind)
        head = behind[: following.start()] if following else behind
        stop = _NOUN_STOP.search(head)
        head = head[: stop.start()] if stop else head
        filler = words.fillers.match(head) if head[:1] in words.fillers_begin else None
        head = head[filler.end() :] if filler else head
        if len(head) > 1:
            return predicate or (following[0] if following else ""), head[:24].rstrip("的")
        if following and not noun:
            return predicate or following[0], ""
    if not noun[-1:].isalnum():
        noun = _TRAIL.sub("", noun)
    return predicate, noun[-24:].removesuffix("的")
