"""Which region a name means in which year.

A name is resolved only where nothing else can be meant: by itself where one division bears it, else by a parent that is named with it
or anywhere in the metadata. What stays open is left open, with the reason; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.parse.gazetteer import NATION, Named, Region, common_nouns, gazetteer, naming
from pipeline.parse.mentions import Mention, mention_at, mentions
from schemas.values import IssuerKind

Reason = Literal["", "no_region", "ambiguous", "not_in_that_year", "not_under_that_parent", "zone_not_listed", "township"]

_SELF = re.compile(
    r"^(?:我|本|全)?(省|自治区|市|州|县|区|旗|盟)(?=$|人民政府|政府|委|府办|人大|政协|[\u4e00-\u9fff]{1,14}(?:局|厅|办公室|委员会|院|中心)$)"
)
_SELF_KINDS = {kind: (kind,) for kind in ("省", "自治区", "市", "州", "县", "区", "旗", "盟")}
_TELLING = {"full": 0, "short": 1, "stem": 2}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means. `region` is None where it is open, and `reason` says why; `township` is the name of a township below it.

    `region_name` is the path in the year asked for (`浙江省/杭州市/临安区`). For a township the region is open (GB/T 2260 has no code
    for it), but its path is known if that of the region above is.
    """

    region: Region | None
    region_name: str
    reason: Reason
    issuer_kind: IssuerKind = ""
    township: str = ""


def open_because(reason: Reason, mention: Mention | None = None) -> Resolution:
    """A name that resolves to nothing."""
    return Resolution(None, "", reason, mention.kind if mention else "")


def resolve(name: str, year: int | None, context: Sequence[str] = ()) -> Resolution:
    """The region that `name` means in `year` (None: today, else the last year it was told so).

    `name` is as written: `临安区`, `杭州市临安区`, `我区`, `东阳市司法局`. `context` are other strings of the same document (issuer, title,
    site): they decide between regions of one name and say who `我区` is. Blanks count for nothing; characters are simplified.
    """
    text = _bare(name)
    if kind := _own_kind(text):
        return _resolve_self(kind, text, year, context)
    found = chosen(list(mentions(text)))
    if found:
        return settle(found, year, context)
    nation = gazetteer().by_code[NATION][0]
    return Resolution(nation, nation.name, "", "department") if _ministry().match(text) else open_because("no_region")


def issuer_kind(name: str, year: int | None, context: Sequence[str] = ()) -> IssuerKind:
    """The `issuer_kind` that `resolve` tells: of a name that names its region without asking which region is meant."""
    text = _bare(name)
    found = None if _own_kind(text) else chosen(list(mentions(text)))
    return found.kind if found else resolve(name, year, context).issuer_kind


def _bare(name: str) -> str:
    """A name without blanks and without the party's name."""
    text = re.sub(r"\s", "", name)
    for prefix in ("中国共产党", "中共"):
        text = text.removeprefix(prefix)
    return text


def _own_kind(text: str) -> str:
    """The kind of region that a name says its own is (`我区`, `市司法局`); empty where it names a region or none."""
    own = _SELF.match(text)
    chain = mention_at(text) if own else None
    # 市中区司法局 begins with a name; 全州 by itself means the whole prefecture, not 全州县.
    return own[1] if own and (chain is None or chain.names == (own[0],)) else ""


@cache
def _ministry() -> re.Pattern[str]:
    """A department of the State Council at a name's or a title's beginning."""
    return re.compile(rf"(?:中华人民共和国)?(?:{'|'.join(naming()['ministries'])})(?=$|关于|(?:19|20)\d\d|法治)")


def settle(mention: Mention, year: int | None, context: Sequence[str]) -> Resolution:
    """The region of a mention; the context is read only where the name alone is not clear."""
    alone = resolve_mention(mention, year)
    return resolve_mention(mention, year, evidence(context, year)) if alone.reason == "ambiguous" else alone


def chosen(found: Sequence[Mention]) -> Mention | None:
    """The mention that a title is about: a government before other organs (中共某县委 某县人民政府), an organ before a bare name."""
    for kind in ("government", "department", ""):
        for mention in found:
            if mention.kind == kind:
                return mention
    return None


def resolve_mention(mention: Mention, year: int | None, named: frozenset[str] = frozenset()) -> Resolution:
    """The region of a mention, the division ids in `named` (see `evidence`) deciding between regions of one name."""
    candidates, reason = _candidates(mention, year, named)
    if reason == "ambiguous" and mention.zone == "" and not mention.township:
        return open_because("ambiguous", mention)
    if len(candidates) != 1:
        return open_because(reason or "ambiguous", mention)
    region = candidates[0]
    when = _clip(year, region)
    path = gazetteer().path(region, when)
    if mention.zone:
        zone = _zone_under(region, mention.zone, year)
        if zone is None:
            return open_because("zone_not_listed", mention)
        return Resolution(zone, f"{path}/{zone.name}", "", mention.kind)
    if mention.township:
        return Resolution(None, f"{path}/{mention.township}", "township", mention.kind, mention.township)
    return Resolution(region, path, "", mention.kind)


def evidence(texts: Iterable[str], year: int | None) -> frozenset[str]:
    """The divisions that `texts` name beyond doubt, with all that are above them; short stems count where they are a text's beginning."""
    found: set[str] = set()
    for text in texts:
        for mention in mentions(text):
            for length in range(1, len(mention.names) + 1):
                part = Mention(mention.start, mention.end, mention.names[:length], "", "", "", "")
                candidates, _ = _candidates(part, year, frozenset())
                if len(candidates) == 1:
                    division = candidates[0].division_id
                    found |= {division, *gazetteer().ancestors(division)}
    return frozenset(found)


