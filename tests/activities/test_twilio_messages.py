"""An SMS leaves once, whatever Twilio answers and whoever dies, and we know what became of it."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest
from sqlmodel import select

from activities.twilio_messages import REST, TwilioMessages
from models.actions import Acknowledge
from models.case import CaseState
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear, Misconfigured
from models.people import Channel
from models.posting import Posting
from models.store.outbox import Letter
from models.store.suppressions import DEAD_FOR
from models.suppression_tables import SuppressionRow
from models.survey import Identity
from tests.activities.sms_house import DORA, ODILE, PUBLIC_URL, SmsHouse, sms_house
from tests.activities.twilio_server import (
    ROOT,
    TAKEN_IN_SILENCE,
    Form,
    Message,
    Mood,
    account_at,
)
from tests.casework import MONDAY_MORNING, Casework, another
from tests.databases import ENGINES
from tests.web.pages.reception import confirming
from twilio_client import TwilioClient

LETTER = Letter("c:1:0", "ask", "owner", Channel.SMS, "fr", DORA, None, "Bonjour")
ALL_OF_TWILIO = [None, *Mood]


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On SQLite, unless a test asks for both engines."""
    engine = getattr(request, "param", "sqlite")
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
async def house(casework: Casework, database_url: str) -> AsyncIterator[SmsHouse]:
    async with sms_house(casework, database_url) as house:
        yield house


async def asked(house: SmsHouse, *moods: Mood) -> CaseState:
    """Dora is asked to call Odile."""
    house.twilio.moods[DORA] = [*moods]
    state = await house.casework.open()
    await house.wait(0)
    return state


async def fate(house: SmsHouse, audience: str = "owner") -> str:
    return (await house.row(audience)).status


async def test_it_leaves_with_what_twilio_needs_and_nothing_else(house: SmsHouse) -> None:
    await asked(house)
    row, [form] = await house.row(), house.twilio.posts
    assert form.keys() == {"To", "From", "Body", "ValidityPeriod", "StatusCallback"}
    assert (form["To"], form["From"], form["ValidityPeriod"]) == (DORA, "BELVALLEE", "14400")
    assert form["StatusCallback"].startswith(f"{PUBLIC_URL}/twilio/messages/{row.id}/status#")
    assert form["StatusCallback"].isascii()
    assert (row.status, row.sid) == ("accepted", house.twilio.messages[0].sid)


async def test_a_messaging_service_is_named_as_one(house: SmsHouse) -> None:
    account = account_at(house.twilio.host, sender=f"MG{'0b' * 16}")
    http = TwilioClient(account)
    await TwilioMessages(account, http, public_url=None, clock=house.clock).post(LETTER)
    await http.aclose()
    [form] = house.twilio.posts
    assert form.keys() == {"To", "MessagingServiceSid", "Body", "ValidityPeriod"}


@pytest.mark.parametrize("mood", TAKEN_IN_SILENCE)
@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_one_that_was_taken_in_silence_is_found_and_not_sent_again(
    house: SmsHouse, mood: Mood
) -> None:
    await asked(house, mood)
    assert await fate(house) == "unknown"

    await house.wait(30)

    assert await fate(house) == "accepted"
    house.twilio.messages[0].status = "delivered"
    await house.wait_a_day()
    row = await house.row()
    assert (row.status, row.sid, row.look_at) == ("delivered", house.twilio.messages[0].sid, None)
    assert (len(house.twilio.posts), len(house.twilio.messages)) == (1, 1)


@pytest.mark.parametrize("mood", [Mood.AWAY, Mood.ELSEWHERE])
@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_a_colleague_is_told_once_more_what_never_arrived_at_twilio(
    house: SmsHouse, mood: Mood
) -> None:
    await asked(house, mood)
    await house.wait(150)
    assert len(house.twilio.posts) == 1

    await house.wait(30)

    first, again = await house.rows()
    assert (first.status, again.status) == ("unknown", "accepted")
    assert again.retry_of == first.id
    assert len({form["Body"] for form in house.twilio.posts}) == 1
    await house.wait_a_day()
    assert (len(house.twilio.posts), len(house.twilio.messages)) == (2, 1)


async def test_what_says_it_again_is_not_said_a_third_time(house: SmsHouse) -> None:
    await asked(house, Mood.AWAY, Mood.AWAY, Mood.AWAY)
    await house.wait_a_day()
    assert [row.status for row in await house.rows()] == ["unknown", "unknown"]
    assert len(house.twilio.posts) == 2


