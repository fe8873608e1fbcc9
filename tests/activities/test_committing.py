"""A move is written once, in order, whatever came in between."""

from datetime import timedelta

from sqlmodel import col, delete

from models.actions import Acknowledge, Attempt, Close, Outcome, Reached
from models.case import Acted, CaseState, HeardAgain, Opened, Stage
from models.messages import Verdict
from models.store.database import Database
from models.survey import Identity
from models.tables import CaseRow, EntryRow
from models.target_tables import TargetRow
from models.timeline import EntryKind
from tests.casework import (
    MONDAY_MORNING,
    Casework,
    another,
    request_of,
)

LATER = MONDAY_MORNING + timedelta(minutes=5)


async def test_opening_assigns_whoever_answers_today(casework: Casework) -> None:
    state = await casework.open()
    assert (state.stage, state.owner, state.assignee) == (Stage.ASKED, "dora", "dora")


async def test_the_same_commit_run_twice_is_written_once(casework: Casework) -> None:
    state = await casework.open()
    draft = await casework.draft(state.case_id, Acknowledge())
    request = request_of(state, Acted(Acknowledge(), "dora", LATER, draft))
    first = await casework.records.commit(request)
    second = await casework.records.commit(request)
    assert first == second
    kinds = [entry.kind for entry in (await casework.view(state.case_id)).timeline]
    assert kinds.count(EntryKind.ACKNOWLEDGED) == 1


async def test_a_workflow_from_an_older_copy_gets_the_database_s_state(casework: Casework) -> None:
    opened = await casework.open()
    acknowledged = await casework.act(opened, Acknowledge(), LATER)
    stale = Acted(Attempt(Reached.REACHED), "dora", LATER, "none")
    receipt = await casework.take(opened, stale)
    assert receipt.verdict is Verdict.AHEAD
    assert receipt.state == acknowledged


async def test_another_act_under_a_known_commit_is_not_taken_for_written(
    casework: Casework,
) -> None:
    """A run that lost its last events must not mistake the lost commit for its own."""
    opened = await casework.open()
    acknowledged = await casework.act(opened, Acknowledge(), LATER)
    draft = await casework.draft(opened.case_id, Attempt(Reached.VOICEMAIL))
    event = Acted(Attempt(Reached.VOICEMAIL), "dora", LATER, draft)
    receipt = await casework.take(opened, event)
    assert (receipt.verdict, receipt.state) == (Verdict.AHEAD, acknowledged)


async def test_an_older_copy_of_the_database_is_overwritten_and_the_gap_recorded(
    casework: Casework, database: Database
) -> None:
    opened = await casework.open()
    async with database.read() as session:
        old = (await session.get_one(CaseRow, opened.case_id)).model_dump()
    acknowledged = await casework.act(opened, Acknowledge(), LATER)
    called = await casework.act(acknowledged, Attempt(Reached.REACHED), LATER)
    await restore(database, old, after=1)
    state = await casework.act(called, Attempt(Reached.VOICEMAIL), LATER)
    view = await casework.view(opened.case_id)
    (gap,) = [entry for entry in view.timeline if entry.kind is EntryKind.GAP]
    assert view.state == state
    assert gap.facts == {"after": 1, "until": 3}


async def restore(database: Database, old: dict[str, object], *, after: int) -> None:
    """Put a case's row back as it was, and forget the timeline written since."""
    async with database.write() as session:
        row = await session.get_one(CaseRow, str(old["id"]))
        row.sqlmodel_update(old)
        await session.exec(delete(EntryRow).where(col(EntryRow.seq) > after))
        await session.exec(delete(TargetRow).where(col(TargetRow.seq) > after))


async def test_the_opening_hears_every_answer_that_joined_before_it(casework: Casework) -> None:
    first = await casework.hear()
    await casework.hear(another("r-2"))
    opened = CaseState(first.case_id or "", MONDAY_MORNING)
    state = (await casework.take(opened, Opened(MONDAY_MORNING))).state
    acknowledged = await casework.act(state, Acknowledge(), LATER)
    closed = await casework.act(acknowledged, Close(Outcome.WITHDRAWN), LATER)
    assert closed.closed


async def test_closing_is_refused_while_an_answer_is_unheard(casework: Casework) -> None:
    state = await casework.open()
    await casework.hear(another("r-2"))
    draft = await casework.draft(state.case_id, Close(Outcome.WITHDRAWN))
    receipt = await casework.take(state, Acted(Close(Outcome.WITHDRAWN), "dora", LATER, draft))
    assert receipt.verdict is Verdict.UNHEARD
    assert receipt.state == state
    assert len(receipt.unheard) == 1


async def test_an_answer_told_twice_is_heard_once(casework: Casework) -> None:
    state = await casework.open()
    joined = await casework.hear(another("r-2"))
    heard = HeardAgain(joined.response_id, 1, LATER, LATER)
    after = (await casework.take(state, heard)).state
    again = await casework.take(after, heard)
    assert again.verdict is Verdict.STALE
    assert again.state == after


async def test_a_draft_that_was_committed_before_changes_nothing(casework: Casework) -> None:
    state = await casework.open()
    draft = await casework.draft(state.case_id, Attempt(Reached.VOICEMAIL))
    event = Acted(Attempt(Reached.VOICEMAIL), "dora", LATER, draft)
    called = (await casework.take(state, event)).state
    again = await casework.take(called, event)
    assert again.verdict is Verdict.STALE
    assert again.state.attempts == 1


async def test_the_snapshot_is_the_whole_state(casework: Casework) -> None:
    state = await casework.open()
    assert (await casework.view(state.case_id)).state == state


async def test_a_closed_case_lets_the_customer_s_next_answer_open_another(
    casework: Casework,
) -> None:
    state = await casework.open()
    await casework.act(state, Close(Outcome.WITHDRAWN), LATER)
    taken = await casework.hear(another("r-2", submitted_at=LATER))
    view = await casework.view(taken.case_id or "")
    assert taken.case_id != state.case_id
    assert view.row.reopens == state.case_id


async def test_an_answer_of_another_customer_never_joins(casework: Casework) -> None:
    state = await casework.open()
    stranger = Identity("c-2", phone="+33639985678")
    taken = await casework.hear(another("r-2", customer=stranger))
    assert taken.case_id != state.case_id
