"""Who of a team gets a case. It always ends with somebody who takes cases.

The rule, in its order:

1. Members who are away, whom nothing reaches, or who have reached their ceiling are passed over. Among
   the others the team's `share` decides: in turn, or by load. Nobody catches up on turns that he missed:
   who comes back, or joins, has the next one and then waits like everybody.
2. Where nobody is left the overflow is asked: another team in the same way, or a person, unless he has
   reached his ceiling or nobody stands in for him.
3. Where that ends nowhere, who of the members is there and has the fewest cases gets it all the same,
   and the ceiling counts as passed.
4. Where no member is there, it is the national owner.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from models.absence import Absence
from models.organisation import Organisation
from models.people import Person, Role
from models.roster import stand_in
from models.teams import Loads, Share, Team
from models.timeline import Entry, EntryKind


class Way(StrEnum):
    """By which rule a team came to somebody."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
    OVERFLOW = "overflow"
    """To the person whom the overflow names."""
    ABOVE_CEILING = "above_ceiling"
    NOBODY_THERE = "nobody_there"


@dataclass(frozen=True, slots=True)
class Pick:
    """`asked` is the team that was asked first, `team` the one whose member it is, if he is one."""

    person: Person
    way: Way
    asked: str
    team: str | None = None

    @property
    def facts(self) -> Mapping[str, str]:
        told = {"team": self.asked, "way": str(self.way)}
        return told | ({"via": self.team} if self.team not in {None, self.asked} else {})


@dataclass(frozen=True, slots=True)
class Turn:
    """`team`'s rule gave a case to `person`, above his ceiling if `passed`."""

    team: str
    person: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A member on a day. `full`: he has reached his ceiling."""

    person: Person
    absence: Absence | None
    cases: int
    ceiling: int | None
    full: bool


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A team on a day: its members in the order of the file, and who would get the next case."""

    team: Team
    seats: tuple[Seat, ...]
    next: Pick


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a pick depends on: who there is, who is away, and who has how much.

    Whom nothing reaches (`unreachable`) is passed over as who is away. `but` has the case already: it is
    picked for somebody else, where there is one.
    """

    today: Organisation
    absences: tuple[Absence, ...]
    at: datetime
    loads: Loads
    unreachable: frozenset[str] = frozenset()
    but: str | None = None

    def pick(self, team: Team) -> Pick:
        way = tuple(_way(self.today, team))
        for step in way:
            found = self._among(step, team) if isinstance(step, Team) else self._beside(step, team)
            if found is not None:
                return found
        for step in (each for each in way if isinstance(each, Team)):
            if there := self._there(step):
                person = min(there, key=lambda p: self._by_load(step, p))
                return Pick(person, Way.ABOVE_CEILING, team.id, step.id)
        return Pick(self.today.national_owner, Way.NOBODY_THERE, team.id)

    def is_full(self, person: str) -> bool:
        ceiling = ceiling_of(self.today, person)
        return ceiling is not None and self.loads.cases(person) >= ceiling

    def is_there(self, team: Team) -> bool:
        """Somebody of its members, full or not."""
        return bool(self._there(team))

    def day(self, team: Team) -> TeamDay:
        return TeamDay(team, tuple(map(self._seat, _members(self.today, team))), self.pick(team))

    def _among(self, team: Team, asked: Team) -> Pick | None:
        """By the team's own rule, whoever asked it."""
        free = [person for person in self._there(team) if not self.is_full(person.id)]
        if not free:
            return None
        match team.share:
            case Share.ROUND_ROBIN:
                person = min(free, key=lambda p: self._by_turn(team, p))
                return Pick(person, Way.ROUND_ROBIN, asked.id, team.id)
            case Share.LEAST_LOADED:
                person = min(free, key=lambda p: self._by_load(team, p))
                return Pick(person, Way.LEAST_LOADED, asked.id, team.id)
            case _:
                assert_never(team.share)

    def _beside(self, person: Person, asked: Team) -> Pick | None:
        """Or who stands in for him, whose ceiling counts then."""
        standing = stand_in(self.today, self.absences, person, self.at)
        answers = standing.person.id
        gone = {*self.unreachable, self.but}
        if standing.broken or answers in gone or self.is_full(answers):
            return None
        return Pick(person, Way.OVERFLOW, asked.id)

    def _there(self, team: Team) -> list[Person]:
        """In the order of the file, which is what decides between equals."""
        away = {absence.person for absence in self.absences if absence.covers(self.at)}
        members = _members(self.today, team)
        gone = {*away, *self.unreachable, self.but}
        return [person for person in members if person.id not in gone]

    def _by_turn(self, team: Team, person: Person) -> int:
        return self.loads.turn(team.id, person.id)

    def _by_load(self, team: Team, person: Person) -> tuple[int, int]:
        return self.loads.cases(person.id), self._by_turn(team, person)

    def _seat(self, person: Person) -> Seat:
        running = (a for a in self.absences if a.person == person.id and a.covers(self.at))
        return Seat(
            person,
            next(running, None),
            self.loads.cases(person.id),
            ceiling_of(self.today, person.id),
            self.is_full(person.id),
        )


