"""Whose number an observation is, as the text says it: the whole place's, the government's own, one department's, a unit's below."""

from __future__ import annotations

import re
from functools import cache

from pipeline.coding.subjects import Owner
from pipeline.extract.lexicon import load
from pipeline.records import Quantity
from schemas.values import Scope

_OWNERS: dict[Owner, Scope] = {"department": "department", "subordinate": "subordinate"}
_LEAD_BEGINS = frozenset("其同此另并截12全今年一目,:")
_LEAD = re.compile(r"(?:其中|同时|此外|另外|并|截至[^,。;]{2,10}|(?:19|20)\d\d年(?:度)?|全年|今年|年内|一年来|目前|[,:])*")


@cache
def _told() -> tuple[frozenset[str], re.Pattern[str]]:
    """The characters that what tells a scope begins with, and what tells it."""
    words = load("subjects.yaml")["scope"]
    told = f"(?P<jurisdiction>{'|'.join(words['jurisdiction'])})|(?P<government>{'|'.join(words['government'])})"
    return frozenset(words["begins"]), re.compile(told)


class Scopes:
    """The scopes that a body's clauses tell. `own_names`: what its place, and the department that issued it, are called.

    In a department's report `市政府…` is not the one that reports, so it tells nothing.
    """

    def __init__(self, text: str, own_names: tuple[str, ...], issued_by_department: bool) -> None:
        self._text = text
        self._own_names = tuple(name for name in own_names if name)
        self._by_department = issued_by_department
        self._known: dict[int, tuple[Scope | None, int]] = {}

    def scope(self, quantity: Quantity, whose: Owner, default: Scope) -> Scope:
        """The scope that the subject of the clause tells, else that of its member of a list joined by `;`, else of the sentence's opening.

        `whose` is what `Owners` finds. Where nothing is told: `default`, the indicator's; in a department's report the department's.
        """
        if whose in _OWNERS:
            return _OWNERS[whose]
        found = self._at(quantity.clause_start, quantity.start)
        if found is None and quantity.clause_start > quantity.sentence_start:
            member = self._text.rfind(";", quantity.sentence_start, quantity.clause_start) + 1
            if quantity.sentence_start < member < quantity.clause_start:
                found = self._at(member, quantity.start)
            found = found or self._at(quantity.sentence_start, quantity.start)
        return found or ("department" if self._by_department else default)

    def _at(self, begin: int, end: int) -> Scope | None:
        """The scope told where a clause, member or sentence begins, if it is told before `end`."""
        known = self._known.get(begin)
        if known is None:
            known = self._known[begin] = self._told_at(begin)
        return known[0] if known[1] <= end else None

    def _told_at(self, begin: int) -> tuple[Scope | None, int]:
        text = self._text
        lead = _LEAD.match(text, begin) if text[begin : begin + 1] in _LEAD_BEGINS else None
        at = lead.end() if lead else begin
        for name in self._own_names:
            if text.startswith(name, at):
                at += len(name)
                break
        begins, told = _told()
        found = told.match(text, at) if text[at : at + 1] in begins else None
        if found is None or (self._by_department and found["government"]):
            return None, begin
        return "jurisdiction" if found["jurisdiction"] else "government", found.end()
