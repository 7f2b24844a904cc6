"""The same report in several files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.clean.duplicates import near_duplicates, same_report
from pipeline.ingest import decode

CORPUS = Path(__file__).parents[3] / "../shared/corpus"


def report(place: str, year: int) -> str:
    return "\n".join(
        f"{place}第{n}个部门在{year}年推进{topic}工作,办理{topic}事项{year % 100 * n}件,全部按时办结,"
        f"群众对{topic}满意率{80 + n}.{year % 10}%。"
        for n, topic in enumerate(("行政复议", "行政应诉", "政务公开", "普法宣传", "人民调解", "执法监督", "合法性审查", "法律援助"), 1)
    )


def test_the_same_body_is_kept_once_and_the_earliest_stays() -> None:
    assert near_duplicates({"a": report("东阳市", 2020), "b": report("肥城市", 2021), "c": report("东阳市", 2020)}) == {"c": "a"}


def test_a_sentence_more_does_not_make_another_report() -> None:
    first = report("东阳市", 2020)
    assert near_duplicates({"a": first, "b": first + "\n特此报告。", "c": "\n".join(first.split("\n")[1:])})["b"] == "a"


def test_another_year_from_the_same_mould_is_another_report() -> None:
    assert near_duplicates({"a": report("东阳市", 2020), "b": report("东阳市", 2021)}) == {}


def test_another_place_is_another_report() -> None:
    assert (
        near_duplicates({"a": report("东阳市", 2020), "b": report("阿拉善左旗", 2020).replace("工作", "任务").replace("办理", "受理")})
        == {}
    )


def test_a_duplicate_of_a_duplicate_names_the_one_that_is_kept() -> None:
    first = report("东阳市", 2020)
    assert near_duplicates({"a": first, "b": first + "特此报告。", "c": first + "特此报告。"}) == {"b": "a", "c": "a"}


def test_nothing_is_random() -> None:
    bodies = {str(year): report("东阳市", 2000 + year % 7) for year in range(20)}
    assert near_duplicates(bodies) == near_duplicates(dict(bodies))
    assert set(near_duplicates(bodies)) == {str(year) for year in range(7, 20)}


@given(st.text(max_size=40))
def test_a_body_is_the_same_report_as_itself(body: str) -> None:
    assert same_report(body, body)
    assert near_duplicates({"a": body, "b": body}) == {"b": "a"}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the work reports are not beside this checkout")
def test_no_two_work_reports_are_taken_for_one() -> None:
    paths = sorted(CORPUS.glob("*.txt"))[::4]
    assert near_duplicates({path.name: clean(decode(path.read_bytes(), path.name)).body.text for path in paths}) == {}
