"""Who is visiting: the signed cookie of a session, and the person of today behind it."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Response

from models.errors import BadCredential, NotAllowed
from models.people import Person, Room, may_enter
from models.store.access import SESSION_LIFE, person_of_session
from settings import Settings
from web.provided import House, InHouse

COOKIE = "rappel_session"


def let_in(response: Response, token: str, settings: Settings) -> None:
    """The signature keeps invented cookies away from the database."""
    response.set_cookie(
        COOKIE,
        f"{token}.{_signature(token, settings)}",
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )


async def find_visitor(request: Request, house: House) -> Person | None:
    """None without a good session, and for somebody who has left the organisation."""
    token = _token(request.cookies.get(COOKIE, ""), house.settings)
    if token is None:
        return None
    async with house.database.read() as session:
        person = await person_of_session(session, token, at=house.clock())
        today = (await house.book.in_force(session)).organisation
    return today.people.get(person or "")


async def _require_visitor(request: Request, house: InHouse) -> Person:
    visitor = await find_visitor(request, house)
    if visitor is None:
        raise BadCredential("Open the link of a message first.")
    return visitor


SignedIn = Annotated[Person, Depends(_require_visitor)]


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


def _token(cookie: str, settings: Settings) -> str | None:
    token, _, signature = cookie.partition(".")
    good = hmac.compare_digest(signature.encode(), _signature(token, settings).encode())
    return token if good else None


def _signature(token: str, settings: Settings) -> str:
    key = settings.session_key.get_secret_value().encode()
    return hmac.new(key, f"{COOKIE}.{token}".encode(), hashlib.sha256).hexdigest()
