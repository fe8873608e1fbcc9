"""Write that an open case follows other rules: its version, its instants, the due of its target."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.deadlines import deadline_of, watch_of
from models.decision import Decided
from models.ladder import Target
from models.messages import CommitReceipt, CommitRequest, Verdict
from models.replanning import Anew, Rules, plan_anew
from models.replans import Replan
from models.store import casebook
from models.store.organisations import OrganisationBook
from models.store.pauses import pauses_by_case
from models.store.replanning import course_of
from models.store.tallies import count_case
from models.store.targets import keep_targets, running_targets
from models.tables import CaseRow
from models.target_tables import TargetRow


async def write_replan(
    session: AsyncSession,
    book: OrganisationBook,
    row: CaseRow,
    request: CommitRequest,
    replan: Replan,
) -> CommitReceipt:
    """Where it changes nothing, nothing is written; nor by a version that this database does
    not know, nor while the case rests, nor where an older copy of it knows less of the case.
    """
    move, at, version = request.move, request.at, row.version
    known = casebook.state_of(row) or move.state
    behind = row.seq < move.state.seq - 1
    if behind or move.state.pause or (await book.in_force(session)).number < replan.version:
        return CommitReceipt(Verdict.STALE, known)
    rules = Rules(
        await book.versions(session, pinned=version, at=at),
        await book.versions(session, pinned=replan.version, at=at),
        overdue_now=replan.overdue_now,
    )
    found = casebook.circumstances_of(row, rules.after, at)
    running = await running_targets(session, row.id)
    rests = await pauses_by_case(session, [row.id])
    course = course_of(running, rests.get(row.id, ()))
    anew = plan_anew(move.state, course, found, rules)
    if version == replan.version and anew.changes_nothing(move.state, course):
        return CommitReceipt(Verdict.STALE, known)
    await keep_targets(session, move, Decided(anew.state, (), (), None), at=at)
    await _keep_version(session, row.id, version)
    _move_due(running, anew)
    row.version = replan.version
    entries = [replace(entry, facts={**entry.facts, "from": version}) for entry in move.entries]
    casebook.write_entries(session, row.id, anew.state.seq, entries)
    casebook.write_state(row, anew.state, commit_id=request.commit_id, at=at)
    session.add(row)
    await count_case(session, book, row)
    return CommitReceipt(Verdict.APPLIED, anew.state)


def _move_due(running: Sequence[TargetRow], anew: Anew) -> None:
    for target in running:
        watch = watch_of(Target(target.target))
        deadline = deadline_of(anew.state, watch) if watch else None
        due = deadline.due if deadline else anew.due
        if target.fate is None and due is not None:
            target.due_at = due


async def _keep_version(session: AsyncSession, case_id: str, version: int) -> None:
    """What has ended ran by the rules of before, and its instants never move."""
    ended = update(TargetRow).where(
        col(TargetRow.case_id) == case_id,
        col(TargetRow.ended_at).is_not(None),
        col(TargetRow.version).is_(None),
    )
    await session.exec(ended.values(version=version))
