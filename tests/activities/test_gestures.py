"""Gestures as commits write them: who is asked, who is asked next, and what is drawn for review."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.absence import Absence
from models.action import Approval
from models.action_tables import ActionRow
from models.actions import AddAction, Attempt, Close, NameCause, Outcome, PromiseKind, Reached
from models.case import CaseState
from models.errors import WrongMove
from models.figures import Asked
from models.gesture_tables import GestureReviewRow, WaitingGestureRow
from models.handling import ApproveGesture, ChangeAction, DropAction, RefuseGesture
from models.ladder import RungKind, Subject, Watch
from models.money import Money
from models.promise_tables import PromiseRow
from models.reviews import ReviewVerdict
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.gestures import count_asked, list_asked
from models.store.organisations import InForce
from models.store.reviews import Reviewed, count_to_review, list_to_review, note_of, settle_review
from models.tables import IntentRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.casework_fixture import casework_of
from tests.models.store.test_figures import overall
from tests.plain_figures import asked_for, plain, read_log

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TUESDAY = MONDAY_MORNING + 24 * HOUR
SPOKEN = (Attempt(Reached.REACHED), NameCause("late_works"))
GESTURE = AddAction("dora", TUESDAY, PromiseKind.GESTURE, cost=Money(300_00, "EUR"), beyond=True)
FREE = replace(GESTURE, cost=Money(50_00, "EUR"), beyond=False)
LIMITS = """authority:
  gestures: {director: 100, deputy: 500, national_owner: 5000, executive: any}
  review_share: %s"""
EMMA = """  - {id: emma, name: Emma Executive, role: executive, language: en, email: emma@small.example}
routing:"""
WATCH = Watch(Subject.GESTURE, 1)


def organisation(share: str = "0%", **changes: str) -> str:
    text = SMALL.read_text().replace("routing:", EMMA, 1)
    for was, now in {"unhappy_up_to: {nps: 7}": LIMITS % share, **changes}.items():
        text = text.replace(was, now, 1)
    return text


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    return await casework_of(organisation(), database, vault)


async def proposed(casework: Casework, gesture: AddAction = GESTURE) -> CaseState:
    state = await casework.open()
    for act in (*SPOKEN, gesture):
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


def of_gesture(state: CaseState) -> list[tuple[RungKind, datetime]]:
    return [(rung.kind, rung.at) for rung in state.rungs if rung.watch == WATCH]


def approver(state: CaseState) -> str | None:
    return state.actions[0].approver


async def told(casework: Casework, state: CaseState) -> list[tuple[str, str | None]]:
    """Since the customer was heard."""
    messages = (await casework.view(state.case_id)).messages
    return [(m.message, m.person) for m in messages if m.message != "ask"]


async def kinds(casework: Casework, state: CaseState) -> list[EntryKind]:
    return [entry.kind for entry in (await casework.view(state.case_id)).timeline]


async def rows(casework: Casework) -> list[WaitingGestureRow]:
    async with casework.database.read() as session:
        return list((await session.exec(select(WaitingGestureRow))).all())


async def drawn(casework: Casework) -> list[GestureReviewRow]:
    async with casework.database.read() as session:
        return list((await session.exec(select(GestureReviewRow))).all())


async def test_the_first_level_above_whose_limit_covers_it_is_asked(casework: Casework) -> None:
    state = await proposed(casework)

    assert approver(state) == "denis"
    assert await told(casework, state) == [("gesture_to_approve", "denis")]


async def test_a_level_without_the_authority_is_passed_in_silence(casework: Casework) -> None:
    state = await proposed(casework, replace(GESTURE, cost=Money(900_00, "EUR")))

    assert approver(state) == "nora"
    assert EntryKind.LEVEL_SKIPPED not in await kinds(casework, state)


async def test_above_everybodys_limit_the_top_is_asked_all_the_same(casework: Casework) -> None:
    state = await proposed(casework, replace(GESTURE, cost=Money(90_000_00, "EUR")))

    assert approver(state) == "nora"


async def test_who_promised_it_is_never_asked(casework: Casework) -> None:
    state = await casework.open()
    for act in (*SPOKEN, replace(GESTURE, cost=Money(9000_00, "EUR"))):
        state = await casework.act(state, act, MONDAY_MORNING, by="nora")

    assert approver(state) == "emma"


async def test_who_is_away_is_passed_by_and_the_timeline_says_so(casework: Casework) -> None:
    gone = Absence("away-1", "denis", MONDAY_MORNING - HOUR, MONDAY_MORNING + 48 * HOUR)
    async with casework.database.write() as session:
        keep_absence(session, gone, by="denis", key="k", at=MONDAY_MORNING - HOUR)
    state = await proposed(casework)

    assert approver(state) == "nora"
    skipped = [
        e
        for e in (await casework.view(state.case_id)).timeline
        if e.kind is EntryKind.LEVEL_SKIPPED
    ]
    assert [entry.facts["why"] for entry in skipped] == ["away"]


async def test_a_level_passed_by_for_a_gesture_is_none_that_the_case_climbed(
    database: Database, vault: Vault
) -> None:
    casework = await casework_of(organisation(**{"    deputy: denis\n": ""}), database, vault)
    await proposed(casework)

    found, log = await overall(casework), await read_log(casework, MONDAY_MORNING)
    assert found.escalation == ()
    by_the_log = plain(log, asked_for(log, Asked()), Asked().days)
    assert [name for name in by_the_log if name.startswith("level")] == []


async def test_an_empty_level_is_passed_by(database: Database, vault: Vault) -> None:
    casework = await casework_of(organisation(**{"    deputy: denis\n": ""}), database, vault)
    state = await proposed(casework)

    assert approver(state) == "nora"
    assert EntryKind.LEVEL_SKIPPED in await kinds(casework, state)


async def test_he_has_the_time_of_an_acknowledgement_and_one_reminder(casework: Casework) -> None:
    state = await proposed(casework)

    assert of_gesture(state) == [
        (RungKind.REMIND, MONDAY_MORNING + 15 * MINUTE),
        (RungKind.HAND_UP, MONDAY_MORNING + 30 * MINUTE),
    ]
    assert [rung for rung in state.rungs if rung.watch is None] == []


async def test_silence_asks_the_next_level_and_at_the_top_every_day_again(
    casework: Casework,
) -> None:
    state = await proposed(casework)
    state = await casework.stay_silent(await casework.stay_silent(state))

    assert (approver(state), state.owner) == ("nora", "dora")
    assert await told(casework, state) == [
        ("gesture_to_approve", "denis"),
        ("gesture_reminder", "denis"),
        ("gesture_to_approve", "nora"),
    ]
    top = of_gesture(state)[0]
    assert top[0] is RungKind.REPEAT
    state = await casework.stay_silent(state)
    assert approver(state) == "nora"
    assert of_gesture(state)[0][0] is RungKind.REPEAT
    assert of_gesture(state)[0][1] >= top[1] + 20 * HOUR


async def test_no_target_runs_while_only_a_yes_is_waited_for(casework: Casework) -> None:
    state = await proposed(casework)

    assert await casework.targets(state.case_id) == [
        ("acknowledge", "met"),
        ("plan", "met"),
    ]
    state = await casework.act(state, ApproveGesture(1), MONDAY_MORNING + HOUR, by="denis")
    assert (await casework.targets(state.case_id))[-1] == ("repair", None)


async def test_a_yes_writes_to_the_customer_in_the_words_of_the_promise(casework: Casework) -> None:
    state = await proposed(casework)
    state = await casework.act(state, ApproveGesture(1), MONDAY_MORNING + MINUTE, by="denis")

    assert state.actions[0].approval is Approval.GIVEN
    assert await told(casework, state) == [
        ("gesture_to_approve", "denis"),
        ("promised", None),
        ("gesture_approved", "dora"),
    ]
    assert (RungKind.BREAK, TUESDAY) in [(rung.kind, rung.at) for rung in state.rungs]
    assert of_gesture(state) == []


async def test_a_no_is_told_to_the_owner_and_to_no_customer(casework: Casework) -> None:
    state = await proposed(casework)
    state = await casework.act(state, RefuseGesture(1), MONDAY_MORNING + MINUTE, by="denis")

    assert ("gesture_refused", "dora") in await told(casework, state)
    assert None not in {person for _, person in await told(casework, state)}


async def test_the_question_is_listed_for_who_is_asked_until_it_is_answered(
    casework: Casework,
) -> None:
    state = await proposed(casework)
    today = (await in_force(casework)).organisation
    denis, nora = today.people["denis"], today.people["nora"]
    async with casework.database.read() as session:
        assert [(g.number, c.id) for g, c in await list_asked(session, today, denis, limit=9)] == [
            (1, state.case_id)
        ]
        assert await count_asked(session, today, nora) == 0
    await casework.act(state, ApproveGesture(1), MONDAY_MORNING, by="denis")
    assert await rows(casework) == []


async def test_a_case_that_closes_takes_its_question_along(casework: Casework) -> None:
    state = await proposed(casework)
    await casework.act(state, Close(Outcome.WITHDRAWN), MONDAY_MORNING)

    assert await rows(casework) == []


async def test_more_money_is_asked_higher_up(casework: Casework) -> None:
    state = await proposed(casework)
    more = ChangeAction(1, cost=Money(800_00, "EUR"), beyond=True)
    state = await casework.act(state, more, MONDAY_MORNING + MINUTE)

    assert approver(state) == "nora"
    assert await told(casework, state) == [
        ("gesture_to_approve", "denis"),
        ("gesture_to_approve", "nora"),
    ]


async def test_a_new_date_asks_the_same_again_and_gives_him_no_new_time(casework: Casework) -> None:
    state = await proposed(casework)
    state = await casework.act(state, ChangeAction(1, TUESDAY + HOUR), MONDAY_MORNING + MINUTE)

    assert approver(state) == "denis"
    assert of_gesture(state)[-1] == (RungKind.HAND_UP, MONDAY_MORNING + 30 * MINUTE)
    assert (await told(casework, state))[-1] == ("gesture_to_approve", "denis")


async def test_what_waits_for_a_yes_is_in_no_table_of_promises_or_actions(
    casework: Casework,
) -> None:
    state = await proposed(casework)
    await casework.act(state, DropAction(1), MONDAY_MORNING)

    assert await counted(casework) == 0


async def test_the_letters_of_a_question_are_withdrawn_by_its_answer(casework: Casework) -> None:
    state = await proposed(casework)
    await casework.act(state, RefuseGesture(1), MONDAY_MORNING, by="nora")

    async with casework.database.read() as session:
        asked = select(IntentRow).where(IntentRow.message == "gesture_to_approve")
        assert [row.status for row in await session.exec(asked)] == ["withdrawn"]


async def test_all_or_none_is_drawn_at_the_ends_of_the_share(
    database: Database, vault: Vault
) -> None:
    casework = await casework_of(organisation("100%"), database, vault)
    state = await proposed(casework, FREE)

    assert [(r.case_id, r.number, r.cents) for r in await drawn(casework)] == [
        (state.case_id, 1, 50_00)
    ]


async def test_nothing_is_drawn_without_a_share(casework: Casework) -> None:
    await proposed(casework, FREE)

    assert await drawn(casework) == []


async def test_what_somebody_higher_said_yes_to_is_not_drawn(
    database: Database, vault: Vault
) -> None:
    casework = await casework_of(organisation("100%"), database, vault)
    state = await proposed(casework)
    await casework.act(state, ApproveGesture(1), MONDAY_MORNING, by="denis")

    assert await drawn(casework) == []


async def test_what_came_back_within_his_authority_may_be_drawn(
    database: Database, vault: Vault
) -> None:
    casework = await casework_of(organisation("100%"), database, vault)
    state = await proposed(casework)
    await casework.act(state, ChangeAction(1, cost=Money(20_00, "EUR")), MONDAY_MORNING)

    assert [row.cents for row in await drawn(casework)] == [20_00]


async def test_a_review_is_written_once_with_its_note(database: Database, vault: Vault) -> None:
    casework = await casework_of(organisation("100%"), database, vault)
    state = await proposed(casework, FREE)
    said = Reviewed(ReviewVerdict.FINE, "nora", TUESDAY, "Flowers say more.")
    for _ in range(2):
        async with database.write() as session:
            await settle_review(session, vault, state.case_id, 1, said)

    async with database.read() as session:
        assert await count_to_review(session) == 0
        assert await list_to_review(session, limit=5) == []
        row = await session.get_one(GestureReviewRow, (state.case_id, 1))
        assert await note_of(session, vault, row) == "Flowers say more."
    other = replace(said, verdict=ReviewVerdict.TO_TALK_ABOUT)
    async with database.write() as session:
        with pytest.raises(WrongMove):
            await settle_review(session, vault, state.case_id, 1, other)


async def in_force(casework: Casework) -> InForce:
    async with casework.database.read() as session:
        return await casework.book.in_force(session)


async def counted(casework: Casework) -> int:
    async with casework.database.read() as session:
        promises = (await session.exec(select(PromiseRow))).all()
        return len(promises) + len((await session.exec(select(ActionRow))).all())
