"""The patterns of `schemas/data/context.yaml` compiled, and the small decisions made with them: comparator, role, plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.extract.lexicon import load
from schemas.values import Comparator, Period

_WINDOW = 14


@dataclass(frozen=True, slots=True)
class Times:
    """Spans of time and rates; `names[match.lastindex]` says what a match of `pattern` is: `multi`, `part` or `each`."""

    pattern: re.Pattern[str]
    names: tuple[Period, ...]


SINCE = "以来"


@dataclass(frozen=True, slots=True)
class ContextRules:
    """Compiled once a process.

    `direct_names[match.lastindex]` says which comparator a match of `direct` is; so does `apart_names` for `apart`. `plan_begins`: the
    characters with which a `plan_opening` may begin.
    """

    direct: re.Pattern[str]
    direct_names: tuple[Comparator, ...]
    direct_last: frozenset[str]
    apart: re.Pattern[str]
    apart_names: tuple[Comparator, ...]
    change: re.Pattern[str]
    change_last: frozenset[str]
    compared: re.Pattern[str]
    against_the_law: re.Pattern[str]
    transition: re.Pattern[str]
    target: re.Pattern[str]
    plan_title: re.Pattern[str]
    past_title: re.Pattern[str]
    plan_opening: re.Pattern[str]
    plan_begins: frozenset[str]
    times: Times
    times_but_since: Times


_ARRIVAL = "(?:了|达到|达|到|为|有|约|占)?"
_CHANGE_TAIL = "(?:(?:率|幅度|幅|速)为?)?(?:了|分别|均|达|约|近|将近|超|超过|逾|近乎|高达|不低于|不少于)*"


def _group(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _leads(pattern: str) -> list[str]:
    """The pattern once for each character or word that it may begin with (`[六七]五` -> `六五`, `七五`): the engine skips to those."""
    group = re.match(r"\(\?:([^()]*)\)|\[([^^\]-]+)\]", pattern)
    if group is None:
        return [pattern]
    rest = pattern[group.end() :]
    return [first + rest for first in (group[1].split("|") if group[1] else group[2])]


def _first_character_first(pattern: str) -> str:
    """The pattern with what may not stand before it told behind its first character (`(?<!不)低于` -> `低(?<!不低)于`).

    As with `_leads`, the engine then skips to that character.
    """
    return re.sub(r"^((?:\(\?<![^()]*\))+)(.)", lambda match: match[2] + match[1].replace(")", f"{match[2]})"), pattern)


def _closed(groups: dict[Comparator, list[str]]) -> tuple[str, tuple[Comparator, ...]]:
    """Alternatives, each closed by an empty group, and the name of each by the number of that group."""
    words = [(name, word) for name, group in groups.items() for word in sorted(group, key=len, reverse=True)]
    return "|".join(f"{_first_character_first(word)}()" for _, word in words), ("eq", *(name for name, _ in words))


def _times(data: dict[str, list[str]], but: str = "") -> Times:
    """The times but those that end with `but`; those that begin alike stand together behind their first character."""
    periods: tuple[Period, ...] = ("multi", "part", "each")
    groups: dict[str, list[tuple[Period, str]]] = {}
    for period in periods:
        patterns = [pattern for pattern in data[period] if not (but and pattern.endswith(but))]
        for lead in (lead for pattern in patterns for lead in _leads(pattern)):
            first = lead[0] if _PLAIN.match(lead) else ""
            groups.setdefault(first, []).append((period, f"{lead.removeprefix(first)}()"))
    written = "|".join(f"{first}(?:{'|'.join(rest for _, rest in group)})" for first, group in groups.items())
    return Times(re.compile(written), ("", *(period for group in groups.values() for period, _ in group)))


# A character that stands for itself and once, so that what begins with it can stand behind it.
_PLAIN = re.compile(r"[^\\\[\](){}.?*+|^$](?![?*+{])")


@cache
def context_rules() -> ContextRules:
    """The rules, compiled at first use."""
    data = load("context.yaml")
    direct, direct_names = _closed(data["comparators_before"])
    apart, apart_names = _closed(data["comparators_apart"])
    words = [word for group in data["comparators_before"].values() for word in group]
    return ContextRules(
        direct=re.compile(f"(?:{direct}){_ARRIVAL}$"),
        direct_names=direct_names,
        direct_last=frozenset(re.sub(r"\(.*?\)", "", word)[-1] for word in words) | frozenset("了达到为有约占"),
        apart=re.compile(rf"(?:{apart})[^,。;、\d“”《》跑]{{1,14}}$"),
        apart_names=apart_names,
        change=re.compile(f"(?:{_group(data['change_verbs'])}){_CHANGE_TAIL}$"),
        change_last=frozenset(word[-1] for word in data["change_verbs"]) | frozenset("率了为达度约近超过逾乎高于"),
        compared=re.compile("|".join(data["compared"])),
        against_the_law=re.compile("|".join(data["against_the_law"])),
        transition=re.compile(
            f"(?:{_group(data['transitions'])})(?:到|至|为|成)了?"
            r"(?:(?:19|20)\d\d年(?:度|底|末)?的?)?(?:(?:承诺|目前|现在)的?)?(?:约|近|超过)?$"
        ),
        target=re.compile("|".join(data["targets"])),
        plan_title=re.compile("|".join(data["plan_titles"])),
        past_title=re.compile("|".join(data["past_titles"])),
        plan_opening=re.compile("|".join(data["plan_openings"])),
        plan_begins=frozenset(lead[0] for pattern in data["plan_openings"] for lead in _leads(pattern)),
        times=_times(data),
        times_but_since=_times(data, SINCE),
    )


def comparator_before(rules: ContextRules, text: str, start: int, floor: int) -> tuple[Comparator, int] | None:
    """The comparator that the words right before `start` (not before `floor`) give, and where they begin; None where none stands."""
    if start <= floor:
        return None
    if text[start - 1] in rules.direct_last:
        match = rules.direct.search(text, max(floor, start - _WINDOW), start)
        if match:
            return rules.direct_names[match.lastindex or 0], match.start()
    begin = floor if start - floor < _WINDOW + 8 else start - _WINDOW - 8
    match = rules.apart.search(text[begin:start])
    return (rules.apart_names[match.lastindex or 0], begin + match.start()) if match else None
