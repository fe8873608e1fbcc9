"""How a call is answered: only what is signed is heard, and who holds a phone always hears something."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response

from models.errors import Passing
from web.provided import InHouse
from web.twilio.signature import require_signed
from web.twilio.twiml import apologise

log = structlog.get_logger()


async def _signed(request: Request, house: InHouse) -> Mapping[str, str]:
    account = house.caller.account if house.caller else None
    return await require_signed(request, account, house.settings.public_url)


Signed = Annotated[Mapping[str, str], Depends(_signed)]


async def speak(
    words: Callable[[], Awaitable[str]], *, sorry: Callable[[], str] = apologise
) -> Response:
    """Who holds a phone in his hand hears that something is away, and no error of Twilio's."""
    try:
        return twiml(await words())
    except Passing as fault:
        log.warning("call_not_answered", fault=fault.code)
        return twiml(sorry())


def twiml(words: str) -> Response:
    return Response(words, media_type="text/xml")
