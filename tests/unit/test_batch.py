"""The chain from raw files to audits over a batch: every file is told, every number can be found again in its file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import batch
from pipeline.manifest import Collection, Entry, kept_files, read_file, scan
from pipeline.panel import panel
from pipeline.records import QuarantineError, RawFile
from pipeline.rows import ReadingBugError
from schemas.derive import arrow_schema, validate, validate_references

SEEDS = Path(__file__).parents[2] / "data" / "raw" / "seeds"
REPORT = """示范县人民政府关于2023年法治政府建设情况的报告

一、依法化解矛盾
2023年,县政府共收到行政复议申请98件,受理90件,审结85件。

示范县人民政府
2024年1月20日
"""


def file(text: str = REPORT, path: str = "a.txt", **known: str) -> RawFile:
    return RawFile("c", path, text.encode(), **known)


def statuses(frames: batch.Frames) -> dict[str, str]:
    return dict(frames["raw_files"].select("path", "status").iter_rows())


@pytest.fixture(scope="module")
def seeds() -> batch.Frames:
    collection = scan(SEEDS)
    return batch.extract_files([read_file(collection, entry) for entry in collection.entries])


def test_every_table_of_the_seeds_meets_its_schema(seeds: batch.Frames) -> None:
    assert tuple(seeds) == batch.TABLES
    for name, frame in seeds.items():
        validate(name, frame)
    validate_references(seeds)
    assert statuses(seeds) == {path.name: "parsed" for path in SEEDS.glob("*.txt")}


def test_every_quote_and_sentence_stands_in_its_file(seeds: batch.Frames) -> None:
    for name in ("quantities", "observations"):
        for row in seeds[name].join(seeds["raw_texts"], on="report_id").iter_rows(named=True):
            assert row["raw_text"][row["raw_start"] : row["raw_end"]] == row["quote"]
    for row in seeds["quantities"].join(seeds["raw_texts"], on="report_id").iter_rows(named=True):
        assert row["quote"] in row["sentence"] in row["raw_text"]


def test_the_raw_text_of_a_plain_file_is_the_file(seeds: batch.Frames) -> None:
    for path, text in seeds["reports"].join(seeds["raw_texts"], on="report_id").select("path", "raw_text").iter_rows():
        assert (SEEDS / path).read_bytes().decode() == text


def test_the_stages_one_by_one_give_what_the_chain_gives(seeds: batch.Frames) -> None:
    collection = scan(SEEDS)
    read = batch.read_entries(collection.entries, {}, lambda entry: read_file(collection, entry))
    counted = batch.numbers(read["reports"], read["raw_texts"], read["sections"])
    meant = batch.meanings(read["reports"], read["raw_texts"], read["sections"], counted["quantities"], counted["corrections"])
    for name, frame in {**read, **counted, **meant}.items():
        assert frame.equals(seeds[name].with_columns(pl.lit("seeds").alias("collection").cast(pl.String))), name


def test_rows_do_not_depend_on_the_order_of_the_files_or_the_size_of_a_chunk(seeds: batch.Frames, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = scan(SEEDS)
    monkeypatch.setattr(batch, "CHUNK", 2)
    again = batch.extract_files([read_file(collection, entry) for entry in reversed(collection.entries)])
    for name in batch.TABLES:
        assert again[name].equals(seeds[name]), name


def test_an_arrow_batch_gives_arrow_tables_of_the_declared_schemas() -> None:
    given_batch = pa.RecordBatch.from_pylist([{"path": "a.txt", "content": REPORT.encode()}, {"path": "b.bin", "content": b"\x00\x01"}])
    found = batch.extract_batch(given_batch)
    assert {name: table.schema for name, table in found.items()} == {name: arrow_schema(name) for name in batch.TABLES}
    assert found["raw_files"].column("status").to_pylist() == ["parsed", "quarantined"]
    assert found["reports"].column("collection").to_pylist() == ["batch"]
    assert [row["quote"] for row in found["quantities"].to_pylist()] == ["98件", "90件", "85件"]


def test_an_empty_batch_gives_empty_tables() -> None:
    assert {name: frame.height for name, frame in batch.extract_files([]).items()} == dict.fromkeys(batch.TABLES, 0)


def test_what_the_manifest_knows_comes_into_the_tables() -> None:
    (row,) = batch.extract_files([file(source_url="https://a", retrieved_at="2024-02-01", licence="L")])["raw_files"].to_dicts()
    assert (row["source_url"], row["retrieved_at"], row["licence"], row["size"]) == ("https://a", "2024-02-01", "L", len(REPORT.encode()))


def test_the_manifests_title_is_used_where_the_page_has_none() -> None:
    text = "全年收到行政复议申请98件,审结85件。\n" * 3
    untitled, titled = (
        batch.extract_files([file(text)])["reports"],
        batch.extract_files([file(text, title="东阳市2019年法治政府建设年度报告")])["reports"],
    )
    assert untitled["region_code"].to_list() == [""]
    assert titled.select("region_code", "report_year").rows() == [("330783", 2019)]


DEPARTMENT = """东阳市公安局关于2023年法治政府建设情况的报告

