"""The vocabularies of the tables, the patterns of their names, and the values of the row that stands as the example.

Models (`schemas.columns`) and the pipeline (as the types of `pipeline.records`) share them; no library is imported here, so that who needs
a word pays for none.
"""

from typing import Literal, get_args

REPORT_ID = r"^[0-9a-f]{16}$"
QUANTITY_ID = r"^[0-9a-f]{16}-[0-9]+$"
INDICATOR_CODE = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
OBSERVATION_ID = r"^[0-9a-f]{16}-[0-9]+-[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
AUDIT_ID = r"^[0-9a-f]{16}-a[0-9]+$"
#: A GB/T 2260 code, or the id of a functional zone that has a government but no code (schemas/data/zones.csv).
REGION_CODE = r"^([0-9]{6}|X[0-9]{8})$"
REGION_CODE_OR_EMPTY = r"^([0-9]{6}|X[0-9]{8})?$"

NAME = r"^[a-z][a-z0-9_]*$"
#: Letters of any script, digits, `.`, `-`, `_`; what else a name may not be stands in `pipeline.manifest`.
COLLECTION = r"^[^\W_][\w.-]*$"
HASH_OR_EMPTY = r"^([0-9a-f]{64})?$"

IssuerKind = Literal["government", "department", ""]
ISSUER_KINDS: tuple[str, ...] = get_args(IssuerKind)
Script = Literal["hans", "hant"]
SCRIPTS: tuple[str, ...] = get_args(Script)
DocumentType = Literal["annual_report", "work_report", "plan", "case", "interpretation", "other"]
DOCUMENT_TYPES: tuple[str, ...] = get_args(DocumentType)
Level = Literal["nation", "province", "prefecture", "county", "township", ""]
LEVELS: tuple[str, ...] = tuple(level for level in get_args(Level) if level)
Kind = Literal["count", "percent", "amount", "ratio", "rank", "duration", "area", "other"]
KINDS: tuple[str, ...] = get_args(Kind)
Comparator = Literal["eq", "approx", "gt", "ge", "lt", "le"]
COMPARATORS: tuple[str, ...] = get_args(Comparator)
Role = Literal["level", "change", "share", "target", "previous", "rank"]
ROLES: tuple[str, ...] = get_args(Role)
Period = Literal["", "multi", "since", "part", "each", "aim"]
PERIODS: tuple[str, ...] = get_args(Period)
Disposition = Literal[
    "quantity",
    "date",
    "year",
    "period",
    "document_number",
    "index_number",
    "ordinal",
    "section_label",
    "list_word",
    "law_article",
    "name",
    "other",
]
DISPOSITIONS: tuple[str, ...] = get_args(Disposition)
Condition = Literal[
    "topic",
    "role",
    "owner",
    "side",
    "clause",
    "member",
    "sentence",
    "context",
    "nearest",
    "not_near",
    "not_clause",
    "not_sentence",
    "not_first",
    "not_context",
    "rival",
    "joint",
    "period",
    "range",
    "year",
    "part",
    "milestone",
    "glossary",
]
CONDITIONS: tuple[str, ...] = get_args(Condition)
Status = Literal["actual", "target"]
STATUSES: tuple[str, ...] = get_args(Status)
Scope = Literal["government", "jurisdiction", "department", "subordinate"]
SCOPES: tuple[str, ...] = get_args(Scope)
FILE_STATUSES = ("parsed", "duplicate", "quarantined")
#: How far two copies of one report agree: the whole body, or nearly all of it.
COPY_KINDS = ("same_text", "near_text")
AuditKind = Literal["sum", "bound", "ratio", "difference"]
AUDIT_KINDS: tuple[str, ...] = get_args(AuditKind)
Verdict = Literal["holds", "fails", "incomplete"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
SEVERITIES = ("error", "warning", "info")
AGREEMENTS = ("single", "agree", "revised", "conflict")
#: How the date by which a telling was known is known itself.
DATINGS = ("published", "signed", "estimated")
TRENDS = ("rising", "falling", "steady", "unknown")
COVERAGES = ("reported", "not_mentioned", "no_report", "unreadable")
BASES = ("growth", "change", "rate")
FINDING_KINDS = (
    "jump_in_series",
    "far_from_peers",
    "rate_over_100",
    "part_above_whole",
    "year_out_of_range",
    "unit_change",
    "conflict",
)
VALUE_TYPES = ("count", "rate", "amount", "ratio")

#: What of a quantity may be corrected; `code` is that of the observation that the quantity became.
CORRECTED_FIELDS = ("value", "value_high", "unit", "kind", "comparator", "role", "year", "code")

EXAMPLE_REPORT = "5294964d9a8dd071"
EXAMPLE_QUANTITY = f"{EXAMPLE_REPORT}-512"
EXAMPLE_CODE = "reconsideration.applications"
EXAMPLE_OBSERVATION = f"{EXAMPLE_QUANTITY}-{EXAMPLE_CODE}"
EARLIEST_YEAR, LATEST_YEAR = 1949, 2100
