"""Reports that are another copy of an earlier one."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import Model, choice_column, column, report_column, requires
from schemas.registry import ForeignKey
from schemas.values import COPY_KINDS, REPORT_ID

DUPLICATES = "pipeline.clean.duplicates"


def _share(title: str, description: str) -> float:
    shares: float = column(title, description, source=DUPLICATES, unit="share", example=0.97, in_range={"min_value": 0.0, "max_value": 1.0})
    return shares


class Duplicates(Model):
    """Copies of reports, over all collections."""

    report_id: str = report_column("The later copy. Its numbers and observations are kept, but count nowhere.")
    duplicate_of: str = column(
        "Duplicate of",
        "The copy that counts: the earliest by day of retrieval, collection and path.",
        source=DUPLICATES,
        example="c8d7652c0afc2086",
        str_matches=REPORT_ID,
    )
    kind: str = choice_column(
        "Kind",
        "same_text: the bodies are equal, character for character; near_text: all but a sentence or two.",
        COPY_KINDS,
        source=DUPLICATES,
        example="near_text",
    )
    text_share: float = _share("Shared text", "Part of both bodies' phrases of eight characters that both have.")
    number_share: float = _share("Shared numbers", "Part of both bodies' distinct numbers that both have.")

    is_not_its_own_duplicate = requires(
        "duplicate_of is another report", pl.col("duplicate_of") != pl.col("report_id"), broken_by={"duplicate_of": "5294964d9a8dd071"}
    )
    same_text_shares_all = requires(
        "the same text shares everything",
        (pl.col("kind") != "same_text") | ((pl.col("text_share") == 1) & (pl.col("number_share") == 1)),
        broken_by={"kind": "same_text"},
    )

    class Config:
        """The table."""

        title = "Duplicates"
        description = (
            "A row is a report that is another copy of an earlier one: the page saved again, another site's copy, another encoding. "
            "Files of the same bytes are not here: they become one report (raw_files)."
        )
        unique: ClassVar[list[str]] = ["report_id"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["report_id"],
            "foreign_keys": [ForeignKey("report_id", "reports", "report_id"), ForeignKey("duplicate_of", "reports", "report_id")],
        }
