"""The tree of causes: what may be named, whose playbook counts, and what a suggestion is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.actions import PromiseKind
from models.causes import (
    Cause,
    Doer,
    Found,
    Playbook,
    Suggested,
    Suggestion,
    playbook_of,
    read_suggested,
    suggested_facts,
    suggestion_of,
    walk,
    way_to,
    with_below,
)
from models.ladder import Span
from models.organisation_file.reading import read_organisation
from tests.casework import SMALL

PLAYS = Playbook({"en": "A date that holds."}, (Suggestion({"en": "Call the site"}),))
DEEP = Playbook({"en": "One visit."}, (Suggestion({"en": "Send everybody"}),))
SNAGS = Cause("snags", {"en": "Snags"}, (Cause("windows", {"en": "Windows"}),), playbook=DEEP)
TREE = (
    Cause("delay", {"en": "Delay"}, (Cause("works", {"en": "Works"}), SNAGS), playbook=PLAYS),
    Cause("price", {"en": "Price"}),
)
SMALL_ONE = read_organisation(SMALL.read_text(), name=SMALL.name)


def test_the_tree_may_have_any_depth() -> None:
    assert [cause.id for cause in walk(TREE)] == ["delay", "works", "snags", "windows", "price"]
    assert [cause.id for cause in way_to(TREE, "windows")] == ["delay", "snags", "windows"]
    assert way_to(TREE, "gone") == ()


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("delay", Found("delay", PLAYS)),
        ("works", Found("delay", PLAYS)),
        ("snags", Found("snags", DEEP)),
        ("windows", Found("snags", DEEP)),
        ("price", None),
        ("gone", None),
        (None, None),
    ],
)
def test_a_cause_without_a_playbook_takes_that_of_the_nearest_branch_above(
    cause: str | None, found: Found | None
) -> None:
    assert playbook_of(TREE, cause) == found


def test_a_cause_stands_for_those_below_it_and_one_that_is_gone_for_itself() -> None:
    assert with_below(TREE, "delay") == {"delay", "works", "snags", "windows"}
    assert with_below(TREE, "windows") == {"windows"}
    assert with_below(TREE, "gone") == {"gone"}


@pytest.mark.parametrize(
    ("leaf_only", "children", "nameable"),
    [(False, True, True), (True, True, False), (True, False, True), (False, False, True)],
)
def test_a_branch_may_be_named_unless_the_file_wants_it_refined(
    *, leaf_only: bool, children: bool, nameable: bool
) -> None:
    below = (Cause("works", {"en": "Works"}),) if children else ()
    assert Cause("delay", {"en": "Delay"}, below, leaf_only).nameable is nameable


@pytest.mark.parametrize(
    ("suggested", "known"),
    [
        (Suggested("delay", 1), True),
        (Suggested("delay", 0), False),
        (Suggested("delay", 2), False),
        (Suggested("works", 1), False),
        (Suggested("gone", 1), False),
    ],
)
def test_a_suggestion_stands_in_the_playbook_that_is_named(
    *, suggested: Suggested, known: bool
) -> None:
    assert (suggestion_of(TREE, suggested) is not None) is known


@pytest.mark.parametrize("written", ["", "delay", "delay:", ":1", "delay:x", "delay:999", "a:²"])
def test_what_names_no_suggestion_is_none(written: str) -> None:
    assert read_suggested(written) is None
    assert suggested_facts(written) == {}


@given(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,59}", fullmatch=True), st.integers(0, 99))
def test_a_suggestion_is_read_as_it_is_written(cause: str, number: int) -> None:
    suggested = Suggested(cause, number)
    assert read_suggested(str(suggested)) == suggested
    assert suggested_facts(str(suggested)) == {"playbook": cause, "suggestion": number}


def test_the_file_says_who_does_a_suggested_action_and_in_which_time() -> None:
    found = playbook_of(SMALL_ONE.causes, "late_works")
    assert found is not None
    first, second = found.playbook.suggestions
    assert found.cause == "delay"
    assert (first.doer, first.name, first.within) == (Doer.TRADE, "works", Span(days=2))
    assert first.promise is PromiseKind.ENQUIRY
    assert (second.doer, second.within, second.promise) == (Doer.CASE_OWNER, None, None)
    assert second.gesture == {"fr": "un bouquet", "en": "flowers"}


def test_a_person_may_be_named_for_a_suggested_action() -> None:
    text = SMALL.read_text().replace("owner: works, within", "owner: denis, within")
    [delay, _] = read_organisation(text, name=SMALL.name).walk_causes()
    assert delay.playbook is not None
    assert delay.playbook.suggestions[0].doer is Doer.PERSON
