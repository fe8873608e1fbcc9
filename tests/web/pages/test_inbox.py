"""The inbox: who sees which case in it, and what stands there in words."""

from datetime import timedelta

import pytest

from models.actions import Acknowledge, Attempt, HandOver, Reached, TakeBack
from models.case import CaseState
from tests.casework import MONDAY_MORNING
from tests.web.pages.browser import Page
from tests.web.pages.neighbours import answer_of, move_in, multiply
from tests.web.pages.reception import WEEK, Reception, confirming, promised


async def look(reception: Reception, person: str, state: CaseState, query: str = "") -> Page:
    browser = await reception.signed_in(person, state)
    return await browser.get(f"/inbox{query}")


async def given(reception: Reception, person: str) -> CaseState:
    """A case in somebody's hands."""
    state = await reception.casework.open()
    return await reception.casework.act(state, HandOver(person), MONDAY_MORNING)


async def test_it_says_why_until_when_and_what_comes_next(reception: Reception) -> None:
    page = await look(reception, "denis", await given(reception, "denis"))
    for said in (
        "Now 1 Odile Kerverne",
        "NPS 2 of 10 · North · Works · Keys Nobody calls back.",
        "Take the case, or call right away",
        "today before 10:30, in 25 working minutes",
        "This case is with you. A reminder comes: today, 10:15. ",
        "Otherwise the case moves up to Nora National: today, 10:30.",
    ):
        assert said in page.words
    assert 'href="tel:+33639981234"' in page.answered.text


async def test_it_speaks_the_reader_s_language(reception: Reception) -> None:
    page = await look(reception, "dora", await reception.casework.open())
    assert "aujourd’hui avant 10h30, dans 25 minutes ouvrées" in page.words


async def test_what_is_overdue_says_for_how_long_work_has_waited(reception: Reception) -> None:
    state = await given(reception, "denis")
    reception.clock.now = MONDAY_MORNING + timedelta(hours=6)
    page = await look(reception, "denis", state)
    assert "Now 1" in page.words
    assert "since 10:30 today, 5 working hours late" in page.words


async def test_what_is_due_later_today_stands_below(reception: Reception) -> None:
    state = await given(reception, "denis")
    await reception.casework.act(state, Acknowledge(), MONDAY_MORNING)
    page = await look(reception, "denis", state)
    assert "Now 0 Nothing is urgent at the moment." in page.words
    assert "Today 1 Odile Kerverne" in page.words
    assert "Call the customer back today before 14:00, in 3 working hours" in page.words


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Reached.REFUSED, "Close the case: the customer wants no call-back"),
        (Reached.REFUSED, "Last attempt: Asked not to be called."),
        (Reached.WRONG_NUMBER, "Last attempt: Wrong number. Find another number before you call."),
        (Reached.VOICEMAIL, "Last attempt: Voicemail."),
    ],
)
async def test_it_says_what_the_last_attempt_gave(
    reception: Reception, outcome: Reached, said: str
) -> None:
    state = await reception.casework.act(
        await given(reception, "denis"), Attempt(outcome), MONDAY_MORNING
    )
    page = await look(reception, "denis", state)
    assert said in page.words
    assert ("call plain" in page.answered.text) is (outcome is Reached.WRONG_NUMBER)


async def test_an_attempt_that_was_taken_back_gave_nothing(reception: Reception) -> None:
    state = await given(reception, "denis")
    for act in (Attempt(Reached.WRONG_NUMBER), TakeBack()):
        state = await reception.casework.act(state, act, MONDAY_MORNING)
    page = await look(reception, "denis", state)
    assert "Last attempt" not in page.words


async def test_a_deputy_sees_what_waits_with_his_director(reception: Reception) -> None:
    page = await look(reception, "denis", await reception.casework.open())
    assert "Waiting for others 1 Odile Kerverne" in page.words
    assert "Dora Director has yet to take the case" in page.words
    assert "moves up to you" in page.words


async def test_a_director_still_sees_what_was_handed_up(reception: Reception) -> None:
    state = await given(reception, "nora")
    page = await look(reception, "dora", state)
    assert "En attente d’autrui 1 Odile Kerverne" in page.words
    assert "Ce dossier est chez Nora National." in page.words


async def test_the_customer_s_answer_is_waited_for(reception: Reception) -> None:
    reception.clock.now = MONDAY_MORNING
    page = await look(reception, "dora", await confirming(reception.casework))
    assert "En attente d’autrui 1 Odile Kerverne" in page.words
    assert "Le client dit si c’est réglé" in page.words


async def test_a_broken_promise_comes_back(reception: Reception) -> None:
    state = await promised(reception.casework)
    reception.clock.now += 2 * WEEK
    page = await look(reception, "dora", state)
    assert "Maintenant 1 Odile Kerverne" in page.words
    assert "Tenez votre promesse" in page.words


@pytest.mark.parametrize("person", ["sami", "eva", "paul"])
async def test_nobody_sees_another_director_s_case(reception: Reception, person: str) -> None:
    await move_in(reception)
    page = await look(reception, person, await reception.casework.open())
    assert page.status == 200
    assert "Kerverne" not in page.answered.text
    assert "Waiting for others 0" in page.words


async def test_who_takes_a_case_has_it_in_his_inbox(reception: Reception) -> None:
    await move_in(reception)
    page = await look(reception, "eva", await given(reception, "eva"))
    assert "Now 1 Odile Kerverne" in page.words


async def test_what_a_customer_wrote_stays_text(reception: Reception) -> None:
    evil = answer_of('<img src=x onerror="1">', comment="<script>alert(1)</script>")
    page = await look(reception, "denis", await reception.casework.open(evil))
    assert "<img" not in page.answered.text
    assert "<script>alert(1)</script>" in page.words


async def test_a_long_group_goes_on_on_a_page_of_its_own(reception: Reception) -> None:
    state = await reception.casework.open(answer_of("Somebody"))
    await multiply(reception, state, 12)
    first = await look(reception, "denis", state)
    assert "Waiting for others 12" in first.words
    assert (first.words.count("Somebody"), "and 7 more" in first.words) == (5, True)
    whole = await look(reception, "denis", state, "?group=waiting&page=1")
    assert (whole.words.count("Somebody"), "more" in whole.words) == (12, False)


async def test_there_is_no_other_group(reception: Reception) -> None:
    page = await look(reception, "denis", await reception.casework.open(), "?group=nonsense")
    assert page.status == 422
