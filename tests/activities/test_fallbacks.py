"""Who has a second way is told by it what did not reach him by the first: once, and while it still holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from activities.fallbacks import Fallbacks
from models.actions import Acknowledge, Attempt, Reached
from models.case import CaseState
from models.fallback_tables import FallbackRow
from models.people import Channel
from models.posting import Posting
from models.store.database import Database
from models.store.second_look import SecondLook
from models.store.unreachable import unreachable_people
from models.tables import IntentRow, KeyRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.activities.sms_house import DORA, ODILE, SmsHouse, sms_house
from tests.activities.twilio_server import TAKEN_IN_SILENCE, Message, Mood
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.databases import ENGINES

HOUR = timedelta(hours=1)
CLOSING = MONDAY_MORNING + 8 * HOUR + HOUR / 2
TUESDAY = MONDAY_MORNING + 23 * HOUR
"""18:30 on Monday and 09:00 on Tuesday in Paris, where the north closes and opens."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On SQLite, unless a test asks for both engines."""
    engine = getattr(request, "param", "sqlite")
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
async def house(casework: Casework, database_url: str) -> AsyncIterator[SmsHouse]:
    async with sms_house(casework, database_url) as house:
        yield house


@pytest.fixture
async def writing(database: Database, vault: Vault, database_url: str) -> AsyncIterator[SmsHouse]:
    """Odile, who left a phone and an e-mail, was tried in vain: ten minutes later she is written to."""
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    async with sms_house(await casework_of(text, database, vault), database_url) as house:
        state = await house.casework.open()
        await house.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
        yield house


async def asked(house: SmsHouse) -> CaseState:
    """Dora is asked to call Odile, by SMS."""
    state = await house.casework.open()
    await house.wait(0)
    return state


async def told(house: SmsHouse, state: CaseState) -> list[Mapping[str, str | int]]:
    timeline = (await house.casework.view(state.case_id)).timeline
    return [entry.facts for entry in timeline if entry.kind is EntryKind.TOLD_OTHERWISE]


async def lose(house: SmsHouse, number: int = -1, status: str = "undelivered") -> None:
    """Of what Twilio was given the one of that number."""
    messages = [*reversed(house.twilio.messages)]
    await house.call(house.twilio.posts[number], messages[number], status, "30003")


async def test_a_colleague_gets_a_mail_of_what_is_not_delivered_in_time(house: SmsHouse) -> None:
    state = await asked(house)
    await house.wait(599)
    assert await house.mails() == []

    await house.wait(1)

    [mail] = await house.mails()
    assert (mail.status, mail.fallback_of) == ("accepted", (await house.row()).id)
    assert await told(house, state) == [{"message": "ask", "channel": "email"}]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_it_says_the_same_in_the_words_of_a_mail(house: SmsHouse) -> None:
    await asked(house)
    await lose(house)
    await house.wait(0)

    [mail] = await house.mails()
    async with house.casework.database.read() as session:
        letter = await house.outbox.whole_letter(session, mail.id)
    assert letter is not None
    assert (letter.address, letter.message) == ("dora@small.example", "ask")
    assert letter.subject
    [link] = [word for word in house.twilio.posts[0]["Body"].split() if word.startswith("http")]
    assert link in letter.body


@pytest.mark.parametrize("status", ["undelivered", "failed"])
async def test_what_surely_did_not_arrive_is_not_waited_for(house: SmsHouse, status: str) -> None:
    await asked(house)
    await lose(house, status=status)
    await house.wait(1)
    assert [mail.status for mail in await house.mails()] == ["accepted"]


async def test_what_arrived_is_told_once(house: SmsHouse) -> None:
    await asked(house)
    await house.tell(house.twilio.messages[0], "delivered")
    await house.wait_a_day()
    assert await house.mails() == []
    async with house.casework.database.read() as session:
        assert (await session.exec(select(FallbackRow))).all() == []


async def test_what_somebody_has_acted_on_is_not_told_again(house: SmsHouse) -> None:
    state = await asked(house)
    await house.casework.act(state, Acknowledge(), MONDAY_MORNING + timedelta(minutes=1))
    await lose(house)
    await house.wait_a_day()
    assert await house.mails() == []
    assert await told(house, state) == []


@pytest.mark.parametrize("mood", [Mood.AWAY, *TAKEN_IN_SILENCE])
async def test_what_nobody_knows_of_is_told_by_mail_too(house: SmsHouse, mood: Mood) -> None:
    house.twilio.moods[DORA] = [mood, mood]
    await asked(house)
    await house.wait_a_day()
    assert len(await house.mails()) == 1


