"""What the dataset is, out of `dataset.yaml`: title, description, creators, licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml


@dataclass(frozen=True, slots=True)
class Dataset:
    """The dataset in words; `licence` has name (SPDX), title and url."""

    name: str
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str
    creators: tuple[str, ...]
    licence: Mapping[str, str]
    languages: tuple[str, ...]
    keywords: tuple[str, ...]
    rights: str

    def citation(self, version: str) -> str:
        """How to cite a version of it, in one line."""
        return f"{', '.join(self.creators)} ({version.split('.', maxsplit=1)[0]}). {self.title_en}. Version {version}. Dataset."


@cache
def dataset() -> Dataset:
    """The dataset that `dataset.yaml` describes."""
    read = yaml.safe_load((resources.files("pipeline.release") / "dataset.yaml").read_text(encoding="utf-8"))
    lists = {name: tuple(read[name]) for name in ("creators", "languages", "keywords")}
    return Dataset(**{**read, **lists, "licence": MappingProxyType(read["licence"])})