def _resolve_self(kind: str, text: str, year: int | None, context: Sequence[str]) -> Resolution:
    """`我区`, `本市`, `县政府办公室`: the one region of that kind among those the context names, or above them."""
    organ = next(iter(mentions("某某" + text)), None)
    found: dict[str, Region] = {}
    chains = [mention for line in context for mention in mentions(line)]
    named = evidence(context, year)
    for mention in chains:
        candidates, _ = _candidates(mention, year, named)
        if len(candidates) != 1 or mention.zone or mention.township:
            continue
        region = candidates[0]
        when = _clip(year, region)
        above = [gazetteer().of_division(division, when) for division in gazetteer().ancestors(region.division_id)]
        fitting = [spell for spell in (region, *above) if spell and spell.name.endswith(_SELF_KINDS[kind])]
        # 我市 of a county-level city is the city itself, not the prefecture above it.
        meant = fitting[:1] if fitting and fitting[0] is region else fitting
        for spell in meant if len(meant) == 1 else ():
            found[spell.division_id] = spell
    if len(found) != 1:
        return open_because("ambiguous" if found else "no_region", organ)
    (region,) = found.values()
    tail = text[len(kind) + (text[:1] in "我本全") :]
    # What follows is read as behind the region's own name.
    told = next(iter(mentions(region.name + tail)))
    return Resolution(region, gazetteer().path(region, _clip(year, region)), "", told.kind)


def _clip(year: int | None, region: Region) -> int:
    """The year to look at: the one asked for, else the last in which the spell held."""
    return year if year is not None else (region.valid_to or 9999)


def _candidates(mention: Mention, year: int | None, named: frozenset[str]) -> tuple[list[Region], Reason]:
    """The regions that the last name of a mention may mean; one if it is clear. Else why not."""
    *above, name = mention.names
    if not above and name in common_nouns() and not named:
        return [], "ambiguous"
    told = gazetteer().told_by[name]
    in_year = _in_year(told, year)
    if not in_year:
        return [], "not_in_that_year"
    under = [named_ for named_ in in_year if _under(named_.region, above, year)] or [
        named_ for named_ in in_year if _under(named_.region, above)
    ]
    if not under:
        return [], "not_under_that_parent"
    best = _best(under, {named_.region for named_ in told}, year)
    if len(best) > 1 or (not above and name in common_nouns()):
        best = _by_evidence(best, named)
    return best, "" if len(best) == 1 else "ambiguous"


def _in_year(told: Sequence[Named], year: int | None) -> list[Named]:
    """The divisions ever told so, each by its spell of `year` (None: its latest) and by how the name tells it best."""
    found: dict[str, Named] = {}
    for named in told:
        division = named.region.division_id
        spells = gazetteer().by_division[division]
        spell = max(spells, key=lambda region: region.valid_from) if year is None else gazetteer().of_division(division, year)
        if spell is None:
            continue
        known = found.get(division)
        if known is None or _TELLING[named.kind] < _TELLING[known.kind]:
            found[division] = Named(spell, named.kind)
    return list(found.values())


def _best(candidates: Sequence[Named], bearers: Set[Region], year: int | None) -> list[Region]:
    """Those told best: in full before short, those that bear the name in the year (`bearers`) before those that bore it at another
    time, a province before its namesakes."""
    if len(candidates) == 1:
        return [candidates[0].region]

    def rank(named: Named) -> tuple[int, bool, bool, bool]:
        ended = year is None and named.region.valid_to is not None
        return _TELLING[named.kind], ended, named.region not in bearers, named.kind == "stem" and named.region.level != "province"

    best = min(map(rank, candidates))
    return [named.region for named in candidates if rank(named) == best]


def _under(region: Region, above: Sequence[str], year: int | None = None) -> bool:
    """Whether each name in `above` may tell a division that is above the region in `year`, or (None) was so at any time."""
    if not above:
        return True
    if year is None:
        ancestors = gazetteer().ancestors(region.division_id)
    else:
        ancestors = frozenset(spell.division_id for spell in gazetteer().above(region, year))
    told = gazetteer().told_by
    return all(any(named.region.division_id in ancestors or named.region.region_code == NATION for named in told[name]) for name in above)


def _by_evidence(candidates: Sequence[Region], named: frozenset[str]) -> list[Region]:
    """The candidate with the most ancestors among the divisions named; all of them where two have as many."""
    counts = [len(gazetteer().ancestors(region.division_id) & named) for region in candidates]
    most = max(counts)
    if most == 0:
        return [] if len(candidates) == 1 else list(candidates)
    return [region for region, count in zip(candidates, counts, strict=True) if count == most]


def _zone_under(parent: Region, zone: str, year: int | None) -> Region | None:
    """The listed zone of a region that a text tells without the region's name (`成都市` + `高新区`)."""
    stem = re.sub(r"(?:特别行政区|自治州|地区|省|市|县|区|盟)$", "", parent.name)
    plain = re.sub(r"国家级?|省级", "", zone)
    for name in (zone, plain, stem + zone, stem + plain, parent.name + zone):
        for named in gazetteer().told_by.get(name, ()):
            spell = named.region
            if not spell.region_code.startswith("X") or (year is not None and not spell.holds_in(year)):
                continue
            if parent.division_id in gazetteer().ancestors(spell.division_id):
                return spell
    return None
