"""A whole and its parts behind 其中, as the text itself puts them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.audit.arithmetic import added, at_most, equal, exact, number
from pipeline.records import Audit, Quantity

#: Pages lose their punctuation, so nothing is asked before it; `在其中发挥作用` is no part.
_AMONG = re.compile(r"(?<!在)其中[^0-9]*$")
_NOUN = re.compile(r"[一-鿿]{2}")
#: A whole that is itself a change, or is told per head: its parts may be above it (`净增172万户,其中企业780万户`).
_NO_WHOLE = re.compile(r"净增|每|均|同比|环比|[较比]上年|[较比]去年")


def parts_of_wholes(text: str, quantities: Sequence[Quantity]) -> list[Audit]:
    """`380个,其中302个…,63个…,15个…`: the parts make up the whole (`sum`), or are at least not above it (`bound`).

    The whole is the nearest number before 其中 in the sentence with the unit of the first part; changes and shares told between them are
    passed over (`收到98件,同比增长3%,其中受理89件`). Parts are the following numbers up to another unit or the sentence's end.
    """
    audits: list[Audit] = []
    for index in range(1, len(quantities)):
        first = quantities[index]
        if first.kind not in ("count", "amount") or first.role not in ("level", "target"):
            continue
        if not _AMONG.search(text[max(quantities[index - 1].end, first.sentence_start) : first.start]):
            continue
        whole = _whole(text, quantities, index)
        if whole is not None:
            audits.append(_whole_and_parts(text, quantities, whole, _members(quantities, index)))
    return audits


def _whole(text: str, quantities: Sequence[Quantity], index: int) -> int | None:
    first = quantities[index]
    for place in range(index - 1, -1, -1):
        whole = quantities[place]
        if whole.sentence_start != first.sentence_start:
            return None
        if whole.role in ("change", "share") or whole.kind in ("percent", "rank") or _in_brackets(text, whole, first):
            continue
        if whole.unit != first.unit or whole.kind != first.kind or whole.role != first.role or whole.year != first.year:
            return None
        opening = quantities[place - 1].end if place and quantities[place - 1].clause_start == whole.clause_start else whole.clause_start
        return None if _NO_WHOLE.search(text[opening : whole.start]) else place
    return None


def _in_brackets(text: str, quantity: Quantity, behind: Quantity) -> bool:
    """Whether a number stands in brackets that close before the one `behind` it: `152件(含闭会建议3件),其中…`."""
    between = text[quantity.end : behind.start]
    return between.count(")") > between.count("(")


def _members(quantities: Sequence[Quantity], first: int) -> list[int]:
    members = [first]
    for place in range(first + 1, len(quantities)):
        part, leader = quantities[place], quantities[first]
        if part.kind == "percent" and part.sentence_start == leader.sentence_start:
            continue  # `维持141件(占54.7%),驳回46件`
        if part.sentence_start != leader.sentence_start or part.unit != leader.unit or part.role != leader.role:
            break
        members.append(place)
    return members


def _whole_and_parts(text: str, quantities: Sequence[Quantity], whole: int, members: list[int]) -> Audit:
    goal, values = quantities[whole].value, [quantities[member].value for member in members]
    used = (whole, *members)
    everything = [quantities[place] for place in used]
    total = sum(values)
    # Amounts are added in binary: 3.1亿 + 1.2亿 is not exactly 4.3亿.
    if equal(total, goal, 0.0) and exact(everything):
        return Audit("sum", f"{number(goal)} = {added(values)}", goal, goal, 0.0, "holds", "parts behind 其中", used)
    if total <= goal:
        return Audit("bound", f"{added(values)} <= {number(goal)}", total, goal, 0.0, "holds", "parts behind 其中", used)
    # Parts may overlap or be followed by something else, so only the first is held against the whole.
    first, opening = quantities[members[0]], quantities[whole]
    verdict = at_most(first.value, goal, [opening, first], may_fail=_same_thing(text, opening, first))
    rule = "part behind 其中"
    return Audit("bound", f"{number(first.value)} <= {number(goal)}", first.value, goal, 0.0, verdict, rule, (whole, members[0]))


def _same_thing(text: str, whole: Quantity, part: Quantity) -> bool:
    """Whether both numbers count the same noun, which stands right before or right behind: `复议案件40件,其中行政处罚案件45件`.

    The unit alone says little (`建成服务中心3个,其中服务企业30个`).
    """
    before = {text[quantity.start - 2 : quantity.start] for quantity in (whole, part)}
    behind = {text[quantity.end : quantity.end + 2] for quantity in (whole, part)}
    return any(len(words) == 1 and _NOUN.fullmatch(next(iter(words))) for words in (before, behind))