async def test_what_says_it_once_more_is_waited_for(house: SmsHouse) -> None:
    """After a full queue; then it is known to have arrived."""
    await asked(house)
    await house.tell(house.twilio.messages[0], "failed", "30001")
    await house.wait(300)
    await house.call(house.twilio.posts[1], house.twilio.messages[0], "delivered")
    await house.wait_a_day()
    assert await house.mails() == []


async def test_a_mail_waits_for_opening_hours_as_a_text_does(house: SmsHouse) -> None:
    house.clock.now = CLOSING - timedelta(minutes=1)
    await house.casework.open(replace(UNHAPPY, submitted_at=house.clock.now))
    await house.wait(0)
    await lose(house)
    await house.wait(120)
    [mail] = await house.mails()
    assert (mail.status, mail.not_before) == ("pending", TUESDAY)


async def test_an_act_withdraws_the_mail_that_waits(house: SmsHouse) -> None:
    house.clock.now = CLOSING - timedelta(minutes=1)
    state = await house.casework.open(replace(UNHAPPY, submitted_at=house.clock.now))
    await house.wait(0)
    await lose(house)
    await house.wait(120)

    await house.casework.act(state, Acknowledge(), house.clock())

    assert [mail.status for mail in await house.mails()] == ["withdrawn"]


async def test_who_prefers_mail_gets_a_text_where_it_is_refused(
    database: Database, vault: Vault, database_url: str
) -> None:
    text = SMALL.read_text().replace(
        "    email: dora@small.example\n", "    email: dora@small.example\n    prefers: email\n"
    )
    casework = await casework_of(text, database, vault)
    async with sms_house(casework, database_url) as house:
        await house.casework.open()
        letter = await house.outbox.claim(house.clock())
        assert letter is not None
        assert letter.address == "dora@small.example"
        at = house.clock()
        await house.outbox.settle(letter.intent, Posting.FAILED, at=at, reason="refused")
        await house.wait(1)
        assert [form["To"] for form in house.twilio.posts] == [DORA]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_however_many_look_it_is_told_once(house: SmsHouse) -> None:
    state = await asked(house)
    await lose(house)
    await asyncio.gather(*(house.fallbacks.look_after_all() for _ in range(4)))
    await house.fallbacks.look_after_all()
    assert len(await house.mails()) == 1
    assert len(await told(house, state)) == 1


async def test_what_another_key_has_sealed_holds_up_nobody(house: SmsHouse) -> None:
    await asked(house)
    await lose(house)
    async with house.casework.database.write() as session:
        row = (await session.exec(select(IntentRow))).one()
        row.audience, row.person = "customer", None
        session.add(row)
        key = await session.get_one(KeyRow, row.key_id)
        key.wrapped = b"sealed by another key, somewhere else"
        session.add(key)
    await house.wait_a_day()
    assert await house.mails() == []


async def of_customer(house: SmsHouse) -> list[str]:
    return [mail.status for mail in await house.mails() if mail.audience == "customer"]


async def to_odile(house: SmsHouse) -> int:
    """Which of what Twilio was given is for her."""
    await house.wait(601)
    return next(n for n, form in enumerate(house.twilio.posts) if form["To"] == ODILE)


async def test_a_customer_gets_a_mail_of_what_surely_failed(writing: SmsHouse) -> None:
    await lose(writing, await to_odile(writing), "failed")
    await writing.wait(1)
    assert await of_customer(writing) == ["accepted"]


async def test_a_customer_gets_no_mail_of_what_may_arrive_yet(writing: SmsHouse) -> None:
    await to_odile(writing)
    await writing.wait_a_day()
    assert await of_customer(writing) == []


async def test_a_part_of_a_message_to_a_customer_may_be_undelivered(writing: SmsHouse) -> None:
    number = await to_odile(writing)
    await lose(writing, number)
    await writing.wait(500)
    assert await of_customer(writing) == []
    await writing.wait(100)
    assert await of_customer(writing) == ["accepted"]


async def test_what_reached_a_customer_by_mail_is_not_written_again(writing: SmsHouse) -> None:
    await lose(writing, await to_odile(writing), "failed")
    await writing.wait(1)
    [row] = await writing.rows("customer")
    state = await writing.casework.state(str(row.case_id))
    after = await writing.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING + 4 * HOUR)
    assert (after.reach.lost, after.reach.written) == (0, 1)


async def test_what_was_written_again_since_is_not_written_a_third_time(writing: SmsHouse) -> None:
    """Nobody knew of the first until the second had left."""
    writing.twilio.moods[ODILE] = [Mood.AWAY]
    await to_odile(writing)
    [row] = await writing.rows("customer")
    state = await writing.casework.state(str(row.case_id))
    await writing.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING + 4 * HOUR)
    await writing.wait(5 * HOUR.total_seconds())
    late = Message("SM" + "e" * 32, ODILE, writing.twilio.posts[0]["Body"], MONDAY_MORNING)

    await writing.call(writing.twilio.posts[0], late, "failed", "30003")
    await writing.wait(1)

    assert [row.status for row in await writing.rows("customer")] == ["failed", "accepted"]
    assert await of_customer(writing) == []