一、依法化解矛盾
2023年,市公安局共收到行政复议申请12件。我局作为被告的行政诉讼一审案件5件。市教育局收到行政复议申请3件。

东阳市公安局
2024年1月20日
"""


def test_a_departments_report_is_its_own_and_not_another_departments() -> None:
    frames = batch.extract_files([file(DEPARTMENT)])
    assert frames["reports"].select("region_code", "issuer", "issuer_kind").rows() == [("330783", "东阳市公安局", "department")]
    told = frames["observations"].select("code", "value", "scope", "region_code").rows()
    assert ("reconsideration.applications", 12.0, "department", "330783") in told
    assert {(scope, value == 3) for _, value, scope, _ in told} == {("department", False)}


def test_the_same_sentence_in_the_governments_report_is_a_departments_and_not_told() -> None:
    government = DEPARTMENT.replace("东阳市公安局", "东阳市人民政府").replace("我局作为", "我市作为")
    frames = batch.extract_files([file(government)])
    assert frames["reports"]["issuer_kind"].to_list() == ["government"]
    assert 12.0 not in frames["observations"]["value"].to_list()
    assert "department" not in frames["observations"]["scope"].to_list()


def test_a_region_is_told_apart_from_its_department_in_the_panel_and_a_report_of_nowhere_is_not_in_it() -> None:
    government = DEPARTMENT.replace("东阳市公安局", "东阳市人民政府").replace("市公安局共", "全市共").replace("12件", "98件")
    nowhere = "某单位2023年法治政府建设情况的报告\n一、依法化解矛盾\n全年共收到行政复议申请77件。\n"
    frames = batch.extract_files([file(DEPARTMENT, "a.txt"), file(government, "b.txt"), file(nowhere, "c.txt")])
    assert {row["path"]: row["region_code"] for row in frames["reports"].to_dicts()}["c.txt"] == ""
    assert {12.0, 77.0, 98.0} <= set(frames["observations"].filter(code="reconsideration.applications")["value"])
    rows = panel(frames["reports"], frames["observations"]).filter(code="reconsideration.applications")
    assert rows.select("region_code", "value", "issuer_kind", "agreement").rows() == [("330783", 98.0, "government", "single")]


def test_what_contradicts_itself_about_a_report_is_an_issue() -> None:
    (row,) = batch.extract_files([file(title="示范县2022年法治政府建设情况的报告")])["issues"].filter(field="report_year").to_dicts()
    assert (row["kind"], row["severity"], row["path"]) == ("metadata_conflict", "warning", "a.txt")
    assert row["message"] == "title tells 2023, manifest tells 2022; 2023 was taken"


def test_broken_bytes_are_repaired_and_counted() -> None:
    sound = (REPORT + "扎实推进依法行政,各项工作取得新的成效。\n" * 20).encode()
    content = sound.replace("县政府".encode(), "县政".encode() + b"\xe5\xba", 1)
    (row,) = batch.extract_files([RawFile("c", "a.txt", content)])["raw_texts"].to_dicts()
    assert (row["encoding"], row["repaired"]) == ("utf-8", row["raw_text"].count("\ufffd"))
    assert row["repaired"] > 0


def test_equal_files_are_one_report_and_the_others_name_it() -> None:
    frames = batch.extract_files([file(path="late.txt", retrieved_at="2024-05-01"), file(path="early.txt", retrieved_at="2024-01-01")])
    assert statuses(frames) == {"early.txt": "parsed", "late.txt": "duplicate"}
    assert frames["reports"]["path"].to_list() == ["early.txt"]
    assert frames["raw_files"].filter(path="late.txt")["duplicate_of"].to_list() == frames["reports"]["report_id"].to_list()
    assert "early.txt" in frames["raw_files"].filter(path="late.txt")["reason"].item()


def test_equal_files_that_cannot_be_read_are_each_quarantined() -> None:
    frames = batch.extract_files([RawFile("c", name, b"\x00\x01\x02") for name in ("a", "b")])
    assert statuses(frames) == {"a": "quarantined", "b": "quarantined"}
    assert all(frames["raw_files"]["reason"])


def test_a_problem_of_the_manifest_is_the_reason_of_a_quarantine() -> None:
    missing = Entry("c", "gone.txt", problem="it is not there: put it back")
    frames = batch.read_entries([missing], {}, lambda _: file())
    validate("raw_files", frames["raw_files"])
    assert frames["raw_files"].select("path", "status", "reason", "sha256").rows() == [
        ("gone.txt", "quarantined", "it is not there: put it back", "")
    ]


def test_a_remark_on_the_manifest_is_an_issue_and_the_file_is_read() -> None:
    frames = batch.read_entries([Entry("c", "a.txt", sha256="ab" * 32, remark="Line 2: no date")], {}, lambda _: file())
    validate("issues", frames["issues"])
    assert frames["issues"].filter(kind="manifest").select("path", "severity", "message").rows() == [
        ("a.txt", "warning", "Line 2: no date")
    ]
    assert statuses(frames) == {"a.txt": "parsed"}


def test_a_file_that_vanishes_while_it_is_read_is_quarantined() -> None:
    def gone(entry: Entry) -> RawFile:
        raise QuarantineError("changed while it was read")

    frames = batch.read_entries([Entry("c", "a.txt", sha256="ab" * 32)], {}, gone)
    assert frames["raw_files"].select("status", "reason").rows() == [("quarantined", "changed while it was read")]


def test_a_bug_is_raised_with_the_files_name() -> None:
    frames = batch.extract_files([file()])
    broken = frames["raw_texts"].with_columns(
        pl.lit([0]).cast(pl.List(pl.Int64)).alias("map_body"), pl.lit([], pl.List(pl.Int64)).alias("map_raw")
    )
    with pytest.raises(ReadingBugError, match=r"c/a\.txt: IndexError.*This is a bug"):
        batch.numbers(frames["reports"], broken, frames["sections"])


def test_pages_are_counted_from_the_offsets_at_which_they_begin() -> None:
    frames = batch.extract_files([file()])
    starts = frames["quantities"]["raw_start"].to_list()
    paged = frames["raw_texts"].with_columns(pl.lit([0, starts[1], starts[2] + 1]).alias("pages"))
    assert batch.numbers(frames["reports"], paged, frames["sections"])["quantities"]["page"].to_list() == [1, 2, 2]


def test_an_observation_quotes_the_raw_text_and_is_named_by_its_place() -> None:
    frames = batch.extract_files([file()])
    for row in frames["observations"].iter_rows(named=True):
        assert row["observation_id"] == f"{row['quantity_id']}-{row['code']}"
    rows = frames["observations"].filter(code="reconsideration.applications").select("value", "year", "unit", "quote").rows()
    assert rows == [(98.0, 2023, "件", "县政府共收到行政复议申请98件")]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.just(REPORT.encode())), max_size=4))
def test_any_bytes_are_told_exactly_once(contents: list[bytes]) -> None:
    files = [RawFile("c", f"{number}.txt", content) for number, content in enumerate(contents)]
    frames = batch.extract_files(files)
    assert sorted(frames["raw_files"]["path"]) == sorted(each.path for each in files)
    for name, frame in frames.items():
        validate(name, frame)
    assert sorted(frames["reports"]["report_id"]) == sorted(frames["raw_files"].filter(status="parsed")["report_id"])


def test_entries_of_a_collection_and_of_a_batch_are_told_apart_by_content() -> None:
    collection = Collection("c", Path(), (Entry("c", "a", sha256="1" * 64), Entry("c", "b", sha256="1" * 64)))
    assert {key: entry.path for key, entry in kept_files([collection]).items()} == {("c", "b"): "a"}
