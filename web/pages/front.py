"""The pages for whoever has just started Rappel: what runs here, and what it would have sent."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from models.errors import NotKnown
from models.store.outbox import Letter
from models.tables import IntentRow
from web.local import messages_are_readable
from web.pages.rendering import Asked, InPages
from web.provided import InHouse

router = APIRouter(include_in_schema=False)

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as on a phone; `body` is None once its recipient was forgotten."""

    at: datetime
    channel: str
    language: str
    status: str
    address: str
    subject: str | None
    body: str | None


@router.get("/")
async def welcome(request: Request, house: InHouse, pages: InPages, asked: Asked) -> HTMLResponse:
    readable = messages_are_readable(request, house.settings)
    return pages.answer("welcome.html", asked, outbox=readable)


@router.get("/outbox")
async def read_outbox(
    request: Request, house: InHouse, pages: InPages, asked: Asked
) -> HTMLResponse:
    """Newest first. Elsewhere than on the newcomer's own machine there is no such page."""
    if not messages_are_readable(request, house.settings):
        raise NotKnown("There is no such page.")
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
        rows = await house.outbox.page(session, limit=SHOWN)
    zone = ZoneInfo(organisation.head_office.zone)
    bubbles = [_bubble(row, letter, zone) for row, letter in rows]
    return pages.answer("outbox.html", asked, bubbles=bubbles, shown=SHOWN)


def _bubble(row: IntentRow, letter: Letter | None, zone: ZoneInfo) -> Bubble:
    return Bubble(
        row.created_at.astimezone(zone),
        row.channel,
        row.language,
        row.status,
        letter.address if letter else "",
        letter.subject if letter else None,
        letter.body if letter else None,
    )
