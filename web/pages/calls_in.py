"""For who runs Rappel: the calls to our number, and what became of them. Nobody's number or name."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.people import Room
from models.store.calls_in import count_calls_in, list_calls_in
from models.store.operations import RECENT, SHOWN
from web.pages.operations import Local
from web.provided import InHouse
from web.rendering import InPages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)


@router.get("/operations/calls")
async def show_calls_in(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    """To whom takes cases each leads on to its own, which has rights of its own."""
    now = house.clock()
    async with house.database.read() as session:
        counted = await count_calls_in(session, since=now - RECENT)
        listed = await list_calls_in(session, since=now - RECENT, limit=SHOWN)
        head_office = (await house.book.in_force(session)).organisation.head_office
    zone = ZoneInfo(head_office.zone)
    return pages.answer(
        "calls_in.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=now.astimezone(zone),
        local=Local(zone),
        answered=house.caller is not None,
        counted=counted,
        listed=listed,
        leads_on=me.takes_cases,
    )
