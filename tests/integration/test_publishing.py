"""The metadata with which a release is deposited says the same everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import yaml

from pipeline.release.dataset import dataset
from pipeline.release.versions import newest_declared
from tests.conftest import REPOSITORY


def test_the_zenodo_metadata_meets_its_schema_and_says_what_the_dataset_is() -> None:
    schema = json.loads((Path(__file__).parent / "zenodo.schema.json").read_text(encoding="utf-8"))
    metadata = json.loads((REPOSITORY / ".zenodo.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(metadata)
    about = dataset()
    assert metadata["title"] == about.title_en
    assert about.description_en in metadata["description"] and about.description_zh in metadata["description"]
    assert [each["name"] for each in metadata["creators"]] == list(about.creators)
    assert (metadata["license"], metadata["keywords"], metadata["upload_type"]) == ("CC-BY-4.0", list(about.keywords), "dataset")


def test_the_citation_of_the_project_says_what_the_dataset_is() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    about = dataset()
    assert (citation["title"], citation["keywords"]) == (about.title_en, list(about.keywords))
    assert [each["name"] for each in citation["authors"]] == list(about.creators)
    assert about.licence["name"] in citation["license"]


def test_the_changelog_has_a_version_of_the_data() -> None:
    assert newest_declared((REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")) is not None


def test_the_steps_name_commands_and_files_that_exist() -> None:
    text = (REPOSITORY / "docs/releasing.md").read_text(encoding="utf-8")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?m)^\$ make (\w+)", text):
        assert re.search(rf"(?m)^{target}:", makefile), target
    for path in (".zenodo.json", "CITATION.cff", "CHANGELOG.md", "data/corrections.csv", "schemas/version.py"):
        assert path in text and (REPOSITORY / path).exists()
