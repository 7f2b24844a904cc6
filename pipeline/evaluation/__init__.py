"""How well observations agree with what people read in the same reports: gold sets, and the table `evaluation` made with them."""

from pipeline.evaluation.gold import GoldError, GoldRow, GoldSet, gold_folder, gold_sets, gold_version, report_names
from pipeline.evaluation.score import Counts, below_floor, evaluation, score

__all__ = [
    "Counts",
    "GoldError",
    "GoldRow",
    "GoldSet",
    "below_floor",
    "evaluation",
    "gold_folder",
    "gold_sets",
    "gold_version",
    "report_names",
    "score",
]
