"""What an operator counts, on both engines."""

from datetime import timedelta

from models.actions import Acknowledge
from models.posting import Posting
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake
from models.store.operations import Operations, Posted, read_operations
from models.store.outbox import Outbox
from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another

MONTH = timedelta(days=31)


async def found(casework: Casework, *, after: timedelta = timedelta()) -> Operations:
    async with casework.database.read() as session:
        return await read_operations(session, MONDAY_MORNING + after)


async def test_deliveries_are_counted_by_source_and_fate(casework: Casework) -> None:
    for response in (another("r-1"), another("r-2"), another("r-2")):
        await casework.hear(response)

    counted = {
        t.fate: (t.source, t.ever, t.recent, t.lately) for t in (await found(casework)).traffic
    }
    later = (await found(casework, after=MONTH)).traffic

    assert counted[DeliveryFate.UNDERSTOOD] == ("survey", 2, 2, 2)
    assert counted[DeliveryFate.REPEAT] == ("survey", 1, 1, 1)
    assert {(t.recent, t.lately) for t in later} == {(0, 0)}
    assert {t.last_at for t in later} == {MONDAY_MORNING}


async def test_a_delivery_in_quarantine_tells_its_place_and_size(casework: Casework) -> None:
    body = Delivery("survey", b'{"score": "many"}', MONDAY_MORNING)
    async with casework.database.write() as session:
        await Intake(casework.database.vault, casework.book).quarantine(session, body, "score")

    [kept] = (await found(casework)).quarantine

    assert (kept.source, kept.problem, kept.size) == ("survey", "score", len(body.body))


async def test_messages_are_counted_by_kind_and_by_what_became_of_them(casework: Casework) -> None:
    outbox = Outbox(casework.database)
    await casework.open()
    letter = await outbox.claim(MONDAY_MORNING)
    assert letter is not None
    await outbox.settle(letter.intent, Posting.FAILED, at=MONDAY_MORNING, reason="no_route")
    await casework.open(another("r-2", customer=Identity("c-2")))

    now = await found(casework)
    [ask], [failure] = now.posted, now.failures

    assert (ask.message, ask.waiting, ask.oldest) == ("ask", 1, MONDAY_MORNING)
    assert ask.by_status == {Posting.PENDING: 1, Posting.FAILED: 1}
    assert (ask.sent, ask.not_arrived) == (0, 1)
    assert (failure.reason, failure.recent, failure.lately) == ("no_route", 1, 1)
    assert [intent.status for intent in now.intents] == [Posting.PENDING, Posting.FAILED]


async def test_old_messages_are_not_counted_but_for_those_that_wait(casework: Casework) -> None:
    await casework.open()

    [ask] = (await found(casework, after=MONTH)).posted

    assert (ask.by_status, ask.waiting) == ({}, 1)


async def test_open_cases_are_counted_by_stage_and_version(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Acknowledge(), MONDAY_MORNING)

    [cases] = (await found(casework)).open_cases

    assert (cases.stage, cases.version, cases.n) == ("acknowledged", 1, 1)


def test_what_a_carrier_took_and_lost_is_counted_whatever_it_told_later() -> None:
    each = dict.fromkeys(Posting, 1)
    posted = Posted("ask", each, 2, None)
    assert (posted.sent, posted.not_arrived) == (2, 3)
