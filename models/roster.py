"""Who acts for whom on a day: stand-ins and their chains, which always end with somebody.

An absence is followed to who stands in, and on from him if he is away too. Where that comes back,
or ends with nobody, the national owner answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.absence import Absence
from models.errors import WrongMove
from models.organisation import Organisation, Route, named_by
from models.people import Person
from models.teams import Team


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acts in somebody's place, or he himself: then there is no `absence`.

    `broken`: nobody on the chain is there, so it is the national owner.
    """

    person: Person
    absence: Absence | None = None
    broken: bool = False


def stand_in(
    organisation: Organisation, absences: Iterable[Absence], person: Person, at: datetime
) -> Standing:
    away = _away(absences, at)
    *_, last = _chain(organisation, away, person)
    if last.id not in away:
        return Standing(last, away.get(person.id))
    *_, highest = _chain(organisation, away, organisation.national_owner)
    answers = organisation.national_owner if highest.id in away else highest
    return Standing(answers, away[person.id], broken=True)


def stood_in_for(
    organisation: Organisation, absences: Iterable[Absence], person: Person, at: datetime
) -> tuple[Absence, ...]:
    """The absences because of which this person has more to do than usual."""
    running = [absence for absence in absences if absence.covers(at)]
    return tuple(
        absence
        for absence in running
        if absence.person in organisation.people
        and stand_in(organisation, running, organisation.people[absence.person], at).person.id
        == person.id
        != absence.person
    )


def check_absence(
    organisation: Organisation, others: Iterable[Absence], new: Absence, person: Person
) -> None:
    """Raises WrongMove where he is away already, or nobody would be there in his place."""
    others = tuple(others)
    for other in others:
        if other.person == new.person and other.since < new.until and new.since < other.until:
            raise WrongMove("away_already", f"{new.person} is already away then.")
    for at in (new.since, *(o.since for o in others if new.covers(o.since))):
        _check_chain(organisation, _away((*others, new), at), person, at)


def days_away(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first instant of the first local day up to that of the day after the last."""
    start, end = (
        datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    return start, end


def noon(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which one looks who answers on a day."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """A line of the roster: whom a rule names (the last has none: the national owner), who answers.

    Who of a team answers is for `models.sharing` to say.
    """

    rule: int | None
    route: Route | None
    named: Person | Team
    answers: Standing | None


def roster(
    organisation: Organisation, absences: Iterable[Absence], at: datetime
) -> tuple[Post, ...]:
    """Every routing rule in its order, then who answers where none fits."""
    absences = tuple(absences)
    rules: list[tuple[int | None, Route | None, Person | Team]] = [
        (number, route, named_by(organisation, route))
        for number, route in enumerate(organisation.routes, start=1)
    ]
    return tuple(
        Post(rule, route, named, _answers(organisation, absences, named, at))
        for rule, route, named in (*rules, (None, None, organisation.national_owner))
    )


def _answers(
    organisation: Organisation, absences: Iterable[Absence], named: Person | Team, at: datetime
) -> Standing | None:
    return None if isinstance(named, Team) else stand_in(organisation, absences, named, at)


def _away(absences: Iterable[Absence], at: datetime) -> Mapping[str, Absence]:
    return {absence.person: absence for absence in absences if absence.covers(at)}


def _chain(
    organisation: Organisation, away: Mapping[str, Absence], person: Person
) -> Iterator[Person]:
    """He himself, then each who stands in for the one before, as long as that one is away."""
    met: set[str] = set()
    found: Person | None = person
    while found is not None and found.id not in met:
        yield found
        met.add(found.id)
        found = _next(organisation, away, found)


def _next(organisation: Organisation, away: Mapping[str, Absence], person: Person) -> Person | None:
    absence = away.get(person.id)
    if absence is None:
        return None
    named = organisation.people.get(absence.stand_in or person.deputy or "")
    return named if named and named.takes_cases else None


def _check_chain(
    organisation: Organisation, away: Mapping[str, Absence], person: Person, at: datetime
) -> None:
    """The national owner is where every broken chain ends, so his own must end with somebody."""
    chain = [found.id for found in _chain(organisation, away, person)]
    last = organisation.people[chain[-1]]
    if last.id not in away:
        return
    again = _next(organisation, away, last)
    if again is not None:
        way = " → ".join((*chain, again.id))
        raise WrongMove("comes_back", f"Nobody would be there on {at:%Y-%m-%d}: {way}.")
    if person.id == organisation.national_owner.id:
        raise WrongMove("nobody_stands_in", f"Name who stands in for {person.id}.")
