"""A rate told right behind its two terms, for things that have no code: `收到建议120件,办结118件,办结率98.3%`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.audit.arithmetic import equal, exact, number, step
from pipeline.records import Audit, Quantity

_RATE = re.compile(r"(?:率|占比|占|比例|比重)[^,;。]*$")


def shares(text: str, quantities: Sequence[Quantity]) -> list[Audit]:
    """Rates that equal the smaller over the larger of the two counts before them in the sentence.

    Without codes nothing says that the rate is of these two numbers, so one that does not fit is no identity at all: none fails.
    """
    audits: list[Audit] = []
    for index in range(2, len(quantities)):
        rate = quantities[index]
        if rate.kind != "percent" or rate.role not in ("level", "share") or not exact([rate]):
            continue
        terms = (quantities[index - 2], quantities[index - 1])
        if any(term.sentence_start != rate.sentence_start or term.role != "level" for term in terms):
            continue
        if terms[0].unit != terms[1].unit or terms[0].kind not in ("count", "amount") or not exact(terms):
            continue
        small, large = sorted((index - 2, index - 1), key=lambda place: quantities[place].value)
        if not quantities[large].value or not _RATE.search(text[terms[1].end : rate.start]):
            continue
        value = quantities[small].value / quantities[large].value * 100
        tolerance = step(text, rate)
        if equal(value, rate.value, tolerance):
            expression = f"{number(quantities[small].value)} / {number(quantities[large].value)} = {value:.2f}% ≈ {number(rate.value)}%"
            audits.append(
                Audit("ratio", expression, value, rate.value, tolerance, "holds", "rate told behind its terms", (index, small, large))
            )
    return audits
