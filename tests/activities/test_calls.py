"""What an attempt leaves behind: the next one, a word to the customer, and his wish not to be called."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activities.fallbacks import Fallbacks
from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    Close,
    Contact,
    Outcome,
    PromiseKind,
    Reached,
    TakeBack,
)
from models.attempts import in_vain
from models.case import Acted, CaseState, HeardAgain
from models.errors import WrongMove
from models.ladder import RungKind
from models.moves import apply
from models.people import Channel
from models.posting import Posting
from models.store.database import Database
from models.store.inbox import list_calls
from models.store.outbox import Outbox
from models.store.second_look import SecondLook
from models.survey import Identity, SurveyResponse
from models.tables import ResponseRow
from models.timeline import CUSTOMER, EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another, request_of
from tests.casework_fixture import casework_of
from tests.grave import grave, have_topics
from tests.models.rehearsal import did

HOUR = timedelta(hours=1)
NO_ANSWER = Attempt(Reached.NO_ANSWER)
REFUSED = Attempt(Reached.REFUSED)
WRONG_NUMBER = Attempt(Reached.WRONG_NUMBER)


@pytest.fixture
async def writing(database: Database, vault: Vault) -> Casework:
    """The small organisation writes after the first attempt in vain."""
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    return await casework_of(text, database, vault)


async def to_customer(casework: Casework, state: CaseState) -> list[tuple[str, str, str]]:
    messages = (await casework.view(state.case_id)).messages
    return [(m.message, m.channel, m.status) for m in messages if m.person is None]


async def told(casework: Casework, state: CaseState, kind: EntryKind) -> list[dict[str, object]]:
    timeline = (await casework.view(state.case_id)).timeline
    return [dict(entry.facts) for entry in timeline if entry.kind is kind]


async def test_an_attempt_in_vain_plans_the_next_one(casework: Casework) -> None:
    state = await casework.act(await casework.open(), NO_ANSWER, MONDAY_MORNING)

    afternoon = datetime.fromisoformat("2027-03-01T14:00+01:00")
    assert state.reach.next_call_at == afternoon
    assert (await casework.view(state.case_id)).row.awaited_after == afternoon


async def test_a_grave_case_is_called_again_before_its_short_target_is_missed(
    casework: Casework,
) -> None:
    """The spacing of three hours would leave twenty minutes for a talk to pass."""
    await have_topics(casework)
    state = await casework.open(grave("r-1", "On est en danger."))

    state = await casework.act(state, NO_ANSWER, MONDAY_MORNING)

    [due] = [r.due_at for r in await casework.target_rows(state.case_id) if r.target == "contact"]
    assert state.reach.next_call_at == MONDAY_MORNING + HOUR / 6
    assert state.reach.next_call_at < due


async def test_no_reminder_to_call_comes_at_an_hour_at_which_nobody_calls(
    casework: Casework,
) -> None:
    evening = MONDAY_MORNING + 8 * HOUR
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    state = await casework.act(state, NO_ANSWER, evening)

    planned = [rung.at for rung in state.rungs if rung.kind is RungKind.REMIND]
    next_call = datetime.fromisoformat("2027-03-02T10:00+01:00")
    assert state.reach.next_call_at == next_call
    assert planned
    assert min(planned) >= next_call


async def test_a_call_taken_back_takes_back_what_it_planned_and_would_have_said(
    writing: Casework,
) -> None:
    state = await writing.open()
    tried = await writing.act(state, NO_ANSWER, MONDAY_MORNING)

    back = await writing.act(tried, TakeBack(), MONDAY_MORNING)

    assert await to_customer(writing, state) == [("tried", "sms", "withdrawn")]
    assert back.reach == state.reach


async def test_who_was_tried_in_vain_hears_of_it_and_of_it_only_once(writing: Casework) -> None:
    state = await writing.open()
    for later in (0, 4):
        state = await writing.act(state, NO_ANSWER, MONDAY_MORNING + later * HOUR)

    assert await to_customer(writing, state) == [("tried", "sms", "pending")]


async def test_that_he_was_tried_is_no_news_once_he_was_reached(writing: Casework) -> None:
    state = await writing.act(await writing.open(), NO_ANSWER, MONDAY_MORNING)

    await writing.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + HOUR)

    assert await to_customer(writing, state) == [("tried", "sms", "withdrawn")]


async def test_what_never_left_was_not_written(writing: Casework) -> None:
    """Else he were unreachable one day without a word from us."""
    state = await writing.act(await writing.open(), NO_ANSWER, MONDAY_MORNING)
    wanted = Attempt(Reached.LATER, again_at=MONDAY_MORNING + 8 * HOUR)
    state = await writing.act(state, wanted, MONDAY_MORNING)
    assert state.reach.written == 0

    await writing.act(state, NO_ANSWER, MONDAY_MORNING + 8 * HOUR)

    assert sorted(await to_customer(writing, state)) == [
        ("tried", "sms", "pending"),
        ("tried", "sms", "withdrawn"),
    ]


async def test_an_attempt_before_the_next_one_may_come_is_recorded_and_does_not_count(
    casework: Casework,
) -> None:
    """Else three taps within a second make a customer unreachable whom nobody called."""
    state = await casework.act(await casework.open(), NO_ANSWER, MONDAY_MORNING)
    planned = state.reach.next_call_at
    for _ in range(2):
        state = await casework.act(state, NO_ANSWER, MONDAY_MORNING + HOUR / 60)

    close = did(Close(Outcome.UNREACHABLE), at=MONDAY_MORNING + HOUR)
    with pytest.raises(WrongMove, match="1 count"):
        apply(state, close)

    assert (state.attempts, in_vain(state)) == (3, 1)
    assert state.reach.next_call_at == planned
    attempted = await told(casework, state, EntryKind.ATTEMPTED)
    assert [facts.get("counted") for facts in attempted] == [None, 0, 0]


async def test_the_round_keeps_who_is_still_to_be_written_to(writing: Casework) -> None:
    """Closing him as unreachable would be refused."""
    state = await writing.open()
    for later in (0, 4, 8):
        state = await writing.act(state, NO_ANSWER, MONDAY_MORNING + later * HOUR)
    wanted = Attempt(Reached.LATER, again_at=MONDAY_MORNING + 10 * HOUR)
    state = await writing.act(state, wanted, MONDAY_MORNING + 9 * HOUR)

    async with writing.database.read() as session:
        owner = (await writing.book.in_force(session)).organisation.people["dora"]
        calls = await list_calls(session, owner, now=MONDAY_MORNING + 11 * HOUR)

    assert list(calls) == [state.case_id]


async def test_a_time_that_the_customer_names_leaves_the_owner_his_letter(
    writing: Casework,
) -> None:
    state = await writing.open()
    named = Attempt(Reached.LATER, Contact.WRITTEN, MONDAY_MORNING + 8 * HOUR)
    draft = await writing.draft(state.case_id, named)

    await writing.take(state, Acted(named, CUSTOMER, MONDAY_MORNING + HOUR / 2, draft))

    messages = (await writing.view(state.case_id)).messages
    assert [(m.message, m.status) for m in messages] == [("ask", "pending")]


async def test_nothing_is_written_to_a_wrong_number(writing: Casework) -> None:
    state = await writing.act(await writing.open(), WRONG_NUMBER, MONDAY_MORNING)

    assert await to_customer(writing, state) == [("tried", "email", "pending")]


async def test_another_phone_that_a_later_answer_brings_is_written_to(writing: Casework) -> None:
    state = await writing.act(await writing.open(), WRONG_NUMBER, MONDAY_MORNING)
    phone = replace(UNHAPPY.customer, phone="+33639985678")
    state = await hear_again(writing, state, another("r-2", customer=phone))
    state = await writing.act(state, Attempt(Reached.REACHED), MONDAY_MORNING)
    repair = AddAction("dora", MONDAY_MORNING + HOUR, PromiseKind.REPAIR)

    await writing.act(state, repair, MONDAY_MORNING)

    assert ("promised", "sms", "pending") in await to_customer(writing, state)


async def test_the_same_phone_told_again_stays_wrong(writing: Casework) -> None:
    state = await writing.act(await writing.open(), WRONG_NUMBER, MONDAY_MORNING)

    heard = await hear_again(writing, state, another("r-2"))

    assert heard.reach.wrong_number


async def hear_again(casework: Casework, state: CaseState, response: SurveyResponse) -> CaseState:
    taken = await casework.hear(response)
    async with casework.database.read() as session:
        row = await session.get_one(ResponseRow, taken.response_id)
    at, new_phone = response.submitted_at, row.new_phone
    event = HeardAgain(row.id, row.revision, row.submitted_at, at, new_phone=new_phone)
    return (await casework.take(state, event)).state


async def came_back(casework: Casework, at: datetime, status: Posting = Posting.FAILED) -> None:
    """What is ready to leave by then."""
    outbox = Outbox(casework.database)
    while (letter := await outbox.claim(at)) is not None:
        fate = status if letter.audience == "customer" else Posting.ACCEPTED
        await outbox.settle(letter.intent, fate, at=at)


async def look_after(casework: Casework, at: datetime) -> None:
    looking = SecondLook(casework.book, casework.database.vault)
    fallbacks = Fallbacks(
        casework.database, looking, ways=[*Channel], clock=lambda: at, written=lambda: None
    )
    await fallbacks.look_after_all()


async def test_a_message_that_nobody_knows_to_have_left_was_not_written(writing: Casework) -> None:
    """The next attempt in vain writes it, and he is not given up before."""
    state = await writing.act(await writing.open(), NO_ANSWER, MONDAY_MORNING)
    await came_back(writing, MONDAY_MORNING + HOUR, Posting.UNKNOWN)
    await look_after(writing, MONDAY_MORNING + 2 * HOUR)
    for later in (4, 8):
        at = MONDAY_MORNING + later * HOUR
        state = await writing.act(state, NO_ANSWER, at)

    assert (state.reach.written, state.reach.lost) == (1, 1)
    assert [s for m, _, s in await to_customer(writing, state) if m == "tried"] == [
        "unknown",
        "pending",
    ]


async def test_where_a_carrier_refused_his_phone_he_is_written_to_by_mail(
    writing: Casework,
) -> None:
    """At once; the next attempt writes the same no second time."""
    state = await writing.act(await writing.open(), NO_ANSWER, MONDAY_MORNING)
    await came_back(writing, MONDAY_MORNING + HOUR)
    await look_after(writing, MONDAY_MORNING + HOUR)

    state = await writing.act(state, NO_ANSWER, MONDAY_MORNING + 4 * HOUR)

    told = [("tried", "sms", "failed"), ("tried", "email", "pending")]
    assert await to_customer(writing, state) == told


async def test_who_is_written_to_in_vain_at_all_his_addresses_may_be_given_up(
    writing: Casework,
) -> None:
    """A landline takes no message, ever."""
    only_phone = replace(UNHAPPY, customer=Identity("c-9", phone="+33639981234"))
    state = await writing.act(await writing.open(only_phone), NO_ANSWER, MONDAY_MORNING)
    await came_back(writing, MONDAY_MORNING + HOUR)
    for later in (4, 8):
        state = await writing.act(state, NO_ANSWER, MONDAY_MORNING + later * HOUR)

    closed = await writing.act(state, Close(Outcome.UNREACHABLE), MONDAY_MORNING + 9 * HOUR)

    assert closed.closed
    assert await told(writing, state, EntryKind.NO_ADDRESS) == [
        {"message": "tried", "why": "refused"}
    ]


async def test_an_attempt_that_is_taken_back_leaves_what_came_back_to_be_written(
    writing: Casework,
) -> None:
    state = await writing.act(await writing.open(), NO_ANSWER, MONDAY_MORNING)
    await came_back(writing, MONDAY_MORNING + HOUR, Posting.UNKNOWN)
    tried = await writing.act(state, NO_ANSWER, MONDAY_MORNING + 4 * HOUR)

    back = await writing.act(tried, TakeBack(), MONDAY_MORNING + 4 * HOUR)
    assert back.reach.written == 0
    again = await writing.act(back, NO_ANSWER, MONDAY_MORNING + 5 * HOUR)

    statuses = [status for _, _, status in await to_customer(writing, again)]
    assert statuses == ["unknown", "withdrawn", "pending"]


async def test_where_nothing_can_be_written_the_timeline_says_why(writing: Casework) -> None:
    only_phone = replace(UNHAPPY, customer=Identity("c-9", phone="+33639981234"))
    state = await writing.act(await writing.open(only_phone), WRONG_NUMBER, MONDAY_MORNING)

    assert await told(writing, state, EntryKind.NO_ADDRESS) == [
        {"message": "tried", "why": "wrong_number"}
    ]
    assert state.reach.written == 1


async def test_the_last_message_leaves_with_the_closing(writing: Casework) -> None:
    state = await writing.open()
    for later in (0, 4, 8):
        state = await writing.act(state, NO_ANSWER, MONDAY_MORNING + later * HOUR)

    await writing.act(state, Close(Outcome.UNREACHABLE), MONDAY_MORNING + 9 * HOUR)

    assert await to_customer(writing, state) == [
        ("tried", "sms", "withdrawn"),
        ("unreached", "sms", "pending"),
    ]


async def closed_after_refusal(casework: Casework) -> None:
    state = await casework.act(await casework.open(), REFUSED, MONDAY_MORNING)
    await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING)


async def test_who_asked_not_to_be_called_is_never_called_about_a_later_case_either(
    casework: Casework,
) -> None:
    await closed_after_refusal(casework)

    later = await casework.open(another("r-2", submitted_at=MONDAY_MORNING + HOUR))

    assert later.reach.no_calls_since == MONDAY_MORNING
    assert await told(casework, later, EntryKind.NO_CALLS) == [
        {"since": MONDAY_MORNING.isoformat()}
    ]
    with pytest.raises(WrongMove, match="write or meet"):
        apply(later, did(NO_ANSWER, at=MONDAY_MORNING + HOUR))
    met = await casework.act(
        later, Attempt(Reached.REACHED, Contact.MEETING), MONDAY_MORNING + HOUR
    )
    assert met.reached_at is not None


async def test_a_refusal_taken_back_lets_him_be_called_again(casework: Casework) -> None:
    state = await casework.act(await casework.open(), REFUSED, MONDAY_MORNING)
    asked = (await casework.view(state.case_id)).customer.no_calls_since

    await casework.act(state, TakeBack(), MONDAY_MORNING)

    after = (await casework.view(state.case_id)).customer.no_calls_since
    assert (asked, after) == (MONDAY_MORNING, None)


async def test_a_second_refusal_taken_back_leaves_the_first(casework: Casework) -> None:
    await closed_after_refusal(casework)
    later = await casework.open(another("r-2", submitted_at=MONDAY_MORNING + HOUR))
    again = Attempt(Reached.REFUSED, Contact.VISIT)
    refused = await casework.act(later, again, MONDAY_MORNING + HOUR)

    await casework.act(refused, TakeBack(), MONDAY_MORNING + HOUR)

    view = await casework.view(later.case_id)
    assert view.customer.no_calls_since == MONDAY_MORNING


async def test_a_refusal_that_is_committed_twice_is_one(casework: Casework) -> None:
    state = await casework.open()
    request = request_of(state, did(REFUSED, at=MONDAY_MORNING))

    once = await casework.records.commit(request)
    twice = await casework.records.commit(request)

    assert once == twice
    assert (await casework.view(state.case_id)).customer.no_calls_since == MONDAY_MORNING
