"""Metadata blocks: the labelled values around a report (`发布日期:2018-03-22 字号:[ ]`, a label on one line and its value on the next)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[2] / "schemas" / "data" / "parse_metadata.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BULLET = re.compile(r"^[\s·•▪■◆●\-*【\[]+")
_LABEL_END = re.compile(r"[】\]]?\s*[::]?\s*")


@dataclass(frozen=True, slots=True)
class Value:
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

    Only where a character stands with which a label begins are its surroundings and the labels looked at.
    """
    alternatives = "|".join(sorted((r"\s{0,8}".join(label) if len(label) <= 3 else label for label in _labels()), key=len, reverse=True))
    first = re.escape("".join(sorted({label[0] for label in _labels()})))
    return re.compile(rf"(?=[{first}])(?<![^\s:\])】])({alternatives})(?:[】\]]?\s*:|(?=[\s\t】\]]|$))")


def labelled(lines: Sequence[str]) -> dict[str, list[Value]]:
    """Field -> its values, those with the most telling label first, then in reading order; only fields that have one."""
    found: dict[str, list[Value]] = defaultdict(list)
    for number, line in enumerate(lines):
        # Cells of a table: a label in one, its value in the next.
        plain = _BULLET.sub("", line.replace("|", "\t"))
        marks = list(_label().finditer(plain))
        for mark, following in zip(marks, [*marks[1:], None], strict=False):
            label = re.sub(r"\s", "", mark[1])
            field = _labels()[label]
            value = plain[_LABEL_END.match(plain, mark.end()).end() : following.start() if following else len(plain)].strip()  # type: ignore[union-attr]
            at = number
            if not value and not following and number + 1 < len(lines) and not is_labelled(lines[number + 1]):
                value, at = _BULLET.sub("", lines[number + 1]).strip(), number + 1
            if field and value:
                found[field].append(Value(value, label, at))
    return {field: sorted(values, key=lambda value: (_ranks()[value.label], value.line)) for field, values in found.items()}


def is_labelled(line: str) -> bool:
    """Whether a line begins with a label."""
    return bool(_label().match(_BULLET.sub("", line)))
