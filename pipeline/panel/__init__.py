"""From the observations of all vintages to one value per region, indicator and year, and what follows from it.

| module | makes |
|---|---|
| `copies` | the table `duplicates`: reports that are another copy of an earlier one |
| `choose` | the tables `vintages` and `panel`: the rule by which a telling is taken, and how far the tellings agree |
| `targets` | the table `targets`: what shall be reached, beside the latest actual |
| `coverage` | the table `coverage`: what is told and what is not, and why |
| `growth` | the table `growth_checks`: growth told against the earlier year's report |
| `implied` | the table `implied`: values that follow from a growth or a rate, never in the panel |
| `findings` | the table `findings`: what looks wrong in the panel as a whole |
| `reference` | the tables `regions` and `indicators` out of the data files of `schemas` |

Every function takes whole frames as the lake has them (or with fewer columns, where it says so) and returns a frame as its schema has it.
The order of the rows given never matters.
"""

from pipeline.panel.choose import panel, panel_of, vintages
from pipeline.panel.copies import duplicates, marked
from pipeline.panel.coverage import coverage
from pipeline.panel.findings import findings
from pipeline.panel.growth import growth_checks, told_changes
from pipeline.panel.implied import implied
from pipeline.panel.reference import reference_frame
from pipeline.panel.targets import targets

__all__ = [
    "coverage",
    "duplicates",
    "findings",
    "growth_checks",
    "implied",
    "marked",
    "panel",
    "panel_of",
    "reference_frame",
    "targets",
    "told_changes",
    "vintages",
]
