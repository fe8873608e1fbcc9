"""What planning the open cases anew would come to, before anybody does it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.deadlines import watch_of
from models.ladder import Target
from models.organisation import Organisation
from models.paused_clock import Pauses
from models.replan_difference import Changed, Difference, difference_of
from models.replanning import Course, Rules, plan_anew
from models.store import casebook
from models.store.absences import absences_at
from models.store.organisations import OrganisationBook
from models.store.pauses import pauses_by_case
from models.tables import CaseRow
from models.target_tables import TargetRow
from models.versions import Versions

AT_ONCE = 500
"""Cases a statement."""


@dataclass(frozen=True, slots=True)
class Asked:
    """By which rules, and when. `version` is the number that `wanted` has, or will have once applied."""

    wanted: Organisation
    version: int
    at: datetime
    overdue_now: bool = False


async def preview(
    session: AsyncSession,
    book: OrganisationBook,
    asked: Asked,
    *,
    among: AbstractSet[str] | None = None,
) -> Difference:
    """Of all open cases, or of those `among` some; worked out beside the event loop, for thousands take
    seconds.
    """
    away, looked_at = await absences_at(session, asked.at), 0
    wanted, changed = Versions(asked.wanted, asked.wanted, away), list[Changed]()
    async for rows in _open_cases(session) if among is None else _still_open(session, among):
        courses = await _courses(session, [row.id for row in rows])
        followed = {
            number: Versions(await book.version(session, number), asked.wanted, away)
            for number in {row.version for row in rows}
        }
        by_rules = {
            number: Rules(before, wanted, asked.overdue_now) for number, before in followed.items()
        }
        looked_at += len(rows)
        changed += await asyncio.to_thread(_changed_among, rows, courses, by_rules, asked)
    return Difference(looked_at, tuple(changed))


def _changed_among(
    rows: Sequence[CaseRow],
    courses: Mapping[str, Course],
    by_rules: Mapping[int, Rules],
    asked: Asked,
) -> Sequence[Changed]:
    """`by_rules`: by the version that a case follows now."""
    found = (_changed(row, courses.get(row.id), by_rules[row.version], asked) for row in rows)
    return [changed for each in found for changed in each]


def _changed(row: CaseRow, course: Course | None, rules: Rules, asked: Asked) -> Sequence[Changed]:
    """One that was not opened yet has no instants, and one that rests keeps them: a later look takes both
    along.
    """
    state = casebook.state_of(row)
    if state is None or state.pause is not None:
        return ()
    found = casebook.circumstances_of(row, rules.after, asked.at)
    anew = plan_anew(state, course, found, rules)
    if row.version == asked.version and anew.changes_nothing(state, course):
        return ()
    return (difference_of(state, course, anew, rules, found),)


async def _open_cases(session: AsyncSession) -> AsyncIterator[Sequence[CaseRow]]:
    """In the order of their ids, a page after the other."""
    after = ""
    while True:
        page = select(CaseRow).where(col(CaseRow.open), col(CaseRow.id) > after)
        rows = (await session.exec(page.order_by(col(CaseRow.id)).limit(AT_ONCE))).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


async def _still_open(
    session: AsyncSession, cases: AbstractSet[str]
) -> AsyncIterator[Sequence[CaseRow]]:
    ids = sorted(cases)
    for first in range(0, len(ids), AT_ONCE):
        page = ids[first : first + AT_ONCE]
        some = select(CaseRow).where(col(CaseRow.open), col(CaseRow.id).in_(page))
        yield (await session.exec(some.order_by(col(CaseRow.id)))).all()


async def _courses(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, Course]:
    running = select(TargetRow).where(
        col(TargetRow.case_id).in_(ids), col(TargetRow.fate).is_(None)
    )
    by_case: defaultdict[str, list[TargetRow]] = defaultdict(list)
    for row in await session.exec(running):
        by_case[row.case_id].append(row)
    rests = await pauses_by_case(session, ids)
    courses = {
        case_id: course_of(rows, rests.get(case_id, ())) for case_id, rows in by_case.items()
    }
    return {case_id: course for case_id, course in courses.items() if course}


def course_of(running: Sequence[TargetRow], rests: Pauses) -> Course | None:
    """Of what the stage awaits; None where nothing of it runs."""
    own = (row for row in running if watch_of(Target(row.target)) is None)
    return next((Course(row.started_at, row.due_at, rests) for row in own), None)
