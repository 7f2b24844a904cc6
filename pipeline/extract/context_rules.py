"""The patterns of `schemas/data/context.yaml` compiled, and the small decisions made with them: comparator, role, plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.extract.lexicon import load
from pipeline.records import Comparator, Period

_WINDOW = 14


@dataclass(frozen=True, slots=True)
class ContextRules:
    """Compiled once a process. `time_names[match.lastindex]` says what a match of `times` is: `multi`, `part` or `each`."""

    direct: re.Pattern[str]
    direct_last: frozenset[str]
    apart: re.Pattern[str]
    apart_first: tuple[str, ...]
    change: re.Pattern[str]
    change_last: frozenset[str]
    compared: re.Pattern[str]
    against_the_law: re.Pattern[str]
    transition: re.Pattern[str]
    target: re.Pattern[str]
    plan_title: re.Pattern[str]
    past_title: re.Pattern[str]
    plan_opening: re.Pattern[str]
    times: re.Pattern[str]
    time_names: tuple[Period, ...]


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


@cache
def context_rules() -> ContextRules:
    """The rules, compiled at first use."""
    data = load("context.yaml")
    direct = "|".join(f"(?P<{name}>{_group(words)})" for name, words in data["comparators_before"].items())
    apart = "|".join(f"(?P<{name}>{_group(words)})" for name, words in data["comparators_apart"].items())
    words = [word for group in data["comparators_before"].values() for word in group]
    names: tuple[Period, ...] = ("multi", "part", "each")
    times = [(name, lead) for name in names for pattern in data[name] for lead in _leads(pattern)]
    return ContextRules(
        direct=re.compile(f"(?:{direct}){_ARRIVAL}$"),
        direct_last=frozenset(re.sub(r"\(.*?\)", "", word)[-1] for word in words) | frozenset("了达到为有约占"),
        apart=re.compile(rf"(?:{apart})[^,。;、\d“”《》跑]{{1,14}}$"),
        apart_first=tuple(sorted({word[0] for words in data["comparators_apart"].values() for word in words})),
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
        times=re.compile("|".join(f"{pattern}()" for _, pattern in times)),
        time_names=("", *(name for name, _ in times)),
    )


def comparator_before(text: str, start: int, floor: int) -> tuple[Comparator, int] | None:
    """The comparator that the words right before `start` (not before `floor`) give, and where they begin; None where none stands."""
    rules = context_rules()
    if start <= floor:
        return None
    if text[start - 1] in rules.direct_last:
        match = rules.direct.search(text, max(floor, start - _WINDOW), start)
        if match:
            name = match.lastgroup
            return name, match.start()  # type: ignore[return-value]
    before = text[max(floor, start - _WINDOW - 8) : start]
    for first in rules.apart_first:
        if first in before:
            match = rules.apart.search(before)
            return (match.lastgroup, start - len(before) + match.start()) if match else None  # type: ignore[return-value]
    return None
