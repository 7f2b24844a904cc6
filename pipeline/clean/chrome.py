"""What a line is by its own words: page chrome (data: `schemas/data/chrome.yaml`) or a part of an official document.

The parts of an official document follow GB/T 9704-2012 (党政机关公文格式): addressee (主送机关), signature (发文机关署名, 成文日期),
numbered headings (结构层次序数). Where a line stands is judged in `bounds`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CHROME_PATH = Path(__file__).parents[2] / "schemas" / "data" / "chrome.yaml"
DECORATION = r"[·*【\[(<#]*"
CLOSING = r"[】\])>]*"


@dataclass(frozen=True, slots=True)
class Chrome:
    """The rows compiled to patterns, in which each kind is a group, in the order of the file.

    Rows that let a line begin with anything are tried at each of its characters, which costs more than all other rows together;
    so they are only in `all_rows`, which is for lines that have one of the words `inside` those rows. None of the others begins as a
    numbered heading or paragraph of a report does, and most lines of many reports do.
    """

    inside: re.Pattern[str]
    all_rows: re.Pattern[str]
    other_rows: re.Pattern[str]

    def kind(self, text: str) -> str:
        """The kind of chrome that the whole line is, or an empty string."""
        if self.inside.search(text):
            found = self.all_rows.fullmatch(text)
        else:
            found = None if _NUMBERED.match(text) else self.other_rows.fullmatch(text)
        return found.lastgroup or "" if found else ""


def load_rows() -> list[dict[str, Any]]:
    """The rows of `chrome.yaml` as they stand."""
    rows: list[dict[str, Any]] = yaml.safe_load(CHROME_PATH.read_text(encoding="utf-8"))
    return rows


def build(rows: Iterable[dict[str, Any]]) -> Chrome:
    """Compiles rows of `chrome.yaml`. Kinds are tried in the order in which they first come."""
    rows = list(rows)
    inside = "|".join(row["inside"] for row in rows if "inside" in row)
    return Chrome(re.compile(inside), _by_kind(rows), _by_kind(row for row in rows if "inside" not in row))


def _by_kind(rows: Iterable[dict[str, Any]]) -> re.Pattern[str]:
    patterns: dict[str, list[str]] = {}
    for row in rows:
        patterns.setdefault(row["kind"], []).append(_row_pattern(row))
    return re.compile("|".join(f"(?P<{kind}>{'|'.join(f'(?:{part})' for part in parts)})" for kind, parts in patterns.items()))


def _row_pattern(row: dict[str, Any]) -> str:
    if "pattern" in row:
        return str(row["pattern"])
    if "inside" in row:
        return f"{row['before']}(?:{row['inside']}){row['behind']}"
    word = _one_of(row["words"])
    if row["kind"] == "toolbar":  # a bar has several of them, with or without signs between
        return rf"[·*【\[(<#|/ \t]*(?:{word}[·*【\[(<#】\])>:|/ \t]*){{1,12}}"
    value = rf"[:\t|].{{0,{row['value']}}}"
    behind = rf"(?:{value}|[^,。;!?]{{0,{row['value']}}})" if row.get("bare") else rf"(?:{value})?"
    return rf"{DECORATION}{word}{CLOSING}{behind}"


def _one_of(words: Sequence[str]) -> str:
    """The longest word that fits; one look at the first character spares most lines the comparison with each word."""
    first = re.escape("".join(sorted({word[0] for word in words})))
    return f"(?=[{first}])(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


@cache
def chrome() -> Chrome:
    """The chrome of `schemas/data/chrome.yaml`."""
    return build(load_rows())


_CHINESE_DATE = r"[二〇零一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
_DATE = rf"(?:(?:19|20)\d{{2}}年\d{{1,2}}月\d{{1,2}}日|{_CHINESE_DATE})"
_BODY_WORDS = (
    "人民政府|政府|办公室|办公厅|委员会|常委会|管委会|领导小组|委|局|厅|部|院|署|处|室|办|会|组|中心|司法所|法院|检察院|公司|集团|"
    "街道|镇|乡|区|县|市|省"
)
_ISSUER = rf"[一-龥()·]{{2,36}}(?:{_BODY_WORDS})(?:\(代?章\)|\(盖章\))?"
_RECIPIENT = re.compile(
    r"(?:政府|办公?室?|委员会|管委会|常委会|部门|单位|机构|局|厅|委|部|院|公司|集团|企业|团体|组织|学校|高校|代表|委员|同志|中心|处|站|会|主任|书记|长|"
    r"街道|街镇|镇|乡|乡镇|县|市|区|省|朋友|们|领导|小组|所|社)(?:\([^()]{1,30}\))?$"
)

SIGNATURE_DATE = re.compile(rf"\(?(?:{_ISSUER})?{_DATE}\)?")
"""A date of signing on a line of its own, with or without the issuer before it."""
ISSUER = re.compile(_ISSUER)
"""A line that is a body's name (also the name under a report)."""
HEADING = re.compile(
    r"(?:(第[一二三四五六七八九十]{1,3}[章节部编][分]?)|([一二三四五六七八九十]{1,3}、)|(\([一二三四五六七八九十]{1,3}\))|(\d{1,2}[.、](?!\d))|(\(\d{1,2}\)))"
)
"""A numbered heading's label; the group that matched is its level."""
_NUMBERED = re.compile(rf"(?:{HEADING.pattern})[一-龥“《]")
TITLE = re.compile(
    r"[^。!?;:]{0,60}(?:关于|法治政府|政府工作|依法行政|法治建设)[^。!?;:]{0,60}(?:报告|意见|方案|规划|纲要|通知|总结|公报|白皮书|办法|决定)(?:\([^()]{1,40}\))?"
)
"""A document's title on a line of its own."""

RECIPIENT_SHARE = 0.6
_NOT_BEFORE_COLON = re.compile("[。!?《%]")


def addressee_end(text: str) -> int:
    """Length of the addressee that `text` begins with, its colon included; 0 where it begins with none.

    An addressee is a list of bodies before a colon: `各乡镇人民政府,县政府直属各单位:`, `各位代表:`, `市人大常委会:现将有关情况报告如下。`
    """
    colon = text.find(":", 2, 600)
    if colon < 0 or _NOT_BEFORE_COLON.search(text, 0, colon) or HEADING.match(text):
        return 0
    named = [bool(_RECIPIENT.search(part)) for part in re.split("[,、;]", text[:colon]) if part]
    return colon + 1 if named and sum(named) >= RECIPIENT_SHARE * len(named) and named[-1] else 0
