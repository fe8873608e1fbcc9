"""A case that rests, on its page and in the inbox."""

from datetime import timedelta

from models.actions import Acknowledge, Pause
from tests.casework import MONDAY_MORNING
from tests.web.pages.reception import Reception

DAY = timedelta(days=1)
REST = Pause("customer_away", MONDAY_MORNING + 2 * DAY)


async def test_a_case_rests_by_one_form_with_a_reason_a_day_and_words(reception: Reception) -> None:
    state = await reception.casework.open()
    dora = await reception.signed_in("dora", state)
    form = (await dora.get(f"/cases/{state.case_id}")).form("/pause")
    filled = {"pause": "customer_away", "until": "2027-03-03", "words": "On holiday."}
    await dora.send(form, **filled)
    [kept] = await reception.kept()
    assert (kept.actor, kept.kind) == ("dora", "pause")
    assert b"holiday" not in (kept.words_sealed or b"")


async def test_a_case_that_rests_says_so_until_when_and_why(reception: Reception) -> None:
    state = await reception.casework.open()
    await reception.casework.act(state, REST, MONDAY_MORNING)
    denis = await reception.signed_in("denis", state)
    page = await denis.get(f"/cases/{state.case_id}")
    assert "Rests until Wednesday 3 March, 10:00: Customer away" in page.words
    assert "What was promised to the customer does not rest." in page.words


async def test_whoever_acts_ends_a_pause_but_only_its_owner_begins_one(
    reception: Reception,
) -> None:
    state = await reception.casework.open()
    denis = await reception.signed_in("denis", state)
    before = await denis.get(f"/cases/{state.case_id}")
    await reception.casework.act(state, REST, MONDAY_MORNING)
    after = await denis.get(f"/cases/{state.case_id}")
    assert not [action for action in before.forms if action.endswith("/pause")]
    assert [action for action in after.forms if action.endswith("/resume")]


async def test_a_pause_longer_than_its_reason_is_refused_in_words(reception: Reception) -> None:
    state = await reception.casework.open()
    dora = await reception.signed_in("dora", state)
    form = (await dora.get(f"/cases/{state.case_id}")).form("/pause")
    long = {"pause": "customer_away", "until": "2027-03-20", "words": "On holiday."}
    page = await dora.send(form, **long)
    assert "plus long que ce motif ne le permet" in page.words
    assert "On holiday." in page.answered.text
    assert await reception.kept() == []


async def test_the_inbox_shows_that_a_case_rests(reception: Reception) -> None:
    opened = await reception.casework.open()
    state = await reception.casework.act(opened, Acknowledge(), MONDAY_MORNING)
    await reception.casework.act(state, REST, MONDAY_MORNING)
    dora = await reception.signed_in("dora", state)
    inbox, calls = await dora.get("/inbox"), await dora.get("/round")
    assert "En pause jusqu’à" in inbox.words
    assert "Client absent" in inbox.words
    assert state.case_id not in calls.answered.text
