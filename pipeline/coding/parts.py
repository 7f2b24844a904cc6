"""Numbers that say what they count and are no value of their own: a part told after its whole, a mark passed on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from pipeline.coding.around import sentence_before
from pipeline.records import Observation, Quantity

_PART = re.compile(r"其中|(?:^|[(,;])(?:含|包括)[^,;]*$|\([^()]*$")


def is_part(text: str, observation: Observation, told: Sequence[Observation], parts: set[int]) -> bool:
    """True for a part told after the whole under the same code: `提案76件,其中重点提案8件` (rule of meaning 2).

    A sentence that opens with 其中 tells the parts of the one before: `共收到申请800件。其中,市本级310件,各县490件`. `parts` keeps the
    sentences that tell of nothing but one organ's part.
    """
    quantity = observation.quantity
    opens_with_part = text.startswith("其中", quantity.sentence_start)
    if quantity.sentence_start in parts or (opens_with_part and _whole_before(text, observation, told)):
        parts.add(quantity.sentence_start)
        return True
    for whole in reversed(told):
        if whole.quantity.sentence_start != quantity.sentence_start:
            if not opens_with_part or whole.quantity.sentence_end + 1 < quantity.sentence_start:
                return False
            if whole.code == observation.code and whole.year == observation.year and whole.value >= observation.value:
                return True
            continue
        if whole.code == observation.code and whole.year == observation.year:
            floor = max(whole.quantity.end, text.rfind(";", whole.quantity.end, quantity.start) + 1)
            return whole.value >= observation.value and bool(_PART.search(text, floor, quantity.start))
    return False


_OWN_PART = re.compile(r"其中,?(?:[省市县区州旗]|自治[区州县])(?:人民)?(?:政府|本级)")


def _whole_before(text: str, observation: Observation, told: Sequence[Observation]) -> bool:
    """True for a sentence of one organ's part of what the sentence before told: `共收到申请984件。其中,市政府收到82件,审结68件`."""
    quantity = observation.quantity
    if _OWN_PART.match(text, quantity.sentence_start) is None:
        return False
    floor = sentence_before(text, quantity)[0]
    near = takewhile(lambda whole: whole.quantity.start >= floor, reversed(told))
    return any((whole.code, whole.year) == (observation.code, observation.year) for whole in near)


def is_milestone(text: str, quantity: Quantity, following: Quantity | None) -> bool:
    """True for a mark passed on the way to the value told next: `突破1000件大关,达1086件`."""
    return following is not None and text.startswith("大关", quantity.end) and following.unit == quantity.unit
