"""Who is told what, when, in which language; and what the timeline says of what was not sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    Confirm,
    FinishAction,
    NameCause,
    PromiseKind,
    Reached,
)
from models.by_hand import WrittenDown, response_of
from models.case import CaseState
from models.people import Channel
from models.segments import count
from models.store.outbox import Outbox
from models.survey import Identity, Origin
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another

LATER = MONDAY_MORNING + timedelta(minutes=5)
FRIDAY = MONDAY_MORNING + timedelta(days=4)
SUNDAY_NIGHT = MONDAY_MORNING - timedelta(hours=12)

_REPAIR = (
    Attempt(Reached.REACHED),
    NameCause("delay"),
    AddAction("dora", FRIDAY),
    FinishAction(1),
)


async def test_the_owner_is_asked_in_his_language_on_his_phone(casework: Casework) -> None:
    state = await casework.open()
    (message,) = (await casework.view(state.case_id)).messages
    assert (message.message, message.person, message.channel) == ("ask", "dora", "sms")


async def test_what_is_written_keeps_how_many_segments_it_takes(casework: Casework) -> None:
    await casework.open()
    await casework.open(another("r-2", customer=Identity("c-2"), region="south"))
    outbox = Outbox(casework.database)
    async with casework.database.read() as session:
        page = await outbox.page(session, limit=20)
    told = [(row.segments, letter) for row, letter in page if letter]
    assert {letter.channel for _, letter in told} == {*Channel}
    assert [segments for segments, _ in told] == [
        count(letter.body).segments if letter.channel is Channel.SMS else None for _, letter in told
    ]


async def test_a_message_to_a_colleague_names_no_customer(casework: Casework) -> None:
    await casework.open()
    letter = await Outbox(casework.database).claim(MONDAY_MORNING)
    assert letter is not None
    for personal in ("Kerverne", "639981234", "odile", "Nobody calls back"):
        assert personal not in letter.body


async def test_of_what_was_heard_by_hand_no_score_is_told(casework: Casework) -> None:
    told = WrittenDown(Origin.PHONE, "Nobody came.", Identity("c-1"), "south")
    await casework.open(response_of(told, by="dora", response_id="r-1", at=MONDAY_MORNING))
    letter = await Outbox(casework.database).claim(MONDAY_MORNING)
    assert letter is not None
    assert "Région" in letter.body
    assert not [
        word for word in ("Note", "NPS", "None") if word in f"{letter.subject} {letter.body}"
    ]


async def test_no_alarm_rings_at_midnight(
    casework: Casework,
) -> None:
    state = await casework.open(replace(UNHAPPY, submitted_at=SUNDAY_NIGHT))
    view = await casework.view(state.case_id)
    opening = datetime.fromisoformat("2027-03-01T09:00+01:00")
    assert view.messages[0].not_before == opening
    waits = [e for e in view.timeline if e.kind is EntryKind.WAITS_FOR_OPENING]
    assert waits[0].facts["message"] == "ask"


async def test_an_act_withdraws_the_reminder_that_has_not_left(casework: Casework) -> None:
    state = await casework.open(replace(UNHAPPY, submitted_at=SUNDAY_NIGHT))
    await casework.act(state, Acknowledge(), SUNDAY_NIGHT + timedelta(minutes=1))
    view = await casework.view(state.case_id)
    assert [m.status for m in view.messages] == ["withdrawn"]
    assert EntryKind.NOT_SENT in [entry.kind for entry in view.timeline]


async def test_a_hand_up_tells_the_new_owner_and_the_former(casework: Casework) -> None:
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)
    told = {(m.message, m.person) for m in (await casework.view(state.case_id)).messages}
    assert {("handed_up", "denis"), ("moved_on", "dora")} <= told


async def test_a_reminder_withdraws_no_letter_to_a_colleague_that_has_not_left(
    casework: Casework,
) -> None:
    """Nobody has acted, and nobody has another owner: what was told is as true as before."""
    state = await casework.stay_silent(await casework.open())
    assert await _statuses(casework, state) == {"ask": "pending", "reminder": "pending"}
    for _ in range(3):
        state = await casework.stay_silent(state)
    assert (await _statuses(casework, state))["moved_on"] == "pending"


async def _statuses(casework: Casework, state: CaseState) -> dict[str, str]:
    return {m.message: m.status for m in (await casework.view(state.case_id)).messages}


async def test_each_no_tells_the_next_level_and_the_former_owner_up_to_the_top(
    casework: Casework,
) -> None:
    state, owners = await casework.open(), []
    for no in range(1, 4):
        state = await _repair(casework, state, number=no)
        state = await casework.act(state, Confirm(solved=False), LATER)
        owners.append(state.owner)
    told = [(m.message, m.person) for m in (await casework.view(state.case_id)).messages]
    assert owners == ["denis", "nora", "nora"]
    assert {("reopened", "denis"), ("moved_on", "dora")} <= set(told)
    assert told.count(("reopened", "nora")) == 2
    assert told.count(("moved_on", "nora")) == 0


async def test_an_empty_level_is_not_waited_for_in_full_nor_silently_passed(
    casework: Casework,
) -> None:
    english = replace(UNHAPPY, region="south")
    state = await casework.open(english)
    assert state.owner == "nora"
    while state.level == 0:
        state = await casework.stay_silent(state)
    skipped = [
        entry.facts["why"]
        for entry in (await casework.view(state.case_id)).timeline
        if entry.kind is EntryKind.LEVEL_SKIPPED
    ]
    assert skipped == ["empty", "same_person"]


async def test_the_customer_is_asked_once_everything_is_done(casework: Casework) -> None:
    state = await _repair(casework, await casework.open())
    asked = [m for m in (await casework.view(state.case_id)).messages if m.person is None]
    assert [(m.message, m.channel) for m in asked] == [("confirm", "sms")]


async def test_a_customer_without_an_address_is_not_asked_and_the_timeline_says_so(
    casework: Casework,
) -> None:
    state = await casework.open(replace(UNHAPPY, customer=Identity("c-9")))
    state = await _repair(casework, state)
    view = await casework.view(state.case_id)
    assert EntryKind.NO_ADDRESS in [entry.kind for entry in view.timeline]
    assert all(m.person is not None for m in view.messages)


async def _repair(casework: Casework, state: CaseState, *, number: int = 1) -> CaseState:
    for act in (*_REPAIR[:-1], FinishAction(number)):
        state = await casework.act(state, act, LATER)
    return state


async def test_a_promise_goes_to_the_customer_in_writing_and_no_later_act_takes_it_back(
    casework: Casework,
) -> None:
    state = await casework.open(replace(UNHAPPY, submitted_at=SUNDAY_NIGHT))
    promise = AddAction("denis", FRIDAY, PromiseKind.REPAIR)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), promise, AddAction("dora", FRIDAY)):
        state = await casework.act(state, act, SUNDAY_NIGHT + timedelta(minutes=1))
    async with casework.database.read() as session:
        page = await Outbox(casework.database).page(session, limit=9)
    [letter] = [letter for _, letter in page if letter and letter.message == "promised"]
    assert (letter.audience, letter.language) == ("customer", "fr")
    assert all(
        known in letter.body for known in ("une réparation", "Denis Deputy", "5 mars", "What")
    )
    statuses = {m.message: m.status for m in (await casework.view(state.case_id)).messages}
    assert statuses["promised"] == "pending"


async def test_the_question_to_the_customer_is_withdrawn_when_more_is_to_be_done(
    casework: Casework,
) -> None:
    """At night the letter waits; in the morning it would ask whether an open repair is solved."""
    night = replace(UNHAPPY, submitted_at=SUNDAY_NIGHT)
    state = await casework.open(night)
    for act in _REPAIR:
        state = await casework.act(state, act, SUNDAY_NIGHT + timedelta(minutes=1))
    await casework.act(state, AddAction("dora", FRIDAY), SUNDAY_NIGHT + timedelta(minutes=2))
    messages = (await casework.view(state.case_id)).messages
    assert [m.status for m in messages if m.audience == "customer"] == ["withdrawn"]
