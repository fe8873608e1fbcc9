"""The inbox: the cases that wait for a person, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbox import Group
from models.people import Room
from models.store.inbox import Desk, count_waiting, list_calls, list_waiting
from web.desk import desk_of
from web.pages.cards import Card, read_cards
from web.pages.rendering import InPages
from web.pages.visitors import InInbox
from web.provided import House, InHouse

router = APIRouter(include_in_schema=False)

SHOWN = 10
"""Of each group, on the first page."""
SHOWN_ALONE = 30
FARTHEST = 400

PageNumber = Annotated[int, Query(ge=1, le=FARTHEST)]


@dataclass(frozen=True, slots=True)
class Tray:
    """A page of one group. `further` is the number of the next page, if there is one."""

    group: Group
    count: int
    cards: Sequence[Card]
    more: int
    further: int | None


@router.get("/inbox")
async def show_inbox(
    me: InInbox, house: InHouse, pages: InPages, group: Group | None = None, page: PageNumber = 1
) -> HTMLResponse:
    async with house.database.read() as session:
        desk = await desk_of(session, house, me)
        trays = [
            await _tray(session, house, desk, each, alone=group is not None, page=page)
            for each in ([group] if group else Group)
        ]
        calls = await list_calls(session, me, now=desk.horizons.now)
    return pages.answer(
        "inbox.html",
        me.language,
        me=me,
        here=Room.INBOX,
        trays=trays,
        calls=len(calls),
        alone=group,
        page=page,
    )


async def _tray(
    session: AsyncSession, house: House, desk: Desk, group: Group, *, alone: bool, page: int
) -> Tray:
    """The first page of all groups leads to the first of the one, which shows more of it."""
    count = await count_waiting(session, desk, group)
    limit = SHOWN_ALONE if alone else SHOWN
    skip = (page - 1) * limit if alone else 0
    rows = await list_waiting(session, desk, group, limit=limit, skip=skip)
    cards = await read_cards(session, house, desk.me, rows)
    more = max(0, count - skip - limit)
    return Tray(group, count, cards, more, (page + 1 if alone else 1) if more else None)
