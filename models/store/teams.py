"""Who has how many cases, and whose turn was when: read for a pick, and written after it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignment import Circumstances
from models.organisation import Organisation
from models.sharing import ceiling_of, limited, reach, rivals, turns_in
from models.tables import CaseRow
from models.team_tables import TeamRow
from models.teams import Loads, Team
from models.timeline import Entry
from models.transfers import ByHand, ByRouting, Transfer


async def with_loads(
    session: AsyncSession, found: Circumstances, transfer: Transfer | None
) -> Circumstances:
    """Inside the commit that is about to pick. Where no team is asked this costs nothing.

    From here to its end no other commit picks of these teams, or of one that might come to the same
    people: each counts what the one before it has given.
    """
    named = _named(found, transfer)
    if isinstance(named, Team):
        turns = await _locked_turns(session, rivals(found.today, named))
        people = reach(found.today, named) | limited(found.today)
        cases = await open_cases(session, people)
        return replace(found, loads=Loads(cases, turns))
    if named is not None and ceiling_of(found.today, named) is not None:
        return replace(found, loads=Loads(await open_cases(session, {named})))
    return found


def _named(found: Circumstances, transfer: Transfer | None) -> Team | str | None:
    """A team that shall pick, or a person of whom we may have to say that he has enough."""
    match transfer:
        case ByRouting():
            named = found.routed().named
            return named if isinstance(named, Team) else None
        case ByHand(person=to):
            return found.today.teams.get(to) or to
        case _:
            return None


async def note_turns(session: AsyncSession, entries: Iterable[Entry], *, at: datetime) -> None:
    """What the timeline of this commit tells of turns. The rows are locked already."""
    for turn in turns_in(entries):
        row = await session.get_one(TeamRow, turn.team)
        row.turns = {**row.turns, turn.person: 1 + max(row.turns.values(), default=0)}
        if turn.passed:
            row.passed_at = at
        session.add(row)


async def loads_today(session: AsyncSession, today: Organisation) -> Loads:
    """To look at: of everybody whom a team may ask, or who has a ceiling."""
    people = limited(today).union(*(reach(today, team) for team in today.teams.values()))
    rows = (await session.exec(select(TeamRow))).all() if today.teams else ()
    cases = await open_cases(session, people) if people else {}
    return Loads(cases, {row.id: row.turns for row in rows})


async def open_cases(session: AsyncSession, people: Collection[str]) -> Mapping[str, int]:
    """By owner: those for whom he stands in are his as long as he does."""
    owner = col(CaseRow.owner)
    counted = select(owner, func.count()).where(col(CaseRow.open), owner.in_(sorted(people)))
    return {str(who): n for who, n in await session.exec(counted.group_by(owner))}


async def passed_since(session: AsyncSession, since: datetime) -> Sequence[TeamRow]:
    """Teams that had to give a case above the ceiling, the latest first."""
    passed = col(TeamRow.passed_at)
    return (
        await session.exec(select(TeamRow).where(passed >= since).order_by(passed.desc()))
    ).all()


async def _locked_turns(
    session: AsyncSession, teams: Collection[str]
) -> Mapping[str, Mapping[str, int]]:
    """All commits lock in the same order, so none waits for one that waits for it."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = [{"id": team, "turns": {}} for team in sorted(teams)]
    await session.exec(dialect.insert(TeamRow).values(fresh).on_conflict_do_nothing())
    rows = select(TeamRow).where(col(TeamRow.id).in_(teams)).order_by(col(TeamRow.id))
    return {row.id: row.turns for row in await session.exec(rows.with_for_update())}
