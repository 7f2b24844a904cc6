"""Quantities and observations of one report -> the arithmetic among them, and whether it holds.

| module | finds |
|---|---|
| `identities` | what the codebook and `schemas/data/identities.yaml` know of the codes: sums, bounds, rates |
| `told` | a whole and its parts behind 其中 |
| `outcomes` | a whole and what became of it, for things without a code |
| `wholes` | what is told of several things together, and of one of them elsewhere |
| `shares` | a rate told behind its two terms, for things without a code |
| `changes` | a change told beside both its ends |
| `arithmetic` | comparing numbers as a text writes them |

An identity that fails lowers nobody's value: it is published beside the numbers it used. What is set against another year's report is not
here but in the table `growth_checks` (`pipeline.panel.growth`), because it needs other reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.audit.changes import changes
from pipeline.audit.identities import by_codes
from pipeline.audit.outcomes import outcomes
from pipeline.audit.shares import shares
from pipeline.audit.told import parts_of_wholes
from pipeline.audit.wholes import wholes
from pipeline.records import Audit, Observation, Quantity

__all__ = ["audit"]


def audit(text: str, quantities: Sequence[Quantity], observations: Sequence[Observation]) -> list[Audit]:
    """Every identity that the text states or the codebook knows, in the order of the text.

    `text` is the body, `observations` are of `quantities`. An identity over the same numbers found in several ways is given once: the one
    that is not `incomplete`, and of those the codebook's. A sum that lacks parts is left out where another one has them all.
    """
    found = [
        *by_codes(text, quantities, observations),
        *parts_of_wholes(text, quantities),
        *outcomes(text, quantities),
        *changes(text, quantities),
        *shares(text, quantities),
        *wholes(text, quantities, _own_year(observations)),
    ]
    unique: dict[tuple[int, ...], Audit] = {}
    for row in found:
        key = tuple(sorted(row.quantities))
        known = unique.get(key)
        if known is None or (known.verdict == "incomplete" and row.verdict != "incomplete"):
            unique[key] = row
    complete = [set(row.quantities) for row in unique.values() if row.kind == "sum" and row.verdict == "holds"]
    told = [row for row in unique.values() if row.verdict != "incomplete" or not any(set(row.quantities) < whole for whole in complete)]
    return sorted(told, key=lambda row: (min(row.quantities), row.quantities, row.kind))


def _own_year(observations: Sequence[Observation]) -> int | None:
    """The year of what is told without a year: the report's own. None where no observation shows it."""
    return next((each.year for each in observations if each.status == "actual" and each.quantity.year is None), None)
