"""What the reading of numbers must know of the report they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.values import DocumentType, IssuerKind


@dataclass(frozen=True, slots=True)
class Context:
    """`report_year` is the year reported on (a work report delivered in 2024: 2023), `target_year` a plan's horizon.

    `own_names`: how the text may call who reports: the place (`东阳市`, `东阳`), so that it is not taken for a unit below, and in a
    department's report the department too (`东阳市司法局`, `司法局`, `我局`), so that its numbers are not taken for another's.
    `issuer_kind` keeps a department's report apart: none of its numbers is the government's own.
    """

    report_year: int | None = None
    target_year: int | None = None
    document_type: DocumentType = "annual_report"
    own_names: tuple[str, ...] = ()
    issuer_kind: IssuerKind = ""
