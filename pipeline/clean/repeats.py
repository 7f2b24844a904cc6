"""A text that stands more than once in a page counts once: which lines to leave out.

Compared are whole sentences, so it does not matter how the copies are broken into lines, nor that a few sentences differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, compress

_STOP, _OTHER_STOPS = "。", "!?;"
_DOTS = ("…", "..", "。。")
_TRAILING_DOTS = re.compile(r"(?:…+|\.{2,}|。{2,})[\])】]?(?:更多|详细|全文|查看)?$")

SHORTEST_SENTENCE = 12
REPEATED_SHARE = 0.6
"""A line is a repeat if this share of its sentences' characters stood before."""
TEASER, MOST_COMPARED = 12, 50
"""A cut-off beginning has at least this many characters, and is compared with at most this many lines that begin alike."""
SHORTEST_RUN = 60
"""Repeats shorter than this many characters in all stay: a report may say a sentence twice."""


def repeated_lines(texts: Sequence[str], prose: Sequence[bool]) -> set[int]:
    """Indices of the lines that only say again what the page says in full elsewhere. `prose[i]`: line *i* is running text."""
    dropped = _teasers(texts, prose)
    running = prose if not dropped else [is_prose and i not in dropped for i, is_prose in enumerate(prose)]
    if _no_sentence_twice(_STOP.join(compress(texts, running))):
        return dropped
    sentences = [_sentences(text) if is_running else [] for text, is_running in zip(texts, running, strict=True)]
    first_seen: dict[str, int] = {}
    source: dict[int, list[int]] = {}
    for index, found in enumerate(sentences):
        before = [s for s in found if first_seen.setdefault(s, index) < index]
        if sum(map(len, before)) > REPEATED_SHARE * sum(map(len, found)):
            source[index] = [first_seen[s] for s in before]
    lengths = [len(text) if is_prose else 0 for text, is_prose in zip(texts, prose, strict=True)]
    said = list(accumulate(lengths, initial=0))
    fresh = list(accumulate([0 if i in source else length for i, length in enumerate(lengths)], initial=0))
    for run in _runs(source, texts, prose, dropped):
        dropped |= _copy_to_drop(run, source, prose, fresh, said)
    return dropped


def _no_sentence_twice(text: str) -> bool:
    """Whether no sentence stands twice; mostly told by how much shorter the text is where each piece counts once."""
    pieces = _pieces(text)
    if sum(map(len, pieces)) - sum(map(len, set(pieces))) < SHORTEST_SENTENCE:
        return True
    every = [piece for piece in pieces if len(piece) >= SHORTEST_SENTENCE]
    return len(set(every)) == len(every)


def _sentences(text: str) -> list[str]:
    """What stands in a line between two stops, shorter pieces left out."""
    return [piece for piece in _pieces(text) if len(piece) >= SHORTEST_SENTENCE]


def _pieces(text: str) -> list[str]:
    for stop in _OTHER_STOPS:
        text = text.replace(stop, _STOP)
    return text.split(_STOP)


def _teasers(texts: Sequence[str], prose: Sequence[bool]) -> set[int]:
    """Lines that are the beginning of a longer line, cut off by dots (a summary above or beside the text)."""
    page = "\n".join(texts)
    if not any(dots in page for dots in _DOTS):
        return set()
    cut_off = [index for index, text in enumerate(texts) if len(text) > TEASER and _ends_in_dots(text)]
    same_start: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if prose[index]:
            same_start.setdefault(text[:TEASER], []).append(index)
    dropped = set()
    for index in cut_off:
        start = _TRAILING_DOTS.sub("", texts[index])
        others = same_start.get(start[:TEASER], [])[:MOST_COMPARED]
        if any(other != index and texts[other].startswith(start) for other in others):
            dropped.add(index)
    return dropped


def _ends_in_dots(text: str) -> bool:
    """Whether a line is cut off by dots; most lines are told apart by their last characters alone."""
    last = text[-5:]
    return any(dots in last for dots in _DOTS) and bool(_TRAILING_DOTS.search(text))


def _runs(source: dict[int, list[int]], texts: Sequence[str], prose: Sequence[bool], dropped: set[int]) -> list[range]:
    """Stretches of lines in which all running text, but for a line between two repeats, is a repeat."""
    runs: list[range] = []
    misses = 0
    for index in range(len(texts)):
        if index in source:
            if runs and misses <= 1 and not _source_restarts(source, runs[-1], index):
                runs[-1] = range(runs[-1].start, index + 1)
            else:
                runs.append(range(index, index + 1))
            misses = 0
        elif prose[index] and index not in dropped:
            misses += 1
    long_enough = [run for run in runs if sum(len(texts[i]) for i in run if i in source) >= SHORTEST_RUN]
    first_at: dict[str, int] = {}
    for index, text in enumerate(texts):
        first_at.setdefault(text, index)
    return [_with_short_lines(run, texts, prose, first_at) for run in long_enough]


def _source_restarts(source: dict[int, list[int]], run: range, index: int) -> bool:
    """Whether line `index` goes back to the beginning of what the run repeats: a third copy begins."""
    return min(source[index]) <= min(source[run.start]) and len(run) > 1


def _with_short_lines(run: range, texts: Sequence[str], prose: Sequence[bool], first_at: dict[str, int]) -> range:
    """The run with the headings around it that stood before as well. `first_at`: where each line first stands."""
    start, stop = run.start, run.stop
    while start > 0 and not prose[start - 1] and first_at[texts[start - 1]] < start - 1:
        start -= 1
    while stop < len(texts) and not prose[stop] and first_at[texts[stop]] < start:
        stop += 1
    return range(start, stop)


def _copy_to_drop(run: range, source: dict[int, list[int]], prose: Sequence[bool], fresh: Sequence[int], said: Sequence[int]) -> set[int]:
    """The run itself; or what it repeats, where that is a cut-off beginning and the whole text only stands here.

    `fresh[i]` and `said[i]` are the characters of running text before line *i*, without and with what stood before.
    """
    copied = {origin for index in run for origin in source.get(index, [])}
    first, last = min(copied), max(copied)
    between = said[run.start] - said[last + 1] if last < run.start else 0
    repeated = said[run.stop] - said[run.start]
    going_on = fresh[-1] - fresh[run.stop]
    if not between and going_on > repeated and all(i in copied for i in range(first, last + 1) if prose[i]):
        return set(range(first, last + 1))
    return set(run)
