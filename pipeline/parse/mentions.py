"""Where a text names a region: chains of names (`浙江省杭州市临安区`), and what stands behind them.

A mention ends in what the name belongs to: a government, a department, a functional zone or a township of the region. Names are only
read here; which region they mean in which year is `pipeline.parse.regions`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from pipeline.parse.gazetteer import common_nouns, gazetteer, naming
from schemas.values import IssuerKind


class Mention(msgspec.Struct, frozen=True):
    """Names that stand one behind the other, from the highest to the lowest, and what follows them.

    `zone` is the name of a functional zone and `township` of a township behind the last name; `organ` is the organ behind all that,
    `kind` which sort of organ. All are empty where there is none. `start:end` spans names, zone, township and organ.
    """

    start: int
    end: int
    names: tuple[str, ...]
    zone: str
    township: str
    organ: str
    kind: IssuerKind


@cache
def _zone() -> re.Pattern[str]:
    """A zone behind a region's name. What may stand between must not be an organ or a verb (芜湖市人民政府关于推进开发区…)."""
    kinds = "|".join(sorted(naming()["zone_kinds"], key=len, reverse=True))
    behind = "管委会|管理委员会|党工委|工委|司法|法治|依法|政府|人民|关于|(?:19|20)\\d\\d|年|\\)|,|、|。|$"
    return re.compile(f"(?:[^,。、;:《》“”()\\s关于人民政府局厅委办建设推进创年的为及]{{0,8}}?)(?:国家级?|省级)?(?:{kinds})(?={behind})")


@cache
def _government() -> re.Pattern[str]:
    bodies = "|".join(sorted(naming()["government"], key=len, reverse=True))
    return re.compile(f"(?:{naming()['law_commission']})(?:办公室)?|(?:{bodies})")


_TOWNSHIP = re.compile(
    r"[^,。、;:《》“”()\s省市县区关于人民政府局委的和]{1,6}?(?:街道办事处|街道|民族乡|镇|乡|苏木)(?=人民政府|政府|办事处|党工委|党委|关于|(?:19|20)\d\d|,|、|。|$)"
)
_OFFICE = re.compile(r"办事处|党工委|党委")
_DEPARTMENT = re.compile(
    r"委(?:员会)?(?:办公室|办)?(?=关于|\s|$)"
    # 人力资源和社会保障局, 住房和城乡建设局: one department, not two of something
    r"|[^,。、;:《》“”()\s关于的和对与府局厅]{2,8}和[^,。、;:《》“”()\s关于的和对与府局厅]{2,8}(?:局|厅|委员会|委)(?:[一-龥]{2,6}局)?(?=关于|(?:19|20)\d\d|年|,|、|。|:|\)|\s|印发|报送|的|法治|$)"
    r"|[^,。、;:《》“”()\s关于的和对与]{0,24}?(?:委员会办公室|领导小组办公室|工作委员会|委员会|人民法院|人民检察院|研究院|办公室|支队|大队|总队|服务中心|中心|管理处|"
    r"税务局|分局|[^结格布]局|[^府]办|厅|法院|检察院|总社|公署|党组|[^省市县区]委(?!托|任|派|会)|[市县区州省](?:府)?委|协会|公司|大学|学校|医院|银行)"
    r"(?=关于|(?:19|20)\d\d|年|,|、|。|:|\)|\s|印发|报送|的|法治|$)"
)


def mentions(text: str) -> Iterator[Mention]:
    """The mentions in `text`, from left to right, without overlap.

    Short stems (杭州 for 杭州市) begin a chain but never stand alone, unless `text` is the stem itself.
    """
    position = 0
    while position < len(text) - 1:
        names, end = _chain(text, position)
        if not names:
            position += 1
            continue
        yield _with_organ(text, position, names, end)
        position = end


def mention_at(text: str, start: int = 0) -> Mention | None:
    """The mention that begins exactly at `start`, or None."""
    names, end = _chain(text, start)
    return _with_organ(text, start, names, end) if names else None


def _chain(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The longest run of names from `start`, and where it ends."""
    names: list[str] = []
    position = start
    while True:
        name = _name(text, position, alone=not names)
        if not name:
            break
        names.append(name)
        position += len(name)
        position += text.startswith("/", position) or text.startswith("·", position)
    if names and text[position - 1] in "/·":
        position -= 1
    return tuple(names), position


def _name(text: str, start: int, alone: bool) -> str:
    """The longest name at `start` that may be meant there; empty if none."""
    known, not_before = gazetteer().told_by, naming()["not_before"]
    for name in gazetteer().names_at(text, start):
        end = start + len(name)
        if end < len(text) and text[end] in not_before.get(name[-1], "") and not _name(text, end, alone=False):
            continue
        if alone and start and name in common_nouns() and "\u4e00" <= text[start - 1] <= "\u9fff":
            continue
        if all(named.kind == "stem" for named in known[name]) and not _stem_may_stand(text, start, name, alone):
            continue
        return name
    return ""


def _stem_may_stand(text: str, start: int, name: str, alone: bool) -> bool:
    """A stem is meant where it is the whole text, or where it leads a chain to a name of its own region's part (杭州临安区)."""
    end = start + len(name)
    if end == len(text):
        return start == 0 or not alone
    if start == 0 and _zone().match(text, end):
        return True
    levels = {named.region.level for named in gazetteer().told_by[name]}
    return bool(levels & {"province", "prefecture"}) and bool(_name(text, end, alone=False))


def _with_organ(text: str, start: int, names: tuple[str, ...], end: int) -> Mention:
    """The mention with the zone, township and organ that follow its names."""
    zone = township = organ = ""
    kind: IssuerKind = ""
    if not _government().match(text, end):
        if match := _zone().match(text, end):
            zone, end = match[0], match.end()
        elif match := _TOWNSHIP.match(text, end):
            township, end = match[0].removesuffix("办事处"), match.end()
    if match := _government().match(text, end) or (_OFFICE.match(text, end) if township else None):
        organ, kind, end = match[0], "government", match.end()
    if match := _DEPARTMENT.match(text, end):
        organ, kind, end = organ + match[0], "department", match.end()
    return Mention(start, end, names, zone, township, organ, kind)
