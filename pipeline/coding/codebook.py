"""The codebook: `schemas/data/indicators/*.yaml` read and compiled for matching. `docs/codebook-format.md` describes the format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

import yaml
from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.extract.lexicon import load
from schemas.values import Scope

ValueType = Literal["count", "rate", "amount", "ratio"]


class CodebookError(ValueError):
    """A codebook entry that cannot be used; the message names file, code, field and what was expected."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the codebook, without its rules and examples."""

    code: str
    theme: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    value_type: ValueType
    unit: str
    accepted_units: tuple[str, ...]
    range_low: float | None
    range_high: float | None
    additive: bool
    scope: Scope
    related: Mapping[str, tuple[str, ...]]
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which an indicator is told. A term is its index in `Codebook.terms`.

    `counted`: one of these must stand at the number. `clause`, `member`, `sentence`, `context`: of each set one term must stand
    in that zone.
    `nearest`: (wanted, all): of all these words the one nearest to the number must be a wanted one, and not told together with another.
    `not_*`: none of these may. `topic`: the quantity's topic must be among these (empty: any). See `docs/codebook-format.md`.
    """

    name: str
    indicator: Indicator
    units: frozenset[str]
    counted: frozenset[int]
    topic: frozenset[str]
    clause: tuple[frozenset[int], ...]
    member: tuple[frozenset[int], ...]
    sentence: tuple[frozenset[int], ...]
    context: tuple[frozenset[int], ...]
    nearest: tuple[frozenset[int], frozenset[int]] | None
    not_near: frozenset[int]
    not_clause: frozenset[int]
    not_sentence: frozenset[int]
    not_context: frozenset[int]
    not_first: frozenset[int]
    where: Literal["near", "before", "behind", "clause"]
    roles: frozenset[str]
    stock: bool
    also: bool
    department: bool
    weight: int
    conditions: int


ByTerm = Mapping[int, tuple[Rule, ...]]
"""The rules that a term may start."""


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything the coder needs: the automaton over all terms, and the rules by unit and by the term that may start them.

    `near_rules[unit][term]`: rules whose counted word stands at the number; `clause_rules` likewise for those that look through the clause.
    `pairs`: all characters that stand side by side in a term.
    """

    indicators: Mapping[str, Indicator]
    terms: tuple[str, ...]
    pairs: frozenset[str]
    automaton: AhoCorasick
    near_rules: Mapping[str, ByTerm]
    clause_rules: Mapping[str, ByTerm]
    rules: tuple[Rule, ...]
    sectors: Mapping[str, int]
    _for: dict[tuple[str, str, str], tuple[ByTerm, ByTerm]] = field(default_factory=dict, repr=False)

    def rules_for(self, unit: str, role: str, topic: str) -> tuple[ByTerm, ByTerm]:
        """`near_rules` and `clause_rules` of a unit, without the rules that want another role or topic; kept when first asked for."""
        known = self._for.get((unit, role, topic))
        if known is None:
            near, clause = (_wanting(table.get(unit, {}), role, topic) for table in (self.near_rules, self.clause_rules))
            known = self._for[unit, role, topic] = (near, clause)
        return known

    def field_of(self, own_names: Iterable[str]) -> frozenset[int]:
        """The terms that name the sector a department with these names works in: 卫生 for 县卫生健康局."""
        names = tuple(own_names)
        return frozenset([number for word, number in self.sectors.items() if any(word in name for name in names)])


_ZONE_FIELDS = ("clause", "member", "sentence", "context")
_NOT_FIELDS = ("not_near", "not_clause", "not_sentence", "not_context", "not_first")
_RULE_FIELDS = {
    "counted",
    "topic",
    "units",
    "where",
    "roles",
    "stock",
    "also",
    "department",
    "weight",
    "nearest",
    *_ZONE_FIELDS,
    *_NOT_FIELDS,
}
_DEFAULT_ROLES = {
    "count": frozenset(("level", "target", "previous")),
    "amount": frozenset(("level", "target", "previous")),
    "rate": frozenset(("level", "share", "target", "previous")),
    "ratio": frozenset(("level", "target", "previous")),
}


class _Terms:
    """Terms numbered in the order of their first use; `@name` stands for a list of `schemas/data/concepts.yaml`.

    Rules with the same words share one set: what fits into the processor's cache is asked in half the time.
    """

    def __init__(self, concepts: Mapping[str, list[str]]) -> None:
        self.concepts = concepts
        self.numbers: dict[str, int] = {}
        self.sets: dict[frozenset[int], frozenset[int]] = {}
        self.used: set[str] = set()

    def expand(self, words: Iterable[str]) -> list[str]:
        expanded: list[str] = []
        for word in words:
            if word.startswith("@"):
                if word[1:] not in self.concepts:
                    raise CodebookError(f"schemas/data/concepts.yaml has no list named {word[1:]!r}")
                self.used.add(word[1:])
                expanded.extend(self.expand(self.concepts[word[1:]]))
            else:
                expanded.append(str(word))
        return expanded

    def numbered(self, words: Iterable[str]) -> frozenset[int]:
        found = frozenset([self.numbers.setdefault(word, len(self.numbers)) for word in self.expand(words)])
        return self.sets.setdefault(found, found)


def load_entries() -> list[dict[str, Any]]:
    """Every entry of every theme file as written (rules, examples and all), in the order of the files' names."""
    folder = resources.files("schemas") / "data" / "indicators"
    entries: list[dict[str, Any]] = []
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            rows = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []
            entries.extend(rows)
    return entries


