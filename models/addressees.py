"""Which colleagues the notices of a move are for: each is told once."""

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from models.case import CaseState
from models.notices import Audience, Notice
from models.organisation import Organisation
from models.people import Person


def told(
    notices: Iterable[Notice],
    today: Organisation,
    state: CaseState,
    *,
    former: str | None,
    away: Collection[str] = (),
) -> Iterator[tuple[Notice, Person | None]]:
    """Each notice with whom it is for; None is the customer.

    Who is `away`, or is told something anyhow, need not learn that somebody else has the case.
    """
    heard: set[str] = set()
    for notice in notices:
        if notice.to is Audience.CUSTOMER:
            yield notice, None
            continue
        for person in _meant(notice, today, state, former=former):
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
