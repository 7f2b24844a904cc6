"""The lines around a report, each in two spellings: normalised, to read by rule, and as the file has it, to quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.clean.characters import NOTHING, fold
from pipeline.parse.blocks import is_labelled
from pipeline.records import Cleaned

_LEFT_OUT = frozenset((" ", "\t", "\n", NOTHING))


def as_written(text: str, line: str, raw: str) -> str:
    """`text`, a part of the normalised `line`, as `raw` (the same line in the file) has it, blanks left out.

    Where normalising changed the number of characters (a phrase that simplifies to a longer one), the normalised text is given back.
    """
    start = line.replace(" ", "").find(text.replace(" ", ""))
    plain = line.replace(" ", "").replace("\t", "")
    kept = plain if raw == line else _without_blanks(raw)
    if start < 0 or len(kept) != len(plain):
        return text
    return kept[start : start + len(text.replace(" ", ""))]


def _without_blanks(raw: str) -> str:
    folded = fold(raw)
    if _LEFT_OUT.isdisjoint(folded):
        return raw
    return "".join([char for char, sign in zip(raw, folded, strict=True) if sign not in _LEFT_OUT])


@dataclass(frozen=True)
class Lines:
    """Lines above (`head`) or below (`tail`) a report."""

    lines: tuple[str, ...]
    raw: tuple[str, ...]

    def quote(self, text: str, first: int, last: int | None = None) -> str:
        """`text`, which stands on the lines `first` to `last`, as the file has it."""
        last = first if last is None else last
        if not self.raw:
            return text
        return as_written(text, "".join(self.lines[first : last + 1]), "".join(self.raw[first : last + 1]))

    @cached_property
    def labelled(self) -> tuple[bool, ...]:
        """For each line whether it begins with a label of a metadata block."""
        return tuple(map(is_labelled, self.lines))

    @property
    def unlabelled(self) -> list[str]:
        """The lines that begin with no label."""
        return [line for line, is_label in zip(self.lines, self.labelled, strict=True) if not is_label]

    @cached_property
    def joined(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)


def around(cleaned: Cleaned) -> tuple[Lines, Lines]:
    """The lines above and below the body. Raw lines that do not match one for one are not used."""
    return _lines(cleaned.head, cleaned.head_raw), _lines(cleaned.tail, cleaned.tail_raw)


def _lines(lines: Sequence[str], raw: Sequence[str]) -> Lines:
    return Lines(tuple(lines), tuple(raw) if len(raw) == len(lines) else ())
