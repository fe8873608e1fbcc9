"""How what a customer told one of us is written down, from the API and from the page alike."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.by_hand import BY_HAND, WrittenDown, response_of, unknown_in
from models.errors import KeyReused, NotAllowed, NotUnderstood
from models.organisation import Organisation
from models.people import Person, Room, may_enter
from models.store.by_hand import body_of
from models.store.deliveries import Delivery
from models.store.tellings import find_response
from models.survey import Identity, Origin, SurveyResponse
from models.tables import ResponseRow
from surveys.values import read_email, read_phone, read_zone
from web.provided import House

KNOWN_BY = ("id", "name", "email", "phone", "zone")
"""As in `Identity`, and in its order."""

log = structlog.get_logger()


async def write_down(house: House, me: Person, told: WrittenDown, *, key: str) -> ResponseRow:
    """Whoever takes cases may: he heard it, wherever its case goes then. The same key again is answered as
    the first time.

    Raises NotAllowed, NotUnderstood with the place, or KeyReused. Nothing waits for Temporal.
    """
    if not may_enter(me, Room.INBOX):
        raise NotAllowed(f"{me.id} takes no cases.")
    sent = {"by": me.id, **asdict(told)}
    now = house.clock()
    delivery = Delivery(BY_HAND, json.dumps(sent, ensure_ascii=False).encode(), now)
    name = hashlib.sha256(f"{me.id} {key}".encode()).hexdigest()
    response = response_of(told, by=me.id, response_id=name, at=now)
    row = await house.database.write_again(
        lambda session: _write_down(session, house, told, response, delivery)
    )
    house.dispatcher.wake()
    log.info("written_down", response=row.id, case=row.case_id, by=me.id, channel=row.origin)
    return row


def identity_of(typed: Mapping[str, str | None], *, within: str = "") -> Identity:
    """Of whom we were told, by the names of `Identity`; what is empty is not known.

    Raises NotUnderstood for what is no address, no number or no zone, with its place `within` what was sent.
    """
    id_, name, email, phone, zone = (typed.get(known) or None for known in KNOWN_BY)
    read = Identity(id_, name, read_email(email), read_phone(phone), read_zone(zone))
    if email and read.email is None:
        raise NotUnderstood("This is no e-mail address.", place=f"{within}email")
    if phone and read.phone is None:
        raise NotUnderstood("This is no phone number.", place=f"{within}phone")
    if zone and read.zone is None:
        raise NotUnderstood("This is no time zone, as Indian/Reunion is.", place=f"{within}zone")
    return read


async def _write_down(
    session: AsyncSession,
    house: House,
    told: WrittenDown,
    response: SurveyResponse,
    delivery: Delivery,
) -> ResponseRow:
    """The key is looked up before anything is judged: a double tap is no fault."""
    known = await find_response(session, BY_HAND, response.response_id)
    if known is not None:
        body = await body_of(session, house.database.vault, known)
        if body not in {None, delivery.body}:
            raise KeyReused("This key was used for something else.")
        return known
    in_force = await house.book.in_force(session)
    _require_understood(told, in_force.organisation)
    taken = await house.intake.take(session, delivery, response, by=in_force)
    return await session.get_one(ResponseRow, taken.response_id)


def _require_understood(told: WrittenDown, today: Organisation) -> None:
    if told.channel is Origin.SURVEY:
        raise NotUnderstood("A survey sends its answers itself.", place="channel")
    if not told.words.strip():
        raise NotUnderstood("Write down what the customer said.", place="words")
    unknown = unknown_in(told, today)
    if unknown is not None:
        raise NotUnderstood(
            f"There is no {unknown.place} {unknown.said!r}{unknown.hint}", place=unknown.place
        )
