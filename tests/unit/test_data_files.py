"""The data files are YAML to every parser, and no key stands twice in a mapping (the later one would win in silence)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FILES = sorted((Path(__file__).parents[2] / "schemas" / "data").rglob("*.yaml"))


class _Strict(yaml.SafeLoader):
    """The parser in pure Python, stricter than libyaml, and refusing a key that stands twice."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]  # type: ignore[no-untyped-call]
    twice = {key for key in keys if keys.count(key) > 1}
    assert not twice, f"{node.start_mark}: {twice} stand twice"
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}  # type: ignore[no-untyped-call]


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_data_file_says_each_thing_once(file: Path) -> None:
    assert yaml.load(file.read_text(encoding="utf-8"), Loader=_Strict)
