"""The stretches of text around a quantity in which words are looked for.

- *before* and *behind*: the words between the number and its neighbours in the clause: what stands at the number. A list with 分别
  (`A和B分别n、m`) gives each number its own noun; a number that only follows a comma-like mark (`46人次、228件`) shares the words
  of the number before.
- *clause*, *sentence*: as `Quantity` has them. *context*: the sentence, the one before in the paragraph, and the headings above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest

import msgspec
from msgspec.structs import replace

from pipeline.coding.terms import Span
from pipeline.extract.lexicon import load
from pipeline.extract.topics import topics
from pipeline.records import Quantity, Section

_LINKS = frozenset(mark + word for mark in ("", "、", ",") for word in ("", "和", "及", "与", "以及", "或"))
_LONGEST_LINK = 3
_RESPECTIVELY = re.compile(r"(?P<nouns>[^,。;:]*?)(?P<mark>(?:总数|数量|分别|各)?分别(?!为各)[^,。;:、]*)$")
# 国家级、省级、市级示范村8个、97个、405个: as many nouns as numbers say it without 分别
_LEVEL_NOUNS = re.compile(r"(?P<nouns>(?:(?:国家|全国|自治区|[省市州县区])级?、)+(?:省|市|州|县|区)级[^,。;:、\d]{2,20})$")
_CONJUNCTION = re.compile(r"、|和(?!解)|及(?!时|其)|与|以及|(?<=”)(?=“)")

_ENUMERATION = re.compile(r"\([^()]*\)|、")
_AND_THEN = re.compile(r"并(?![案轨联购处重列存行举入非])(?=[一-龥])")  # 公布2件规章并废止4件: what follows is told of the next number
_AND_NEXT = re.compile(r"(?:和(?!解)|及(?!时|其)|与|以及)[^,。;:、\d]{2,}")  # 审查文件17件和合同11件: the noun is the next number's
_JOINED = re.compile(r"(?:和|及|与|以及)$")  # 12个乡镇工作站和136个村工作室: the noun is told, and the next number begins
_ONLY_YEAR = re.compile(r"(?:19|20)\d\d年度?(?:[、,和及与以]|$)")


TOGETHER = re.compile(r"[^,。;:\d]{0,6}?(?:、|和|及|与|以及|或)[^,。;:\d]{0,8}")
"""What stands between two words that are told together: `维持、驳回`, `常委会会议、市政府常务会议`."""


class Near(msgspec.Struct, frozen=True):
    """The spans before and behind a number that tell what it counts, in order; `shared_*`: the span also touches another number.

    `topic`: the topic of the number's own noun in a list with 分别, empty elsewhere.
    """

    before: tuple[Span, ...]
    behind: tuple[Span, ...]
    shared_before: bool
    shared_behind: bool
    topic: str = ""


@cache
def _containers() -> re.Pattern[str]:
    """`25个部门…事项1286项`: a unit followed by one of these counts them, not what comes later in the clause."""
    nouns = "|".join(sorted(load("containers.yaml")["nouns"], key=len, reverse=True))
    return re.compile(rf"(?>{nouns})(?:\([^()]{{1,8}}\))?(?=[^,。;:])")


def near_zones(text: str, quantities: Sequence[Quantity]) -> list[Near]:
    """The near zones of every quantity of a body, in order."""
    zones: list[Near] = []
    before: tuple[Span, ...]
    for index, quantity in enumerate(quantities):
        last = quantities[index - 1] if index and quantities[index - 1].end > quantity.clause_start else None
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        if following is not None and following.start >= quantity.clause_end:
            following = None  # `last` and `following` are the numbers beside it in its clause
        start = last.end if last is not None else quantity.clause_start
        end = following.start if following is not None else quantity.clause_end
        closed = text.find(")", start, quantity.number_start) >= 0
        shared = False
        if last is not None:
            between = text[start : quantity.start]
            if between in _LINKS:
                own_words = quantity.end < end and text[quantity.end] not in "、,;。和及与以或)("
                zones.append(Near(() if own_words else zones[-1].before, _spans(quantity.end, end), True, following is not None))
                continue
            opened = text.rfind("(", quantity.clause_start, last.start) if closed and _NOTE_ENDS.match(between) else -1
            if opened > quantity.clause_start and zones[-1].before and zones[-1].before[0][0] <= opened:
                outside = zones[-1].before[0][0]
                zones[-1] = replace(zones[-1], before=((opened + 1, last.number_start),))
                zones.append(Near(((outside, opened),), _spans(quantity.end, end), True, following is not None))
                continue
            start += between.rfind("、") + 1
            shared = start == last.end
        stop = _end_behind(text, quantity, following, end, start < quantity.number_start)
        before = ((start, quantity.number_start),)
        note = _CLOSED_NOTE.search(text, start, quantity.number_start) if closed else None
        if note:
            before = ((start, note.start()), (note.end(), quantity.number_start))
        zones.append(Near(before, _spans(quantity.end, stop), shared, following is not None and stop == end))
    _respectively(text, quantities, zones)
    return zones


def _spans(start: int, end: int) -> tuple[Span, ...]:
    return ((start, end),) if start < end else ()


def _end_behind(text: str, quantity: Quantity, following: Quantity | None, end: int, words_before: bool) -> int:
    """Where the words behind a number end that are told of it: at most at `end`, where the clause ends or its next number begins."""
    start = quantity.end
    if text.startswith(")", start) and text.startswith("(", quantity.start - 1):
        return start
    if following is not None:
        if text.find("、", start, end) >= 0:
            end = next((found.start() for found in _ENUMERATION.finditer(text, start, end) if found[0] == "、"), end)
        then = _AND_THEN.search(text, start, end) if text.find("并", start, end) >= 0 else None
        end = then.start() if then else end
        if end == following.start:
            joined = _JOINED.search(text, start, end)
            end = joined.start() if joined and joined.start() > start else end
        if words_before and _AND_NEXT.fullmatch(text, start, end):
            return start
        container = _containers().match(text, start, end) if end == following.start else None
        end = container.end() if container else end
        bracket = text.find("(", start, end)
        if bracket >= 0 and text.find(")", bracket, end) < 0:
            end = bracket
        within = _OF_THEM.match(text, start, end) if text.find("中", start, end) >= 0 else None
        end = within.end() if within else end
        chosen = _CHOSEN.search(text, start, end) if end == following.start else None
        end = chosen.start() if chosen else end
    if text.find("(", start, end) >= 0:
        part = _BRACKETED_PART.search(text, start, end)
        end = part.start() if part else end
    return end


_BARE = re.compile(
    r"(?:(?:19|20)\d\d年(?:度|底|末|初)?|去年度?|上一?年度?|今年|同期|其中|[较比与由从的为是达到至共有约将,、()]|(?:增加|提升|提高|扩展|扩充|扩大|调整|上升|下降|下滑|回落|减少"
    r"|增|升|减|降)(?=[到至为了约近达])|达到|高于|低于|超过|优于|力争|确保|预计|争取|(?:案件)?(?:数量|总量|总数|量|数)(?=[较比由从与为达]))*"
)


def carried(text: str, quantity: Quantity, near: Near, last: Quantity | None, last_near: Near | None) -> Near | None:
    """The words of the number before, for a number that has none of its own: `收到申请203件,2023年收到258件`, `达53支,比2020年的46支`.

    None where the number has words of its own, another unit, or another verb than the one before.
    """
    if last is None or last_near is None or last.sentence_start != quantity.sentence_start:
        return None
    if last.unit != quantity.unit and quantity.role != "share":
        return None
    words = "".join(text[start:end] for start, end in near.before)
    if _TOTAL.fullmatch(words):
        return None
    if quantity.role == "share" and _SHARE.match(words) and quantity.kind == "percent" != last.kind:
        return Near(last_near.before + near.before, last_near.behind, True, True)
    behind = "" if near.shared_behind else "".join(text[quantity.end : end] for _, end in near.behind)
    if last.unit != quantity.unit or (behind.strip("),的") and not _CHANGED.match(behind)):
        return None
    said = {verb for verb in (last.predicate, quantity.predicate) if verb and any(verb in text[a:b] for a, b in last_near.before)}
    for verb in said:
        words = words.replace(verb, "")
    if _BARE.fullmatch(words) is None:
        return None
    return Near(last_near.before, last_near.behind, True, True)


_TOTAL = re.compile(r"[,、]?(?:共|共计|合计|总计|总共)")
_SHARE = re.compile(r"[,(、]?(?:占|占比)")
_CHANGED = re.compile(
    r"\)?(?:有|均|又|再)?(?:了|较大|明显|稳步|大幅|进一步|略有|显著|较快|有所|大幅度|幅度|逐年|持续)*(?:提高|提升|增长|下降|上升|增加|减少|降低|回落|改善|相比|基本持平|持平)"
)
# 审结的977件中纠错236件: what follows 中 is told of the part alone
_OF_THEM = re.compile(r"[^,。;:、()\d]{0,10}?(?<![集高初适折])中(?![央心期国层医学小介标等断止共职型间坚])")
# 全年结案(含受理前调解)86件: the note says what is among them, not what the number counts
_CLOSED_NOTE = re.compile(r"\((?:其中|含|包括|不含)[^()]*\)(?=[^()]*$)")
# 1826项事项实现全程网办的达1753项: what was achieved is told of the number behind it
_CHOSEN = re.compile(r"(?:实现|做到|达到|采取|适用)[^,。;:、\d]{1,16}的(?:已?达|共?有|占|为)?$")
# 办理代表建议(含议案转建议2件)208件: what stands before the bracket is counted by the number behind it
_NOTE_ENDS = re.compile(r"[^()、,]{0,6}\)(?:共|共计|合计|总计)?$")
_BRACKETED_PART = re.compile(r"\((?=其中|含|包括|不含)")


def _respectively(text: str, quantities: Sequence[Quantity], zones: list[Near]) -> None:
    """Give each number of `A、B和C分别为n1、n2和n3` the noun in its place."""
    for index, (quantity, following) in enumerate(zip_longest(quantities, quantities[1:])):
        if following is None or following.start > quantity.end + _LONGEST_LINK or text[quantity.end : following.start] not in _LINKS:
            continue
        members = [index]
        while (
            members[-1] + 1 < len(quantities)
            and quantities[members[-1] + 1].start < quantities[members[-1] + 1].clause_end
            and quantities[members[-1] + 1].sentence_start == quantity.sentence_start
            and text[quantities[members[-1]].end : quantities[members[-1] + 1].start] in _LINKS
        ):
            members.append(members[-1] + 1)
        said = text.rfind("分别", quantity.clause_start, quantity.start) >= (quantity.start - 12 if quantity.start > 12 else 0)
        match = (_RESPECTIVELY if said else _LEVEL_NOUNS).search(text[quantity.clause_start : quantity.start])
        if len(members) < 2 or match is None:
            continue
        nouns = _nouns(match["nouns"], quantity.clause_start + match.start("nouns"))
        if len(nouns) < len(members) and quantity.clause_start > quantity.sentence_start:
            floor = max(quantity.sentence_start, max(text.rfind(mark, 0, quantity.clause_start - 1) for mark in ",;:") + 1)
            nouns = _nouns(text[floor : quantity.clause_start - 1], floor)
        if len(nouns) < len(members):
            if not match["nouns"] and quantity.role == "share":
                _shares_of_those_before(quantities, zones, members)
            continue
        if not said and len(nouns) != len(members):
            continue
        at = "mark" if said else 0
        mark = (quantity.clause_start + (match.start(at) if said else match.end()), quantity.clause_start + match.end(at))
        for member, noun in zip(members, nouns[-len(members) :], strict=True):
            zones[member] = Near((noun, mark), (), False, False, topics(text[noun[0] : noun[1]]).between(0, noun[1] - noun[0]))


def _shares_of_those_before(quantities: Sequence[Quantity], zones: list[Near], members: Sequence[int]) -> None:
    """Give each share of `A1479项,B863项,分别占98.5%和57.5%` the words of the number in its place before."""
    first = members[0] - len(members)
    wholes = quantities[max(0, first) : members[0]]
    sentence = quantities[members[0]].sentence_start
    if first < 0 or len({whole.unit for whole in wholes}) > 1 or any(whole.sentence_start != sentence for whole in wholes):
        return
    for member, whole in zip(members, range(first, members[0]), strict=True):
        zones[member] = replace(zones[whole], shared_before=True, shared_behind=True, topic=quantities[whole].topic)


def _nouns(text: str, offset: int) -> list[Span]:
    spans, position = [], 0
    for match in _CONJUNCTION.finditer(text):
        spans.append((offset + position, offset + match.start()))
        position = match.end()
    spans.append((offset + position, offset + len(text)))
    return [span for span in spans if span[1] > span[0] and not _ONLY_YEAR.match(text, span[0] - offset)]


def heading_span(section: Section) -> Span:
    """The label and the title of a section."""
    return section.start, min(section.end, section.start + len(section.label) + len(section.title) + 2)
