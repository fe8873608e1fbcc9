"""What Twilio tells of a message that it was given. It waits for nothing but the database."""

from functools import partial

import structlog
from fastapi import APIRouter, Request, Response

from models.posting import read_news
from models.store.news import take_news
from web.provided import InHouse
from web.twilio.signature import require_signed

router = APIRouter()
log = structlog.get_logger()


@router.post("/twilio/messages/{intent}/status", include_in_schema=False)
async def hear_status(intent: str, request: Request, house: InHouse) -> Response:
    """204 once it is kept, also for what tells nothing new. Repeated and disordered calls do no harm."""
    form = await require_signed(request, house.settings.account, house.settings.public_url)
    told = (form.get(name, "") for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    news = read_news(*told)
    if news is not None:
        taking = partial(
            take_news, vault=house.database.vault, intent=intent, news=news, at=house.clock()
        )
        known = await house.database.write_again(taking)
        log.info("message_status_heard", status=news.standing.posting, known=known)
    return Response(status_code=204)
