"""Whose number it is: the government's own, or that of one department or a unit below, which the codebook does not take for the whole."""

from __future__ import annotations

import re
from functools import cache

from pipeline.extract.lexicon import load

Owner = str
_WHOLE = re.compile("全[市县区省州盟旗]|我[市县区省州]|[市县区省州]")
_LEAD = re.compile(r"(?:其中|同时|此外|另外)?[,:]?(?:(?:19|20)\d\d年(?:度)?,?)?(?:全年|今年|年内)?,?")
_OPENING = 22  # characters at a clause's opening in which its subject stands


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = load("subjects.yaml")
    sectors = "|".join(sorted(data["sectors"], key=len, reverse=True))
    bodies = "|".join(sorted(data["bodies"], key=len, reverse=True))
    department = re.compile(f"(?:{sectors})[^,。;:、和与]{{0,6}}?(?:{bodies})|(?:{'|'.join(data['named_departments'])})")
    verbs = "|".join(sorted({*load("predicates.yaml")["verbs"], *data["openings"]}, key=len, reverse=True))
    place = re.compile(
        rf"(?!{verbs}|[一二三四五六七八九十两各全市县区省州多某])(?:(?![全各本我])[一-鿿]){{2,4}}?(?:{'|'.join(data['places'])})"
    )
    return department, place, re.compile("|".join(data["own"]))


def owner(text: str, clause_start: int, sentence_start: int, start: int, own_names: tuple[str, ...]) -> Owner:
    """`department`, `subordinate` or empty (the government's own), by the subject of the clause or, if it has none, of the sentence."""
    found = _subject(text[clause_start : min(start, clause_start + _OPENING)], own_names)
    if found is None and sentence_start != clause_start:
        found = _subject(text[sentence_start : min(start, sentence_start + _OPENING)], own_names)
    return found or ""


def _subject(opening: str, own_names: tuple[str, ...]) -> Owner | None:
    """Whose subject stands at the opening of a clause; None where none does."""
    department, place, own = _patterns()
    lead = _LEAD.match(opening)
    at = lead.end() if lead else 0
    whole = _WHOLE.match(opening, at)
    if whole and department.match(opening, whole.end()):
        return "department"
    if own.match(opening, at):
        return ""
    for name in own_names:
        if name and opening.startswith(name, at):
            return "" if not department.match(opening, at + len(name)) else "department"
    if department.match(opening, at):
        return "department"
    found = place.match(opening, at)
    if found and not any(found[0] in name or name in found[0] for name in own_names if name):
        return "subordinate"
    return None
