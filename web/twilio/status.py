"""What Twilio tells of a message that it was given. It waits for nothing but the database."""

from functools import partial

import structlog
from fastapi import APIRouter, Request, Response

from models.posting import LOST, read_news
from models.store.breaker import Breaker
from models.store.news import take_news
from web.provided import House, InHouse
from web.twilio.signature import require_signed

router = APIRouter()
log = structlog.get_logger()


@router.post("/twilio/messages/{intent}/status", include_in_schema=False)
async def hear_status(intent: str, request: Request, house: InHouse) -> Response:
    """204 once it is kept, also for what tells nothing new. Repeated and disordered calls do no harm."""
    account = house.settings.account
    form = await require_signed(request, account, house.settings.public_url)
    told = (form.get(name, "") for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    news = read_news(*told)
    if news is not None:
        taking = partial(
            take_news, vault=house.database.vault, intent=intent, news=news, at=house.clock()
        )
        known = await house.database.write_again(taking)
        if account and news.standing.posting in LOST:
            await _judge(Breaker(house.database, account), house)
        log.info("message_status_heard", status=news.standing.posting, known=known)
    return Response(status_code=204)


async def _judge(breaker: Breaker, house: House) -> None:
    """Whoever would call now is told as well."""
    change = await breaker.judge(house.clock())
    if change is not None:
        log.warning(change.event, **change.told)
