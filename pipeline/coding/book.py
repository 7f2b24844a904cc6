"""The codebook as a book: `python -m pipeline.coding.book` writes `docs/codebook.md` from `schemas/data/indicators`.

A chapter a theme, a section an indicator. `docs/codebook-format.md` says what the fields mean; the appendix holds the lists of words that
the rules call by name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from pipeline.coding.codebook import CodebookError, load_concepts, load_entries

BOOK = Path(__file__).resolve().parents[2] / "docs" / "codebook.md"
SHOWN = 6
"""Examples a section shows; the rest stand in the indicator's file."""

Entry = Mapping[str, Any]
_SIGNS = {"eq": "", "approx": "≈ ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}
_VALUES = {"count": "count", "rate": "rate", "amount": "amount of money", "ratio": "ratio"}
_RELATIONS = {"part_of": "part of", "numerator_of": "numerator of", "denominator_of": "denominator of", "apart_from": "kept apart from"}
_PLACES = {
    "near": "beside the number",
    "before": "before the number",
    "behind": "behind the number",
    "clause": "anywhere in the clause",
}
_ZONES = {"clause": "in the clause", "sentence": "in the sentence", "context": "in the sentence, the one before or a heading"}
_NEAREST = "nearest to the number {}, and none of {}"
_BARRED = {
    "not_near": "not beside the number",
    "not_clause": "not in the clause",
    "not_sentence": "not in the sentence",
    "not_first": "not at the first number of the sentence or member",
    "not_context": "not in the sentence, the one before or a heading",
}
_FLAGS = {
    "stock": "a stock: words for several years before it do not make it cumulative",
    "department": "a department's or a subordinate unit's number counts too",
    "also": "stands beside another indicator on the same number",
}


_OPENING = """# Codebook

Generated from `schemas/data/indicators` by `python -m pipeline.coding.book`; do not edit. `codebook-format.md` explains how an
indicator is written down and what the coder does by itself.

Each section says what is counted, in which unit, and how reports tell it: the words that must stand at the number, the topic of the
passage, and what must not be there; a name in *italics* is a list of words in the appendix. An example shows the rows it gives:
value (≈ about, > more than, ≥ at least, < less than, ≤ at most), year and, for a target, the year by which it must hold. It is
read as part of an annual report of 2023 unless it says another. What stands under “Not this” looks alike and gives no row."""


def themes() -> dict[str, dict[str, str]]:
    """The chapters in order: theme -> its titles `en` and `zh` (`schemas/data/themes.yaml`)."""
    text = (resources.files("schemas") / "data" / "themes.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def book(entries: Sequence[Entry], concepts: Mapping[str, Sequence[str]], chapters: Mapping[str, Mapping[str, str]]) -> str:
    """The codebook in Markdown. Raises CodebookError for an indicator of a theme that has no chapter."""
    by_theme: dict[str, list[Entry]] = {theme: [] for theme in chapters}
    for entry in entries:
        if entry["theme"] not in by_theme:
            raise CodebookError(f"{entry['code']}: schemas/data/themes.yaml has no theme {entry['theme']!r}")
        by_theme[entry["theme"]].append(entry)
    lines = list(_opening(by_theme, chapters))
    for number, (theme, own) in enumerate(by_theme.items(), start=1):
        lines += ["", f"## {number}. {chapters[theme]['zh']} · {chapters[theme]['en']}"]
        for entry in own:
            lines += ["", *_section(entry)]
    return "\n".join([*lines, "", *_appendix(entries, concepts)]) + "\n"


def _opening(by_theme: Mapping[str, Sequence[Entry]], chapters: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield _OPENING
    for number, (theme, own) in enumerate(by_theme.items(), start=1):
        yield ""
        yield f"**{number}. {chapters[theme]['zh']} · {chapters[theme]['en']}** ({len(own)})"
        yield ""
        yield "| code | indicator | unit |"
        yield "|---|---|---|"
        for entry in own:
            yield f"| [`{entry['code']}`](#{_anchor(entry['code'])}) | {entry['name_zh']} · {entry['name_en']} | {entry['unit']} |"


def _anchor(code: str) -> str:
    """The anchor GitHub gives the heading of a section: lower case, without points."""
    return code.replace(".", "")


def _section(entry: Entry) -> Iterator[str]:
    yield f"### {entry['code']}"
    yield ""
    yield f"**{entry['name_zh']} · {entry['name_en']}**"
    yield ""
    yield f"{entry['definition_zh']}。{entry['definition_en']}."
    yield ""
    yield f"- {_facts(entry)}"
    related = [
        f"{_RELATIONS[kind]} {', '.join(f'[`{code}`](#{_anchor(code)})' for code in codes)}"
        for kind, codes in (entry.get("related") or {}).items()
    ]
    if related:
        yield f"- {'; '.join(related)}"
    if entry.get("superseded_by"):
        yield f"- superseded by [`{entry['superseded_by']}`](#{_anchor(entry['superseded_by'])})"
    yield ""
    yield "Told by"
    yield ""
    for number, rule in enumerate(entry.get("told") or (), start=1):
        yield f"{number}. {_rule(rule)}"
    yield ""
    yield "Examples"
    yield ""
    for example in entry["examples"][:SHOWN]:
        yield f"- {_quoted(example)} → {_rows(example)}"
    if len(entry["examples"]) > SHOWN:
        yield f"- and {len(entry['examples']) - SHOWN} more"
    yield ""
    yield "Not this"
    yield ""
    for example in entry["counterexamples"]:
        yield f"- {_quoted(example)} ({example['why']})"


def _facts(entry: Entry) -> str:
    accepted = [unit for unit in entry["accepted_units"] if unit != entry["unit"]]
    low, high = entry.get("range") or (None, None)
    bounds = (
        f"{low:g} to {high:g}"
        if low is not None and high is not None
        else f"{low:g} or more"
        if low is not None
        else f"{high:g} or less"
        if high is not None
        else ""
    )
    years = [f"{word} {entry[word]}" for word in ("since", "until") if entry.get(word)]
    facts = [
        f"{_VALUES[entry['value_type']]} in {entry['unit']}" + (f" (told as {'、'.join(accepted)} too)" if accepted else ""),
        bounds,
        "adds up over subordinate regions" if entry["additive"] else "does not add up over subordinate regions",
        f"scope: {entry['scope']}",
        *years,
    ]
    return "; ".join(fact for fact in facts if fact)


def _rule(rule: Mapping[str, Any]) -> str:
    parts = [f"{_words(rule['counted'])} {_PLACES[rule.get('where', 'near')]}"]
    topic = rule.get("topic") or ()
    if topic:
        parts.append(f"topic {' or '.join([topic] if isinstance(topic, str) else topic)}")
    for zone, where in _ZONES.items():
        groups = rule.get(zone) or []
        for group in groups if groups and isinstance(groups[0], list) else [groups] if groups else []:
            parts.append(f"{where} {_words(group)}")
    if rule.get("nearest"):
        parts.append(_NEAREST.format(*(_words(words) for words in rule["nearest"])))
    parts += [f"{where} {_words(rule[zone])}" for zone, where in _BARRED.items() if rule.get(zone)]
    if rule.get("units"):
        parts.append(f"in {'、'.join(rule['units'])}")
    if rule.get("roles"):
        parts.append(f"roles {', '.join(rule['roles'])}")
    parts += [says for flag, says in _FLAGS.items() if rule.get(flag)]
    return "; ".join(parts)


def _words(words: Sequence[Any]) -> str:
    return "、".join(f"*{word[1:]}*" if str(word).startswith("@") else str(word) for word in words)


def _quoted(example: Mapping[str, Any]) -> str:
    said = [f"heading {example['heading']}"] if example.get("heading") else []
    kind = str(example.get("document_type", "annual_report"))
    if kind != "annual_report":
        said.append(kind.replace("_", " "))
    said += [str(example["report_year"])] if example.get("report_year") else []
    return f"{example['text']}" + (f" [{', '.join(said)}]" if said else "")


def _rows(example: Mapping[str, Any]) -> str:
    year = example.get("report_year", 2023) - (example.get("document_type") == "work_report")
    return ", ".join(_row(row, year) for row in example.get("rows") or [{"value": example["value"]}])


def _row(row: Mapping[str, Any], year: int) -> str:
    high = f"–{row['value_high']:.12g}" if row.get("value_high") is not None else ""
    value = f"{_SIGNS[row.get('comparator', 'eq')]}{row['value']:.12g}{high}"
    goal = "target " if row.get("status") == "target" else ""
    return f"**{value}** ({goal}{row.get('year', year)})"


def _appendix(entries: Sequence[Entry], concepts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    used = {word[1:] for entry in entries for rule in entry.get("told") or () for word in _named(rule)}
    used |= {word[1:] for words in concepts.values() for word in words if str(word).startswith("@")}
    yield "## Appendix: lists of words"
    yield ""
    for name in sorted(used):
        yield f"- *{name}*: {_words(concepts[name])}"


def _named(rule: Mapping[str, Any]) -> Iterator[str]:
    for field in ("counted", "nearest", *_ZONES, *_BARRED):
        for item in rule.get(field) or ():
            yield from (str(word) for word in (item if isinstance(item, list) else [item]) if str(word).startswith("@"))


if __name__ == "__main__":
    BOOK.write_text(book(load_entries(), load_concepts(), themes()), encoding="utf-8")
    sys.stdout.write(f"wrote {BOOK}\n")
