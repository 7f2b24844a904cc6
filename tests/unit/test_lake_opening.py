"""A lake that is read only, was moved, is of an older version, or cannot be opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.lake import Lake, LakeError, LakeSettings, load_extension, open_lake
from pipeline.tables import frame
from schemas.derive import example
from schemas.registry import TABLES
from tests.lakes import titles, write


def test_a_reader_cannot_write(lake: Lake, place: LakeSettings) -> None:
    write(lake, "甲")
    with open_lake(place, read_only=True) as reader:
        for attempt in (
            lambda: write(reader, "乙"),
            lambda: reader.remove_collection("seeds"),
            reader.compact,
            lambda: reader.query("DELETE FROM sections"),
        ):
            with pytest.raises(LakeError, match="read-only"):
                attempt()
        assert titles(reader) == ["甲"]


def test_a_reader_needs_a_lake(place: LakeSettings) -> None:
    with pytest.raises(LakeError, match=r"there is no lake at .*make it with `fazhi run`"):
        open_lake(place, read_only=True)
    assert not Path(place.catalog).exists()


def test_a_lake_whose_folder_was_moved_still_opens(place: LakeSettings, tmp_path: Path) -> None:
    with open_lake(place) as lake:
        write(lake, "甲")
    moved = tmp_path / "it's elsewhere"
    moved.mkdir()
    shutil.move(place.catalog, moved / "catalog.sqlite")
    shutil.move(place.data_path, moved / "lake")
    for read_only in (False, True):
        with open_lake(LakeSettings(str(moved / "catalog.sqlite"), str(moved / "lake") + "/"), read_only) as lake:
            assert titles(lake) == ["甲"]


def test_a_table_of_another_version_is_made_anew_and_counts_as_out_of_date(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        write(lake, "甲")
        panel = frame("panel", [example("panel")])
        lake.replace({"panel": panel}, collection=None, input_version="v1", message="test")
        lake.connection.execute("ALTER TABLE sections DROP COLUMN label")
        old = lake.snapshot()
    with open_lake(place, read_only=True) as lake:
        assert lake.read("sections").columns == [name for name in TABLES["sections"].columns if name != "label"]
    with open_lake(place) as lake:
        assert titles(lake) == []
        assert lake.input_version("sections", "seeds") is None
        assert lake.read("panel").equals(panel)
        assert lake.input_version("panel", None) == "v1"
        assert titles(lake, snapshot=old) == ["甲"]
        write(lake, "乙")
        assert titles(lake) == ["乙"]


def test_a_changed_description_is_renewed_without_touching_the_rows(place: LakeSettings) -> None:
    with open_lake(place) as lake:
        write(lake, "甲")
        lake.connection.execute("COMMENT ON COLUMN sections.title IS 'old words'")
    with open_lake(place) as lake:
        assert titles(lake) == ["甲"]
        words = lake.query("SELECT comment FROM duckdb_columns() WHERE table_name = 'sections' AND column_name = 'title'")
        assert words.to_pylist() == [{"comment": "Title. The heading without its label."}]


def test_a_missing_extension_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"SET custom_extension_repository = '{tmp_path}'")
        with pytest.raises(LakeError) as error:
            load_extension(connection, "no_such_extension")
    said = str(error.value)
    assert f"pip install duckdb-extension-no-such-extension=={duckdb.__version__}" in said
    assert "INSTALL no_such_extension" in said


def test_a_catalog_that_is_no_catalog_is_an_error_that_names_it(place: LakeSettings) -> None:
    Path(place.catalog).write_text("not a database, but long enough to look like one" * 50)
    with pytest.raises(LakeError, match=r"the lake with catalog .*catalog\.sqlite.* cannot be opened"):
        open_lake(place)
