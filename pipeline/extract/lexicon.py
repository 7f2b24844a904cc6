"""The words and units of `schemas/data` compiled once into the patterns that `scan` runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.extract.values import CHINESE_RUN
from schemas.values import Kind

_SCALE = "(?:[百千万亿]+(?<!百(?=分[点制]))(?<!千(?=[米克瓦]))|)"
_AFTER = "(?:[(]含[)])?(?:以上|以下|以内|之内|左右|上下|之多|之间)"


def load(name: str) -> Any:
    """A YAML file of `schemas/data`."""
    text = (resources.files("schemas") / "data" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled once a process; see `schemas/data/units.yaml` and `numerals.yaml` for what each part is."""

    plain: re.Pattern[str]
    digits: Heads
    characters: Heads
    tail: re.Pattern[str]
    units: dict[str, tuple[str, Kind]]
    people: re.Pattern[str]
    before_one: frozenset[str]
    zero: re.Pattern[str]
    rank_units: frozenset[str]
    rank_cue: re.Pattern[str]
    line_nouns: re.Pattern[str]
    line_numbers: frozenset[str]
    label_cue: re.Pattern[str]
    duration_names: re.Pattern[str]


def one_of(words: Iterable[str], ahead: Mapping[str, str] | None = None) -> str:
    """A pattern of `words`, of which the longest wins; `ahead`: what must follow some of them.

    Those that begin alike stand together behind their first character (`收(?:到|件)`): the engine passes over such a group at once. The
    groups keep the order of the words, so that frequent ones may stand first.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    patterns = []
    for first, group in groups.items():
        rests = [re.escape(word[1:]) + (ahead or {}).get(word, "") for word in sorted(group, key=lambda word: (-len(word), word))]
        patterns.append(re.escape(first) + (f"(?:{'|'.join(rests)})" if rests != [""] else ""))
    return "|".join(patterns)


def _units() -> tuple[dict[str, tuple[str, Kind]], str]:
    spellings: dict[str, tuple[str, Kind]] = {}
    ahead: dict[str, str] = {}
    for kind, rows in load("units.yaml").items():
        if kind == "people":
            continue
        for row in rows:
            unit = row.get("base", row["unit"])
            for written in (row["unit"], *row.get("written", [])):
                spellings[written] = (unit, kind)
                ahead[written] = f"(?!{one_of(row['not_before'])})" if "not_before" in row and written == row["unit"] else ""
    return spellings, one_of(spellings, ahead)


_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHINESE_YEAR = "[一二][〇零○ＯO九八][〇零○ＯO一二三四五六七八九]{2}"
_YEAR = r"(?:19|20)\d\d"
_SMALL = "[一二三四五六七八九十]{1,3}"
_LABELLED = "(?:^|(?<=[。;:!\n”]))"
_TENTHS = "成(?:[一二三四五六七八九]|半)?(?![立为效果功员本都就长绩人年熟品份交型片批体形套语对天因分式建])"

# What stands where a numeral begins: forms in the order in which they win, each linear in what it consumes. A form may be written in
# several ways, one alternative each: the regular expression engine skips one at its first character, which it cannot do inside a group.
_DIGIT_HEADS: tuple[tuple[str, str], ...] = (
    ("label", rf"{_LABELLED}\d{{1,2}}(?=[.、](?!\d))"),
    ("label", r"(?<=\()\d{1,2}(?=\))"),
    ("document", r"\d\d{3}(?<=[〔\[(【﹝]\d{4})[〕\])】﹞]第?\d{1,5}(?=号)"),
    ("span", rf"[12]\d{{3}}(?<={_YEAR})年?度?[—\-~至到](?:{_YEAR}|\d\d)年度?"),
    ("span", rf"[12]\d{{3}}(?<={_YEAR})[—\-~]{_YEAR}(?!\d)"),
    ("date", r"\d\d?(?:时(?:\d{1,2}分)?|点\d{1,2}分)(?!间|长|效|限|代|段)"),
    ("date", rf"[12]\d{{3}}(?<={_YEAR})年(?:(?:\d{{1,2}}月?[—\-~至到])?\d{{1,2}}月份?(?:\d{{1,2}}[日号])?)?"),
    ("date", rf"[12]\d{{3}}(?<={_YEAR})(?P<sign>[./-])\d{{1,2}}(?P=sign)\d{{1,2}}日?(?!\d)"),
    ("date", r"\d\d?月\d{1,2}[日号](?:[至—\-~]\d{1,2}[日号])?"),
    ("date", r"\d\d?(?:[—\-~至到]\d{1,2})?月(?:份|底|初|末|中旬|上旬|下旬)?"),
    ("date", r"\d\d?(?:[—\-~至]\d{1,2})?日(?!内|均|常|报|产|益)"),
    ("compound", r"\d\d*(?:[+＋×xX*·&](?:\d+|[NnXx]))+"),
    ("clock", r"\d\d?:\d{2}:\d{2}"),
    ("clock", r"\d\d?:[0-5]\d(?![\d.])"),
    ("ratio", rf"{_ARABIC}(?::|比){_ARABIC}(?!\d)"),
    ("fraction", rf"\d\d*分之(?:{CHINESE_RUN}(?:点{CHINESE_RUN})?|{_ARABIC})"),
    ("fraction", r"(?<![\d/])\d/\d{1,2}(?![\d/年月])"),
    ("tenths", rf"\d(?:\.\d)?{_TENTHS}"),
    ("arabic", _ARABIC),
)
# A number in digits behind which nothing stands that could make it anything but a number in digits.
_PLAIN = r"\d+(?:\.\d+)?(?![\d.,: 年度月日时点分成比号至到、/+＋×xX*·&—\-~)〕\]】﹞])"


def _character_heads(starts: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return (
        ("span", f"{_CHINESE_YEAR}年至{_CHINESE_YEAR}年"),
        ("date", rf"{_CHINESE_YEAR}年(?:[一二三四五六七八九十]{{1,2}}月(?:[一二三四五六七八九十]{{1,3}}日)?)?"),
        ("date", "[一二三四五六七八九十][一二三四五六七八九十]?月(?:[一二三四五六七八九十]{1,3}日|份)"),
        ("label", rf"{_LABELLED}{_SMALL}(?=、)"),
        ("label", rf"^{_SMALL}(?=\.)"),
        ("label", rf"(?<=\(){_SMALL}(?=\))"),
        ("label", "[①-⑳]"),
        ("list", rf"(?<![第统唯同之万一二三四五六七八九十不]){_SMALL}是(?!否|以来)"),
        ("list", rf"(?<=[,。;:\n]){_SMALL}要"),
        ("list", "(?<=其)[一二三四五](?=[,是])"),
        ("fraction", rf"{CHINESE_RUN}分之(?:{CHINESE_RUN}(?:点{CHINESE_RUN})?|{_ARABIC})"),
        ("tenths", f"[一二两三四五六七八九]{_TENTHS}"),
        ("zero", "零"),
        ("half", "半数"),
        ("half", "半(?<=过半)"),
        ("half", "一半(?![年天个月日])"),
        *(("word", one_of(words)) for first, words in starts.items() if first != "零"),
        ("chinese", f"{CHINESE_RUN}(?:点[零〇一二三四五六七八九]+)?"),
    )


@dataclass(frozen=True, slots=True)
class Heads:
    """Forms of a numeral as one pattern; `forms[match.lastindex]` names the form that matched."""

    pattern: re.Pattern[str]
    forms: tuple[str, ...]

    @classmethod
    def of(cls, alternatives: Sequence[tuple[str, str]]) -> Heads:
        """Compile alternatives, each closed by an empty group that tells it from the others."""
        forms, patterns = [""], []
        for form, pattern in alternatives:
            forms.extend([form] * (re.compile(pattern).groups + 1))
            patterns.append(f"{pattern}()")
        return cls(re.compile("|".join(patterns), re.MULTILINE), tuple(forms))


@cache
def lexicon() -> Lexicon:
    """The compiled lexicon (built at first use, about 20 ms)."""
    words = load("numerals.yaml")
    units, unit_pattern = _units()
    zero_names = [word[1:] for word in words["starts"]["零"]]
    return Lexicon(
        plain=re.compile(_PLAIN),
        digits=Heads.of(_DIGIT_HEADS),
        characters=Heads.of(_character_heads(words["starts"])),
        tail=re.compile(
            # `(?:…|)`, which the engine decides faster than `(?:…)?`
            f"(?:(?P<more>[余多来几])|)(?P<scale>{_SCALE})(?:(?P<more2>[余多])|)(?P<scale2>{_SCALE})"
            f"(?:(?P<unit>{unit_pattern})(?:(?P<more3>[余多](?![种类样少元方重部个0-9]))|)|)(?:(?P<after>{_AFTER})|)"
        ),
        units=units,
        people=re.compile(one_of(load("units.yaml")["people"])),
        before_one=frozenset(words["before_one"]),
        zero=re.compile(f"(?P<noun>{one_of(words['zero_nouns'])})|(?P<name>{one_of(zero_names)})"),
        rank_units=frozenset(words["rank_units"]),
        rank_cue=re.compile(f"(?:{one_of(words['rank_verbs'])}|{one_of(words['rank_scopes'])})$"),
        line_nouns=re.compile(f'[“"]?[^,。;0-9]{{0,6}}?(?:{one_of(words["line_nouns"])})'),
        line_numbers=frozenset(words["line_numbers"]),
        label_cue=re.compile(f"(?:{one_of(words['label_nouns'])})[:第]?$"),
        duration_names=re.compile(f"[^,。;的]{{0,3}}?(?:{one_of(words['duration_names'])})"),
    )