def ceiling_of(organisation: Organisation, person: str) -> int | None:
    """His own, else the lowest that a team of his has for its members."""
    known = organisation.people.get(person)
    if known is not None and known.ceiling is not None:
        return known.ceiling
    teams = (team for team in organisation.teams.values() if person in team.members)
    return min((team.ceiling for team in teams if team.ceiling is not None), default=None)


def limited(organisation: Organisation) -> frozenset[str]:
    """Everybody with a ceiling: a stand-in may be any of them."""
    return frozenset(p for p in organisation.people if ceiling_of(organisation, p) is not None)


def reach(organisation: Organisation, team: Team) -> frozenset[str]:
    """Everybody to whom the team's rule may come, but for stand-ins and the national owner."""
    people: set[str] = set()
    for step in _way(organisation, team):
        people |= set(step.members) if isinstance(step, Team) else {step.id}
    return frozenset(people)


def rivals(organisation: Organisation, team: Team) -> frozenset[str]:
    """The teams that may come to the same people as this one, itself included."""
    people = reach(organisation, team)
    return frozenset(
        other.id for other in organisation.teams.values() if people & reach(organisation, other)
    )


def turns_in(entries: Iterable[Entry]) -> Iterator[Turn]:
    """The turns that a commit gave, as its timeline tells them."""
    for entry in entries:
        way, team = entry.facts.get("way"), entry.facts.get("via", entry.facts.get("team"))
        if entry.kind is EntryKind.ASSIGNED and way in _TURNS:
            yield Turn(str(team), str(entry.facts["to"]), way == Way.ABOVE_CEILING)


_TURNS = frozenset({Way.ROUND_ROBIN, Way.LEAST_LOADED, Way.ABOVE_CEILING})


def may_see_load(reader: Person, person: str) -> bool:
    """How many cases somebody has open is for himself, and for who must share the work out."""
    return reader.role is Role.NATIONAL_OWNER or reader.id == person


def _members(organisation: Organisation, team: Team) -> Iterator[Person]:
    """Who takes cases today: a file of tomorrow may make an operator of somebody."""
    found = (organisation.people.get(member) for member in team.members)
    return (person for person in found if person is not None and person.takes_cases)


def _way(organisation: Organisation, team: Team) -> Iterator[Team | Person]:
    """The team, then each overflow; it ends with a person, with none, or where it would come back."""
    met: set[str] = set()
    found: Team | None = team
    while found is not None and found.id not in met:
        yield found
        met.add(found.id)
        person = organisation.people.get(found.overflow or "")
        if person is not None and person.takes_cases:
            yield person
        found = organisation.teams.get(found.overflow or "")
