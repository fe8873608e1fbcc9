"""Which colleagues the notices of a move are for: each is told once."""

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from models.case import CaseState
from models.notices import Audience, Message, Notice
from models.organisation import Organisation
from models.people import Person

OF_DOERS = frozenset(
    {
        Message.ACTION_GIVEN,
        Message.ACTION_MOVED,
        Message.ACTION_TAKEN,
        Message.ACTION_REFUSED,
        Message.ACTION_REMINDER,
        Message.ACTION_LATE,
    }
)
"""What is said of an action to whoever is to do it."""


def told(
    notices: Iterable[Notice],
    today: Organisation,
    state: CaseState,
    *,
    former: str | None,
    away: Collection[str] = (),
    doers: Organisation | None = None,
) -> Iterator[tuple[Notice, Person | None]]:
    """Each notice with whom it is for; None is the customer.

    `doers` is the organisation in which whoever is away has who stands in for him for a successor. Who is
    `away`, or is told something anyhow, need not learn that somebody else has the case.
    """
    heard: set[str] = set()
    for notice in notices:
        if notice.to is Audience.CUSTOMER:
            yield notice, None
            continue
        works = doers if doers and notice.message in OF_DOERS else today
        for person in _meant(notice, works, state, former=former):
            if notice.message.informs and person.id in {*heard, *away}:
                continue
            heard.add(person.id)
            yield notice, person


def _meant(
    notice: Notice, today: Organisation, state: CaseState, *, former: str | None
) -> Iterator[Person]:
    """Who has left is not told; nor is anybody where the case stays with its owner."""
    match notice.to:
        case Audience.OWNER:
            yield today.people.get(state.owner or "") or today.national_owner
        case Audience.FORMER_OWNER:
            if former != state.owner:
                yield from _here(today, former)
        case Audience.ASSIGNEE:
            yield from _here(today, state.assignee)
        case Audience.DOER:
            heir = today.person_or_heir(notice.person or "")
            yield from (heir,) if heir else ()
        case Audience.THOSE_BEFORE:
            if former != state.owner:
                for person in dict.fromkeys((state.assignee, *state.had)):
                    yield from _here(today, person)
        case Audience.CUSTOMER:
            return
        case _:
            assert_never(notice.to)


def _here(today: Organisation, person: str | None) -> Iterator[Person]:
    found = today.people.get(person or "")
    if found is not None:
        yield found
