"""Comparing numbers as a text writes them: rounding, approximation, verdicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pipeline.records import Quantity

_DIGITS = re.compile(r"[0-9]+(?:\.([0-9]+))?")
Verdict = Literal["holds", "fails", "incomplete"]


def exact(quantities: Sequence[Quantity]) -> bool:
    """True where every number is told without approximation and without a range."""
    return all(q.comparator == "eq" and q.value_high is None for q in quantities)


def step(text: str, quantity: Quantity) -> float:
    """The unit of the last place that the text writes: 1 for `37件`, 0.1 for `30.8%`, 1e7 for `13.3亿元`.

    It is also how far the true value may lie from the written one, since reports round as well as cut off.
    """
    return step_of(text[quantity.number_start : quantity.number_end], quantity.value)


def step_of(written: str, value: float) -> float:
    """The unit of the last place of a number as written; 1 for one not written in digits."""
    found = _DIGITS.fullmatch(written.replace(",", "").replace(" ", ""))
    if found is None or not float(found[0]):
        return 1.0
    return float(f"{value / float(found[0]) * 10 ** -len(found[1] or ''):.6g}")


def equal(left: float, right: float, tolerance: float) -> bool:
    """Equal within the tolerance, and within binary noise."""
    return abs(left - right) <= tolerance + 1e-9 * max(abs(left), abs(right), 1.0)


def number(value: float) -> str:
    """`380.0` -> `380`, `99.43` -> `99.43`: as a person writes it."""
    return f"{int(value)}" if value == int(value) else f"{value:.10g}"


def added(values: Sequence[float]) -> str:
    """`[19, 4]` -> `19 + 4`."""
    return " + ".join(number(value) for value in values)


def at_most(less: float, more: float, numbers: Sequence[Quantity], *, may_fail: bool) -> Verdict:
    """Whether `less <= more`. A number told as 'about' or 'more than' proves nothing against the bound."""
    if less <= more or equal(less, more, 0.0):
        return "holds"
    return "fails" if may_fail and exact(numbers) else "incomplete"


def rate_verdict(computed: float, told: Quantity, tolerance: float, terms: Sequence[Quantity], *, may_fail: bool) -> Verdict:
    """Whether a computed rate (in %) is the told one. `达98%以上` is met by whatever is not below it."""
    if equal(computed, told.value, tolerance):
        return "holds"
    if exact(terms) and (
        (told.comparator in ("ge", "gt") and computed > told.value) or (told.comparator in ("le", "lt") and computed < told.value)
    ):
        return "holds"
    return "fails" if may_fail and exact([told, *terms]) else "incomplete"
