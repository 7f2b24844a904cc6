"""The words and units of `schemas/data` compiled once into the patterns that `scan` runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.extract.values import CHINESE, CHINESE_RUN
from pipeline.records import Kind

_SCALE = "(?:百(?!分[点制])|[万亿]|千(?![米克瓦]))"
_AFTER = "(?:[(]含[)])?(?:以上|以下|以内|之内|左右|上下|之多|之间)"


def load(name: str) -> Any:
    """A YAML file of `schemas/data`."""
    text = (resources.files("schemas") / "data" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled once a process; see `schemas/data/units.yaml` and `numerals.yaml` for what each part is."""

    first: re.Pattern[str]
    head: re.Pattern[str]
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


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _units() -> tuple[dict[str, tuple[str, Kind]], str]:
    spellings: dict[str, tuple[str, Kind]] = {}
    patterns: dict[str, str] = {}
    for kind, rows in load("units.yaml").items():
        if kind == "people":
            continue
        for row in rows:
            unit = row.get("base", row["unit"])
            for written in (row["unit"], *row.get("written", [])):
                spellings[written] = (unit, kind)
                ahead = f"(?!{_any(row['not_before'])})" if "not_before" in row and written == row["unit"] else ""
                patterns[written] = re.escape(written) + ahead
    ordered = sorted(patterns, key=lambda word: (-len(word), word))
    return spellings, "|".join(patterns[word] for word in ordered)


def _words(starts: dict[str, list[str]]) -> str:
    return "|".join(f"{first}(?:{_any([word[1:] for word in words])})" for first, words in starts.items())


_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHINESE_YEAR = "[一二][〇零○ＯO九八][〇零○ＯO一二三四五六七八九]{2}"
_YEAR = r"(?:19|20)\d\d"
_SMALL = "[一二三四五六七八九十]{1,3}"


def _head(starts: dict[str, list[str]]) -> re.Pattern[str]:
    """What stands where `Lexicon.first` found a beginning: alternatives in the order in which they win, each linear in what it consumes."""
    alternatives = {
        "document": r"(?<=[〔\[(【﹝])\d{4}[〕\])】﹞]第?\d{1,5}(?=号)",
        "span": rf"{_YEAR}年?度?[—\-~至到](?:{_YEAR}|\d\d)年度?|{_YEAR}[—\-~]{_YEAR}(?!\d)|{_CHINESE_YEAR}年至{_CHINESE_YEAR}年",
        "date": rf"\d{{1,2}}(?:时(?:\d{{1,2}}分)?|点\d{{1,2}}分)(?!间|长|效|限|代|段)"
        rf"|{_YEAR}年(?:(?:\d{{1,2}}月?[—\-~至到])?\d{{1,2}}月份?(?:\d{{1,2}}[日号])?)?"
        rf"|{_YEAR}(?P<sign>[./-])\d{{1,2}}(?P=sign)\d{{1,2}}日?(?!\d)"
        rf"|{_CHINESE_YEAR}年(?:[一二三四五六七八九十]{{1,2}}月(?:[一二三四五六七八九十]{{1,3}}日)?)?"
        r"|\d{1,2}月\d{1,2}[日号](?:[至—\-~]\d{1,2}[日号])?|\d{1,2}(?:[—\-~至到]\d{1,2})?月(?:份|底|初|末|中旬|上旬|下旬)?"
        r"|\d{1,2}(?:[—\-~至]\d{1,2})?日(?!内|均|常|报|产|益)|[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日|份)",
        "compound": r"\d+(?:[+＋×xX*·&](?:\d+|[NnXx]))+",
        "clock": r"\d{1,2}:\d{2}:\d{2}|\d{1,2}:[0-5]\d(?![\d.])",
        "ratio": rf"{_ARABIC}(?::|比){_ARABIC}(?!\d)",
        "label": rf"^(?:{_SMALL}(?=[、.])|\d{{1,2}}(?=[.、](?!\d)))|(?<=[。;:!\n”])(?:{_SMALL}(?=、)|\d{{1,2}}(?=[.、](?!\d)))"
        rf"|(?<=\()(?:{_SMALL}|\d{{1,2}})(?=\))|[①-⑳]",
        "list": rf"(?<![第统唯同之万一二三四五六七八九十不]){_SMALL}是(?!否|以来)|(?<=[,。;:\n]){_SMALL}要|(?<=其)[一二三四五](?=[,是])",
        "fraction": rf"(?:{CHINESE_RUN}|\d+)分之(?:{CHINESE_RUN}(?:点{CHINESE_RUN})?|{_ARABIC})|(?<![\d/])\d/\d{{1,2}}(?![\d/年月])",
        "tenths": r"(?:[一二两三四五六七八九]|\d(?:\.\d)?)成(?:[一二三四五六七八九]|半)?"
        r"(?![立为效果功员本都就长绩人年熟品份交型片批体形套语对天因分式建])",
        "zero": "零",
        "half": "半数|(?<=过)半数?|一半(?![年天个月日])",
        "word": _words({first: words for first, words in starts.items() if first != "零"}),
        "arabic": _ARABIC,
        "chinese": f"{CHINESE_RUN}(?:点[零〇一二三四五六七八九]+)?",
    }
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in alternatives.items()), re.MULTILINE)


@cache
def lexicon() -> Lexicon:
    """The compiled lexicon (built at first use, about 20 ms)."""
    words = load("numerals.yaml")
    units, unit_pattern = _units()
    zero_names = [word[1:] for word in words["starts"]["零"]]
    return Lexicon(
        first=re.compile(f"[0-9{CHINESE}①-⑳半]"),
        head=_head(words["starts"]),
        tail=re.compile(
            f"(?P<more>[余多来几])?(?P<scale>{_SCALE}*)(?P<more2>[余多])?(?P<scale2>{_SCALE}*)(?:(?P<unit>{unit_pattern})(?P<more3>[余多](?![种类样少元方重部个0-9]))?)?(?P<after>{_AFTER})?"
        ),
        units=units,
        people=re.compile(_any(load("units.yaml")["people"])),
        before_one=frozenset(words["before_one"]),
        zero=re.compile(f"(?P<noun>{_any(words['zero_nouns'])})|(?P<name>{_any(zero_names)})"),
        rank_units=frozenset(words["rank_units"]),
        rank_cue=re.compile(f"(?:{_any(words['rank_verbs'])}|{_any(words['rank_scopes'])})$"),
        line_nouns=re.compile(f'[“"]?[^,。;0-9]{{0,6}}?(?:{_any(words["line_nouns"])})'),
        line_numbers=frozenset(words["line_numbers"]),
        label_cue=re.compile(f"(?:{_any(words['label_nouns'])})[:第]?$"),
        duration_names=re.compile(f"[^,。;的]{{0,3}}?(?:{_any(words['duration_names'])})"),
    )
