"""Who answers for what today, or on another day, and how the teams share their cases out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.organisation import Organisation, Route, word
from models.people import Person, Room
from models.roster import Post, noon
from models.sharing import Seat, TeamDay, Way, may_see_load
from models.store.roster import RosterDay, roster_at
from models.teams import Share, Team
from web.provided import InHouse
from web.rendering import InPages
from web.visitors import InAccount

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`conditions` are words, but for the language; the `last` line is for what no rule takes.

    `absent` is who answers otherwise, until `back_at`; `team` is who shares it out, by `way`.
    """

    conditions: tuple[str, ...]
    language: str | None
    last: bool
    answers: str
    absent: str | None
    back_at: datetime | None
    broken: bool
    team: str | None
    way: Way | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """`cases` is None for a reader whose business it is not."""

    name: str
    back_at: datetime | None
    full: bool
    cases: int | None
    ceiling: int | None
    next: bool


@dataclass(frozen=True, slots=True)
class TeamLine:
    """`heir` is whom its overflow names: a person or another team."""

    name: str
    share: Share
    heir: str | None
    way: Way
    seats: tuple[SeatLine, ...]


@dataclass(frozen=True, slots=True)
class RosterReading:
    """For whom the roster is laid out; instants are on the head office's clocks."""

    me: Person
    today: Organisation

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.today.head_office.zone)

    def rule(self, post: Post, teams: Mapping[str, TeamDay]) -> RuleLine:
        """Whatever a person is away for is nobody's business: only until when."""
        standing = post.answers
        pick = None if standing else teams[post.named.id].next
        absence = standing.absence if standing else None
        return RuleLine(
            tuple(self._conditions(post.route)) if post.route else (),
            post.route.language if post.route else None,
            post.route is None,
            standing.person.name if standing else teams[post.named.id].next.person.name,
            self.name(post.named) if absence else None,
            self.local(absence.until) if absence else None,
            standing is not None and standing.broken,
            self.name(post.named) if pick else None,
            pick.way if pick else None,
        )

    def team(self, day: TeamDay) -> TeamLine:
        overflow = day.team.overflow or ""
        heir = self.today.teams.get(overflow) or self.today.people.get(overflow)
        return TeamLine(
            self.name(day.team),
            day.team.share,
            self.name(heir) if heir else None,
            day.next.way,
            tuple(self._seat(seat, day) for seat in day.seats),
        )

    def name(self, named: Person | Team) -> str:
        return word(named.label, self.me.language) if isinstance(named, Team) else named.name

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _seat(self, seat: Seat, day: TeamDay) -> SeatLine:
        return SeatLine(
            seat.person.name,
            self.local(seat.absence.until) if seat.absence else None,
            seat.full,
            seat.cases if may_see_load(self.me, seat.person.id) else None,
            seat.ceiling,
            seat.person == day.next.person,
        )

    def _conditions(self, route: Route) -> Iterator[str]:
        labels = (
            (route.region, self.today.region_labels()),
            (route.trade, self.today.trades),
            (route.touchpoint, self.today.touchpoints),
        )
        for wanted, known in labels:
            if wanted is not None:
                yield word(known[wanted], self.me.language)


@router.get("/roster")
async def show_roster(me: InAccount, house: InHouse, pages: InPages, on: str = "") -> HTMLResponse:
    """At noon of `on`, at the head office; now where it is no day."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        reading, day = RosterReading(me, today), _day(on)
        at = noon(day, reading.zone) if day else house.clock()
        found = await roster_at(session, today, at)
    return pages.answer(
        "roster.html",
        me.language,
        me=me,
        here=Room.ACCOUNT,
        at=reading.local(at),
        now=reading.local(house.clock()),
        day=day,
        rules=_rules(found, reading),
        teams=[reading.team(team) for team in found.teams.values()],
    )


def _rules(found: RosterDay, reading: RosterReading) -> Sequence[RuleLine]:
    return [reading.rule(post, found.teams) for post in found.posts]


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
