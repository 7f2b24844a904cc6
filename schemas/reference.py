"""Reference tables: regions and indicators; and the lake's own record of what was written from what."""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from schemas.columns import Model, Texts, choice_column, code_column, column, finite, no_null_items, requires, text_column, year_column
from schemas.registry import ForeignKey
from schemas.values import EXAMPLE_CODE, INDICATOR_CODE, LEVELS, NAME, REGION_CODE, REGION_CODE_OR_EMPTY, SCOPES, VALUE_TYPES

REGIONS = "GB/T 2260, yearly lists of the Ministry of Civil Affairs"
CODEBOOK = "schemas/data/indicators"


class Regions(Model):
    """Spells of region codes."""

    region_code: str = text_column(
        "Region",
        "Six-digit GB/T 2260 code; X and eight digits for a functional zone that has a government but no code.",
        source=REGIONS,
        example="330783",
        str_matches=REGION_CODE,
    )
    region_name: str = text_column("Name", "The region's own name.", source=REGIONS, example="东阳市", str_length={"min_value": 1})
    full_name: str = text_column(
        "Full name",
        "Names from the province down, separated by /.",
        source=REGIONS,
        example="浙江省/金华市/东阳市",
        str_length={"min_value": 1},
    )
    level: str = choice_column("Level", "Administrative level.", LEVELS, source=REGIONS, example="county")
    parent_code: str = text_column(
        "Parent", "Code of the region above; empty for the nation.", source=REGIONS, example="330700", str_matches=REGION_CODE_OR_EMPTY
    )
    valid_from: int = year_column("Valid from", "First year in which the code meant this region.", source=REGIONS, example=1988)
    valid_to: int = year_column(
        "Valid to", "Year in which it ceased to; null while it is in use.", source=REGIONS, example=None, nullable=True
    )
    successors: Texts = column("Successors", "Codes that took its place; empty while it is in use.", source=REGIONS, example=[])
    division_id: str = text_column(
        "Division", "Name of the region that survives renaming and recoding.", source="schemas/data", example="330783", str_matches=r"^\S+$"
    )

    spell_is_not_reversed = requires(
        "valid_to is not before valid_from", pl.col("valid_to") >= pl.col("valid_from"), broken_by={"valid_to": 1987}
    )
    successors_have_values = no_null_items("successors")
    is_not_its_own_parent = requires(
        "parent_code is another code", pl.col("parent_code") != pl.col("region_code"), broken_by={"parent_code": "330783"}
    )

    class Config:
        """The table."""

        title = "Regions"
        description = "A row is a spell: a GB/T 2260 code, what it meant, and from when to when."
        unique: ClassVar[list[str]] = ["region_code", "valid_from"]
        metadata: ClassVar[Mapping[str, object]] = {
            "sort": ["region_code", "valid_from"],
            "foreign_keys": [ForeignKey("parent_code", "regions", "region_code"), ForeignKey("successors", "regions", "region_code")],
        }


class Indicators(Model):
    """The codebook."""

    code: str = code_column("Name of the indicator; never used again for another.")
    theme: str = text_column("Theme", "The part of the codebook it belongs to.", source=CODEBOOK, example="disputes", str_matches=NAME)
    name_zh: str = text_column(
        "Chinese name", "Short name in Chinese.", source=CODEBOOK, example="收到复议申请数", str_length={"min_value": 1}
    )
    name_en: str = text_column(
        "English name", "Short name in English.", source=CODEBOOK, example="Applications received", str_length={"min_value": 1}
    )
    definition_zh: str = text_column(
        "Chinese definition",
        "What is counted, in Chinese.",
        source=CODEBOOK,
        example="年内收到的行政复议申请件数",
        str_length={"min_value": 1},
    )
    definition_en: str = text_column(
        "English definition",
        "What is counted, in English.",
        source=CODEBOOK,
        example="Applications for reconsideration received in the year",
        str_length={"min_value": 1},
    )
    value_type: str = choice_column("Value type", "Sort of value.", VALUE_TYPES, source=CODEBOOK, example="count")
    unit: str = text_column("Unit", "The unit of every observation.", source=CODEBOOK, example="件", str_length={"min_value": 1})
    accepted_units: Texts = column(
        "Accepted units", "Units of quantities that may carry it; all mean unit.", source=CODEBOOK, example=["件", "宗"]
    )
    range_low: float = column(
        "Lowest", "Smallest plausible value; null if unbounded.", source=CODEBOOK, unit="as in unit", example=0.0, nullable=True
    )
    range_high: float = column(
        "Highest", "Largest plausible value; null if unbounded.", source=CODEBOOK, unit="as in unit", example=None, nullable=True
    )
    additive: bool = column("Additive", "Whether it may be summed over subordinate regions.", source=CODEBOOK, example=True)
    scope: str = choice_column("Scope", "Whose number it is unless the text says another.", SCOPES, source=CODEBOOK, example="jurisdiction")
    superseded_by: str = column(
        "Superseded by",
        "The indicator that took its place; null while in use.",
        source=CODEBOOK,
        example=None,
        nullable=True,
        str_matches=INDICATOR_CODE,
    )

    low_is_finite = finite("range_low")
    high_is_finite = finite("range_high")
    range_runs_upward = requires(
        "range_high is not below range_low", pl.col("range_high") >= pl.col("range_low"), broken_by={"range_low": 2.0, "range_high": 1.0}
    )
    units_have_values = no_null_items("accepted_units")
    is_not_its_own_successor = requires(
        "superseded_by is another indicator", pl.col("superseded_by") != pl.col("code"), broken_by={"superseded_by": EXAMPLE_CODE}
    )

    class Config:
        """The table."""

        title = "Indicators"
        description = "A row is an indicator of the codebook."
        unique: ClassVar[list[str]] = ["code"]
        metadata: ClassVar[Mapping[str, object]] = {"sort": ["code"], "foreign_keys": [ForeignKey("superseded_by", "indicators", "code")]}


class Materializations(Model):
    """What each stage was last made from."""

    table_name: str = text_column("Table", "The table written.", source="pipeline.lake", example="quantities", str_matches=NAME)
    collection: str = text_column(
        "Collection", "The collection written; empty for an unpartitioned table.", source="pipeline.lake", example="seeds"
    )
    input_version: str = text_column(
        "Input version",
        "Hash of the inputs and the code the rows were made from; a stage is up to date when it equals the expected one.",
        source="pipeline.assets",
        example="3f2a9c0d",
        str_length={"min_value": 1},
    )
    rows: int = column("Rows", "How many rows were written.", source="pipeline.lake", unit="rows", example=113, ge=0)

    class Config:
        """The table."""

        title = "Materializations"
        description = (
            "A row is a table and collection as last written, and what it was written from. The lake keeps it; stages do not write it."
        )
        unique: ClassVar[list[str]] = ["table_name", "collection"]
        metadata: ClassVar[Mapping[str, object]] = {"sort": ["table_name", "collection"]}
