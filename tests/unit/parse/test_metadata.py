"""What is read of a document: pages as sites serve them (`pages.yaml`), and the five seeds as a whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse import metadata, sections
from pipeline.records import Body, Cleaned, OffsetMap

HERE = Path(__file__).parent
SHARED = HERE.parents[3] / "shared"
PAGES: list[dict[str, Any]] = yaml.safe_load((HERE / "pages.yaml").read_text(encoding="utf-8"))


def cleaned(body: str, head: list[str], tail: list[str], head_raw: list[str] | None = None) -> Cleaned:
    """A cleaned text as `pipeline.clean` gives it."""
    return Cleaned(Body(body, OffsetMap((0,), (0,), (1,))), tuple(head), tuple(tail), "hant" if head_raw else "hans", tuple(head_raw or ()))


@pytest.mark.parametrize("page", PAGES, ids=[page["case"] for page in PAGES])
def test_page(page: dict[str, Any]) -> None:
    text = cleaned(page["body"], page["head"], page.get("tail", []), page.get("head_raw"))
    parsed = metadata(text, sections(page["body"]), page.get("file_name", "x.txt"), page.get("manifest_title", ""))
    found = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(parsed.metadata).items()}
    assert {name: found[name] for name in page["expect"]} == page["expect"]
    assert [kind for kind, _, _ in parsed.issues] == page.get("issues", [])
    if "issuer_kind" in page:
        assert parsed.issuer_kind == page["issuer_kind"]


def test_every_field_that_was_found_has_a_source() -> None:
    text = cleaned(
        "2017年,我市坚持。", ["东阳市人民政府关于2017年法治政府建设的情况报告", "发布日期:2018-03-22"], ["东阳市人民政府", "2018年1月22日"]
    )
    assert metadata(text, [], "x.txt").sources == {
        "title": "title",
        "issuer": "title",
        "region_code": "title",
        "report_year": "title",
        "document_type": "title",
        "published_on": "block",
        "signed_on": "signature",
    }


def test_what_a_format_declares_counts_where_the_page_is_silent() -> None:
    declared = {"articletitle": "龙泉市2022年法治政府建设年度报告", "pubdate": "2023-02-01 10:00:00"}
    found = metadata(cleaned("一年来,我市坚持。", [], []), [], "content_17.html", declared=declared)
    assert (found.metadata.title, found.metadata.region_code, found.metadata.published_on) == (
        declared["articletitle"],
        "331181",
        "2023-02-01",
    )


@given(
    st.lists(st.text(st.sampled_from("东阳市人民政府关于2017年法治建设报告:-〔〕()《》 \n发布日期签人。、"), max_size=30), max_size=5),
    st.text(max_size=200),
)
def test_any_lines_are_read_without_failing(lines: list[str], body: str) -> None:
    parsed = metadata(cleaned(body, lines, lines), sections(body), "a.txt", "".join(lines))
    assert parsed.metadata.report_year is None or 1900 < parsed.metadata.report_year < 2101


@pytest.mark.skipif(not (SHARED / "gold/seeds.metadata.jsonl").is_file(), reason="needs the shared seeds")
def test_the_seeds_read_as_annotated() -> None:
    from pipeline.clean import clean
    from pipeline.ingest import decode

    names = {"doc_number": "document_number"}
    for line in (SHARED / "gold/seeds.metadata.jsonl").read_text(encoding="utf-8").splitlines():
        gold = {names.get(name, name): value for name, value in json.loads(line).items()}
        text = clean(decode((SHARED / "seeds" / gold["report"]).read_bytes(), gold["report"]))
        parsed = metadata(text, sections(text.body.text), gold["report"])
        found = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(parsed.metadata).items()}
        assert {name: value for name, value in found.items() if name in gold} == {name: gold[name] for name in found if name in gold}
        assert parsed.issues == ()
