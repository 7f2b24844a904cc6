"""Text -> lines without white space, each with its map back to the raw text.

A line here is what the body has as a paragraph: normalised, simplified, without the white space of layout. What it came from stays
known character for character.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.clean.characters import NOTHING, expandable, expansions
from pipeline.clean.script import simplify
from pipeline.clean.signs import fold_text
from schemas.values import Script

Run = tuple[int, int, int]
"""(place in the line, raw offset, raw width): a stretch of an offset map, as `records.OffsetMap` has it."""

_BLANKS = f" \t{NOTHING}"
# A class before the repeated class: `re` skips to a class, but tries a repeat at each character.
_GAP = re.compile(rf"[ \t{NOTHING}][ \t{NOTHING}]*")
_LATIN = re.compile(r"[A-Za-z]")
# Where paragraphs were run together their indentation is left: two blanks behind a full stop or before a label.
_JOINT = re.compile(
    rf"(?<=[。!?;:]) {{2,}}(?=[^ \t{NOTHING}])"
    r"|(?<=\S) {2,}(?=(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章条部]))"
    r"|(?<=\S) {8,}(?=\S)"
)

_WIDE_GAP = re.compile(rf"(?<=[^ \t{NOTHING}]) {{2,}}(?=[^ \t{NOTHING}])")
FEWEST_JOINTS = 3


class Line(msgspec.Struct, frozen=True):
    """One line: `text` as the body has it, `runs` back to the raw text, and its place `start:end` in the raw text (edges stripped)."""

    text: str
    runs: tuple[Run, ...]
    start: int
    end: int

    def raw_start(self, offset: int) -> int:
        """Raw offset at which character `offset` of the line begins."""
        place, raw, _ = self.runs[bisect_right(self.runs, offset, key=lambda run: run[0]) - 1]
        return raw + offset - place

    def cut(self, first: int, last: int | None = None) -> Line:
        """The part `text[first:last]` as a line of its own (not empty)."""
        last = len(self.text) if last is None else last
        runs = [(max(place, first) - first, raw + max(first - place, 0), width) for place, raw, width in self._within(first, last)]
        end = self.raw_start(last) if last < len(self.text) else self.end
        return Line(self.text[first:last], tuple(runs), runs[0][1], end)

    def _within(self, first: int, last: int) -> tuple[Run, ...]:
        behind = bisect_right(self.runs, first, key=lambda run: run[0]) - 1
        return self.runs[behind : bisect_left(self.runs, last, key=lambda run: run[0])]


def join(lines: Sequence[Line]) -> Line:
    """Several lines of one paragraph as one line.

    Two Latin words that meet get the blank that the line end stood for; a number is never told from its second half that way
    (`20` + `17年` is 2017年).
    """
    parts, runs = [lines[0].text], list(lines[0].runs)
    length = len(lines[0].text)
    for before, line in pairwise(lines):
        if _LATIN.match(before.text[-1]) and _LATIN.match(line.text[0]):
            runs.append((length, before.end, max(1, line.start - before.end)))
            parts.append(" ")
            length += 1
        runs += [(place + length, raw, width) for place, raw, width in line.runs]
        parts.append(line.text)
        length += len(line.text)
    return Line("".join(parts), tuple(runs), lines[0].start, lines[-1].end)


def read_lines(raw_text: str, configuration: str = "t2s") -> tuple[list[Line], str, Script]:
    """The lines of a raw text that hold anything, the folded text (same offsets as the raw text), and its script.

    `configuration` names the OpenCC conversion.
    """
    folded = fold_text(raw_text)
    lines = _lines(folded.text, folded.has_glyphs)
    converted, script = simplify([line.text for line in lines], configuration, may_change=folded.may_change)
    if any(converted):
        lines = [line if texts is None else _realign(line, texts) for line, texts in zip(lines, converted, strict=True)]
    return lines, folded.text, script


def _lines(folded: str, has_glyphs: bool) -> list[Line]:
    """The lines that hold anything. Most have neither gaps nor glyphs, and are as they stand."""
    lines: list[Line] = []
    start = 0
    for row in folded.split("\n"):
        width = len(row)
        if width and (piece := row.strip(_BLANKS)):
            size = len(piece)
            first = start if size == width else start + width - len(row.lstrip(_BLANKS))
            end = first + size
            if has_glyphs or " " in piece or "\t" in piece or NOTHING in piece:
                for span in _split_joints(folded, first, end) if "  " in piece else [(first, end)]:
                    if line := _line(folded, *span, has_glyphs):
                        lines.append(line)
            else:
                lines.append(Line(piece, ((0, first, 1),), first, end))
        start += width + 1
    return lines


def _split_joints(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs of one line that were run together; if most of its wide gaps are joints, all are (headings have no stop)."""
    joints = list(_JOINT.finditer(folded, start, end))
    wide = list(_WIDE_GAP.finditer(folded, start, end))
    if len(joints) >= FEWEST_JOINTS and len(joints) > len(wide) / 2:
        joints = wide
    spans = []
    for joint in joints:
        spans.append((start, joint.start()))
        start = joint.end()
    return [*spans, (start, end)]


