"""What is asked first of the opening of a clause keeps nothing from the patterns behind it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.coding import scopes, subjects
from pipeline.extract.lexicon import load

DATA = load("subjects.yaml")
SUBJECTS = [*DATA["bodies"], *DATA["named_departments"], *DATA["places"], *DATA["own"]]
TOLD = [*DATA["scope"]["jurisdiction"], *DATA["scope"]["government"]]


def written(pattern: str) -> st.SearchStrategy[str]:
    """What a pattern of the data file matches, somewhere in a text."""
    compiled = re.compile(pattern)
    found = st.from_regex(compiled).map(compiled.search)
    return found.map(lambda match: match[0] if match else "").filter(bool)


@pytest.mark.parametrize("pattern", SUBJECTS)
@settings(max_examples=20)
@given(data=st.data())
def test_one_of_the_signs_stands_in_every_subject(pattern: str, data: st.DataObject) -> None:
    assert subjects._subjects().signs.search(data.draw(written(pattern)))


@pytest.mark.parametrize("pattern", DATA["respondent"]["openings"])
@given(data=st.data())
def test_one_of_the_signs_stands_in_every_opening_of_a_respondent(pattern: str, data: st.DataObject) -> None:
    assert subjects._respondent()[1].search(data.draw(written(pattern)))


@pytest.mark.parametrize("pattern", TOLD)
@settings(max_examples=300)
@given(data=st.data())
def test_what_tells_a_scope_begins_with_one_of_the_characters_listed(pattern: str, data: st.DataObject) -> None:
    assert data.draw(written(pattern))[0] in scopes._told()[0]


@pytest.mark.parametrize(("lead", "begins"), [(scopes._LEAD, scopes._LEAD_BEGINS), (subjects._LEAD, subjects._LEAD_BEGINS)])
@settings(max_examples=300)
@given(data=st.data())
def test_what_leads_to_a_subject_begins_with_one_of_the_characters_listed(
    lead: re.Pattern[str], begins: frozenset[str], data: st.DataObject
) -> None:
    assert data.draw(written(lead.pattern))[0] in begins
