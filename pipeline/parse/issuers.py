"""Who issued a document, and which region it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.clean.script import simplify
from pipeline.parse.dates import dates, only_date
from pipeline.parse.gazetteer import NATION, common_nouns, gazetteer, naming
from pipeline.parse.mentions import Mention, mention_at, mentions
from pipeline.parse.regions import Resolution, chosen, evidence, open_because, resolve, resolve_mention, settle
from pipeline.parse.source import Lines

LONGEST_ISSUER = 60
"""Characters; joint issuers (中共某县委 某县人民政府) stay below."""

_QUOTED = re.compile(r"《[^《》]*》")
# Of these the document named is the one at hand; what 关于贯彻《…》 names is another's.
_HANDS_ON = re.compile(r"印发|转发|下发|公布|发布|解读|图解|^《[^》]*》$")
_ABOUT = re.compile(r"关于|(?=(?:19|20)\d\d年)")
_ORGAN_END = re.compile(r"(?:政府|委员会|委|局|厅|办|办公室|院|署|处|会|中心|队|站)$")
_ORGAN = re.compile(r"(?<=..)(?:局|厅|委员会|委)$")
_SPEAKER = re.compile(r"我(?:谨)?(?:代表|受)([^,。;:向]{2,24}?)(?:委托)?(?:,|向|作)")
_OWN = re.compile(r"(?:我|全|本)(省|自治区|市|州|县|区|旗|盟)(?!委书记)")
_SELF = "局厅委办院会队"
_BODY_WINDOW = 8000
# What departments call themselves for short.
_SHORT = {
    "人力资源和社会保障": ("人社", "人力社保"),
    "市场监督管理": ("市场监管", "市监"),
    "住房和城乡建设": ("住建", "住房城乡建设"),
    "卫生健康": ("卫健",),
    "应急管理": ("应急",),
    "自然资源和规划": ("自然资源", "资规", "自规"),
    "规划和自然资源": ("规自", "自然资源", "资规"),
    "发展和改革": ("发改", "发展改革"),
    "城市管理": ("城管",),
    "交通运输": ("交通",),
    "综合行政执法": ("综合执法",),
    "农业农村": ("农业",),
    "医疗保障": ("医保",),
    "退役军人事务": ("退役军人",),
    "文化广电和旅游": ("文旅", "文广旅"),
    "文化和旅游": ("文旅",),
    "教育和体育": ("教体",),
    "教育体育": ("教体",),
}
"""Characters of the body in which 我区 or 全市 are counted."""


class Issuer(msgspec.Struct, frozen=True):
    """An issuer as the normalised text has it, where it was found, and on which line of the head or the tail (-1: elsewhere)."""

    text: str
    source: str
    line: int = -1


def title_issuer(title: str) -> str:
    """The issuer that a title begins with: `东阳市人民政府关于…` -> `东阳市人民政府`; empty where it names only a region or nobody."""
    about = _ABOUT.search(title)
    prefix = title[: about.start()] if about else ""
    if 0 < len(prefix) <= LONGEST_ISSUER and _ORGAN_END.search(prefix):
        return prefix.strip()
    found = mention_at(title, len("中共") if title.startswith("中共") else 0)
    return title[: found.end] if found and found.organ and found.end <= LONGEST_ISSUER else ""


def signature(tail: Lines) -> Issuer | None:
    """The organ that stands right above, or before, the date below a text."""
    for number, line in enumerate(tail.lines):
        is_date = bool(only_date(line))
        day = next(dates(line), None) if is_date or ends_as_date(line) else None
        if day and is_date and number:
            above = tail.lines[number - 1].strip()
            if len(above) <= LONGEST_ISSUER and _ORGAN_END.search(above) and ":" not in above:
                return Issuer(above, "signature", number - 1)
        elif day and day.end >= len(line.rstrip(" )")):
            before = line[: day.start].strip(" (")
            if 0 < len(before) <= LONGEST_ISSUER and _ORGAN_END.search(before) and ":" not in before:
                return Issuer(before, "signature", number)
    return None


def ends_as_date(line: str) -> bool:
    """Whether a date may end the line: few lines are searched for one."""
    last = line.rstrip(" )")[-1:]
    return last in "日号" or last.isdecimal()


def speaker(body: str) -> str:
    """Who speaks in a report to an assembly: `我代表罗湖区人民政府,…` -> `罗湖区人民政府`; empty if nobody does."""
    match = _SPEAKER.search(body[:600])
    return match[1] if match else ""


def department_names(issuer: str) -> tuple[str, ...]:
    """How a department's own report calls it, the longest first: 东阳市司法局 -> 东阳市司法局, 市司法局, 司法局, 全局, 我局, 本局.

    `issuer` may be in traditional characters; the names are as a body has them.
    """
    pieces = simplify([issuer])[0][0]
    name = "".join(after for _, after in pieces) if pieces else issuer
    found = [mention for mention in mentions(name) if mention.kind == "department"]
    names = {name}
    for mention in found:
        # 市司法局, 区住房和城乡建设局: a body says the kind of its place instead of its name.
        names |= {name[mention.start : mention.end], mention.organ, mention.names[-1][-1] + mention.organ}
    for full in tuple(names):
        written = full.removesuffix("员会") if full.endswith("委员会") else full
        names |= {written.replace(long, short) for long, shorts in _SHORT.items() if long in written for short in shorts}
    names |= {stem + "系统" for full in tuple(names) if (stem := _ORGAN.sub("", full)) != full}  # 全区教育系统: its own, all of it
    self_name = "委" if name.endswith("委员会") else name[-1]
    names |= {f"{whose}{self_name}" for whose in "我本全" if self_name in _SELF}
    return tuple(sorted(names, key=lambda each: (-len(each), each)))


class Clue(msgspec.Struct, frozen=True):
    """A text that may name the region, and where it stands."""

    text: str
    source: str


def find_region(clues: Sequence[Clue], around: Sequence[str], body: str, year: int | None) -> tuple[Resolution, str]:
    """The region a document is about and what told it.

    `clues` are tried in their order; `around` are all other texts near the document, which decide between regions of one name and say
    who `我区` is; `body` is looked at last. A clue that names a zone or a township nobody lists, or stays ambiguous, ends the search:
    whatever else is named would be another region.
    """
    context = [clue.text for clue in clues] + list(around)
    opened: tuple[Resolution, str] | None = None
    for clue in clues:
        resolution = _region_of(clue.text, year, context)
        if resolution.region:
            return resolution, clue.source
        if resolution.reason in {"zone_not_listed", "township"}:
            return resolution, clue.source
        if resolution.reason == "ambiguous":
            settled = _region_of(clue.text, year, [*context, _QUOTED.sub("", body[:3000])])
            if settled.region:
                return settled, clue.source
        if resolution.reason != "no_region" and opened is None:
            opened = resolution, clue.source
    if opened:
        return opened
    resolution = region_of_body(body, year, context)
    return resolution, "text" if resolution.region else ""


def _region_of(text: str, year: int | None, context: Sequence[str]) -> Resolution:
    """The region that a clue names: its first mention with an organ behind it, else its first mention, else `我市` by the context."""
    found = chosen(list(mentions(_QUOTED.sub("", text))))
    if found is None and _HANDS_ON.search(text):
        found = chosen(list(mentions(text)))
    if found:
        return settle(found, year, context)
    return open_because("zone_not_listed") if _some_zone().search(text) else resolve(_QUOTED.sub("", text), year, context)


@cache
def _some_zone() -> re.Pattern[str]:
    """A zone that speaks for itself, whatever it is called: its committee, or its name at the beginning of a title."""
    kinds = "|".join(sorted(naming()["zone_kinds"], key=len, reverse=True))
    return re.compile(f"(?:{kinds})(?:管委会|管理委员会|党工委)|^[\u4e00-\u9fff]{{2,10}}(?:{kinds})(?=关于|(?:19|20)\\d\\d|法治|$)")


def region_of_body(body: str, year: int | None, context: Sequence[str] = ()) -> Resolution:
    """The region that a text is about, by what it names most; open where two are near.

    Whom the text speaks for (`我代表区人民政府`, `我区`, `全市`) tells of which kind it is. A region counts if its full name stands in the
    text; then each telling of its stem counts (盐田, with or without 区), which sets it off from chance (滨海城区 is not 海城区).
    """
    text = _QUOTED.sub("", body)
    kinds = _own_kind(text)
    found = _most_named(text, kinds, year, context)
    # A county names itself in its own documents' names at least (《长武县2021年法治政府建设工作要点》).
    return _most_named(body, kinds, year, context) if found.reason == "no_region" and kinds else found


def _most_named(text: str, kinds: tuple[str, ...], year: int | None, context: Sequence[str]) -> Resolution:
    """The region of one of these kinds (all, if empty) that a text names most."""
    named = evidence(context, year)
    counts: dict[str, int] = {}
    regions: dict[str, Resolution] = {}
    names = _free_names(text)
    if kinds and kinds[0] in {"省", "自治区"}:
        # A province is mostly told short, and its short name is no other word.
        names |= {region.name for region in gazetteer().regions if region.level == "province" and _stem(region.name) in text}
    for name in names:
        resolution = resolve_mention(Mention(0, len(name), (name,), "", "", "", ""), year, named)
        region = resolution.region
        if region and region.region_code != NATION and (not kinds or region.name.endswith(kinds)):
            counts[region.division_id] = text.count(name) + text.count(_stem(name))
            regions[region.division_id] = resolution
    ranked = sorted(counts, key=lambda division: -counts[division])
    if not ranked or counts[ranked[0]] < 3:
        return open_because("no_region")
    if len(ranked) > 1 and counts[ranked[1]] * 2 > counts[ranked[0]]:
        return open_because("ambiguous")
    return regions[ranked[0]]


def _own_kind(text: str) -> tuple[str, ...]:
    """How the name of the region that speaks ends; empty where the text does not tell."""
    speaks = re.match(r"(?:[^我]{0,80})?我(?:谨)?代表(省|自治区|市|州|县|区|旗)(?:人民)?政府", text)
    own = Counter(_OWN.findall(text[:_BODY_WINDOW])).most_common(1)
    kind = speaks[1] if speaks else own[0][0] if own and own[0][1] >= 2 else ""
    return (kind,) if kind else ()


@cache
def _finder() -> tuple[AhoCorasick, tuple[str, ...]]:
    """Finds every name that is told in full, in one pass over a text."""
    known = gazetteer().told_by
    names = tuple(name for name, told in known.items() if len(name) > 2 and any(named.kind == "full" for named in told))
    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest), names


def _free_names(text: str) -> set[str]:
    """The names that stand in a text in full and free at least once: behind a mark or another name, not inside a word (滨海城区)."""
    finder, names = _finder()
    free: set[str] = set()
    end_before = 0
    for index, start, end in finder.find_matches_as_indexes(text):
        if start == end_before or not "\u4e00" <= text[start - 1] <= "\u9fff" or text[start - 1] in "在对是和与及由为的表":
            free.add(names[index])
        end_before = end
    return free - common_nouns()


def _stem(name: str) -> str:
    """A name without its kind; the name itself where too little is left."""
    return re.sub(r"(?<=..)(?:维吾尔|壮族|回族)?(?:自治区|特别行政区|自治[州县旗]|[省市县区旗盟])$", "", name)
