"""What waits, what failed and how often, on both engines."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from models.carrier_errors import Silence
from models.people import Channel
from models.posting import JUDGED, LOST, TAKEN, Posting
from models.rates import rate
from models.store.database import Database
from models.store.outgoing import (
    DAYS,
    Day,
    Failed,
    Outgoing,
    Queue,
    count_due,
    read_days,
    read_outgoing,
)
from models.suppression_tables import SuppressionRow
from tests.casework import MONDAY_MORNING as NOW
from tests.casework import Casework
from tests.outbox_rows import keep, letter, letters

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def outgoing(casework: Casework) -> Outgoing:
    async with casework.database.read() as session:
        return await read_outgoing(session, PARIS, NOW)


async def test_each_channel_says_what_waits_and_since_when(casework: Casework) -> None:
    unposted = {"posted_at": None, "claimed_at": None}
    await keep(
        casework.database,
        letter("due", Posting.PENDING, not_before=NOW - HOUR, **unposted),
        letter("just", Posting.PENDING, **unposted),
        letter("later", Posting.PENDING, not_before=NOW + HOUR, **unposted),
        letter("back", Posting.PENDING, not_before=NOW + HOUR, posted_at=None),
        letter("in-hand", Posting.SENDING, posted_at=None),
        letter("mail", Posting.PENDING, channel="email", not_before=NOW + HOUR, **unposted),
    )
    found = await outgoing(casework)
    assert found.queues == [
        Queue(Channel.SMS, 2, 1, 1, 1, NOW - HOUR),
        Queue(Channel.EMAIL, 0, 0, 1, 0, None),
    ]
    assert found.oldest == NOW - HOUR
    async with casework.database.read() as session:
        assert await count_due(session, NOW) == 2


async def test_the_failure_rate_is_of_what_a_carrier_judged(casework: Casework) -> None:
    await keep(
        casework.database,
        *letters(3, Posting.DELIVERED, first=NOW - HOUR),
        *letters(1, Posting.UNDELIVERED, first=NOW - HOUR, reason="blocked", code=30007),
        *letters(4, Posting.FAILED, first=NOW - 5 * HOUR, reason="operator", code=21606),
        *letters(7, Posting.FAILED, first=NOW - HOUR, reason="opted_out"),
        *letters(7, Posting.UNKNOWN, first=NOW - HOUR, reason="timeout"),
        *letters(7, Posting.FAILED, first=NOW - 25 * HOUR, reason="operator"),
    )
    found = await outgoing(casework)
    assert (found.hour, found.day) == (rate(1, 4), rate(5, 8))


async def test_failures_are_counted_by_code_the_most_frequent_first(casework: Casework) -> None:
    old = NOW - 2 * DAY
    await keep(
        casework.database,
        *letters(2, Posting.FAILED, reason="operator", code=21606),
        *letters(3, Posting.UNDELIVERED, reason="blocked", code=30007, created_at=old),
        *letters(1, Posting.UNKNOWN, reason="timeout"),
        *letters(4, Posting.FAILED, reason="operator", code=1, created_at=NOW - 31 * DAY),
    )
    assert (await outgoing(casework)).failed == [
        Failed(Channel.SMS, Posting.UNDELIVERED, "blocked", 30007, 3, 0),
        Failed(Channel.SMS, Posting.FAILED, "operator", 21606, 2, 2),
        Failed(Channel.SMS, Posting.UNKNOWN, "timeout", 0, 1, 1),
    ]


async def test_numbers_that_get_nothing_are_counted_while_they_do(casework: Casework) -> None:
    rows = [
        SuppressionRow(number="1", reason="opted_out", code=21610, at=NOW - 400 * DAY),
        SuppressionRow(number="2", reason="dead_number", code=30006, at=NOW - 89 * DAY),
        SuppressionRow(number="3", reason="dead_number", code=30006, at=NOW - 90 * DAY),
    ]
    await keep(casework.database, *rows)
    found = (await outgoing(casework)).silenced
    assert found == {Silence.OPTED_OUT: 1, Silence.DEAD_NUMBER: 1}


async def test_a_colleague_whose_messages_come_back_is_named(casework: Casework) -> None:
    later: dict[str, Any] = {"not_before": NOW + HOUR, "created_at": NOW + HOUR, "person": "dora"}
    await keep(casework.database, *letters(2, Posting.FAILED, reason="fix_number", **later))
    assert (await outgoing(casework)).unreachable == ["dora"]


async def test_a_day_is_one_of_the_head_offices_clock(database: Database) -> None:
    midnight = NOW.astimezone(PARIS).replace(hour=0, minute=0)
    evening = midnight - timedelta(minutes=30)
    await keep(database, letter("late", posted_at=evening), letter("early", posted_at=midnight))
    async with database.read() as session:
        *_, yesterday, today = await read_days(session, PARIS, NOW)
    assert (yesterday.sent, today.sent, today.on) == (1, 1, midnight.date())


async def test_days_are_those_of_a_count_by_hand(database: Database) -> None:
    chance = Random(3)  # noqa: S311 - to be repeated, not to be secret
    rows = [
        letter(
            str(number),
            chance.choice([*JUDGED, Posting.UNKNOWN]),
            posted_at=NOW - timedelta(minutes=chance.randrange(DAYS * 24 * 60)),
        )
        for number in range(80)
    ]
    counted = Counter(
        (row.posted_at.astimezone(PARIS).date(), row.status) for row in rows if row.posted_at
    )
    await keep(database, *rows)

    async with database.read() as session:
        days = await read_days(session, PARIS, NOW)

    assert len(days) == DAYS
    assert list(days) == [
        Day(
            day.on,
            sum(counted[day.on, status] for status in TAKEN),
            sum(counted[day.on, status] for status in LOST),
            counted[day.on, Posting.UNKNOWN],
        )
        for day in days
    ]