async def test_a_mail_that_did_not_leave_yet_does_not_where_the_text_arrived(
    house: SmsHouse,
) -> None:
    await asked(house)
    await lose(house)
    await house.fallbacks.look_after_all()
    await house.tell(house.twilio.messages[0], "delivered")
    await house.wait(1)
    assert [mail.status for mail in await house.mails()] == ["withdrawn"]


async def test_nothing_goes_by_a_way_that_only_the_console_shows(house: SmsHouse) -> None:
    state = await asked(house)
    await lose(house)
    looking = SecondLook(house.casework.book, house.casework.database.vault)
    by_phone = Fallbacks(
        house.casework.database,
        looking,
        ways=[Channel.SMS],
        clock=house.clock,
        written=lambda: None,
    )

    await by_phone.look_after_all()

    assert (await house.mails(), await told(house, state)) == ([], [])
    async with house.casework.database.read() as session:
        assert (await session.exec(select(FallbackRow))).all() == []


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_while_the_account_is_refused_a_colleague_is_told_by_mail(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT] * 9
    state = await asked(house)
    await house.wait(599)
    assert await house.mails() == []

    await house.wait(1)

    [mail] = await house.mails()
    row = await house.row()
    assert (mail.status, mail.fallback_of) == ("accepted", row.id)
    assert (row.status, row.reason) == ("withdrawn", "held_up")
    assert await told(house, state) == [{"message": "ask", "channel": "email"}]
    del house.twilio.moods[DORA]
    await house.wait_a_day()
    assert (len(house.twilio.messages), len(await house.mails())) == (0, 1)


async def test_while_the_account_is_refused_a_customer_is_written_to_by_mail(
    writing: SmsHouse,
) -> None:
    writing.twilio.moods[ODILE] = [Mood.REFUSES_ACCOUNT] * 9
    await writing.wait(601)
    await writing.wait(599)
    assert await of_customer(writing) == []
    await writing.wait(1)
    assert await of_customer(writing) == ["accepted"]
    assert [row.status for row in await writing.rows("customer")] == ["withdrawn"]


async def test_what_was_given_back_and_waits_for_an_opening_goes_no_other_way(
    house: SmsHouse,
) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    await asked(house)
    async with house.casework.database.write() as session:
        row = (await session.exec(select(IntentRow))).one()
        row.not_before = TUESDAY
        session.add(row)
    await house.wait(3600)
    assert await house.mails() == []


async def test_what_a_post_office_has_in_hand_goes_no_other_way(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    await asked(house)
    house.clock.now += timedelta(minutes=10)
    assert await house.outbox.claim(house.clock()) is not None
    await house.fallbacks.look_after_all()
    assert await house.mails() == []


async def lost(house: SmsHouse) -> frozenset[str]:
    async with house.casework.database.read() as session:
        return await unreachable_people(session, house.clock())


async def three_asked(house: SmsHouse) -> None:
    for n in range(3):
        customer = replace(UNHAPPY.customer, id=f"c-{n}", email=f"{n}@client.example", phone=None)
        at = house.clock()
        await house.casework.open(another(f"r-{n}", customer=customer, submitted_at=at))
    await house.wait(0)


async def test_nobody_is_lost_whom_a_mail_reaches(house: SmsHouse) -> None:
    await three_asked(house)
    for number in range(3):
        await lose(house, number)
        assert await lost(house) == frozenset()
    await house.wait(1)
    assert await lost(house) == frozenset()


async def test_whom_two_messages_reach_by_no_way_is_lost(house: SmsHouse) -> None:
    await three_asked(house)
    for number in range(3):
        await lose(house, number)
    await house.fallbacks.look_after_all()
    for refused in range(3):
        assert await lost(house) == ({"dora"} if refused >= 2 else frozenset())
        letter = await house.outbox.claim(house.clock())
        assert letter is not None
        at = house.clock()
        await house.outbox.settle(letter.intent, Posting.FAILED, at=at, reason="refused")
    assert await lost(house) == {"dora"}


async def test_a_message_that_goes_another_way_is_one_of_a_flood_there(house: SmsHouse) -> None:
    await three_asked(house)
    for number in range(3):
        await lose(house, number)
    await house.fallbacks.look_after_all()
    async with house.casework.database.read() as session:
        pending = select(IntentRow.nags).where(col(IntentRow.channel) == "email")
        assert (await session.exec(pending)).all() == [True] * 3
