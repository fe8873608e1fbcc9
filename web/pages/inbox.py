"""The inbox: the cases that wait for a person, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbox import Group
from models.people import Person, Room, may_enter, may_review
from models.roster import stood_in_for
from models.store.absences import absences_at
from models.store.inbox import Desk, count_waiting, list_calls, list_waiting
from models.store.reviews import count_to_review
from models.store.stalled import count_stalled
from web.desk import desk_of
from web.pages.asked import read_asked
from web.pages.cards import Card, read_cards
from web.pages.leaves import LeaveLine, line_of
from web.pages.worklist import read_worklist
from web.provided import House, InHouse
from web.rendering import InPages
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

SHOWN: Mapping[Group, int] = MappingProxyType(
    {Group.NOW: 10, Group.TODAY: 10, Group.LATER: 5, Group.WAITING: 5}
)
"""On the first page; each group has pages of its own."""
SHOWN_ALONE = 30
FARTHEST = 400

PageNumber = Annotated[int, Query(ge=1, le=FARTHEST)]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Which page of which group; without one the first page of each."""

    group: Group | None
    page: int

    @property
    def groups(self) -> Sequence[Group]:
        return [self.group] if self.group else list(Group)

    @property
    def skip(self) -> int:
        return (self.page - 1) * SHOWN_ALONE if self.group else 0

    def limit(self, group: Group) -> int:
        return SHOWN_ALONE if self.group else SHOWN[group]

    @property
    def next_page(self) -> int:
        """The first page of all groups leads to the first of the one, which shows more of it."""
        return self.page + 1 if self.group else 1


@dataclass(frozen=True, slots=True)
class Tray:
    """A page of one group, of which there are `more` cases on the pages that follow."""

    group: Group
    count: int
    more: int
    cards: Sequence[Card]


def _leaf(group: Group | None = None, page: PageNumber = 1) -> Leaf:
    return Leaf(group, page)


@router.get("/inbox")
async def show_inbox(
    me: InInbox, house: InHouse, pages: InPages, leaf: Annotated[Leaf, Depends(_leaf)]
) -> HTMLResponse:
    async with house.database.read() as session:
        desk = await desk_of(session, house, me)
        trays = await _trays(session, house, desk, leaf)
        calls = await list_calls(session, me, now=desk.horizons.now)
        stands_in = await _stood_in_for(session, house, me)
        work = await read_worklist(session, house, me)
        asked = await read_asked(session, house, me)
        reviews = await count_to_review(session) if may_review(me) else 0
        stalled = await count_stalled(session) if may_enter(me, Room.BOARD) else 0
    return pages.answer(
        "inbox.html",
        me.language,
        me=me,
        here=Room.INBOX,
        leaf=leaf,
        trays=trays,
        work=work,
        asked=asked,
        reviews=reviews,
        calls=len(calls),
        stands_in=stands_in,
        stalled=stalled,
        now=desk.horizons.now,
    )


async def _stood_in_for(session: AsyncSession, house: House, me: Person) -> Sequence[LeaveLine]:
    """The running absences because of which he has more to do than usual."""
    today, now = (await house.book.in_force(session)).organisation, house.clock()
    away = await absences_at(session, now)
    return [line_of(absence, today) for absence in stood_in_for(today, away, me, now)]


async def _trays(session: AsyncSession, house: House, desk: Desk, leaf: Leaf) -> Sequence[Tray]:
    """The cards of all groups are read together."""
    rows = {
        group: await list_waiting(session, desk, group, limit=leaf.limit(group), skip=leaf.skip)
        for group in leaf.groups
    }
    read = await read_cards(session, house, desk.me, [*chain.from_iterable(rows.values())])
    cards = {card.case_id: card for card in read}
    counts = await count_waiting(session, desk)
    return [
        Tray(
            group,
            counts[group],
            max(0, counts[group] - leaf.skip - leaf.limit(group)),
            [cards[row.id] for row in found if row.id in cards],
        )
        for group, found in rows.items()
    ]
