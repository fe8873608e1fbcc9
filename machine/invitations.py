"""Links by which people of this machine's organisation sign in, for who stands at its terminal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from machine.opening import opened_database
from models.errors import NotKnown
from models.links import colleague_link
from models.people import Person
from models.spelling import did_you_mean
from models.store.access import new_link
from models.store.organisations import OrganisationBook
from settings import Settings

MOST = 20
"""More people than this are a real organisation: nobody reads so many links."""

People = Mapping[str, Person]


@dataclass(frozen=True, slots=True)
class Invitation:
    person: Person
    link: str


async def invite(settings: Settings, person: str) -> Invitation:
    """Raises NotKnown, with the id that was probably meant."""
    [invitation] = await _invite(settings, lambda people: [_known(person, people)])
    return invitation


async def invite_everybody(settings: Settings) -> Sequence[Invitation]:
    """Nobody at all where there are too many."""
    return await _invite(settings, lambda people: people.values() if len(people) <= MOST else ())


async def _invite(
    settings: Settings, choose: Callable[[People], Iterable[Person]]
) -> Sequence[Invitation]:
    async with opened_database(settings) as database, database.write() as session:
        today = (await OrganisationBook(database.vault).in_force(session)).organisation
        tokens = {
            person.id: new_link(session, None, person=person.id, at=datetime.now(UTC))
            for person in choose(today.people)
        }
    return [
        Invitation(today.people[person], colleague_link(settings.public_url, token))
        for person, token in tokens.items()
    ]


def _known(person: str, people: People) -> Person:
    if person not in people:
        raise NotKnown(f"Nobody has the id {person!r}{did_you_mean(person, people) or '.'}")
    return people[person]
