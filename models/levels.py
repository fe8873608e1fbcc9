"""Who stands on a level of the ladder, in the order in which they are asked, and why nobody can take it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from models.conditions import About
from models.ladder import Level, Post
from models.organisation import Organisation, answering
from models.people import Person, Role
from models.teams import Team


class Vacancy(StrEnum):
    """Why a level does not take a case."""

    EMPTY = "empty"
    AWAY = "away"
    UNREACHABLE = "unreachable"
    """What was sent to him lately did not leave."""
    UNREACHABLE_LAST = "unreachable_last"
    """The same on the last level: nobody stands higher, so that it has the case all the same."""
    SAME_PERSON = "same_person"
    """The owner himself stands there: no fault of the ladder."""


def standing_on(
    organisation: Organisation, level: Level, assignee: Person, about: About
) -> tuple[Person, ...]:
    """Seen from the assignee of a case; nobody where the level is empty. Each is named once."""
    found = dict.fromkeys(p.id for p in _standing(organisation, level, assignee, about))
    people = (organisation.people[person] for person in found)
    return tuple(person for person in people if person.takes_cases)


def _standing(
    organisation: Organisation, level: Level, assignee: Person, about: About
) -> Iterator[Person]:
    match level.post:
        case Post.ASSIGNEE:
            yield assignee
        case Post.DEPUTY:
            yield from _known(organisation, assignee.deputy)
        case Post.REFERENT:
            yield from _referents(organisation, assignee, about)
        case Post.NEIGHBOUR:
            yield from _neighbours(organisation, assignee, about)
        case Post.NATIONAL_OWNER:
            yield organisation.national_owner
        case Post.EXECUTIVE:
            yield from (p for p in organisation.people.values() if p.role is Role.EXECUTIVE)
        case Post.PERSON:
            yield from _known(organisation, level.person)
        case _:
            assert_never(level.post)


def _known(organisation: Organisation, person: str | None) -> Iterator[Person]:
    """Or who took over from him."""
    found = organisation.person_or_heir(person or "")
    if found is not None:
        yield found


def _referents(organisation: Organisation, assignee: Person, about: About) -> Iterator[Person]:
    """Who knows the region as well goes first. A referent's own cases need another one."""
    of_trade = [p for p in organisation.people.values() if about.trade in p.referent_of]
    for person in sorted(of_trade, key=lambda p: about.region not in p.regions):
        if person != assignee:
            yield person


def _neighbours(organisation: Organisation, assignee: Person, about: About) -> Iterator[Person]:
    """Whom a rule of the routing names for the same there; the national owner has a level of her own."""
    region = organisation.regions.get(about.region or "")
    for neighbour in region.neighbours if region else ():
        there = about._replace(region=neighbour)
        answers = answering(organisation, there)
        if answers.rule is not None:
            yield from (p for p in people_named(organisation, answers.named) if p != assignee)


def people_named(organisation: Organisation, named: Person | Team) -> Iterator[Person]:
    """Of a team all members, in their order."""
    if isinstance(named, Person):
        yield named
        return
    for member in named.members:
        yield from _known(organisation, member)