async def test_as_long_as_twilio_cannot_be_asked_nothing_is_said_again(house: SmsHouse) -> None:
    house.twilio.reading = Mood.AWAY
    await asked(house, Mood.LOST)
    for _ in range(5):
        await house.wait(120)
    assert len(house.twilio.posts) == 1

    house.twilio.reading = None
    await house.wait(1200)

    assert await fate(house) == "accepted"
    assert len(house.twilio.messages) == 1


async def test_what_a_case_has_left_behind_is_not_said_again(house: SmsHouse) -> None:
    state = await asked(house, Mood.AWAY)
    await house.casework.act(state, Acknowledge(), MONDAY_MORNING + timedelta(minutes=1))
    await house.wait_a_day()
    assert len(house.twilio.posts) == 1
    assert await fate(house) == "unknown"


@pytest.mark.parametrize("mood", ALL_OF_TWILIO)
async def test_a_customer_is_never_told_twice(house: SmsHouse, mood: Mood | None) -> None:
    house.twilio.moods[ODILE] = [mood] if mood else []
    await confirming(house.casework)
    await house.wait_a_day()
    held = house.twilio.held_for(ODILE)
    assert len({message.body for message in held}) == len(held)


@pytest.mark.parametrize("mood", [*TAKEN_IN_SILENCE, Mood.AWAY])
async def test_a_customers_is_posted_once_and_reconciled(house: SmsHouse, mood: Mood) -> None:
    house.twilio.moods[ODILE] = [mood, mood, mood]
    await confirming(house.casework)
    await house.wait_a_day()
    rows = await house.rows("customer")
    assert house.twilio.posted_to(ODILE) == len(rows)
    assert {row.retry_of for row in rows} == {None}
    fates = {"unknown"} if mood is Mood.AWAY else {"accepted"}
    assert {row.status for row in rows if row.status != "withdrawn"} == fates


async def test_who_asks_for_patience_is_given_as_much_as_he_asks_for(house: SmsHouse) -> None:
    await asked(house, Mood.TOO_MANY, Mood.TOO_MANY)
    await house.wait(39)
    assert len(house.twilio.posts) == 1
    await house.wait(1)
    assert len(house.twilio.posts) == 2
    await house.wait(40)
    assert len(house.twilio.posts) == 3
    assert (await fate(house), len(house.twilio.messages)) == ("accepted", 1)


async def test_a_full_queue_is_given_minutes_and_holds_up_nobody_else(house: SmsHouse) -> None:
    await asked(house, Mood.QUEUE_FULL)
    assert await house.messages.post(replace(LETTER, address=ODILE))
    await house.wait(119)
    assert house.twilio.posted_to(DORA) == 1
    await house.wait(1)
    assert (house.twilio.posted_to(DORA), await fate(house)) == (2, "accepted")


async def test_a_refused_account_rests_and_no_message_is_lost(house: SmsHouse) -> None:
    await asked(house, Mood.REFUSES_ACCOUNT)
    another_customer = another("r-2", customer=Identity("c-2", phone=ODILE))
    await house.casework.open(another_customer)
    await house.wait(REST.total_seconds() - 1)
    assert len(house.twilio.posts) == 1
    assert {row.status for row in await house.rows()} == {"pending"}

    await house.wait(1)

    assert {row.status for row in await house.rows()} == {"accepted"}
    assert len(house.twilio.messages) == len(await house.rows())


@pytest.mark.parametrize(
    ("mood", "silence"),
    [(Mood.OPTED_OUT, "opted_out"), (Mood.LANDLINE, "dead_number"), (Mood.WRONG_SENDER, None)],
)
async def test_nothing_more_is_posted_to_who_wants_or_gets_nothing(
    house: SmsHouse, mood: Mood, silence: str | None
) -> None:
    await asked(house, mood)
    [row] = await house.rows()
    assert (row.status, row.code) == ("failed", int(mood.value))

    await house.casework.open(another("r-2", customer=Identity("c-2", phone=ODILE)))
    await house.wait(0)

    latest = (await house.rows())[-1]
    assert latest.reason == silence
    assert len(house.twilio.posts) == (1 if silence else 2)


async def test_a_dead_number_is_tried_again_one_day_and_a_wish_stands_for_ever(
    house: SmsHouse,
) -> None:
    await asked(house, Mood.LANDLINE)
    house.clock.now += DEAD_FOR
    opened = another("r-2", customer=Identity("c-2", phone=ODILE))
    await house.casework.open(opened)
    house.twilio.moods[DORA] = [Mood.OPTED_OUT]
    await house.wait(0)
    assert len(house.twilio.posts) == 2
    async with house.casework.database.read() as session:
        [kept] = (await session.exec(select(SuppressionRow))).all()
    assert (kept.reason, kept.code) == ("opted_out", 21610)
    assert DORA not in kept.number


