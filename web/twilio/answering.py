"""How a call is answered: only what is signed is heard, and who holds a phone always hears something."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response

from models.errors import DatabaseAway, Passing
from web.provided import House, InHouse
from web.twilio.signature import require_signed
from web.twilio.twiml import apologise

log = structlog.get_logger()


async def _signed(request: Request, house: InHouse) -> Mapping[str, str]:
    account = house.caller.account if house.caller else None
    return await require_signed(request, account, house.settings.public_url)


Signed = Annotated[Mapping[str, str], Depends(_signed)]


async def speak(
    house: House, words: Callable[[], Awaitable[str]], *, sorry: Callable[[], str] = apologise
) -> Response:
    """Who holds a phone in his hand hears in time that something is away, and no error of Twilio's."""
    try:
        return twiml(await _in_time(words, house.speaks_within))
    except Passing as fault:
        log.warning("call_not_answered", fault=fault.code)
        return twiml(sorry())


def twiml(words: str) -> Response:
    return Response(words, media_type="text/xml")


async def _in_time(words: Callable[[], Awaitable[str]], seconds: float) -> str:
    """What is late is undone, but not waited for: a thread that waits for SQLite's file cannot be called off.

    Raises DatabaseAway.
    """
    deciding = asyncio.ensure_future(words())
    try:
        done, _ = await asyncio.wait({deciding}, timeout=seconds)
    finally:
        deciding.cancel()
    if not done:
        deciding.add_done_callback(_note_end)
        raise DatabaseAway("The database did not answer in time.")
    return await deciding


def _note_end(late: asyncio.Future[str]) -> None:
    if not late.cancelled():
        fault = late.exception()
        log.warning("call_decided_late", fault=type(fault).__name__ if fault else None)
