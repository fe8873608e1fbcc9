"""The JSON API: who answers for what on a day, and how the teams share their cases out."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel

from models.organisation import Organisation
from models.people import Person
from models.roster import Post, noon
from models.sharing import Seat, TeamDay, Way, may_see_load
from models.store.roster import RosterDay, roster_at
from models.teams import Share
from web.api.questions import By, find_reader
from web.provided import House, InHouse

router = APIRouter(tags=["people"])


class RosterLine(BaseModel):
    """A routing rule with its conditions; the last line, without `rule`, is for where none fits.

    `answers` is who acts for `named` that day. `broken`: nobody who stands in is there. Where `named`
    is a team, `answers` is who would get its next case, and `way` says by which rule. `then` are those to
    whom silence takes it.
    """

    rule: int | None
    region: str | None
    trade: str | None
    touchpoint: str | None
    language: str | None
    named: str
    answers: str
    away_until: datetime | None
    broken: bool
    way: Way | None
    then: Sequence[str]

    @classmethod
    def of(cls, post: Post, day: RosterDay) -> "RosterLine":
        answers, route, teams = post.answers, post.route, day.teams
        conditions = ("region", "trade", "touchpoint", "language")
        pick = None if answers else teams[post.named.id].next
        return cls(
            rule=post.rule,
            **{name: getattr(route, name, None) for name in conditions},
            named=post.named.id,
            answers=(answers or teams[post.named.id].next).person.id,
            away_until=answers.absence.until if answers and answers.absence else None,
            broken=answers is not None and answers.broken,
            way=pick.way if pick else None,
            then=day.then[post.rule],
        )


class SeatOut(BaseModel):
    """A member. `full`: he has reached his ceiling. `cases` is None for whom that is no business."""

    person: str
    away_until: datetime | None
    full: bool
    ceiling: int | None
    cases: int | None

    @classmethod
    def of(cls, seat: Seat, reader: Person | None) -> "SeatOut":
        seen = reader is not None and may_see_load(reader, seat.person.id)
        return cls(
            person=seat.person.id,
            away_until=seat.absence.until if seat.absence else None,
            full=seat.full,
            ceiling=seat.ceiling,
            cases=seat.cases if seen else None,
        )


class TeamOut(BaseModel):
    """`next` would get the next case, by the rule `way`. Members stand in the order of the file."""

    id: str
    share: Share
    overflow: str | None
    next: str
    way: Way
    members: Sequence[SeatOut]

    @classmethod
    def of(cls, day: TeamDay, reader: Person | None) -> "TeamOut":
        team = day.team
        return cls(
            id=team.id,
            share=team.share,
            overflow=team.overflow,
            next=day.next.person.id,
            way=day.next.way,
            members=[SeatOut.of(seat, reader) for seat in day.seats],
        )


@router.get("/roster")
async def read_roster(house: InHouse, on: date | None = None) -> Sequence[RosterLine]:
    """At noon of that day at the head office; without `on`, now."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        day = await roster_at(session, today, _instant(today, house, on))
    return [RosterLine.of(post, day) for post in day.posts]


@router.get("/teams")
async def read_teams(house: InHouse, by: By = None, on: date | None = None) -> Sequence[TeamOut]:
    """Who is there, and who has the next case. A number of cases is for whom it is about, and the owner."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        reader = await find_reader(house, session, by)
        day = await roster_at(session, today, _instant(today, house, on))
    return [TeamOut.of(team, reader) for team in day.teams.values()]


def _instant(today: Organisation, house: House, on: date | None) -> datetime:
    return noon(on, ZoneInfo(today.head_office.zone)) if on else house.clock()
