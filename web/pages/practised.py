"""Practices on the page of a case: its own, and those of others with the same cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome
from models.causes import with_below
from models.people import Person
from models.practices import Practice, may_change, may_mark
from models.store.practices import Sought, practice_of, search_practices
from models.store.views import CaseView
from models.versions import Versions

BESIDE = 3
"""Practices beside a playbook: who wants more opens their page."""


@dataclass(frozen=True, slots=True)
class Practised:
    """`mine` is the case's own, where the reader may change it; `offered`: he may share the case."""

    cause: str | None
    mine: Practice | None
    offered: bool
    others: Sequence[Practice]


async def read_practised(
    session: AsyncSession, view: CaseView, versions: Versions, me: Person
) -> Practised:
    """An executive who sees the case without its customer reads practices too: they name nobody."""
    row, cause = view.row, view.state.cause if view.state else None
    if cause is None:
        return Practised(None, None, offered=False, others=())
    own = await practice_of(session, row.id)
    sought = Sought(causes=with_below(versions.today.causes, cause))
    found = await search_practices(session, sought, limit=BESIDE + 1)
    good = row.outcome == Outcome.RECOVERED
    return Practised(
        cause,
        own if own and may_change(me, own) else None,
        good and own is None and may_mark(me, owner=row.owner),
        [each.practice for each in found if each.practice.case_id != row.id][:BESIDE],
    )
