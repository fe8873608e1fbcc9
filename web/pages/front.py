"""The pages for whoever has just started Rappel: what runs here, and what it would have sent."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import NotKnown
from models.store.outbox import Letter
from models.tables import IntentRow
from web.local import messages_are_readable
from web.provided import House, InHouse
from web.rendering import BrowserLanguage, InPages
from web.visitors import find_visitor
from web.wanted import first_room

router = APIRouter(include_in_schema=False)

SHOWN = 100
ICON = '<link rel="icon" href="/static/rappel.svg" type="image/svg+xml">'
MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-same-origin"
)
"""A mail has its style inside, and its pictures are of this origin. It runs and sends nothing."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as on a phone; `body` is None once its recipient was forgotten.

    `mail` is the intent of one that a mail reader shows with its pictures.
    """

    at: datetime
    channel: str
    language: str
    status: str
    address: str
    subject: str | None
    body: str | None
    mail: str | None


@router.get("/")
async def welcome(
    request: Request, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    """Who is signed in arrives in his first room."""
    visitor = await find_visitor(request, house)
    if visitor:
        return RedirectResponse(first_room(visitor), 303)
    readable = messages_are_readable(request, house.settings)
    return pages.answer("welcome.html", spoken, outbox=readable)


@router.get("/outbox")
async def read_outbox(
    request: Request, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> HTMLResponse:
    """Newest first. Elsewhere than on the newcomer's own machine there is no such page."""
    _require_readable(request, house)
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
        rows = await house.outbox.page(session, limit=SHOWN)
    zone = ZoneInfo(organisation.head_office.zone)
    bubbles = [_bubble(row, letter, zone) for row, letter in rows]
    now = house.clock().astimezone(zone)
    return pages.answer("outbox.html", spoken, bubbles=bubbles, shown=SHOWN, now=now)


@router.get("/outbox/{intent}")
async def read_mail(request: Request, house: InHouse, intent: str) -> HTMLResponse:
    """A letter as a mail reader shows it."""
    letter = await _mail(request, house, intent)
    html = (letter.html or "").replace('"cid:', f'"/outbox/{intent}/')
    html = html.replace("<head>", f"<head>{ICON}", 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL})


@router.get("/outbox/{intent}/{name}")
async def see_picture(request: Request, house: InHouse, intent: str, name: str) -> Response:
    letter = await _mail(request, house, intent)
    for enclosure in letter.enclosures:
        if enclosure.name == name:
            return Response(enclosure.content, media_type=enclosure.media_type)
    raise NotKnown("There is no such page.")


async def _mail(request: Request, house: House, intent: str) -> Letter:
    _require_readable(request, house)
    async with house.database.read() as session:
        letter = await house.outbox.whole_letter(session, intent)
    if letter is None or letter.html is None:
        raise NotKnown("There is no such page.")
    return letter


def _require_readable(request: Request, house: House) -> None:
    if not messages_are_readable(request, house.settings):
        raise NotKnown("There is no such page.")


def _bubble(row: IntentRow, letter: Letter | None, zone: ZoneInfo) -> Bubble:
    return Bubble(
        row.created_at.astimezone(zone),
        row.channel,
        row.language,
        row.status,
        letter.address if letter else "",
        letter.subject if letter else None,
        letter.body if letter else None,
        row.id if letter and row.html_sealed else None,
    )