async def test_who_is_not_there_is_waited_for(house: SmsHouse) -> None:
    http = TwilioClient(account_at("127.0.0.1:9"))
    gone = TwilioMessages(house.twilio.account, http, public_url=None, clock=house.clock)
    with pytest.raises(CarrierBusy):
        await gone.post(LETTER)
    await http.aclose()


@pytest.mark.parametrize("mood", Mood)
async def test_no_error_quotes_the_number_or_the_words(house: SmsHouse, mood: Mood) -> None:
    house.twilio.moods[DORA] = [mood]
    with pytest.raises((CarrierBusy, CarrierRefused, CarrierUnclear)) as fault:
        await house.messages.post(LETTER)
    assert "+33" not in str(fault.value)
    assert "Bonjour" not in str(fault.value)
    assert fault.value.__suppress_context__ or fault.value.__context__ is None


@pytest.mark.parametrize(
    "resource",
    ["//elsewhere.example/x", "../AC1/Messages", "Messages?x=1", "@elsewhere.example", ""],
)
async def test_the_credentials_go_to_no_other_host(house: SmsHouse, resource: str) -> None:
    http = TwilioClient(house.twilio.account)
    with pytest.raises(Misconfigured):
        await http.get(resource)
    await http.aclose()


async def test_a_number_stands_in_no_address_but_the_one_that_asks_for_it(house: SmsHouse) -> None:
    await asked(house, Mood.LOST)
    await house.wait(30)
    assert {*house.twilio.calls} == {f"POST {ROOT}.json", f"GET {ROOT}.json"}


async def test_news_that_comes_before_the_answer_stays(house: SmsHouse) -> None:
    async def tell(form: Form, message: Message) -> None:
        assert (await house.call(form, message, "delivered")).status_code == 204

    house.twilio.told = tell
    await asked(house)
    row = await house.row()
    assert (row.status, row.sid, row.look_at) == ("delivered", house.twilio.messages[0].sid, None)


@pytest.mark.parametrize("mood", TAKEN_IN_SILENCE)
async def test_news_resolves_what_nobody_answered(house: SmsHouse, mood: Mood) -> None:
    await asked(house, mood)
    await house.tell(house.twilio.messages[0], "sent")
    assert await fate(house) == "accepted"
    await house.wait_a_day()
    assert (len(house.twilio.posts), len(house.twilio.messages)) == (1, 1)


@pytest.mark.parametrize("order", [*permutations(["queued", "undelivered", "delivered"])])
async def test_disorder_and_repetition_come_to_the_same(
    house: SmsHouse, order: tuple[str, ...]
) -> None:
    await asked(house)
    [message] = house.twilio.messages
    for status in (*order, *order):
        code = "30003" if status == "undelivered" else ""
        assert (await house.tell(message, status, code)).status_code == 204
    row = await house.row()
    assert (row.status, row.code, row.reason) == ("delivered", 0, None)


async def test_news_of_another_message_under_our_name_changes_nothing(house: SmsHouse) -> None:
    await asked(house)
    message = house.twilio.messages[0]
    other = Message("SM" + "f" * 32, DORA, message.body, MONDAY_MORNING)
    assert (await house.tell(other, "failed", "30006")).status_code == 204
    assert await fate(house) == "accepted"


async def test_a_number_that_turns_out_dead_gets_nothing_more(house: SmsHouse) -> None:
    await asked(house)
    await house.tell(house.twilio.messages[0], "undelivered", "30006")
    row = await house.row()
    assert (row.status, row.code, row.reason) == ("undelivered", 30006, "fix_number")
    await house.casework.open(another("r-2", customer=Identity("c-2", phone=ODILE)))
    await house.wait(0)
    assert len(house.twilio.posts) == 1


async def test_what_a_full_queue_threw_out_is_written_again_once_and_minutes_later(
    house: SmsHouse,
) -> None:
    await asked(house)
    for _ in range(2):
        await house.tell(house.twilio.messages[0], "failed", "30001")
    await house.wait(299)
    assert len(house.twilio.posts) == 1
    await house.wait(1)
    first, again = await house.rows()
    assert (first.status, again.status, again.retry_of) == ("failed", "accepted", first.id)

    await house.call(house.twilio.posts[1], house.twilio.messages[0], "failed", "30001")
    await house.wait_a_day()
    assert len(house.twilio.posts) == 2


