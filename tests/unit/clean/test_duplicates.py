"""The same report in several files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.clean.duplicates import copy_of, near_duplicates
from pipeline.ingest import decode

CORPUS = Path(__file__).parents[3] / "../shared/corpus"


def report(place: str, year: int) -> str:
    return "\n".join(
        f"{place}第{n}个部门在{year}年推进{topic}工作,办理{topic}事项{year % 100 * n}件,全部按时办结,"
        f"群众对{topic}满意率{80 + n}.{year % 10}%。"
        for n, topic in enumerate(("行政复议", "行政应诉", "政务公开", "普法宣传", "人民调解", "执法监督", "合法性审查", "法律援助"), 1)
    )


def copies(bodies: dict[str, str]) -> dict[str, str]:
    """Copy -> original."""
    return {copy.report: copy.original for copy in near_duplicates(bodies, bodies.__getitem__)}


def test_the_same_body_is_kept_once_and_the_earliest_stays() -> None:
    assert copies({"a": report("东阳市", 2020), "b": report("肥城市", 2021), "c": report("东阳市", 2020)}) == {"c": "a"}


def test_a_sentence_more_does_not_make_another_report() -> None:
    first = report("东阳市", 2020)
    assert copies({"a": first, "b": first + "\n特此报告。", "c": "\n".join(first.split("\n")[1:])})["b"] == "a"


def test_what_two_copies_share_is_told() -> None:
    first = report("东阳市", 2020)
    (same, near) = near_duplicates("abc", {"a": first, "b": first, "c": first + "\n特此报告。"}.__getitem__)
    assert (same.kind, same.text_share, same.number_share) == ("same_text", 1.0, 1.0)
    assert (near.kind, near.number_share) == ("near_text", 1.0)
    assert 0.9 < near.text_share < 1


def test_another_year_from_the_same_mould_is_another_report() -> None:
    assert copies({"a": report("东阳市", 2020), "b": report("东阳市", 2021)}) == {}


def test_another_place_is_another_report() -> None:
    other = report("阿拉善左旗", 2020).replace("工作", "任务").replace("办理", "受理")
    assert copies({"a": report("东阳市", 2020), "b": other}) == {}


def test_what_cannot_be_one_for_other_reasons_is_not_compared() -> None:
    first = report("东阳市", 2020)
    assert near_duplicates("ab", lambda _: first, lambda later, earlier: (later, earlier) != ("b", "a")) == []


def test_a_duplicate_of_a_duplicate_names_the_one_that_is_kept() -> None:
    first = report("东阳市", 2020)
    assert copies({"a": first, "b": first + "特此报告。", "c": first + "特此报告。"}) == {"b": "a", "c": "a"}


def test_nothing_is_random() -> None:
    bodies = {str(year): report("东阳市", 2000 + year % 7) for year in range(20)}
    assert near_duplicates(bodies, bodies.__getitem__) == near_duplicates(dict(bodies), bodies.__getitem__)
    assert set(copies(bodies)) == {str(year) for year in range(7, 20)}


@given(st.text(max_size=40))
def test_a_body_is_the_same_report_as_itself(body: str) -> None:
    assert copies({"a": body, "b": body}) == {"b": "a"}


@given(st.text(max_size=60), st.text(max_size=60))
def test_shares_are_shares_and_the_same_both_ways(first: str, second: str) -> None:
    one, other = copy_of("a", first, "b", second), copy_of("b", second, "a", first)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.kind, one.text_share, one.number_share) == (other.kind, other.text_share, other.number_share)
        assert 0 <= one.text_share <= 1 and 0 <= one.number_share <= 1


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the work reports are not beside this checkout")
def test_no_two_work_reports_are_taken_for_one() -> None:
    paths = sorted(CORPUS.glob("*.txt"))[::4]
    assert copies({path.name: clean(decode(path.read_bytes(), path.name)).body.text for path in paths}) == {}
