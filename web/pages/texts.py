"""Text messages that belong to no case, for who runs Rappel. Their words are for who takes cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person, Room, may_enter
from models.store.database import boxes_of
from models.store.operations import SHOWN
from models.store.texts import Text, open_text, unheard_texts
from web.pages.operations import Local
from web.provided import House, InHouse
from web.rendering import InPages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class TextLine:
    """`text` is None for who may not read it, or once it is forgotten."""

    at: datetime
    of_customer: bool
    text: Text | None


@router.get("/operations/texts")
async def show_texts(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    async with house.database.read() as session:
        zone = ZoneInfo((await house.book.in_force(session)).organisation.head_office.zone)
        lines = await _read_lines(house, session, me)
    return pages.answer(
        "texts.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=house.clock().astimezone(zone),
        local=Local(zone),
        lines=lines,
    )


async def _read_lines(house: House, session: AsyncSession, me: Person) -> Sequence[TextLine]:
    rows = await unheard_texts(session, limit=SHOWN)
    reads = may_enter(me, Room.INBOX)
    boxes = await boxes_of(session, house.database.vault, {row.key_id for row in rows})
    return [
        TextLine(
            row.received_at,
            row.customer_id is not None,
            open_text(row, boxes[row.key_id]) if reads and row.key_id in boxes else None,
        )
        for row in rows
    ]
