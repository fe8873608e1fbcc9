"""The roster of a day, and the open cases that it wants to see with somebody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.above import above
from models.absence import Absence
from models.organisation import Organisation
from models.roster import Post, roster, stand_in
from models.sharing import TeamDay
from models.store.absences import absences_at
from models.store.teams import loads_today
from models.store.unreachable import unreachable_people
from models.tables import CaseRow
from models.teams import UNLOADED, Loads
from models.versions import Versions


@dataclass(frozen=True, slots=True)
class RosterDay:
    """Who answers for what at `at`; the teams by id, with the cases that are open now.

    `then` are those to whom silence takes a case, by the number of the rule (None: where none fits).
    """

    at: datetime
    posts: tuple[Post, ...]
    teams: Mapping[str, TeamDay]
    then: Mapping[int | None, tuple[str, ...]]


async def roster_at(session: AsyncSession, today: Organisation, at: datetime) -> RosterDay:
    loads = await loads_today(session, today)
    away, lost = await absences_at(session, at), await unreachable_people(session, at)
    return roster_day(Versions(today, today, away, lost), at, loads)


def roster_day(versions: Versions, at: datetime, loads: Loads = UNLOADED) -> RosterDay:
    today, sharing = versions.today, versions.sharing(at, loads)
    teams = {team.id: sharing.day(team) for team in today.teams.values()}
    posts = roster(today, versions.absences, at)
    picked = {post.rule: teams[post.named.id].next.person for post in posts if not post.answers}
    then = {p.rule: above(versions, p, at, picked=picked.get(p.rule)) for p in posts}
    return RosterDay(at, posts, teams, then)


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
