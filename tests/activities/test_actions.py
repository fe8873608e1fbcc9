"""Actions as commits write them: who is told, which rungs ring for whom, and what an inbox finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from models.access_tables import LinkRow
from models.action_tables import ActionRow
from models.actions import (
    Act,
    AddAction,
    Attempt,
    FinishAction,
    HandOver,
    NameCause,
    PromiseKind,
    Reached,
)
from models.case import CaseState
from models.errors import Misconfigured
from models.handling import AcceptAction, ChangeAction, DropAction, RefuseAction
from models.ladder import Rung, RungKind, Subject, Watch
from models.money import Money
from models.store.actions import count_work, list_work
from models.store.organisations import apply_organisation
from models.store.outbox import Letter, Outbox
from models.tables import IntentRow
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.web.machines.firm import staffed

HOUR = timedelta(hours=1)
TUESDAY = MONDAY_MORNING + 24 * HOUR
FRIDAY = MONDAY_MORNING + 96 * HOUR
SPOKEN = (Attempt(Reached.REACHED), NameCause("delay"))
ACTION = Watch(Subject.ACTION, 1)
OURS = AddAction("denis", TUESDAY)
PROMISED = AddAction("denis", TUESDAY, PromiseKind.REPAIR)


async def repairing(casework: Casework, *added: AddAction) -> CaseState:
    """Dora's case, on which Denis has something to do within 24 hours; he works day and night."""
    state = await casework.open()
    acts: tuple[Act, ...] = (*SPOKEN, *(added or (OURS,)))
    for act in acts:
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


async def ring(casework: Casework, state: CaseState, until: datetime) -> CaseState:
    """Nobody acts until then, that instant included."""
    while state.rungs and state.rungs[0].at <= until:
        state = await casework.stay_silent(state)
    return state


def of_action(state: CaseState) -> list[tuple[RungKind, datetime]]:
    return [(rung.kind, rung.at) for rung in state.rungs if rung.watch == ACTION]


async def told(casework: Casework, state: CaseState, person: str | None) -> list[str]:
    return [m.message for m in (await casework.view(state.case_id)).messages if m.person == person]


async def kinds(casework: Casework, state: CaseState) -> list[EntryKind]:
    return [entry.kind for entry in (await casework.view(state.case_id)).timeline]


async def letters(casework: Casework, message: str) -> list[Letter]:
    async with casework.database.read() as session:
        page = await Outbox(casework.database).page(session, limit=50)
    return [letter for _, letter in page if letter and letter.message == message]


async def test_who_has_an_action_is_reminded_at_the_shares_of_its_time(casework: Casework) -> None:
    state = await repairing(casework)

    assert of_action(state) == [
        (RungKind.REMIND, MONDAY_MORNING + 12 * HOUR),
        (RungKind.REMIND, MONDAY_MORNING + 21.6 * HOUR),
        (RungKind.REPEAT, TUESDAY),
    ]
    state = await ring(casework, state, MONDAY_MORNING + 22 * HOUR)
    assert await told(casework, state, "denis") == ["action_given", *["action_reminder"] * 2]
    assert "reminder" not in await told(casework, state, "dora")


async def test_at_its_date_both_are_told_once_and_the_timeline_notes_it_there(
    casework: Casework,
) -> None:
    state = await ring(casework, await repairing(casework), TUESDAY)

    assert (await told(casework, state, "denis"))[-1] == "action_late"
    assert await told(casework, state, "dora") == ["ask", "action_overdue"]
    late = next(
        e for e in (await casework.view(state.case_id)).timeline if e.kind is EntryKind.ACTION_LATE
    )
    assert late.due == late.at == TUESDAY


async def test_then_he_who_has_it_hears_of_it_every_working_day_and_nobody_else(
    casework: Casework,
) -> None:
    """Paul stands on no level of the ladder, on which the case climbs meanwhile."""
    await apply_organisation(casework.database, staffed(), name="x.yaml", at=MONDAY_MORNING)
    state = await repairing(casework, AddAction("paul", TUESDAY))

    state = await ring(casework, state, TUESDAY + 48 * HOUR)

    assert await told(casework, state, "paul") == [
        "action_given",
        *["action_reminder"] * 2,
        *["action_late"] * 3,
    ]
    everybody = [m.message for m in (await casework.view(state.case_id)).messages]
    assert everybody.count("action_overdue") == 1
    assert of_action(state) == [(RungKind.REPEAT, TUESDAY + 72 * HOUR)]


async def test_of_a_promise_nothing_is_told_twice_at_its_date(casework: Casework) -> None:
    state = await repairing(casework, PROMISED)
    assert [kind for kind, _ in of_action(state)] == [RungKind.REMIND] * 2

    state = await ring(casework, state, TUESDAY)

    assert (await told(casework, state, "dora"))[1:] == ["promise_broken"]
    assert (await told(casework, state, "denis")).count("action_late") == 1
    assert of_action(state) == [(RungKind.REPEAT, TUESDAY + 24 * HOUR)]


async def test_what_is_the_owners_own_has_no_rungs_beside_his_ladder(casework: Casework) -> None:
    state = await repairing(casework, AddAction("dora", TUESDAY))
    assert of_action(state) == []
    assert Rung(RungKind.REMIND, TUESDAY) in state.rungs


async def test_a_new_date_lays_new_rungs_and_done_there_are_none(casework: Casework) -> None:
    state = await repairing(casework)
    moved = await casework.act(state, ChangeAction(1, FRIDAY), MONDAY_MORNING)
    assert of_action(moved)[-1] == (RungKind.REPEAT, FRIDAY)

    done = await casework.act(moved, FinishAction(1), MONDAY_MORNING, by="denis")
    assert of_action(done) == []

    back = await casework.act(done, RefuseAction(1, FRIDAY), MONDAY_MORNING)
    assert of_action(back)[-1] == (RungKind.REPEAT, FRIDAY)


