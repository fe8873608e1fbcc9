"""Text messages that belong to no case, for who runs Rappel. Their words are for who takes cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Misconfigured
from models.people import Person, Room, may_enter
from models.store.database import box_of
from models.store.operations import SHOWN
from models.store.texts import Text, open_text, unheard_texts
from models.text_tables import TextRow
from web.pages.operations import Local
from web.provided import House, InHouse
from web.rendering import InPages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class TextLine:
    """`text` is None for who may not read it, once it is forgotten, or where it is `locked`: sealed with a
    key that is not ours, or altered.
    """

    at: datetime
    of_customer: bool
    text: Text | None
    locked: bool


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
    return [await _read_line(house, session, row, reads=reads) for row in rows]


async def _read_line(house: House, session: AsyncSession, row: TextRow, *, reads: bool) -> TextLine:
    """Each by itself: one that does not open hides no other one."""
    text, locked = None, False
    try:
        box = await box_of(session, house.database.vault, row.key_id)
        text = open_text(row, box) if box and reads else None
    except Misconfigured:
        locked = True
    return TextLine(row.received_at, row.customer_id is not None, text, locked)
