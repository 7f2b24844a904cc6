"""Whose number it is: the government's own, or that of one department or a unit below, which the codebook does not take for the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.extract.lexicon import load, one_of

Owner = str
_WHOLE = "全[市县区省州盟旗]|我[市县区省州]|[市县区省州]"
_WHOLE_PLACE = re.compile("全[市县区省州盟旗镇乡](?![镇乡]?人大|[^,。;]{0,4}(?:法院|公安|检察))")
_LEAD_BEGINS = frozenset("其同此另并,:12全今年")
_LEAD = re.compile(r"(?:其中|同时|此外|另外|并)?[,:]?(?:(?:19|20)\d\d年(?:度)?,?)?(?:全年|今年|年内)?,?")
_LEVELS = re.compile(r"[省市县区州乡镇街村、]{2,6}(?:[两二三四]级|各级)[^,。;]*分别")
_TOWN_FORCE = re.compile("综合(?:行政)?执法")  # a township's one enforcement body: what it tells is the township's
_LISTED = re.compile(r"(?:村|社区|嘎查|居)等$|(?:村|社区|嘎查|居)、[^,。;、]{1,10}(?:村|社区|嘎查|居)$")
"""`柳河村、西街社区(等)2个村(社区)`: the villages counted, not one whose number it is."""
_OPENING = 22  # characters at a clause's opening in which its subject stands


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What a subject looks like.

    `opening`: one of the groups `department` (`of_whole`: 全市公安机关), `own` and `place`. `signs`: one of these characters is in all of
    them. `no_place`: what may open a clause that reads like a place and is none.
    """

    department: re.Pattern[str]
    opening: re.Pattern[str]
    signs: re.Pattern[str]
    no_place: re.Pattern[str]


@cache
def _subjects() -> _Subjects:
    data = load("subjects.yaml")
    sectors, bodies = one_of(data["sectors"]), one_of(data["bodies"])
    department = f"(?:{sectors})[^,。;:、和与]{{0,6}}?(?:{bodies})|{'|'.join(data['named_departments'])}"
    place = rf"(?:(?![全各本我])[一-鿿]){{2,4}}?(?:{'|'.join(data['places'])})"
    verbs = one_of([*load("predicates.yaml")["verbs"], *data["openings"]])
    return _Subjects(
        department=re.compile(department),
        opening=re.compile(
            f"(?:{_WHOLE})(?P<of_whole>{department})|(?P<own>{one_of(data['own'])})|(?P<department>{department})|(?P<place>{place})"
        ),
        signs=re.compile(f"[{data['signs']}]"),
        no_place=re.compile(f"[一二三四五六七八九十两各全市县区省州多某]|{verbs}"),
    )


@cache
def _respondent() -> tuple[str, re.Pattern[str], re.Pattern[str]]:
    data = load("subjects.yaml")["respondent"]
    return data["topic"], re.compile(one_of(data["signs"])), re.compile("|".join(data["openings"]))


def as_respondent(text: str, topic: str, sentence_start: int, start: int) -> bool:
    """True for what became of cases in which the agency itself was complained of: `以县政府为被申请人的复议案件5件,维持3件`.

    They were decided by somebody else. Only where the member of the list begins with them, so that a breakdown after the whole is not one.
    """
    of, signs, opening = _respondent()
    if topic != of:
        return False
    begin = max(sentence_start, text.rfind(";", sentence_start, start) + 1)
    return signs.search(text, begin, start) is not None and opening.match(text, begin, start) is not None


class Owners:
    """Whose the numbers of a body are. `own_names`: what its place, and the department that issued it, are called."""

    def __init__(self, text: str, own_names: tuple[str, ...]) -> None:
        self._text = text
        self._own_names = tuple(name for name in own_names if name)
        self._known: dict[str, Owner | None] = {}

    def owner(self, clause_start: int, sentence_start: int, start: int) -> Owner:
        """`department`, `subordinate` or empty (the government's own), by the subject of the clause of the number at `start`.

        A clause without a subject has that of its member of a list joined by `;`, and a member without one goes on with the organ
        that acts in the member before (`市市场监管局全年办理案件1236件;不予处罚325件`).
        """
        text = self._text
        if text.find("分别", clause_start, start) >= 0 and _LEVELS.search(text, clause_start, start):
            return "subordinate"  # 省市县三级…分别达96%、94%、92%: one number a level
        found = self._subject(clause_start, start)
        if found == "subordinate" and _LISTED.search(text, clause_start, start):
            found = None
        if found is None and _whole_said_before(text, clause_start, sentence_start):
            return ""
        stop = clause_start
        own_member = True
        while found is None and stop > sentence_start:
            semicolon = text.rfind(";", sentence_start, stop)
            member = semicolon + 1 if semicolon >= 0 else sentence_start
            if member < clause_start:
                found = self._subject(member, start)
                if found == "department" and not own_member and not _acts(text, member, start):
                    return ""
            own_member = False
            stop = member - 1
        return found or ""

    def _subject(self, begin: int, start: int) -> Owner | None:
        """Whose subject opens what begins there; the numbers of a sentence ask for the same opening again and again."""
        end = begin + _OPENING
        opening = self._text[begin : end if end < start else start]
        if opening not in self._known:
            self._known[opening] = _subject(opening, self._own_names)
        return self._known[opening]


def _whole_said_before(text: str, clause_start: int, sentence_start: int) -> bool:
    """True where the clause right before speaks of the whole place: `柳庄村获评示范村,全镇示范村达17个,占80.9%`."""
    if text.find("全", sentence_start, clause_start) < 0:
        return False
    begin = sentence_start
    for mark in ",;:":
        found = text.rfind(mark, begin, clause_start - 1)
        begin = found + 1 if found >= 0 else begin
    return begin < clause_start and text.startswith("全", begin) and _WHOLE_PLACE.match(text, begin) is not None


def _acts(text: str, member: int, start: int) -> bool:
    """True where the department that opens a member is followed by what it did: it is the subject, not an attribute (`检察院检察建议`)."""
    found = _subjects().department.search(text, member, min(start, member + _OPENING))
    return found is not None and _doing().match(text, found.end()) is not None


@cache
def _doing() -> re.Pattern[str]:
    verbs = "|".join(sorted(load("predicates.yaml")["verbs"], key=len, reverse=True))
    return re.compile(f"(?:全年|今年|年内|共|累计|已|依法|积极|先后|,)*(?:{verbs})")


def _subject(opening: str, own_names: tuple[str, ...]) -> Owner | None:
    """Whose subject stands at the opening of a clause; None where none does."""
    words = _subjects()
    lead = _LEAD.match(opening) if opening[:1] in _LEAD_BEGINS else None
    at = lead.end() if lead else 0
    # A department's names, in its own report, come before what they look like: 市公安局 is then not another's.
    if opening.startswith(own_names, at):
        named = next(name for name in own_names if opening.startswith(name, at))
        own_force = named.endswith(("镇", "乡", "街道")) and _TOWN_FORCE.match(opening, at + len(named))
        return "department" if words.department.match(opening, at + len(named)) and not own_force else ""
    if words.signs.search(opening, at) is None:
        return None
    found = words.opening.match(opening, at)
    if found is None:
        return None
    if found.lastgroup != "place":
        return "" if found.lastgroup == "own" else "department"
    if words.no_place.match(opening, at):
        return None
    # 平山区长岭镇司法所 in the report of 长岭镇: its own name behind the place it lies in
    beside = any(found[0] in name or name in found[0] or opening.startswith(name, found.end()) for name in own_names)
    return None if beside else "subordinate"
