"""Who is visiting: the signed cookie of a session, and the person of today behind it."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import BadCredential, DatabaseAway, NotAllowed
from models.people import Person, Room, may_enter
from models.store.access import (
    SEEN_EVERY,
    SESSION_LIFE,
    OpenSession,
    end_session,
    find_session,
    note_seen,
    open_session,
)
from settings import Settings
from web.device import device_name
from web.provided import House, InHouse

COOKIE = "rappel_session"


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is signed in, and the session by which he came."""

    person: Person
    session: OpenSession


async def begin_session(
    session: AsyncSession, request: Request, person: Person, *, house: House
) -> str:
    """Returns the cookie's token, always a new one. Who was signed in on this device is not any more."""
    at = house.clock()
    former = _token(request, house.settings)
    if former and (known := await find_session(session, former, at=at)):
        await end_session(session, known.person, known.handle, at=at)
    device = device_name(request.headers.get("user-agent", ""))
    return open_session(session, person.id, at=at, device=device)


def let_in(response: Response, token: str, settings: Settings) -> None:
    """The signature keeps invented cookies away from the database."""
    response.set_cookie(
        COOKIE,
        f"{token}.{_signature(token, settings)}",
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.over_https,
    )


def let_out(response: Response) -> None:
    response.delete_cookie(COOKIE)


async def find_visitor(request: Request, house: House) -> Person | None:
    """None without a good session, and for somebody who has left the organisation."""
    presence = await _find_presence(request, house)
    return presence.person if presence else None


async def _find_presence(request: Request, house: House) -> Presence | None:
    token = _token(request, house.settings)
    if token is None:
        return None
    async with house.database.read() as session:
        known = await find_session(session, token, at=house.clock())
        today = (await house.book.in_force(session)).organisation
    person = today.people.get(known.person) if known else None
    if known is None or person is None:
        return None
    await _note(known, house)
    return Presence(person, known)


async def _note(known: OpenSession, house: House) -> None:
    """Now and then only, and no page fails for it."""
    at = house.clock()
    if at - known.seen_at < SEEN_EVERY:
        return
    with suppress(DatabaseAway):
        async with house.database.write() as session:
            await note_seen(session, known, at=at)


async def _require_presence(request: Request, house: InHouse) -> Presence:
    presence = await _find_presence(request, house)
    if presence is None:
        raise BadCredential("Sign in first.")
    return presence


Present = Annotated[Presence, Depends(_require_presence)]


def _person(presence: Present) -> Person:
    return presence.person


SignedIn = Annotated[Person, Depends(_person)]


def _entering(room: Room) -> Callable[[Person], Person]:
    """Raises NotAllowed for a visitor to whom the room is closed."""

    def enter(me: SignedIn) -> Person:
        if not may_enter(me, room):
            raise NotAllowed(f"{me.id} has no business in the {room}.")
        return me

    return enter


InInbox = Annotated[Person, Depends(_entering(Room.INBOX))]
AtBoard = Annotated[Person, Depends(_entering(Room.BOARD))]
InOperations = Annotated[Person, Depends(_entering(Room.OPERATIONS))]
InAccount = Annotated[Person, Depends(_entering(Room.ACCOUNT))]


def _token(request: Request, settings: Settings) -> str | None:
    token, _, signature = request.cookies.get(COOKIE, "").partition(".")
    good = hmac.compare_digest(signature.encode(), _signature(token, settings).encode())
    return token if good else None


def _signature(token: str, settings: Settings) -> str:
    key = settings.session_key.get_secret_value().encode()
    return hmac.new(key, f"{COOKIE}.{token}".encode(), hashlib.sha256).hexdigest()
