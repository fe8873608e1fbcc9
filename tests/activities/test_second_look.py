"""Just before a letter leaves its case is looked at again, and the timeline says why it did not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, delete, select

from models.absence import Absence
from models.actions import Acknowledge, Attempt, Close, HandOver, Outcome, Reached
from models.case import CaseState
from models.notices import Audience
from models.posting import Posting
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.outbox import Letter, Outbox
from models.store.second_look import SecondLook
from models.survey import Identity
from models.tables import EntryRow, IntentRow, KeyRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.grave import have_topics

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENING = MONDAY_MORNING + 10 * HOUR
"""20:00 in Paris, where the north has closed."""
TUESDAY = MONDAY_MORNING + timedelta(hours=23)
"""09:00 in Paris."""


def outbox_of(casework: Casework) -> Outbox:
    return Outbox(casework.database, SecondLook(casework.book, casework.database.vault))


async def in_hand(casework: Casework) -> Letter:
    """Of the carrier: no commit can withdraw it any more."""
    letter = await outbox_of(casework).claim(MONDAY_MORNING)
    assert letter is not None
    return letter


async def again(casework: Casework, letter: Letter) -> None:
    """The carrier did not take it."""
    later = MONDAY_MORNING + 2 * MINUTE
    await outbox_of(casework).put_back(letter.intent, not_before=later)


async def unsent(casework: Casework, state: CaseState) -> list[Mapping[str, str | int]]:
    timeline = (await casework.view(state.case_id)).timeline
    return [entry.facts for entry in timeline if entry.kind is EntryKind.NOT_SENT]


async def fate_of(casework: Casework, letter: Letter) -> tuple[str, str | None]:
    async with casework.database.read() as session:
        row = await session.get_one(IntentRow, letter.intent)
    return row.status, row.reason


async def test_what_comes_back_from_the_carrier_after_the_end_is_not_sent(
    casework: Casework,
) -> None:
    state = await casework.open()
    letter = await in_hand(casework)
    state = await casework.act(state, Attempt(Reached.REFUSED), MONDAY_MORNING + MINUTE)
    await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING + MINUTE)
    await again(casework, letter)

    await outbox_of(casework).claim(MONDAY_MORNING + 3 * MINUTE)

    assert await fate_of(casework, letter) == (Posting.WITHDRAWN, "closed")
    told = (await unsent(casework, state))[-1]
    assert (told["message"], told["why"]) == ("ask", "closed")
    assert told["closed_at"] == (MONDAY_MORNING + MINUTE).isoformat()


async def test_what_comes_back_after_somebody_acted_is_not_sent(casework: Casework) -> None:
    state = await casework.open()
    letter = await in_hand(casework)
    await casework.act(state, Acknowledge(), MONDAY_MORNING + MINUTE)
    await again(casework, letter)

    assert await outbox_of(casework).claim(MONDAY_MORNING + 3 * MINUTE) is None
    assert await fate_of(casework, letter) == (Posting.WITHDRAWN, "acted")


async def test_who_handed_the_case_over_meanwhile_is_not_asked(casework: Casework) -> None:
    state = await casework.open()
    letter = await in_hand(casework)
    await casework.act(state, HandOver("denis"), MONDAY_MORNING + MINUTE)
    await again(casework, letter)

    while await outbox_of(casework).claim(MONDAY_MORNING + 3 * MINUTE):
        continue

    assert await fate_of(casework, letter) == (Posting.WITHDRAWN, "other_owner")


async def test_what_comes_back_and_still_holds_leaves(casework: Casework) -> None:
    await casework.open()
    letter = await in_hand(casework)
    await again(casework, letter)

    found = await outbox_of(casework).claim(MONDAY_MORNING + 3 * MINUTE)

    assert found is not None
    assert found.intent == letter.intent


async def test_a_letter_that_no_key_opens_is_not_sent_and_the_case_says_so(
    casework: Casework,
) -> None:
    state = await casework.open()
    async with casework.database.write() as session:
        key = (await session.exec(select(IntentRow.key_id))).one()
        await session.exec(delete(KeyRow).where(col(KeyRow.id) == key))

    assert await outbox_of(casework).claim(MONDAY_MORNING) is None
    assert [facts.get("why") for facts in await unsent(casework, state)] == ["forgotten"]


async def test_what_another_key_has_sealed_fails_alone_and_holds_up_nobody(
    casework: Casework,
) -> None:
    await casework.open()
    state = await casework.open(another("r-2", customer=Identity("c-2", phone="+33639980202")))
    async with casework.database.write() as session:
        others = select(IntentRow).where(col(IntentRow.case_id) != state.case_id)
        first = (await session.exec(others)).one()
        first.audience, first.person = Audience.CUSTOMER, None
        session.add(first)
        key = await session.get_one(KeyRow, first.key_id)
        key.wrapped = b"sealed by another key, somewhere else"
        session.add(key)

    left = await outbox_of(casework).claim(MONDAY_MORNING + MINUTE)

    assert left is not None
    assert left.intent.startswith(state.case_id)
    async with casework.database.read() as session:
        unread = await session.get_one(IntentRow, first.id)
    assert (unread.status, unread.reason) == (Posting.FAILED, "unreadable")


async def test_what_a_carriers_outage_held_up_does_not_ring_at_night(casework: Casework) -> None:
    state = await casework.open()
    await again(casework, await in_hand(casework))

    assert await outbox_of(casework).claim(EVENING) is None
    assert await outbox_of(casework).claim(TUESDAY - MINUTE) is None
    assert await outbox_of(casework).claim(TUESDAY) is not None

    timeline = (await casework.view(state.case_id)).timeline
    waits = [e.facts for e in timeline if e.kind is EntryKind.WAITS_FOR_OPENING]
    assert waits == [{"message": "ask", "until": TUESDAY.isoformat()}]


async def test_a_carrier_that_is_away_for_the_evening_and_asked_all_the_time_rings_nobody(
    casework: Casework,
) -> None:
    afternoon, closing = MONDAY_MORNING + 5 * HOUR, MONDAY_MORNING + 8 * HOUR + 30 * MINUTE
    await casework.open(replace(UNHAPPY, submitted_at=afternoon))
    at, outbox = afternoon, outbox_of(casework)
    while (letter := await outbox.claim(at)) is not None:
        at += 30 * MINUTE
        await outbox.put_back(letter.intent, not_before=at)

    assert at == closing
    assert await outbox.claim(TUESDAY) is not None


async def test_whose_turn_comes_after_hours_waits_for_the_next_ones(casework: Casework) -> None:
    closing = MONDAY_MORNING + 8 * HOUR + 30 * MINUTE
    for n in (1, 2):
        customer = replace(UNHAPPY.customer, id=f"c-{n}")
        at = closing - MINUTE / 2
        await casework.open(another(f"r-{n}", customer=customer, submitted_at=at))

    assert await outbox_of(casework).claim(closing - MINUTE / 2) is not None
    assert await outbox_of(casework).claim(closing - MINUTE / 2) is None
    assert await outbox_of(casework).claim(closing + 2 * MINUTE) is None
    assert await outbox_of(casework).claim(TUESDAY) is not None


async def test_who_is_away_by_then_does_not_learn_who_has_the_case(casework: Casework) -> None:
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)
    async with casework.database.write() as session:
        absence = Absence("a-1", "dora", MONDAY_MORNING, MONDAY_MORNING + 48 * HOUR)
        keep_absence(session, absence, by="nora", at=MONDAY_MORNING, key="k-1")

    while await outbox_of(casework).claim(MONDAY_MORNING + HOUR):
        continue

    assert {"message": "moved_on", "why": "away", "stage": "asked"} in await unsent(casework, state)


async def test_a_stranger_with_the_customers_number_reads_nothing(
    database: Database, vault: Vault
) -> None:
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    casework = await casework_of(text, database, vault)
    state = await casework.act(await casework.open(), Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
    at = MONDAY_MORNING + MINUTE
    await casework.act(state, Attempt(Reached.WRONG_NUMBER), at)

    while (letter := await outbox_of(casework).claim(MONDAY_MORNING + HOUR)) is not None:
        assert letter.audience != "customer"

    assert "wrong_number" in [facts.get("why") for facts in await unsent(casework, state)]


async def test_a_colleague_gets_one_text_a_minute(casework: Casework) -> None:
    for n in (1, 2):
        await casework.open(another(f"r-{n}", customer=replace(UNHAPPY.customer, id=f"c-{n}")))

    first = await outbox_of(casework).claim(MONDAY_MORNING)

    assert first is not None
    assert await outbox_of(casework).claim(MONDAY_MORNING + MINUTE / 2) is None
    assert await outbox_of(casework).claim(MONDAY_MORNING + MINUTE) is not None


async def test_zero_tolerance_passes_ahead(casework: Casework) -> None:
    await have_topics(casework)
    for n in (1, 2):
        customer = replace(UNHAPPY.customer, id=f"c-{n}", email=f"{n}@client.example")
        await casework.open(another(f"r-{n}", customer=customer, comment="My lawyer will write."))

    left = []
    while (letter := await outbox_of(casework).claim(MONDAY_MORNING)) is not None:
        left.append((letter.message, letter.address))

    assert left.count(("starts_above", "+33639980041")) == 2


async def test_the_timeline_holds_the_reason_once(casework: Casework) -> None:
    state = await casework.open()
    letter = await in_hand(casework)
    await casework.act(state, Acknowledge(), MONDAY_MORNING + MINUTE)
    await again(casework, letter)
    for _ in range(3):
        await outbox_of(casework).claim(MONDAY_MORNING + 3 * MINUTE)

    async with casework.database.read() as session:
        rows = select(EntryRow).where(EntryRow.kind == EntryKind.NOT_SENT)
        assert len((await session.exec(rows)).all()) == 1


@pytest.mark.parametrize("late", [MINUTE, 4 * MINUTE])
async def test_what_is_only_just_late_leaves(casework: Casework, late: timedelta) -> None:
    await casework.open()

    assert await outbox_of(casework).claim(MONDAY_MORNING + late) is not None
