"""`clean`: a decoded file -> the report's body, and the lines around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.clean.bounds import find, judge
from pipeline.clean.characters import NOTHING
from pipeline.clean.chrome import addressee_end
from pipeline.clean.lines import Line, Run, read_lines
from pipeline.clean.reflow import reflow
from pipeline.clean.repeats import repeated_lines
from pipeline.clean.script import simplify
from pipeline.records import Body, Cleaned, Decoded, OffsetMap, QuarantineError

_GAP = re.compile(rf"[ \n{NOTHING}][ \n{NOTHING}]*")
_LETTER_SPACED = re.compile(r"[一-龥](?<![^\s:].)(?: [一-龥])+(?![一-龥])")
_BESIDE_SIGN = re.compile(r" (?:(?=[:,。;、)〕》”])|(?<=[:,。;、(〔《“] ))")


def clean(decoded: Decoded) -> Cleaned:
    """The report in a decoded file.

    `head` and `tail` are the lines before and behind the body in their order; `tail` begins with what stood between the parts of
    the body (the signature of a notice, the title of its attachment). In them one blank stays where words were set apart.
    Raises QuarantineError where the file holds no running text in Chinese.
    """
    pieces, folded, script = read_lines(decoded.text)
    lines = reflow(pieces, folded)
    texts = [line.text for line in lines]
    judged = [judge(text) for text in texts]
    kinds = [line.kind for line in judged]
    left_out = repeated_lines(texts, [line.mass > 0 for line in judged])
    if "spam" in kinds:
        left_out |= {index for index, kind in enumerate(kinds) if kind == "spam"}
    kept = [line for index, line in enumerate(lines) if index not in left_out] if left_out else lines
    bounds = find([line for index, line in enumerate(judged) if index not in left_out] if left_out else judged)
    if bounds is None:
        raise QuarantineError(_nothing_found(lines, kinds))
    inside = kept[bounds.start : bounds.end]
    between = [kept[i] for i in sorted(bounds.inner)]
    if between:
        inside = [kept[i] for i in range(bounds.start, bounds.end) if i not in bounds.inner]
    head, tail = kept[: bounds.start], between + kept[bounds.end :]
    cut = addressee_end(inside[0].text)
    if 0 < cut < len(inside[0].text):
        head.append(inside[0].cut(0, cut))
        inside[0] = inside[0].cut(cut)
    return Cleaned(
        _body(inside),
        _around(head, folded, script),
        _around(tail, folded, script),
        script,
        tuple([decoded.text[line.start : line.end] for line in head]),
        tuple([decoded.text[line.start : line.end] for line in tail]),
    )


def _nothing_found(lines: Sequence[Line], kinds: Sequence[str]) -> str:
    error = next((line.text for line, kind in zip(lines, kinds, strict=True) if kind == "error"), "")
    found = f"an error page ({error[:60]!r})" if error else f"{len(lines)} lines and no sentence in Chinese"
    return f"no report text: found {found}, expected at least one paragraph; save the page again once its text shows, or remove the file"


def _body(lines: Sequence[Line]) -> Body:
    """Lines -> body text and its offset map; a line end stands for all that lies between two paragraphs."""
    runs: list[Run] = []
    length = end = 0
    for line in lines:
        if runs:
            runs.append((length, end, line.start - end))
            length += 1
        for place, raw, width in line.runs:
            runs.append((place + length, raw, width))
        length += len(line.text)
        end = line.end
    places, raws, widths = zip(*runs, strict=True)
    return Body("\n".join([line.text for line in lines]), OffsetMap(places, raws, widths))


def _around(lines: Sequence[Line], folded: str, script: str) -> tuple[str, ...]:
    """The lines as metadata is read from them: like the body, but one blank stays between words that were set apart."""
    texts = [_with_word_gaps(folded[line.start : line.end]) for line in lines]
    if script == "hant":
        texts = ["".join(after for _, after in pairs) if pairs else text for text, pairs in zip(texts, simplify(texts)[0], strict=True)]
    return tuple(texts)


def _with_word_gaps(text: str) -> str:
    if " " in text or "\n" in text or NOTHING in text:
        text = _GAP.sub(_kept_around, text)
    return _BESIDE_SIGN.sub("", _join_letter_spaced(text)) if " " in text else text


def _kept_around(gap: re.Match[str]) -> str:
    return " " if " " in gap.group() and "\n" not in gap.group() else ""


def _join_letter_spaced(text: str) -> str:
    """`抄 送:` -> `抄送:`; words of two and more characters stay apart (`区长 王伟`)."""
    return _LETTER_SPACED.sub(lambda spaced: spaced.group().replace(" ", ""), text)
