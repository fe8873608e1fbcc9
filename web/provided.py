"""What a request is handed: the long-lived parts made once in `web.app`, and who is asking."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from models.errors import BadCredential
from models.store.database import Database
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.store.outbox import Outbox
from models.store.quarantine import Quarantine
from settings import Settings
from templates.messages import MessageTemplates
from web.dispatcher import Dispatcher
from web.door import Door
from web.engine import Engine
from web.limits import Limit, Limits, visitor_of
from web.taker import Taker
from web.twilio.caller import Caller


@dataclass(frozen=True, slots=True)
class House:
    """Everything with a life of its own, made in `web.app` or by a test."""

    settings: Settings
    database: Database
    book: OrganisationBook
    intake: Intake
    quarantine: Quarantine
    door: Door
    taker: Taker
    outbox: Outbox
    engine: Engine
    dispatcher: Dispatcher
    clock: Callable[[], datetime]
    limits: Limits
    messages: MessageTemplates
    caller: Caller | None = None
    """Who rings our own people; None where Twilio's voice is not set up."""
    text_came: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody has written; whoever reads it is woken."""
    speaks_within: float = 6.0
    """Seconds, for what is said on the phone. Twilio itself gives up after 15, and hangs up."""


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


InHouse = Annotated[House, Depends(_house)]

_bearer = HTTPBearer(auto_error=False, description="RAPPEL_API_TOKEN")


async def _require_token(
    request: Request,
    house: InHouse,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    token = house.settings.api_token.get_secret_value().encode()
    if given is None or not hmac.compare_digest(given.credentials.encode(), token):
        await house.limits.count(Limit.WRONG_BEARERS, visitor_of(request))
        raise BadCredential("Send `Authorization: Bearer` with the API token.")


TrustedServer = Depends(_require_token)
