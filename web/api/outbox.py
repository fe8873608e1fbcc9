"""The JSON API: the messages that left, or will."""

from fastapi import APIRouter, Request

from web.api.questions import Cursor, Limit
from web.api.schemas import OutboxItem, OutboxPage
from web.local import messages_are_readable
from web.provided import InHouse

router = APIRouter()


@router.get("/outbox", tags=["outbox"])
async def outbox(
    request: Request, house: InHouse, limit: Limit = 50, cursor: Cursor = None
) -> OutboxPage:
    """Newest first; the words only where `console` is the carrier and this machine is asking."""
    readable = messages_are_readable(request, house.settings)
    async with house.database.read() as session:
        rows = await house.outbox.page(session, limit=limit + 1, before=cursor)
    items = [
        OutboxItem.of_intent(row, letter if readable else None) for row, letter in rows[:limit]
    ]
    return OutboxPage(items=items, next=items[-1].id if len(rows) > limit else None)
