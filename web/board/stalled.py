"""The stalled list: where nobody stands higher, and nobody turns to the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import Stage
from models.people import Person, Right, Room, may
from models.store.inbox import brief
from models.store.stalled import count_stalled, list_stalled
from models.store.views import facts_of
from models.tables import CaseRow
from web.board.look import Look, Looking
from web.rendering import InPages

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class StalledLine:
    """`name` is the customer's, for who may read it; `since` is local."""

    case_id: str
    since: datetime
    owner: str
    stage: Stage
    labels: tuple[str, ...]
    name: str | None


@router.get("/board/stalled")
async def show_stalled(
    look: Looking,
    pages: InPages,
    page: Annotated[int, Query(ge=1, le=400)] = 1,
) -> HTMLResponse:
    async with look.house.database.read() as session:
        today = (await look.house.book.in_force(session)).organisation
        count = await count_stalled(session)
        skip = (page - 1) * ON_A_PAGE
        rows = await list_stalled(session, limit=ON_A_PAGE, skip=skip)
        names = await _names(session, look, rows)
    return pages.answer(
        "stalled.html",
        look.me.language,
        me=look.me,
        here=Room.BOARD,
        organisation=look.organisation,
        count=count,
        page=page,
        more=max(0, count - skip - len(rows)),
        lines=[_line(row, look, today.people, names.get(row.id)) for row in rows],
        now=look.house.clock().astimezone(look.zone),
    )


async def _names(
    session: AsyncSession, look: Look, rows: Sequence[CaseRow]
) -> dict[str, str | None]:
    """Of the customers whom the reader may know."""
    readable = [row for row in rows if may(look.me, Right.READ, facts_of(row))]
    found = await brief(session, look.house.database.vault, readable)
    return {each.row.id: each.customer.name for each in found}


def _line(row: CaseRow, look: Look, people: Mapping[str, Person], name: str | None) -> StalledLine:
    owner = people.get(row.owner or "")
    since = row.stalled_since or row.opened_at
    labels = (look.names.region(row.region), look.names.trade(row.trade))
    return StalledLine(
        row.id,
        since.astimezone(look.zone),
        owner.name if owner else row.owner or "",
        Stage(row.stage),
        tuple(filter(None, labels)),
        name,
    )