def _line(folded: str, start: int, end: int, has_glyphs: bool) -> Line | None:
    """The line that `folded[start:end]` makes: gaps closed, glyphs expanded (where the text has any). None where nothing is left."""
    piece = folded[start:end]
    has_glyphs = has_glyphs and expandable().search(piece) is not None
    if not has_glyphs and "\t" not in piece and NOTHING not in piece:
        return _line_of_words(piece, start, end)
    parts: list[str] = []
    runs: list[Run] = []
    length = last = 0
    for gap in _GAP.finditer(piece):
        stop, behind = gap.span()
        if stop > last:
            length += _append(parts, runs, length, piece[last:stop], start + last, has_glyphs)
            if kept := _kept_of_gap(gap[0], piece[stop - 1], piece[behind : behind + 1]):
                runs.append((length, start + stop, behind - stop))
                parts.append(kept)
                length += 1
        last = behind
    if last < len(piece):
        _append(parts, runs, length, piece[last:], start + last, has_glyphs)
    return Line("".join(parts), tuple(runs), start, end) if parts else None


def _line_of_words(piece: str, start: int, end: int) -> Line:
    """The line of a piece in which only blanks stand between words, of which two ASCII words keep one."""
    words: list[str] = []
    runs: list[Run] = []
    length, raw, behind = 0, start, start
    for word in piece.split(" "):
        if word:
            if words and _is_ascii_word(words[-1][-1]) and _is_ascii_word(word[0]):
                runs.append((length, behind, raw - behind))
                words.append(" ")
                length += 1
            runs.append((length, raw, 1))
            words.append(word)
            length += len(word)
            behind = raw + len(word)
        raw += len(word) + 1
    return Line("".join(words), tuple(runs), start, end)


def _kept_of_gap(gap: str, before: str, after: str) -> str:
    """What the body keeps of white space: a tab between table cells, a blank between two ASCII words, else nothing."""
    if not after:
        return ""
    if "\t" in gap:
        return "\t"
    return " " if " " in gap and _is_ascii_word(before) and _is_ascii_word(after) else ""


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _append(parts: list[str], runs: list[Run], length: int, piece: str, raw: int, has_glyphs: bool) -> int:
    """Adds `piece`, which stands at `raw`, behind `length` characters; returns by how many the line grew."""
    if not has_glyphs:
        runs.append((length, raw, 1))
        parts.append(piece)
        return len(piece)
    done = grown = 0
    for glyph in expandable().finditer(piece):
        if glyph.start() > done:
            runs.append((length + grown, raw + done, 1))
            parts.append(piece[done : glyph.start()])
            grown += glyph.start() - done
        expanded = expansions()[glyph.group()]
        runs += [(length + grown + index, raw + glyph.start(), 1) for index in range(len(expanded))]
        parts.append(expanded)
        grown += len(expanded)
        done = glyph.end()
    if done < len(piece):
        runs.append((length + grown, raw + done, 1))
        parts.append(piece[done:])
        grown += len(piece) - done
    return grown


def _realign(line: Line, pairs: list[tuple[str, str]]) -> Line:
    """The line in simplified characters; `pairs` are (traditional, simplified) pieces in order."""
    runs: list[Run] = []
    text = "".join([after for _, after in pairs])
    if [len(before) for before, _ in pairs] == [len(after) for _, after in pairs]:
        return Line(text, line.runs, line.start, line.end)
    length = offset = 0
    for before, after in pairs:
        part = line.cut(offset, offset + len(before))
        runs += [(place + length, raw, width) for place, raw, width in _stretch(part, len(after))]
        length += len(after)
        offset += len(before)
    return Line(text, tuple(runs), line.start, line.end)


def _stretch(part: Line, length: int) -> list[Run]:
    """Runs that map `length` characters to the raw text of `part`: one for one as far as they go, the last takes the rest."""
    if length == len(part.text):
        return list(part.runs)
    if length == 0:
        return []
    shared = min(length, len(part.text)) - 1
    runs = list(part.cut(0, shared).runs) if shared else []
    raw = part.raw_start(shared)
    return runs + [(place, raw, max(1, part.end - raw)) for place in range(shared, length)]
