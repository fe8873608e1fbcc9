"""A customer is called, and written to, on his own clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.actions import Acknowledge, AddAction, Attempt, PromiseKind, Reached
from models.case import CaseState, HeardAgain
from models.ladder import RungKind
from models.store.database import Database
from models.store.outbox import Outbox
from models.survey import Identity
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.casework_fixture import casework_of

HOUR = timedelta(hours=1)
NO_ANSWER = Attempt(Reached.NO_ANSWER)
REUNION, MARTINIQUE, FRANCE = "+262692123456", "+596696123456", "+33612345678"


@pytest.fixture
async def writing(database: Database, vault: Vault) -> Casework:
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    return await casework_of(text, database, vault)


def odile(phone: str | None, zone: str | None = None) -> Identity:
    return Identity("c-1", "Odile Kerverne", "odile@client.example", phone, zone)


async def opened(casework: Casework, customer: Identity) -> CaseState:
    return await casework.open(replace(UNHAPPY, customer=customer))


async def hear(casework: Casework, state: CaseState, customer: Identity, at: datetime) -> CaseState:
    said = replace(UNHAPPY, response_id="r-2", customer=customer, submitted_at=at)
    taken = await casework.hear(said)
    row = await casework.response("r-2")
    assert taken.case_id == state.case_id
    event = HeardAgain(row.id, row.revision, at, at, new_phone=row.new_phone)
    return (await casework.take(state, event)).state


def paris(text: str) -> datetime:
    return datetime.fromisoformat(f"2027-03-{text}+01:00")


async def test_the_next_call_comes_in_the_windows_on_the_clock_of_the_customer(
    casework: Casework,
) -> None:
    """At 13:00 in Paris it is 16:00 on the island, and nobody's lunch."""
    state = await opened(casework, odile(REUNION))

    state = await casework.act(state, NO_ANSWER, MONDAY_MORNING)

    assert state.reach.next_call_at == paris("01T13:00")
    assert (await casework.view(state.case_id)).customer.zone == "Indian/Reunion"


async def test_what_he_said_of_his_clock_counts_before_his_phone(casework: Casework) -> None:
    state = await opened(casework, odile(FRANCE, "America/Martinique"))

    state = await casework.act(state, NO_ANSWER, MONDAY_MORNING)

    assert state.reach.next_call_at == paris("01T15:00")


async def test_a_phone_that_tells_no_single_clock_leaves_that_of_the_region(
    casework: Casework,
) -> None:
    state = await opened(casework, odile("+14155552671"))

    state = await casework.act(state, NO_ANSWER, MONDAY_MORNING)

    assert state.reach.next_call_at == paris("01T14:00")


async def test_another_phone_moves_no_instant_that_was_planned_and_counts_from_the_next_on(
    casework: Casework,
) -> None:
    state = await opened(casework, odile(REUNION))
    planned = await casework.act(state, NO_ANSWER, MONDAY_MORNING)

    heard = await hear(casework, planned, odile(MARTINIQUE), MONDAY_MORNING + HOUR)
    again = await casework.act(heard, NO_ANSWER, MONDAY_MORNING + 4 * HOUR)

    assert (heard.reach.next_call_at, heard.rungs) == (planned.reach.next_call_at, planned.rungs)
    assert again.reach.next_call_at == paris("01T17:00")


async def test_what_he_said_stands_though_another_phone_comes(casework: Casework) -> None:
    state = await opened(casework, odile(FRANCE, "Indian/Reunion"))

    await hear(casework, state, odile(MARTINIQUE), MONDAY_MORNING + HOUR)

    customer = (await casework.view(state.case_id)).customer
    assert (customer.zone, customer.phone) == ("Indian/Reunion", MARTINIQUE)


async def test_an_older_answer_that_comes_late_does_not_move_his_clock(casework: Casework) -> None:
    state = await opened(casework, odile(None, "Indian/Reunion"))

    earlier = replace(UNHAPPY, response_id="r-0", customer=odile(None, "Europe/Paris"))
    await casework.hear(replace(earlier, submitted_at=MONDAY_MORNING - HOUR))

    assert (await casework.view(state.case_id)).customer.zone == "Indian/Reunion"


async def test_no_message_reaches_him_in_his_night(writing: Casework) -> None:
    """The office opens at nine: where he is, five hours later than here."""
    state = await opened(writing, odile(MARTINIQUE))

    state = await writing.act(state, NO_ANSWER, MONDAY_MORNING)

    assert await leaving(writing, state) == [paris("01T14:00")]


async def leaving(casework: Casework, state: CaseState) -> Sequence[datetime]:
    messages = (await casework.view(state.case_id)).messages
    return [m.not_before for m in messages if m.person is None]


async def test_nobody_is_reminded_to_call_while_it_is_night_where_the_customer_is(
    casework: Casework,
) -> None:
    """At half past eight in the evening he would be called in time; in the morning he sleeps."""
    state = await opened(casework, odile(MARTINIQUE))
    state = await casework.act(state, Acknowledge(), MONDAY_MORNING)

    state = await casework.act(state, NO_ANSWER, paris("01T17:30"))

    reminders = [rung.at for rung in state.rungs if rung.kind is RungKind.REMIND]
    assert state.reach.next_call_at == paris("01T20:30")
    assert reminders
    assert min(reminders) >= paris("02T15:00")


async def test_a_day_that_was_promised_is_that_day_on_his_clock_too(casework: Casework) -> None:
    body = await promised(casework, paris("05T23:59"))
    assert "vendredi 5 mars" in body
    assert "samedi" not in body


async def test_a_call_that_was_promised_is_told_on_his_clock(casework: Casework) -> None:
    assert "vendredi 5 mars à 17h30" in await promised(casework, paris("05T14:30"))


async def promised(casework: Casework, due: datetime) -> str:
    state = await opened(casework, odile(REUNION))
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING)
    call = AddAction("dora", due, PromiseKind.CALL)
    await casework.act(state, call, MONDAY_MORNING)
    outbox = Outbox(casework.database)
    letters = [await outbox.claim(MONDAY_MORNING + HOUR) for _ in range(2)]
    (body,) = [letter.body for letter in letters if letter and letter.message == "promised"]
    return body.replace("\xa0", " ")
