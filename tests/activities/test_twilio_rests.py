"""While Twilio refuses the account, or fails one message after another, it is left alone; nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from activities.twilio_messages import TwilioMessages
from models.breaker import FIRST_REST, Cause, Rest, Standing
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear
from models.people import Channel
from models.store.breaker import Breaker, read_rest, try_carrier_now
from models.store.database import Database
from models.store.outbox import Letter
from models.survey import Identity
from tests.activities.sms_house import DORA, ODILE, PUBLIC_URL, SHORT, SmsHouse, sms_house
from tests.activities.twilio_server import Mood, account_at
from tests.casework import Casework, another
from twilio_client import TwilioClient

LETTER = Letter("c:1:0", "ask", "owner", Channel.SMS, "fr", DORA, None, "Bonjour")
REST = FIRST_REST.total_seconds()
A_MOMENT = timedelta(seconds=0.1)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def house(casework: Casework, database_url: str) -> AsyncIterator[SmsHouse]:
    async with sms_house(casework, database_url) as house:
        yield house


async def rest_of(house: SmsHouse) -> Rest:
    async with house.casework.database.read() as session:
        return await read_rest(session)


async def posted_after(house: SmsHouse, seconds: float) -> None:
    """Where nobody looks for another way."""
    house.clock.now += timedelta(seconds=seconds)
    await house.office.empty()


async def post(house: SmsHouse, to: str = DORA) -> None:
    await house.messages.post(replace(LETTER, address=to))


async def test_each_refusal_of_the_account_lets_it_rest_longer(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT, Mood.REFUSES_ACCOUNT]
    await house.casework.open()
    with capture_logs() as logged:
        for seconds in (0, REST - 1, 1, 2 * REST - 1):
            await posted_after(house, seconds)
    assert len(house.twilio.posts) == 2

    await posted_after(house, 1)

    assert [row.status for row in await house.rows()] == ["accepted"]
    told = [line["event"] for line in logged if line["event"].startswith("carrier_")]
    assert told == ["carrier_rests", "carrier_is_tried", "carrier_rests"]


async def test_a_process_that_starts_anew_leaves_it_alone_as_well(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    with pytest.raises(CarrierBusy):
        await post(house)
    async with aclosing(TwilioClient(house.twilio.account, patience=SHORT)) as http:
        breaker = Breaker(house.casework.database, house.twilio.account)
        other = TwilioMessages(breaker, http, public_url=PUBLIC_URL, clock=house.clock)
        await other.begin()
        with pytest.raises(CarrierBusy) as busy:
            await other.post(LETTER)
    assert (busy.value.wait, len(house.twilio.posts)) == (FIRST_REST, 1)


async def test_a_new_token_ends_the_rest_and_nothing_waits_for_it(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    await house.casework.open()
    await house.wait(0)
    changed = account_at(house.twilio.host, sender="BELVALLEE2")
    async with aclosing(TwilioClient(changed, patience=SHORT)) as http:
        breaker = Breaker(house.casework.database, changed)
        await TwilioMessages(breaker, http, public_url=None, clock=house.clock).begin()
    assert (await rest_of(house)).standing(house.clock()) is Standing.CLOSED

    await house.wait(1)

    assert [row.status for row in await house.rows()] == ["accepted"]


async def test_somebody_who_has_seen_to_it_need_not_wait(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    await house.casework.open()
    await house.wait(0)
    async with house.casework.database.write() as session:
        assert await try_carrier_now(session, house.clock())

    await house.wait(1)

    assert [row.status for row in await house.rows()] == ["accepted"]
    assert (await rest_of(house)).trouble(house.clock()) is None


@pytest.mark.parametrize("mood", [Mood.AWAY, Mood.LOST, Mood.HANGING])
async def test_three_faults_in_a_row_are_enough(house: SmsHouse, mood: Mood) -> None:
    house.twilio.moods[DORA] = [mood] * 4
    for _ in range(3):
        with pytest.raises(CarrierUnclear):
            await post(house)
    with pytest.raises(CarrierBusy):
        await post(house, ODILE)
    assert len(house.twilio.posts) == 3
    assert (await rest_of(house)).cause is Cause.FAULTS


@pytest.mark.parametrize("asked", [True, False])
async def test_one_text_that_fails_because_the_account_is_suspended_is_enough(
    house: SmsHouse,
    asked: bool,  # noqa: FBT001
) -> None:
    await house.casework.open()
    await house.wait(0)
    [message] = house.twilio.messages
    if asked:
        message.status, message.code = "failed", 30002
        await house.wait(REST)
    else:
        await house.tell(message, "failed", "30002")

    rest = await rest_of(house)
    assert (rest.cause, rest.code) == (Cause.ACCOUNT, 30002)
    assert rest.refuses_calls(house.clock())
    with pytest.raises(CarrierBusy):
        await post(house, ODILE)
    assert len(house.twilio.posts) == 1


async def test_too_many_requests_are_no_refusal(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.TOO_MANY] * 6
    for _ in range(6):
        with pytest.raises(CarrierBusy):
            await post(house)
        house.clock.now += timedelta(seconds=40)
    await post(house)
    rest = await rest_of(house)
    assert (rest.times, rest.trouble(house.clock())) == (0, None)


async def test_a_wrong_sender_is_noticed_after_five(house: SmsHouse) -> None:
    """Of the same customer's: a colleague would be passed over before."""
    numbers = [f"+3363998100{n}" for n in range(8)]
    house.twilio.moods = {number: [Mood.WRONG_SENDER] for number in [DORA, *numbers]}
    for n in range(8):
        await house.casework.open(another(f"r-{n}", customer=Identity(f"c-{n}")))
        house.twilio.moods[DORA] = [Mood.WRONG_SENDER]
        await house.wait(0)
    assert len(house.twilio.posts) == 5
    assert (await rest_of(house)).cause is Cause.SETTINGS


