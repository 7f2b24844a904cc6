"""Body -> numerals -> quantities: every number of a report, what it is, and what it measures. Meaning is `coding`'s business."""

from __future__ import annotations

from pipeline.extract.context import Context
from pipeline.extract.layout import layout
from pipeline.extract.quantities import merge_ranges, quantities
from pipeline.extract.scan import scan
from pipeline.extract.topics import topics
from pipeline.records import Numeral, Quantity, Section

__all__ = ["Context", "read_numbers"]


def read_numbers(text: str, sections: list[Section], context: Context) -> tuple[list[Numeral], list[Quantity]]:
    """Every numeral of a body, each with one disposition, and the quantities among them; both in the order of the text.

    `text` is a `Body.text` (simplified, half-width). Never raises on any string.
    """
    places = layout(text)
    numerals, candidates = scan(text, places)
    candidates, numerals = merge_ranges(text, candidates, numerals)
    return numerals, quantities(text, candidates, numerals, sections, places, topics(text), context)
