"""What the page of a case says of the next call: from when, at which hours, and whether at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Attempt, Close, Outcome, Reached
from models.posting import Posting
from models.store.outbox import Outbox
from tests.casework import MONDAY_MORNING, UNHAPPY
from tests.web.pages.reception import Reception

HOUR = timedelta(hours=1)
OVERSEAS = replace(UNHAPPY, customer=replace(UNHAPPY.customer, phone="+262692123456"))


async def test_it_says_from_when_the_next_attempt_may_come(reception: Reception) -> None:
    state = await reception.casework.act(
        await reception.casework.open(), Attempt(Reached.NO_ANSWER), MONDAY_MORNING
    )
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Next attempt from: today, 14:00" in page.words
    reception.clock.now = MONDAY_MORNING + 4 * HOUR
    assert "Next attempt from" not in (await browser.get(f"/cases/{state.case_id}")).words


async def test_before_calling_it_says_that_customers_are_not_called_at_this_hour(
    reception: Reception,
) -> None:
    state = await reception.casework.open()
    reception.clock.now = MONDAY_MORNING + 3 * HOUR
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Outside the hours in which customers are called. They begin again: today, 14:00" in (
        page.words
    )
    assert 'href="tel:' in page.answered.text


async def test_after_the_last_attempt_the_end_is_offered_first(reception: Reception) -> None:
    state = await reception.casework.open()
    for later in (0, 4, 8):
        at = MONDAY_MORNING + later * HOUR
        state = await reception.casework.act(state, Attempt(Reached.BUSY), at)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert page.form("/close").fields["outcome"] == "unreachable"


async def test_a_new_case_of_who_asked_not_to_be_called_offers_to_write_or_to_meet(
    reception: Reception,
) -> None:
    state = await reception.casework.act(
        await reception.casework.open(), Attempt(Reached.REFUSED), MONDAY_MORNING
    )
    closed = await reception.casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING)
    later = await reception.casework.open(replace(UNHAPPY, response_id="r-2"))
    browser = await reception.signed_in("denis", later)
    pages = [await browser.get(f"/cases/{case.case_id}") for case in (closed, later)]
    for page in (*pages, await browser.get("/inbox")):
        assert 'href="tel:' not in page.answered.text
        assert "Asked not to be called on Monday 1 March: write or meet." in page.words
    assert pages[1].form("/attempts").fields["channel"] == "written"
    assert "The customer asked on Monday 1 March not to be called" in pages[1].words


async def test_a_page_that_was_open_before_he_asked_records_no_call_any_more(
    reception: Reception,
) -> None:
    """Nor does that of who stands in, or of whoever else had it on his phone."""
    casework, state = reception.casework, await reception.casework.open()
    browsers = [await reception.signed_in(person, state) for person in ("dora", "denis", "nora")]
    forms = [(await b.get(f"/cases/{state.case_id}")).form("/attempts") for b in browsers]
    await casework.act(state, Attempt(Reached.REFUSED), MONDAY_MORNING)

    stale = [
        await browser.send(form, outcome="no_answer", channel="phone")
        for browser, form in zip(browsers, forms, strict=True)
    ]

    assert [page.status for page in stale] == [409, 409, 409]
    assert not [page for page in stale if 'href="tel:' in page.answered.text]
    assert "Asked not to be called on Monday 1 March: write or meet." in stale[1].words
    assert await reception.kept() == []


async def test_three_taps_within_a_second_close_nothing_and_the_timeline_says_why(
    reception: Reception,
) -> None:
    state = await reception.casework.open()
    for _ in range(3):
        state = await reception.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert '"unreachable"' not in page.answered.text
    assert page.words.count("Cette tentative ne compte pas pour « injoignable »") == 2


async def test_where_the_clock_of_the_customer_shows_another_time_both_are_said(
    reception: Reception,
) -> None:
    """It is ten here, and noon is over on the island."""
    state = await reception.casework.open(OVERSEAS)
    state = await reception.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Next attempt from: today, 13:00 (for the customer, Réunion: today, 16:00)" in page.words
    assert "The customer’s clock (Réunion): today, 13:05" in page.words
    assert "Monday 1 March, 10:00 (for the customer, Réunion: today, 13:00)" in page.words


async def test_the_round_says_what_time_it_is_where_the_customer_is(reception: Reception) -> None:
    state = await reception.casework.open(OVERSEAS)
    browser = await reception.signed_in("dora", state)
    page = await browser.get("/round?start=1")
    assert "Heure du client (La Réunion) : aujourd’hui à 13h05" in page.words


async def test_of_a_clock_that_shows_the_same_nothing_is_said(reception: Reception) -> None:
    said = replace(UNHAPPY, customer=replace(UNHAPPY.customer, zone="Europe/Brussels"))
    state = await reception.casework.open(said)
    browser = await reception.signed_in("denis", state)
    assert "for the customer" not in (await browser.get(f"/cases/{state.case_id}")).words
    assert "The customer’s clock" not in (await browser.get("/inbox")).words


@pytest.mark.parametrize(
    ("fate", "says"),
    [
        (Posting.UNKNOWN, "Il manque un message écrit"),
        (Posting.FAILED, "n’est pas encore parti"),
    ],
)
async def test_nobody_is_given_up_before_the_message_to_him_has_left(
    reception: Reception, fate: Posting, says: str
) -> None:
    """That it waits in our outbox tells him nothing, be it to go by mail what was lost as a text."""
    casework, state = reception.casework, await reception.casework.open()
    state = replace(state, reach=replace(state.reach, write_after=(3,)))
    for later in (0, 4, 8):
        at = MONDAY_MORNING + later * HOUR
        state = await casework.act(state, Attempt(Reached.NO_ANSWER), at)
    reception.clock.now = MONDAY_MORNING + 9 * HOUR
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    close = page.form("/close")

    waits = await browser.post(close.action, close.fields)
    await settled(reception, fate)
    lost = await browser.post(close.action, close.fields)

    assert (waits.status, lost.status) == (409, 409)
    assert "n’est pas encore parti" in waits.words
    assert says in lost.words
    assert await reception.kept() == []


async def test_once_the_message_has_left_he_may_be_given_up(reception: Reception) -> None:
    casework, state = reception.casework, await reception.casework.open()
    state = replace(state, reach=replace(state.reach, write_after=(3,)))
    for later in (0, 4, 8):
        at = MONDAY_MORNING + later * HOUR
        state = await casework.act(state, Attempt(Reached.NO_ANSWER), at)
    reception.clock.now = MONDAY_MORNING + 24 * HOUR
    await settled(reception, Posting.ACCEPTED)
    browser = await reception.signed_in("dora", state)
    close = (await browser.get(f"/cases/{state.case_id}")).form("/close")

    await browser.post(close.action, close.fields)

    assert [act.kind for act in await reception.kept()] == ["close"]


async def settled(reception: Reception, fate: Posting) -> None:
    outbox, tomorrow = Outbox(reception.casework.database), MONDAY_MORNING + 24 * HOUR
    while (letter := await outbox.claim(tomorrow)) is not None:
        await outbox.settle(letter.intent, fate, at=tomorrow)