async def test_one_number_that_is_refused_stops_nobody(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.LANDLINE] * 20
    for _ in range(20):
        with pytest.raises(CarrierRefused):
            await post(house)
    await post(house, ODILE)


async def test_where_nobody_can_say_how_it_stands_nothing_leaves(house: SmsHouse) -> None:
    nowhere = Database("sqlite+aiosqlite:////nowhere/rappel.db", house.casework.database.vault)
    async with aclosing(TwilioClient(house.twilio.account, patience=SHORT)) as http:
        breaker = Breaker(nowhere, house.twilio.account)
        blind = TwilioMessages(breaker, http, public_url=None, clock=house.clock)
        with pytest.raises(CarrierBusy):
            await blind.post(LETTER)
    await nowhere.close()
    assert house.twilio.posts == []


@asynccontextmanager
async def hurried(house: SmsHouse) -> AsyncIterator[TwilioMessages]:
    """Who waits for the database for a moment only."""
    account, clock = house.twilio.account, house.clock
    async with aclosing(TwilioClient(account, patience=SHORT)) as http:
        breaker = Breaker(house.casework.database, account)
        yield TwilioMessages(breaker, http, public_url=None, clock=clock, keeping=A_MOMENT)


async def test_while_the_database_does_not_say_how_it_stands_nothing_leaves(
    house: SmsHouse,
) -> None:
    house.twilio.moods[DORA] = [Mood.REFUSES_ACCOUNT]
    with pytest.raises(CarrierBusy):
        await post(house)
    house.clock.now += FIRST_REST
    async with hurried(house) as messages, house.casework.database.write():
        with pytest.raises(CarrierBusy):
            await messages.post(LETTER)
    assert len(house.twilio.posts) == 1


async def test_what_twilio_took_keeps_its_name_while_the_database_is_slow(house: SmsHouse) -> None:
    house.twilio.moods[DORA] = [Mood.AWAY]
    with pytest.raises(CarrierUnclear):
        await post(house)
    async with hurried(house) as messages, house.casework.database.write():
        sid = await messages.post(LETTER)
    assert sid == house.twilio.messages[0].sid
