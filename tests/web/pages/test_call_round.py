"""The call round: one customer after the other, the most urgent first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Attempt, Close, Outcome, Reached, TakeBack
from models.case import CaseState
from tests.casework import MONDAY_MORNING
from tests.web.pages.browser import Browser, Page
from tests.web.pages.neighbours import answer_of, move_in
from tests.web.pages.reception import SOON, Reception

HOUR = timedelta(hours=1)


@pytest.fixture
async def cases(reception: Reception) -> list[CaseState]:
    """Three in the south, the most urgent first."""
    await move_in(reception)
    opened = MONDAY_MORNING - HOUR
    return [
        await reception.casework.open(
            answer_of(name, n, region="south", submitted_at=opened + n * timedelta(minutes=5))
        )
        for n, name in enumerate(("Anna", "Bert", "Cleo"))
    ]


@pytest.fixture
async def sami(reception: Reception, cases: list[CaseState]) -> Browser:
    return await reception.signed_in("sami", cases[0])


async def tried(reception: Reception, state: CaseState, outcome: Reached) -> CaseState:
    """Not before the next attempt may come."""
    at = state.reach.next_call_at or SOON
    return await reception.casework.act(state, Attempt(outcome), at)


async def skip(browser: Browser, state: CaseState) -> Page:
    return await browser.get(f"/round?skip={state.case_id}")


async def test_the_most_urgent_comes_first(sami: Browser, cases: list[CaseState]) -> None:
    page = await sami.get("/round?start=1")
    assert "Call 1 of 3 Anna" in page.words
    assert "Nobody calls back." in page.words
    assert 'href="tel:+33639985500"' in page.answered.text
    assert page.form("/attempts").fields.items() >= {"onward": "round", "channel": "phone"}.items()


async def test_who_is_skipped_comes_again_in_the_next_round_only(
    sami: Browser, cases: list[CaseState]
) -> None:
    assert "Call 2 of 3 Bert" in (await skip(sami, cases[0])).words
    assert "Call 3 of 3 Cleo" in (await skip(sami, cases[1])).words
    over = await skip(sami, cases[2])
    assert "Your round is done 3 customers still wait for a call." in over.words
    assert "Call 1 of 3 Anna" in (await sami.get("/round?start=1")).words


async def test_who_did_not_answer_has_had_his_turn(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    await skip(sami, cases[0])
    await tried(reception, cases[1], Reached.VOICEMAIL)
    page = await sami.get(f"/round?did={cases[1].case_id}")
    assert "Recorded for Bert" in page.words
    assert "Call 3 of 3 Cleo" in page.words
    assert page.form("/take-back").action == f"/cases/{cases[1].case_id}/take-back"


async def test_who_was_reached_is_called_no_more(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    await tried(reception, cases[0], Reached.REACHED)
    page = await sami.get(f"/round?did={cases[0].case_id}")
    assert "Write down why it went wrong and what will be done" in page.words
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words


async def test_what_was_taken_back_comes_again(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    state = await tried(reception, cases[0], Reached.REACHED)
    await sami.get(f"/round?did={cases[0].case_id}")
    await reception.casework.act(state, TakeBack(), SOON)
    page = await sami.get(f"/round?did={cases[0].case_id}")
    assert "Recorded" not in page.words
    assert "Call 1 of 3 Anna" in page.words


async def test_nobody_is_called_before_the_time_he_named(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    later = Attempt(Reached.LATER, again_at=SOON + HOUR)
    await reception.casework.act(cases[0], later, SOON)
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words
    reception.clock.now = SOON + HOUR
    page = await sami.get("/round?start=1")
    assert "of 3" in page.words


async def test_who_does_not_want_to_talk_is_called_no_more(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    await tried(reception, cases[0], Reached.REFUSED)
    page = await sami.get(f"/round?did={cases[0].case_id}")
    assert f'href="/cases/{cases[0].case_id}#close"' in page.answered.text
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words


async def test_who_was_called_in_vain_comes_back_when_he_may_be_called_again(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    state = await tried(reception, cases[0], Reached.BUSY)
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words
    assert state.reach.next_call_at
    reception.clock.now = state.reach.next_call_at
    assert "of 3" in (await sami.get("/round?start=1")).words


async def test_who_was_called_in_vain_often_enough_is_left_in_peace(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    state = cases[0]
    for _ in range(3):
        state = await tried(reception, state, Reached.BUSY)
    reception.clock.now = SOON + 240 * HOUR
    page = await sami.get(f"/round?did={state.case_id}")
    assert "Close the case: the customer was tried often enough" in page.words
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words


async def test_who_asked_in_an_earlier_case_not_to_be_called_is_not_on_the_round(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    refused = await tried(reception, cases[0], Reached.REFUSED)
    await reception.casework.act(refused, Close(Outcome.DECLINED), SOON)
    again = answer_of("Anna", 0, region="south", submitted_at=SOON)
    await reception.casework.open(replace(again, response_id="again"))
    assert "Call 1 of 2 Bert" in (await sami.get("/round?start=1")).words


async def test_a_wrong_number_is_said_where_one_would_call_it_again(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    await tried(reception, cases[0], Reached.WRONG_NUMBER)
    reception.clock.now = SOON + 4 * HOUR
    await skip(sami, cases[1])
    page = await skip(sami, cases[2])
    assert "Last attempt: Wrong number. Find another number before you call." in page.words
    assert '<a class="call plain" href="tel:+33639985500"' in page.answered.text


async def test_an_attempt_of_somebody_else_is_not_offered_for_undoing(
    reception: Reception, sami: Browser, cases: list[CaseState]
) -> None:
    north = await reception.casework.open()
    await tried(reception, north, Reached.VOICEMAIL)
    page = await sami.get(f"/round?did={north.case_id}")
    assert (page.status, "Recorded" in page.words, "Kerverne" in page.words) == (200, False, False)


async def test_where_nobody_waits_it_says_so(reception: Reception) -> None:
    browser = await reception.signed_in("denis", await reception.casework.open())
    page = await browser.get("/round")
    assert "Nobody waits for a call from you." in page.words


async def test_a_forged_cookie_does_no_harm(sami: Browser) -> None:
    sami.http.cookies.set("rappel_round", "<b>.." + "x" * 2000)
    page = await sami.get("/round")
    assert "Anna" in page.words
    assert "<b>" not in page.answered.text
