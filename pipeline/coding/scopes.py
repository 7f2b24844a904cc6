"""Whose number an observation is, as the text says it: the whole place's, the government's own, one department's, a unit's below."""

from __future__ import annotations

import re
from functools import cache

from pipeline.coding.subjects import Owner
from pipeline.extract.lexicon import load
from pipeline.records import Quantity, Scope

_OWNERS: dict[Owner, Scope] = {"department": "department", "subordinate": "subordinate"}
_LEAD = re.compile(r"(?:其中|同时|此外|另外|并|截至[^,。;]{2,10}|(?:19|20)\d\d年(?:度)?|全年|今年|年内|一年来|目前|[,:])*")


@cache
def _told() -> re.Pattern[str]:
    words = load("subjects.yaml")["scope"]
    return re.compile(f"(?P<jurisdiction>{'|'.join(words['jurisdiction'])})|(?P<government>{'|'.join(words['government'])})")


def scope_of(text: str, quantity: Quantity, whose: Owner, own_names: tuple[str, ...], default: Scope, issued_by_department: bool) -> Scope:
    """The scope that the subject of the clause tells, else that of its member of a list joined by `;`, else that of the sentence's opening.

    `whose` is what `Owners` finds. Where nothing is told: `default`, the indicator's; in a department's report the department's. There
    `市政府…` is not the one that reports, so it tells nothing.
    """
    owned = _OWNERS.get(whose)
    if owned is not None:
        return owned
    member = text.rfind(";", quantity.sentence_start, quantity.clause_start) + 1
    for begin in (quantity.clause_start, max(member, quantity.sentence_start), quantity.sentence_start):
        found = _at(text, begin, quantity.start, own_names)
        if found == "jurisdiction" or (found is not None and not issued_by_department):
            return found
    return "department" if issued_by_department else default


def _at(text: str, begin: int, end: int, own_names: tuple[str, ...]) -> Scope | None:
    lead = _LEAD.match(text, begin, end)
    at = lead.end() if lead else begin
    at += next((len(name) for name in own_names if name and text.startswith(name, at)), 0)
    found = _told().match(text, at, end)
    if found is None:
        return None
    return "jurisdiction" if found["jurisdiction"] else "government"
