"""Body -> sections, metadata, region. Reads text and reference tables; opens no database.

| module | does |
|---|---|
| `sections` | the heading tree |
| `metadata` | a document's fields, their sources and contradictions |
| `blocks`, `titles`, `dates`, `years`, `issuers` | what `metadata` is made of |
| `gazetteer` | the tables of regions |
| `mentions`, `regions` | where a text names a region, and which region that is in which year |
"""

from pipeline.parse.gazetteer import Region, load_regions
from pipeline.parse.issuers import department_names
from pipeline.parse.metadata import ParsedMetadata, metadata
from pipeline.parse.regions import Resolution, resolve
from pipeline.parse.sections import sections

__all__ = ["ParsedMetadata", "Region", "Resolution", "department_names", "load_regions", "metadata", "resolve", "sections"]
