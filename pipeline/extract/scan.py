"""Body -> every numeral with its disposition, and the measuring ones with value and unit.

One pass: `Layout.numeral_starts` says where a numeral may begin, the heads say of what form it is, and the function of that form decides.
The annotation contract's section "What is a quantity" is the source of the rules; each rule's name stands in `Numeral.rule`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.extract.forms import clock, date, fraction, half, ratio, tenths, word, zero
from pipeline.extract.layout import Layout
from pipeline.extract.lexicon import lexicon
from pipeline.extract.numbers import arabic, chinese
from pipeline.extract.state import Candidate, Scan
from pipeline.records import Numeral
from schemas.values import Disposition

_FIXED: dict[str, tuple[Disposition, str]] = {
    "document": ("document_number", "bracketed year and number"),
    "span": ("period", "span of years"),
    "compound": ("name", "numbers joined by a sign"),
    "label": ("section_label", "label of a paragraph"),
    "list": ("list_word", "enumerating word"),
}

_DIGITS = frozenset("0123456789")
_FORMS: dict[str, Callable[[Scan, re.Match[str]], int]] = {
    "date": date,
    "clock": clock,
    "ratio": ratio,
    "fraction": fraction,
    "tenths": tenths,
    "half": half,
    "zero": zero,
    "word": word,
    "arabic": arabic,
    "chinese": chinese,
}


def scan(text: str, layout: Layout) -> tuple[list[Numeral], list[Candidate]]:
    """Every numeral of `text` in order, each once, and the candidates among them (ranges not merged yet)."""
    words = lexicon()
    state = Scan(text, words, layout, [], [])
    position = 0
    plain = words.plain.match
    for start in layout.numeral_starts:
        if start < position:
            continue
        if text[start] in _DIGITS:
            match = plain(text, start)
            if match is not None:
                position = arabic(state, match)
                continue
            heads = words.digits
        else:
            heads = words.characters
        match = heads.pattern.match(text, start)
        if match is None:
            position = start + 1
            continue
        form = heads.forms[match.lastindex or 0]
        if form in _FIXED:
            disposition, rule = _FIXED[form]
            position = state.note(start, match.end(), disposition, rule)
        else:
            position = _FORMS[form](state, match)
    return state.numerals, state.candidates