def _indicator(entry: Mapping[str, Any]) -> Indicator:
    low, high = entry.get("range") or (None, None)
    return Indicator(
        code=entry["code"],
        theme=entry["theme"],
        name_zh=entry["name_zh"],
        name_en=entry["name_en"],
        definition_zh=entry["definition_zh"],
        definition_en=entry["definition_en"],
        value_type=entry["value_type"],
        unit=entry["unit"],
        accepted_units=tuple(entry["accepted_units"]),
        range_low=low,
        range_high=high,
        additive=entry["additive"],
        scope=entry["scope"],
        related={kind: tuple(codes) for kind, codes in (entry.get("related") or {}).items()},
        superseded_by=entry.get("superseded_by"),
    )


def _groups(value: Any) -> list[list[str]]:
    """A zone field is one list of words, or a list of lists each of which must be met."""
    if not value:
        return []
    return [list(group) for group in value] if isinstance(value[0], list) else [list(value)]


def _nearest(told: Mapping[str, Any], where: str, terms: _Terms) -> tuple[frozenset[int], frozenset[int]] | None:
    lists = told.get("nearest")
    if lists is None:
        return None
    if len(lists) != 2 or not all(isinstance(words, list) and words for words in lists):
        raise CodebookError(f"{where}: 'nearest' is two lists of words, those wanted and their rivals, and not {lists!r}")
    wanted = terms.numbered(lists[0])
    return wanted, terms.numbered(lists[1]) | wanted


def _rule(indicator: Indicator, number: int, told: Mapping[str, Any], terms: _Terms) -> Rule:
    unknown = set(told) - _RULE_FIELDS
    if unknown or not told.get("counted"):
        raise CodebookError(
            f"{indicator.code}: told[{number}] has unknown fields {sorted(unknown)} or no 'counted'; known are {sorted(_RULE_FIELDS)}"
        )
    topic = told.get("topic") or []
    return Rule(
        name=f"{indicator.code}#{number}",
        indicator=indicator,
        units=frozenset(told.get("units") or indicator.accepted_units),
        counted=terms.numbered(told["counted"]),
        topic=frozenset([topic] if isinstance(topic, str) else topic),
        clause=tuple(terms.numbered(group) for group in _groups(told.get("clause"))),
        member=tuple(terms.numbered(group) for group in _groups(told.get("member"))),
        sentence=tuple(terms.numbered(group) for group in _groups(told.get("sentence"))),
        context=tuple(terms.numbered(group) for group in _groups(told.get("context"))),
        nearest=_nearest(told, f"{indicator.code}: told[{number}]", terms),
        not_near=terms.numbered(told.get("not_near") or ()),
        not_clause=terms.numbered(told.get("not_clause") or ()),
        not_sentence=terms.numbered(told.get("not_sentence") or ()),
        not_context=terms.numbered(told.get("not_context") or ()),
        not_first=terms.numbered(told.get("not_first") or ()),
        where=told.get("where", "near"),
        roles=frozenset(told["roles"]) if told.get("roles") else _DEFAULT_ROLES[indicator.value_type],
        stock=bool(told.get("stock")),
        also=bool(told.get("also")),
        department=bool(told.get("department")),
        weight=int(told.get("weight", 0)),
        conditions=sum(len(_groups(told.get(field))) for field in _ZONE_FIELDS) + ("nearest" in told),
    )


def compile_codebook(entries: Iterable[Mapping[str, Any]], concepts: Mapping[str, list[str]]) -> Codebook:
    """Entries as `load_entries` gives them -> the codebook ready for matching. Raises CodebookError."""
    terms = _Terms(concepts)
    indicators: dict[str, Indicator] = {}
    rules: list[Rule] = []
    for entry in entries:
        indicator = _indicator(entry)
        if indicator.code in indicators:
            raise CodebookError(f"{indicator.code} is defined twice; a code is defined once and never reused")
        indicators[indicator.code] = indicator
        rules.extend(_rule(indicator, number, told, terms) for number, told in enumerate(entry.get("told") or [], 1))
    ordered = tuple(terms.numbers)
    return Codebook(
        indicators=indicators,
        terms=ordered,
        pairs=frozenset([first + second for term in ordered for first, second in pairwise(term)]),
        automaton=AhoCorasick(list(ordered) or ["\0"], implementation=Implementation.ContiguousNFA, store_patterns=False),
        near_rules=_by_unit_and_term(rule for rule in rules if rule.where != "clause"),
        clause_rules=_by_unit_and_term(rule for rule in rules if rule.where == "clause"),
        rules=tuple(rules),
        sectors={word: terms.numbers[word] for word in concepts.get("enforcement_sector", ()) if word in terms.numbers},
    )


def _by_unit_and_term(rules: Iterable[Rule]) -> dict[str, dict[int, tuple[Rule, ...]]]:
    table: dict[str, dict[int, tuple[Rule, ...]]] = {}
    for rule in rules:
        for number in sorted(rule.counted):
            for unit in rule.units:
                by_term = table.setdefault(unit, {})
                by_term[number] = (*by_term.get(number, ()), rule)
    return table


def _wanting(by_term: ByTerm, role: str, topic: str) -> ByTerm:
    chosen = {
        term: tuple(rule for rule in rules if role in rule.roles and (not rule.topic or topic in rule.topic))
        for term, rules in by_term.items()
    }
    return {term: rules for term, rules in chosen.items() if rules}


def load_concepts() -> dict[str, list[str]]:
    """The shared lists of synonyms, `schemas/data/concepts.yaml`."""
    concepts: dict[str, list[str]] = load("concepts.yaml") or {}
    return concepts


@cache
def codebook() -> Codebook:
    """The product's codebook, compiled at first use."""
    return compile_codebook(load_entries(), load_concepts())
