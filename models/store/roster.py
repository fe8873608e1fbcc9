"""The roster of a day, and the open cases that it wants to see with somebody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.absence import Absence
from models.organisation import Organisation
from models.roster import Post, roster, stand_in
from models.sharing import Sharing, TeamDay
from models.store.absences import absences_at
from models.store.teams import loads_today
from models.tables import CaseRow


@dataclass(frozen=True, slots=True)
class RosterDay:
    """Who answers for what at `at`; the teams by id, with the cases that are open now."""

    at: datetime
    posts: tuple[Post, ...]
    teams: Mapping[str, TeamDay]


async def roster_at(session: AsyncSession, today: Organisation, at: datetime) -> RosterDay:
    away = await absences_at(session, at)
    sharing = Sharing(today, away, at, await loads_today(session, today))
    days = {team.id: sharing.day(team) for team in today.teams.values()}
    return RosterDay(at, roster(today, away, at), days)


async def misplaced(
    session: AsyncSession, today: Organisation, person: str, *, at: datetime
) -> tuple[str, ...]:
    """Ids of the cases that go from this person, or from who stands in for him back to him."""
    away = await absences_at(session, at)
    his = or_(col(CaseRow.owner) == person, col(CaseRow.stands_for).is_not(None))
    rows = (await session.exec(select(CaseRow).where(col(CaseRow.open), his))).all()
    return tuple(
        row.id
        for row in rows
        if (to := _belongs_to(row, today, away, at))
        and to != row.owner
        and person in {row.owner, row.stands_for, to}
    )


def _belongs_to(
    row: CaseRow, today: Organisation, away: Iterable[Absence], at: datetime
) -> str | None:
    """None for somebody who has left without a successor."""
    person = today.person_or_heir(row.stands_for or row.owner or "")
    return stand_in(today, away, person, at).person.id if person else None
