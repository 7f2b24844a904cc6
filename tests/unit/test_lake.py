"""The lake in one process: what a write leaves behind, what a reader sees, now and as of a snapshot."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.lake import Lake, LakeError, LakeSettings, open_lake
from pipeline.tables import frame
from schemas.derive import InvalidTableError, duckdb_columns, example
from schemas.registry import TABLES
from tests.lakes import REPORT, sections, titles, write


def data_files(place: LakeSettings) -> set[Path]:
    return set(Path(place.data_path).rglob("*.parquet"))


# -- a new lake ----------------------------------------------------------------------------------------------------------------


def test_a_new_lake_has_every_table_with_its_columns_and_comments(lake: Lake) -> None:
    found = lake.connection.execute(
        "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = 'lake' AND table_name NOT IN (SELECT view_name FROM duckdb_views()) "
        "ORDER BY table_name, column_index"
    ).fetchall()
    assert found == [(name, *column) for name in sorted(TABLES) for column in duckdb_columns(name)]
    comment = lake.query("SELECT comment FROM duckdb_tables() WHERE database_name = 'lake' AND table_name = 'panel'").to_pylist()
    assert comment == [{"comment": f"{TABLES['panel'].title}. {TABLES['panel'].description}"}]


def test_opening_again_writes_nothing(place: LakeSettings) -> None:
    for _ in range(3):
        with open_lake(place) as lake:
            assert lake.snapshot() == 1


def test_settings_come_from_the_environment_or_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FAZHI_CATALOG", raising=False)
    monkeypatch.delenv("FAZHI_DATA_PATH", raising=False)
    curated = tmp_path / "data" / "curated"
    assert LakeSettings.from_environment(tmp_path) == LakeSettings(f"{curated}/catalog.sqlite", f"{curated}/lake/")
    monkeypatch.setenv("FAZHI_CATALOG", "elsewhere/c.sqlite")
    monkeypatch.setenv("FAZHI_DATA_PATH", "elsewhere/data/")
    assert LakeSettings.from_environment(tmp_path) == LakeSettings(f"{tmp_path}/elsewhere/c.sqlite", f"{tmp_path}/elsewhere/data/")
    monkeypatch.setenv("FAZHI_CATALOG", "postgres:dbname=lake host=db")
    monkeypatch.setenv("FAZHI_DATA_PATH", "s3://bucket/lake")
    remote = LakeSettings.from_environment(tmp_path)
    assert remote == LakeSettings("postgres:dbname=lake host=db", "s3://bucket/lake/")
    assert remote.catalog_file is None


# -- replacing -----------------------------------------------------------------------------------------------------------------


def test_a_collection_is_replaced_and_the_others_stay(lake: Lake) -> None:
    write(lake, "甲", "乙")
    write(lake, "丙", collection="more")
    write(lake, "丁")
    assert titles(lake) == ["丙", "丁"]
    assert titles(lake, collection="seeds") == ["丁"]
    assert titles(lake, collection="nothing") == []
    assert lake.collections() == ["more", "seeds"]


def test_what_is_read_is_what_was_written_for_every_table(lake: Lake) -> None:
    for name, each in TABLES.items():
        if name == "materializations":
            continue
        rows = frame(name, [example(name) | ({"parent_code": ""} if name == "regions" else {})])
        lake.replace({name: rows}, collection="seeds" if each.partitioned else None, input_version="v1", message="test")
        assert lake.read(name).equals(rows)
        assert lake.read(name, columns=each.key).columns == list(each.key)


def test_an_unpartitioned_table_is_replaced_as_a_whole(lake: Lake) -> None:
    for value in (62.0, 63.0):
        rows = frame("panel", [example("panel") | {"value": value, "values": [value]}])
        lake.replace({"panel": rows}, collection=None, input_version=f"v{value}", message="panel")
    assert lake.read("panel")["value"].to_list() == [63.0]
    assert lake.input_version("panel", None) == "v63.0"


def test_all_tables_of_a_call_change_in_one_snapshot(lake: Lake) -> None:
    before = lake.snapshot()
    reports = frame("reports", [example("reports") | {"report_id": REPORT}])
    after = lake.replace({"reports": reports, "sections": sections("甲")}, collection="seeds", input_version="v1", message="both")
    assert after == before + 1
    assert lake.read("materializations").rows() == [("reports", "seeds", "v1", 1), ("sections", "seeds", "v1", 1)]


def test_the_same_rows_again_are_not_written_again(lake: Lake, place: LakeSettings) -> None:
    first = write(lake, "甲", "乙")
    files = data_files(place)
    assert write(lake, "甲", "乙") == first
    assert write(lake, "甲", "乙", version="v2") == first + 1
    assert data_files(place) == files
    assert lake.input_version("sections", "seeds") == "v2"
    assert lake.changes("sections", first, first + 1).height == 0


def test_a_collection_may_become_empty(lake: Lake) -> None:
    write(lake, "甲")
    write(lake, version="v2")
    assert titles(lake) == []
    assert lake.input_version("sections", "seeds") == "v2"


def test_rows_are_stored_in_their_order_whatever_the_order_given(lake: Lake, place: LakeSettings) -> None:
    rows = sections("甲", "乙", "丙")
    lake.replace({"sections": rows.reverse()}, collection="seeds", input_version="v1", message="test")
    (file,) = data_files(place)
    assert pq.read_table(file).column("title").to_pylist() == ["甲", "乙", "丙"]


def test_data_files_are_zstd_parquet_in_a_folder_a_collection(lake: Lake, place: LakeSettings) -> None:
    write(lake, "甲")
    (file,) = data_files(place)
    assert file.parent.name == "collection=seeds"
    assert pq.ParquetFile(file).metadata.row_group(0).column(0).compression == "ZSTD"


REFUSED = [
    pytest.param({"sections": sections("甲").with_columns(level=pl.lit(0, pl.Int64))}, "seeds", "column level", id="a broken constraint"),
    pytest.param({"sections": sections("甲", collection="other")}, "seeds", "another collection than 'seeds'", id="another collection"),
    pytest.param({"sections": sections("甲")}, None, "table sections: give the collection", id="a partitioned table without collection"),
    pytest.param({"panel": frame("panel", [])}, "seeds", "table panel: it is not partitioned", id="a whole table with a collection"),
    pytest.param({"materializations": frame("materializations", [])}, None, "kept by the lake itself", id="the lake's own table"),
    pytest.param(
        {"sections": sections("甲"), "reports": frame("reports", [])},
        "seeds",
        "1 values are not in reports",
        id="rows without their report",
    ),
]


@pytest.mark.parametrize(("tables", "collection", "says"), REFUSED)
def test_what_is_refused_changes_nothing(lake: Lake, tables: dict[str, pl.DataFrame], collection: str | None, says: str) -> None:
    before = write(lake, "乙")
    with pytest.raises((InvalidTableError, LakeError), match=says):
        lake.replace(tables, collection=collection, input_version="v2", message="bad")
    assert (lake.snapshot(), titles(lake)) == (before, ["乙"])


def test_a_write_that_fails_half_way_is_undone(lake: Lake) -> None:
    before = write(lake, "甲")
    lake.connection.execute("DROP TABLE numerals")
    dropped = lake.snapshot()
    with pytest.raises(LakeError, match="numerals"):
        lake.replace({"sections": sections("乙"), "numerals": frame("numerals", [])}, collection="seeds", input_version="v2", message="bad")
    assert (lake.snapshot(), titles(lake)) == (dropped, ["甲"])
    assert lake.input_version("sections", "seeds") == "v1"
    assert titles(lake, snapshot=before) == ["甲"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.sampled_from("甲乙丙"), max_size=3)), max_size=6))
def test_the_lake_holds_what_was_last_written_and_every_snapshot_what_was_then(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("lake")
    held: dict[str, list[str]] = {"a": [], "b": []}
    then: dict[int, dict[str, list[str]]] = {}
    with open_lake(LakeSettings(str(folder / "catalog.sqlite"), str(folder / "lake") + "/")) as lake:
        for collection, given in writes:
            snapshot = write(lake, *given, collection=collection)
            held[collection] = given
            then[snapshot] = dict(held)
        for snapshot, contents in then.items():
            for collection, expected in contents.items():
                assert titles(lake, collection=collection, snapshot=snapshot) == expected


# -- history -------------------------------------------------------------------------------------------------------------------


def test_the_history_names_author_and_message(lake: Lake) -> None:
    write(lake, "甲", message="run 1, code abc")
    newest = lake.snapshots().tail(1).to_dicts()[0]
    assert (newest["id"], newest["author"], newest["message"]) == (2, "fazhi", "run 1, code abc")
    assert abs(newest["time"] - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)
    assert lake.snapshots()["id"].to_list() == [0, 1, 2]


def test_a_snapshot_is_read_as_it_was(lake: Lake) -> None:
    first, second = write(lake, "甲"), write(lake, "乙")
    assert titles(lake, snapshot=first) == ["甲"]
    assert titles(lake, snapshot=second) == titles(lake) == ["乙"]


def test_changes_are_the_net_difference_by_key(lake: Lake) -> None:
    first = write(lake, "甲", "乙", "丙")
    write(lake, "除")
    last = write(lake, "甲", "改", "丙", "新")
    changes = lake.changes("sections", first, last)
    assert changes.select("change", "section_no", "title").rows() == [
        ("update_preimage", 2, "乙"),
        ("update_postimage", 2, "改"),
        ("insert", 4, "新"),
    ]
    assert lake.changes("sections", last, first).select("change", "title").rows() == [
        ("update_preimage", "改"),
        ("update_postimage", "乙"),
        ("delete", "新"),
    ]


def test_before_its_first_snapshot_a_table_was_empty(lake: Lake) -> None:
    assert lake.changes("sections", 0, write(lake, "甲")).select("change", "title").rows() == [("insert", "甲")]


def test_an_unknown_snapshot_is_an_error_that_names_the_newest(lake: Lake) -> None:
    with pytest.raises(LakeError, match="there is no snapshot 99; the newest is 1"):
        lake.changes("sections", 1, 99)


def test_a_collection_is_removed_from_the_present_only(lake: Lake) -> None:
    write(lake, "丙", collection="more")
    before = write(lake, "甲")
    after = lake.remove_collection("seeds")
    assert (titles(lake), lake.collections(), lake.input_version("sections", "seeds")) == (["丙"], ["more"], None)
    assert titles(lake, collection="seeds", snapshot=before) == ["甲"]
    assert lake.remove_collection("seeds") == after


def test_compacting_merges_files_and_keeps_every_snapshot(lake: Lake, place: LakeSettings) -> None:
    snapshots = {write(lake, *given, collection=name): given for name in "ab" for given in ("甲", "甲乙", "甲乙丙")}
    seen = {snapshot: lake.read("sections", snapshot=snapshot) for snapshot in snapshots}
    stray = Path(place.data_path) / "main" / "sections" / "ducklake-stray.parquet"
    shutil.copy(next(iter(data_files(place))), stray)
    before = len(data_files(place))
    lake.compact(timedelta(0))
    assert not stray.exists()
    assert len(data_files(place)) < before
    for snapshot, rows in seen.items():
        assert lake.read("sections", snapshot=snapshot).equals(rows)


def test_compacting_leaves_files_in_use_a_moment_ago(lake: Lake, place: LakeSettings) -> None:
    write(lake, "甲")
    write(lake, "乙")
    files = data_files(place)
    lake.compact()
    assert files <= data_files(place)


def test_compacting_refuses_a_data_path_with_files_of_others(lake: Lake, place: LakeSettings) -> None:
    write(lake, "甲")
    mine = Path(place.data_path) / "my-only-copy.parquet"
    sections("我").write_parquet(mine)
    with pytest.raises(LakeError, match=r"holds files that are not the lake's.*my-only-copy\.parquet"):
        lake.compact(timedelta(0))
    assert mine.exists()


def test_what_is_read_together_is_of_one_snapshot_whoever_writes_meanwhile(lake: Lake, place: LakeSettings) -> None:
    write(lake, "甲")
    with open_lake(place, read_only=True) as reader:
        with reader.unchanging():
            assert titles(reader) == ["甲"]
            write(lake, "乙")
            assert titles(reader) == ["甲"]
        assert titles(reader) == ["乙"]


# -- asking --------------------------------------------------------------------------------------------------------------------


def test_queries_name_tables_bare(lake: Lake) -> None:
    write(lake, "甲")
    assert lake.query('SELECT title, "end" - start AS length FROM sections').to_pylist() == [{"title": "甲", "length": 340}]
    assert lake.query("SELECT title FROM sections WHERE title = ?", ["乙"]).num_rows == 0


def test_a_query_that_fails_says_why(lake: Lake) -> None:
    with pytest.raises(LakeError, match="section"):
        lake.query("SELECT * FROM section")


def test_references_that_point_nowhere_are_found_over_the_whole_lake(lake: Lake) -> None:
    write(lake, "甲")
    audit = example("audits") | {"report_id": REPORT, "audit_id": f"{REPORT}-a1", "quantity_ids": ["x-1", "x-2"]}
    lake.replace({"audits": frame("audits", [audit])}, collection="seeds", input_version="v1", message="test")
    assert lake.broken_references().rows() == [
        ("audits", "quantity_ids", "x-1"),
        ("audits", "quantity_ids", "x-2"),
        ("audits", "report_id", REPORT),
        ("sections", "report_id", REPORT),
    ]
    report = frame("reports", [example("reports") | {"report_id": REPORT, "region_code": ""}])
    lake.replace({"reports": report, "audits": frame("audits", [])}, collection="seeds", input_version="v2", message="test")
    assert lake.broken_references().height == 0