async def test_a_customer_is_written_to_again_where_the_queue_surely_let_nothing_out(
    house: SmsHouse,
) -> None:
    await confirming(house.casework)
    await house.wait(60)
    [message] = house.twilio.held_for(ODILE)
    await house.tell(message, "undelivered", "30001")
    assert len(await house.rows("customer")) == 1
    await house.tell(message, "failed", "30001")
    await house.wait(300)
    assert [row.status for row in await house.rows("customer")] == ["failed", "accepted"]


async def test_of_what_nobody_tells_twilio_is_asked_after_some_minutes(house: SmsHouse) -> None:
    await asked(house)
    [message] = house.twilio.messages
    await house.wait(299)
    assert len(house.twilio.calls) == 1

    message.status, message.code = "undelivered", 30003
    await house.wait(1)

    row = await house.row()
    assert (row.status, row.code, row.look_at) == ("undelivered", 30003, None)
    await house.wait_a_day()
    assert len(house.twilio.calls) == 2


async def test_what_never_comes_to_an_end_is_not_asked_after_for_ever(house: SmsHouse) -> None:
    await asked(house)
    await house.wait_a_day()
    row = await house.row()
    assert (row.status, row.look_at) == ("accepted", None)
    assert len(house.twilio.calls) < 15


async def test_a_process_that_dies_after_the_post_sends_nothing_twice(house: SmsHouse) -> None:
    await house.casework.open()
    letter = await house.outbox.claim(house.clock())
    assert letter is not None
    await house.messages.post(letter)

    await house.wait(121)

    assert await fate(house) == "accepted"
    await house.wait_a_day()
    assert (len(house.twilio.posts), len(house.twilio.messages)) == (1, 1)


async def test_what_a_slow_process_learns_withdraws_what_says_it_again(house: SmsHouse) -> None:
    await house.casework.open()
    letter = await house.outbox.claim(house.clock())
    assert letter is not None
    house.twilio.moods[DORA] = [Mood.TOO_MANY]
    await house.wait(200)
    assert [row.status for row in await house.rows()] == ["unknown", "pending"]

    sid = "SM" + "e" * 32
    await house.outbox.settle(letter.intent, Posting.ACCEPTED, at=house.clock(), sid=sid)

    assert [row.status for row in await house.rows()] == [Posting.ACCEPTED, Posting.WITHDRAWN]
    await house.wait_a_day()
    assert len(house.twilio.posts) == 1


async def test_what_is_said_again_already_is_not_put_back(house: SmsHouse) -> None:
    await house.casework.open()
    letter = await house.outbox.claim(house.clock())
    assert letter is not None
    await house.wait(200)
    assert [row.status for row in await house.rows()] == ["unknown", "accepted"]

    await house.outbox.put_back(letter.intent, not_before=house.clock())

    await house.wait_a_day()
    assert len(house.twilio.messages) == 1


async def test_what_is_said_again_is_withdrawn_where_the_first_arrived_after_all(
    house: SmsHouse,
) -> None:
    await asked(house, Mood.AWAY)
    house.twilio.moods[DORA] = [Mood.TOO_MANY]
    await house.wait(200)
    assert [row.status for row in await house.rows()] == ["unknown", "pending"]
    late = Message("SM" + "e" * 32, DORA, house.twilio.posts[0]["Body"], MONDAY_MORNING)

    await house.tell(late, "delivered")

    assert [row.status for row in await house.rows()] == [Posting.DELIVERED, Posting.WITHDRAWN]


@pytest.mark.parametrize("seed", range(12))
async def test_however_processes_die_no_customer_is_told_twice(house: SmsHouse, seed: int) -> None:
    """They die before the POST, after it, or not at all, while Twilio has any of its moods."""
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    house.twilio.moods = {n: chance.choices([*Mood], k=4) for n in (DORA, ODILE)}
    await confirming(house.casework)
    for _ in range(10):
        letter = await house.outbox.claim(house.clock()) if chance.random() < 0.6 else None
        if letter is not None and chance.random() < 0.6:
            with suppress(CarrierBusy, CarrierRefused, CarrierUnclear):
                await house.messages.post(letter)
        await house.wait(chance.choice([1, 20, 70, 200]))
    await house.wait_a_day()
    bodies = [message.body for message in house.twilio.held_for(ODILE)]
    assert len(bodies) == len({*bodies})
    assert all(row.retry_of is None for row in await house.rows("customer"))
