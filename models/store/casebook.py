"""A case's rows as a commit reads and writes them. Called inside the commit's unit of work."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignment import Circumstances
from models.case import CaseState, next_due
from models.conditions import About
from models.errors import DatabaseAway
from models.inbox import Awaited, awaited
from models.survey import Origin
from models.tables import ActRow, CaseRow, EntryRow, ResponseRow
from models.timeline import Entry, EntryKind
from models.versions import Versions

_STATE = TypeAdapter(CaseState)


def state_of(row: CaseRow) -> CaseState | None:
    """The snapshot, or None before the opening commit."""
    return _STATE.validate_python(row.snapshot) if row.snapshot else None


def circumstances_of(
    row: CaseRow, versions: Versions, at: datetime, *, zone: str | None = None
) -> Circumstances:
    """`zone` is that of the customer's clock, for who plans when he is called."""
    about = about_of(row)
    return Circumstances(
        about,
        today=versions.today,
        policy=versions.pinned.policy_for(about),
        at=at,
        topic=row.topic,
        absences=versions.absences,
        unreachable=versions.unreachable,
        origin=Origin(row.origin),
        zone=zone,
    )


def about_of(row: CaseRow) -> About:
    return About(row.region, row.trade, row.touchpoint, row.language)


async def lock_case(session: AsyncSession, case_id: str) -> CaseRow:
    """Raises DatabaseAway when the row is not there: a restored backup is older than the case.

    The commit is then repeated until somebody restores a newer one, and the case is not lost.
    """
    by_id = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    row = (await session.exec(by_id)).first()
    if row is None:
        raise DatabaseAway(f"Case {case_id} is not in this database; it may be an older copy.")
    return row


def write_state(row: CaseRow, state: CaseState, *, commit_id: str, at: datetime) -> None:
    row.seq, row.commit_id = state.seq, commit_id
    row.stage, row.owner, row.level = state.stage, state.owner, state.level
    row.stands_for = state.stands_for
    if not state.raised:
        row.highest_level = max(row.highest_level, state.level)
    row.due_at = next_due(state)
    _write_awaited(row, awaited(state))
    row.stalled_since = state.stalled_since
    row.open = not state.closed
    row.snapshot = _STATE.dump_python(state, mode="json")
    if state.closed:
        row.closed_at, row.outcome, row.confirmation = at, state.outcome, state.confirmation


def _write_awaited(row: CaseRow, found: Awaited | None) -> None:
    """What an inbox is ordered by."""
    row.awaited_from = found.who if found else None
    row.awaited_by = found.by if found else None
    row.awaited_after = found.after if found else None


def gap(row: CaseRow, state: CaseState, at: datetime) -> list[Entry]:
    """The database is an older copy: the workflow knows of commits that it does not hold."""
    if row.seq == state.seq - 1:
        return []
    facts = {"after": row.seq, "until": state.seq - 1}
    return [Entry(EntryKind.GAP, at, facts=facts)]


async def append_entry(session: AsyncSession, case_id: str, seq: int, entry: Entry) -> None:
    """After those of commit `seq`: something happened to the case that is no move of its own."""
    of_commit = select(func.count()).where(EntryRow.case_id == case_id, EntryRow.seq == seq)
    write_entries(session, case_id, seq, [entry], start=(await session.exec(of_commit)).one())


def write_entries(
    session: AsyncSession, case_id: str, seq: int, entries: Sequence[Entry], *, start: int = 0
) -> None:
    for n, entry in enumerate(entries, start):
        session.add(
            EntryRow(
                case_id=case_id,
                seq=seq,
                n=n,
                kind=entry.kind,
                at=entry.at,
                by=entry.by,
                due=entry.due,
                facts=dict(entry.facts),
            )
        )


async def unheard_responses(session: AsyncSession, case_id: str) -> Sequence[ResponseRow]:
    waiting = select(ResponseRow).where(
        ResponseRow.case_id == case_id, col(ResponseRow.consumed_seq).is_(None)
    )
    return (await session.exec(waiting.order_by(col(ResponseRow.received_at)))).all()


async def is_linked(session: AsyncSession, draft: str) -> bool:
    """Whether the act was committed before."""
    row = await session.get(ActRow, draft)
    return row is not None and row.seq is not None


async def link_act(session: AsyncSession, draft: str, seq: int) -> None:
    """An older copy of the database may have lost the draft: the act itself still counts."""
    row = await session.get(ActRow, draft)
    if row is not None:
        row.seq, row.refusal, row.refusal_detail = seq, None, None
        session.add(row)