async def test_reminders_come_in_the_working_time_of_who_has_the_action(
    casework: Casework,
) -> None:
    """Dora works in the north from nine; the case is with Nora, who works day and night."""
    state = await casework.open(replace(UNHAPPY, language="en"))
    for act in (Attempt(Reached.REACHED), NameCause("delay"), AddAction("dora", FRIDAY)):
        state = await casework.act(state, act, MONDAY_MORNING)

    assert state.owner == "nora"
    hours = {at.astimezone(UTC).hour for kind, at in of_action(state) if kind is RungKind.REMIND}
    assert hours <= set(range(8, 18))


async def test_the_link_leads_who_has_an_action_to_it_and_who_lost_it_to_his_own(
    casework: Casework,
) -> None:
    state = await repairing(casework)
    await casework.act(state, ChangeAction(1, owner="nora"), MONDAY_MORNING)

    async with casework.database.read() as session:
        links = (await session.exec(select(LinkRow).order_by(col(LinkRow.person)))).all()
    led = {(link.person, link.case_id, link.action) for link in links if link.person != "dora"}
    assert led == {
        ("denis", state.case_id, 1),
        ("denis", None, None),
        ("nora", state.case_id, 1),
    }


async def test_what_was_said_of_an_action_is_withdrawn_once_somebody_worked_on_it(
    casework: Casework,
) -> None:
    """At night letters wait; in the morning they would speak of what is done."""
    night = MONDAY_MORNING + 13 * HOUR
    state = await casework.open(replace(UNHAPPY, language="en", submitted_at=night))
    acts: tuple[Act, ...] = (*SPOKEN, *[AddAction("dora", FRIDAY)] * 2)
    for act in acts:
        state = await casework.act(state, act, night)
    await casework.act(state, FinishAction(1), night)

    async with casework.database.read() as session:
        of_actions = select(IntentRow).where(col(IntentRow.action).is_not(None))
        rows = (await session.exec(of_actions.order_by(col(IntentRow.action)))).all()
    assert [(row.action, row.status) for row in rows] == [(1, "withdrawn"), (2, "pending")]


async def test_a_new_date_of_a_promise_goes_to_the_customer_in_its_words(
    casework: Casework,
) -> None:
    state = await repairing(casework, PROMISED)
    await casework.act(state, ChangeAction(1, FRIDAY), MONDAY_MORNING)

    [letter] = await letters(casework, "promise_moved")
    assert letter.audience == "customer"
    assert "5 mars" in letter.body
    assert "Because" not in letter.body, "the reason stays in the house"


async def test_work_of_others_stands_in_the_inbox_of_who_has_it_until_it_is_done(
    casework: Casework,
) -> None:
    state = await repairing(casework, AddAction("denis", FRIDAY), OURS, AddAction("dora", FRIDAY))
    assert await _work(casework, "denis") == [2, 1]
    assert await _work(casework, "dora") == [], "her own case"

    await casework.act(state, FinishAction(2), MONDAY_MORNING, by="denis")
    assert await _work(casework, "denis") == [1]


async def test_what_was_a_colleagues_is_the_successors(casework: Casework) -> None:
    await repairing(casework)
    text = SMALL.read_text().replace("    deputy: denis\n", "")
    gone = "\n".join(line for line in text.splitlines() if "id: denis" not in line)

    with pytest.raises(Misconfigured, match=r"1 open action\(s\) are his"):
        await apply_organisation(casework.database, gone, name="x.yaml", at=TUESDAY)
    heir = f"{gone}\nsuccessors: {{denis: nora}}\n"
    await apply_organisation(casework.database, heir, name="x.yaml", at=TUESDAY)

    assert await _work(casework, "nora") == [1]


async def _work(casework: Casework, person: str) -> list[int]:
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
        me = today.people[person]
        rows = await list_work(session, today, me, limit=9)
        assert await count_work(session, today, me) == len(rows)
    return [action.number for action, _ in rows]


async def test_the_row_tells_how_each_action_stands(casework: Casework) -> None:
    cost = Money(12550, "EUR")
    state = await repairing(casework, *[OURS] * 4)
    for act, by in (
        (FinishAction(1, cost=cost), "dora"),
        (FinishAction(2), "denis"),
        (AcceptAction(2), "dora"),
        (FinishAction(3), "denis"),
        (DropAction(4), "dora"),
    ):
        state = await casework.act(state, act, MONDAY_MORNING + HOUR, by=by)

    async with casework.database.read() as session:
        rows = (await session.exec(select(ActionRow).order_by(col(ActionRow.number)))).all()
    assert [(r.stand, r.word, r.accepted, r.cents) for r in rows] == [
        ("done", "kept", False, 12550),
        ("done", "kept", True, None),
        ("to_accept", "kept", False, None),
        ("dropped", "dropped", False, None),
    ]


async def test_an_acceptance_counts_after_a_hand_over(casework: Casework) -> None:
    state = await repairing(casework)
    state = await casework.act(state, FinishAction(1), MONDAY_MORNING, by="denis")
    state = await casework.act(state, HandOver("nora"), MONDAY_MORNING)

    accepted = await casework.act(state, AcceptAction(1), MONDAY_MORNING, by="dora")

    assert accepted.stage == "confirming"
    assert EntryKind.ACTION_ACCEPTED in await kinds(casework, accepted)
