"""Metadata blocks: the labelled values around a report (`发布日期:2018-03-22 字号:[ ]`, a label on one line and its value on the next)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import yaml

PATH = Path(__file__).parents[2] / "schemas" / "data" / "parse_metadata.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BULLET = re.compile(r"[\s·•▪■◆●\-*【\[]*")
_LABEL_START = r"(?<![^\s:\])】].)"
"""Behind a label's first character: what stands before it, if anything, may stand before a label."""
_LABEL_END = re.compile(r"[】\]]?\s*[::]?\s*")


class Value(msgspec.Struct, frozen=True):
    """A labelled value and the line it stands on."""

    text: str
    label: str
    line: int


@cache
def words() -> Mapping[str, Any]:
    """`schemas/data/parse_metadata.yaml`."""
    rows: Mapping[str, Any] = yaml.load(PATH.read_text(encoding="utf-8"), Loader=_LOADER)
    return rows


@cache
def _labels() -> dict[str, str]:
    """Label -> field (empty: of no use)."""
    fields = {label: field for field, labels in words()["labels"].items() for label in labels}
    return {**dict.fromkeys(words()["other_labels"], ""), **fields}


@cache
def _ranks() -> dict[str, int]:
    """Label -> its place among those of its field, the most telling first."""
    return {label: rank for labels in words()["labels"].values() for rank, label in enumerate(labels)}


@cache
def _label() -> re.Pattern[str]:
    """A label at a line's beginning or after a blank or tab; with a colon, or set off from its value by blanks or the line's end.

    Labels are sorted by their first character, so that `re` skips to where one stands and tries only those.
    """
    endings: dict[str, list[str]] = defaultdict(list)
    for label in _labels():
        endings[label[0]].append(_spaced(label[1:]) if len(label) <= 3 else label[1:])
    alternatives = "|".join(
        f"{first}{_LABEL_START}(?:{'|'.join(sorted(others, key=len, reverse=True))})" for first, others in endings.items()
    )
    return re.compile(rf"({alternatives})(?:[】\]]?\s*:|(?=[\s\t】\]]|$))")


def _spaced(ending: str) -> str:
    """A pattern for the rest of a short label, whose characters may be set apart."""
    return "".join(rf"\s{{0,8}}{char}" for char in ending)


def labelled(lines: Sequence[str]) -> dict[str, list[Value]]:
    """Field -> its values, those with the most telling label first, then in reading order; only fields that have one."""
    found: dict[str, list[Value]] = defaultdict(list)
    for number, line in enumerate(lines):
        # Cells of a table: a label in one, its value in the next.
        plain = _without_bullet(line.replace("|", "\t"))
        marks = list(_label().finditer(plain))
        for mark, following in zip_longest(marks, marks[1:]):
            label = "".join(mark[1].split())
            field = _labels()[label]
            value = plain[_LABEL_END.match(plain, mark.end()).end() : following.start() if following else len(plain)].strip()  # type: ignore[union-attr]
            at = number
            if not value and not following and number + 1 < len(lines) and not is_labelled(lines[number + 1]):
                value, at = _without_bullet(lines[number + 1]).strip(), number + 1
            if field and value:
                found[field].append(Value(value, label, at))
    return {field: sorted(values, key=lambda value: (_ranks()[value.label], value.line)) for field, values in found.items()}


def is_labelled(line: str) -> bool:
    """Whether a line begins with a label."""
    return bool(_label().match(_without_bullet(line)))


def _without_bullet(line: str) -> str:
    return line if line[:1].isalnum() else line[_BULLET.match(line).end() :]  # type: ignore[union-attr]
