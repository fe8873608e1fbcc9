"""Write that an open case follows other rules: its version, its instants, the due of its target."""

from dataclasses import replace

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import CommitReceipt, CommitRequest, Verdict
from models.replanning import Course, Rules, plan_anew
from models.replans import Replan
from models.store import casebook
from models.store.organisations import OrganisationBook
from models.store.tallies import count_case
from models.tables import CaseRow, TargetRow


async def write_replan(
    session: AsyncSession,
    book: OrganisationBook,
    row: CaseRow,
    request: CommitRequest,
    replan: Replan,
) -> CommitReceipt:
    """Where it changes nothing, nothing is written; nor by a version that this database does not know."""
    move, at, version = request.move, request.at, row.version
    known = casebook.state_of(row) or move.state
    if (await book.in_force(session)).number < replan.version:
        return CommitReceipt(Verdict.STALE, known)
    rules = Rules(
        await book.versions(session, pinned=version, at=at),
        await book.versions(session, pinned=replan.version, at=at),
    )
    found = casebook.circumstances_of(row, rules.after, at)
    running = await casebook.running_target(session, row.id)
    course = Course(running.started_at, running.due_at) if running else None
    anew = plan_anew(move.state, course, found, rules, overdue_now=replan.overdue_now)
    if version == replan.version and anew.changes_nothing(move.state, course):
        return CommitReceipt(Verdict.STALE, known)
    await _keep_version(session, row.id, version)
    if running is not None and anew.due is not None:
        running.due_at = anew.due
        session.add(running)
    row.version = replan.version
    entries = [replace(entry, facts={**entry.facts, "from": version}) for entry in move.entries]
    casebook.write_entries(session, row.id, anew.state.seq, entries)
    casebook.write_state(row, anew.state, commit_id=request.commit_id, at=at)
    session.add(row)
    await count_case(session, book, row)
    return CommitReceipt(Verdict.APPLIED, anew.state)


async def _keep_version(session: AsyncSession, case_id: str, version: int) -> None:
    """What has ended ran by the rules of before, and its instants never move."""
    ended = update(TargetRow).where(
        col(TargetRow.case_id) == case_id,
        col(TargetRow.ended_at).is_not(None),
        col(TargetRow.version).is_(None),
    )
    await session.exec(ended.values(version=version))
