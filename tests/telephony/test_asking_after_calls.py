"""News of a call that is lost is asked for; each test ends by failing on any call that it did not expect."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from itertools import pairwise

import pytest

from activities.call_inquiries import CallInquiries
from activities.twilio_calls import TwilioCalls
from models.bridge import Outcome, Standing
from tests.telephony.conftest import Line, over
from tests.telephony.exchange import Phone
from twilio_client import TwilioClient

EVERYTHING = frozenset(
    {"initiated", "ringing", "in-progress", "completed", "busy", "dialed", "human"}
)


@pytest.fixture
async def inquiries(line: Line) -> AsyncIterator[CallInquiries]:
    async with aclosing(TwilioClient(line.resource.account)) as client:
        database = line.reception.casework.database
        yield CallInquiries(database, TwilioCalls(client), clock=line.reception.clock)


async def test_a_line_whose_end_nobody_told_is_free_minutes_later(
    line: Line, inquiries: CallInquiries
) -> None:
    line.expect(dialled=1)
    line.exchange.lost = frozenset({"completed", "dialed"})
    assert (await line.call()).call.standing is Standing.TALKING
    line.reception.clock.now += timedelta(minutes=2)
    await inquiries.ask_all()
    call = over(await line.kept())
    assert (call.outcome, call.talk) == (Outcome.REACHED, 42)
    [row] = (await line.rows())[0]
    assert row.ended_at == line.reception.clock.now


@pytest.mark.parametrize(
    ("phone", "outcome"), [(Phone.BUSY, Outcome.BUSY), (Phone.VOICEMAIL, Outcome.VOICEMAIL)]
)
async def test_where_no_news_arrives_at_all_the_outcome_is_asked_for(
    line: Line, inquiries: CallInquiries, phone: Phone, outcome: Outcome
) -> None:
    line.expect(dialled=1)
    line.exchange.lost = EVERYTHING | {"machine_start"}
    line.exchange.customer.phone = phone
    await line.call()
    line.reception.clock.now += timedelta(minutes=2)
    await inquiries.ask_all()
    assert over(await line.kept()).outcome is outcome


async def test_the_outcome_of_a_call_that_is_over_is_asked_for_where_only_it_is_missing(
    line: Line, inquiries: CallInquiries
) -> None:
    line.expect(dialled=1)
    line.exchange.lost = frozenset({"busy", "dialed"})
    line.exchange.customer.phone = Phone.BUSY
    assert over(await line.call()).outcome is None
    line.reception.clock.now += timedelta(minutes=2)
    await inquiries.ask_all()
    assert over(await line.kept()).outcome is Outcome.BUSY


async def test_a_call_whose_answer_was_lost_is_asked_after_by_the_id_of_its_news(
    line: Line, inquiries: CallInquiries
) -> None:
    line.expect(dialled=1)
    line.resource.hangs_up = True
    line.exchange.lost = frozenset({"completed", "dialed"})
    await line.call()
    line.reception.clock.now += timedelta(minutes=2)
    await inquiries.ask_all()
    assert over(await line.kept()).outcome is Outcome.REACHED


async def test_a_call_of_which_all_is_known_is_not_asked_after(
    line: Line, inquiries: CallInquiries
) -> None:
    line.expect(dialled=1)
    await line.call()
    line.reception.clock.now += timedelta(minutes=2)
    await inquiries.ask_all()
    assert line.resource.looked_at == []


async def test_one_that_goes_on_is_asked_after_ever_less_often_and_not_for_ever(
    line: Line, inquiries: CallInquiries
) -> None:
    line.expect(dialled=0)
    await line.tap()
    asked = []
    for minute in range(120):
        before = len(line.resource.looked_at)
        await inquiries.ask_all()
        if len(line.resource.looked_at) > before:
            asked.append(minute)
        line.reception.clock.now += timedelta(minutes=1)
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert asked[0] == 2
    assert pauses == sorted(pauses)
    assert 60 <= asked[-1] < 80
