"""The numbers of list paragraphs that a DOCX does not hold as text but has Word generate (ECMA-376 Part 1, 17.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.ingest.xml import attribute, child, local_name, value

_CHINESE_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_CHINESE_FORMATS = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "koreanDigital2",
    }
)
_CIRCLED_FORMATS = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_SILENT_FORMATS = frozenset({"bullet", "none"})


def chinese_number(number: int) -> str:
    """1 to 99 as a Chinese numeral (`二十一`); greater ones digit by digit."""
    if not 0 < number < 100:
        return "".join(_CHINESE_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _CHINESE_DIGITS[tens]) + ("十" if tens else "") + (_CHINESE_DIGITS[ones] if ones else "")


def roman_number(number: int) -> str:
    """A positive number in upper-case Roman numerals."""
    text = ""
    for worth, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        text += sign * (number // worth)
        number %= worth
    return text


def formatted(number: int, number_format: str) -> str:
    """A list number as Word shows it (`w:numFmt`); unknown formats as decimal."""
    if number_format in _CHINESE_FORMATS:
        return chinese_number(number)
    if number_format in _CIRCLED_FORMATS and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if number_format == "ideographTraditional" and 0 < number <= len(_STEMS):
        return _STEMS[number - 1]
    if number_format in ("upperLetter", "lowerLetter") and number > 0:
        letters = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if number_format == "upperLetter" else letters.lower()
    if number_format in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        return roman_number(number) if number_format == "upperRoman" else roman_number(number).lower()
    return str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: first number, format and pattern (`第%1章`)."""

    start: int
    number_format: str
    pattern: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted: `label` is asked once for each paragraph, in order."""

    numbering: etree._Element | None
    styles: etree._Element | None
    _levels: dict[str, dict[int, Level]] = field(init=False)
    _abstract: dict[str, str] = field(init=False)
    _style_lists: dict[str, tuple[str, int]] = field(init=False)
    _counted: dict[str, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._levels, self._abstract = _lists(self.numbering)
        self._style_lists = _lists_of_styles(self.styles)

    def label(self, properties: etree._Element | None) -> str:
        """The number before a paragraph with these properties (`w:pPr`), or an empty string; counts on."""
        number_id, depth = self._list_of(properties)
        level = self._levels.get(number_id, {}).get(depth)
        if level is None:
            return ""
        counted = self._counted.setdefault(self._abstract.get(number_id, number_id), {})
        counted[depth] = counted.get(depth, level.start - 1) + 1
        for deeper in [key for key in counted if key > depth]:
            del counted[deeper]
        if level.number_format in _SILENT_FORMATS:
            return ""
        text = level.pattern
        for place in range(depth + 1):
            shown = self._levels[number_id].get(place, level)
            text = text.replace(f"%{place + 1}", formatted(counted.get(place, shown.start), shown.number_format))
        return text

    def _list_of(self, properties: etree._Element | None) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else its style's."""
        if properties is None:
            return "", 0
        number_id, depth = _numbering_properties(properties)
        style = value(properties, "pStyle")
        if not number_id and style in self._style_lists:
            inherited, inherited_depth = self._style_lists[style]
            return inherited, inherited_depth if depth is None else depth
        return number_id, depth or 0


def _integer(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _numbering_properties(properties: etree._Element) -> tuple[str, int | None]:
    part = child(properties, "numPr")
    if part is None:
        return "", None
    depth = value(part, "ilvl")
    return value(part, "numId"), _integer(depth, 0) if depth else None


def _lists(numbering: etree._Element | None) -> tuple[dict[str, dict[int, Level]], dict[str, str]]:
    """For each list its levels, and the abstract list that it counts with (lists that restart count alone)."""
    if numbering is None:
        return {}, {}
    abstract = {attribute(part, "abstractNumId"): _levels(part) for part in numbering if local_name(part) == "abstractNum"}
    levels: dict[str, dict[int, Level]] = {}
    counters: dict[str, str] = {}
    for part in numbering:
        if local_name(part) == "num":
            number_id, base = attribute(part, "numId"), value(part, "abstractNumId")
            overrides = _overrides(part, abstract.get(base, {}))
            levels[number_id] = {**abstract.get(base, {}), **overrides}
            counters[number_id] = f"num {number_id}" if overrides else f"abstract {base}"
    return levels, counters


def _levels(element: etree._Element) -> dict[int, Level]:
    return {
        _integer(attribute(part, "ilvl"), 0): Level(
            _integer(value(part, "start"), 1), value(part, "numFmt") or "decimal", value(part, "lvlText")
        )
        for part in element
        if local_name(part) == "lvl"
    }


def _overrides(element: etree._Element, base: Mapping[int, Level]) -> dict[int, Level]:
    overrides: dict[int, Level] = {}
    for part in element:
        if local_name(part) != "lvlOverride":
            continue
        depth = _integer(attribute(part, "ilvl"), 0)
        level = _levels(part).get(depth, base.get(depth))
        if level is not None:
            overrides[depth] = Level(_integer(value(part, "startOverride"), level.start), level.number_format, level.pattern)
    return overrides


def _lists_of_styles(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Style -> list and level, also by the style that it is based on."""
    if styles is None:
        return {}
    own: dict[str, tuple[str, int | None]] = {}
    based_on: dict[str, str] = {}
    for style in styles:
        if local_name(style) == "style":
            name = attribute(style, "styleId")
            based_on[name] = value(style, "basedOn")
            properties = child(style, "pPr")
            if properties is not None and (found := _numbering_properties(properties))[0]:
                own[name] = found
    resolved: dict[str, tuple[str, int]] = {}
    for name in based_on:
        above, seen = name, set[str]()
        while above and above not in own and above not in seen:
            seen.add(above)
            above = based_on.get(above, "")
        if above in own:
            resolved[name] = own[above][0], own[above][1] or 0
    return resolved
