"""The way in for who has no message at hand: a link to his own address, or the company's sign-in."""

import asyncio
from typing import Annotated

import phonenumbers
import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from phonenumbers import MatchType
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.errors import NotKnown
from models.links import colleague_link
from models.mailing import Mailing
from models.organisation import Organisation, word
from models.people import Person
from models.store.access import new_link
from models.store.letters import NewLetter, keep_letter
from templates.messages import MessageFacts
from web.limits import Limit, visitor_of
from web.oidc import DOOR, RETURN, OpenId
from web.pages.forms import Form
from web.provided import House, InHouse
from web.rendering import BrowserLanguage, InPages
from web.visitors import begin_session, find_visitor, let_in
from web.wanted import first_room, forget, wanted_by

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

SAME_TIME = 0.3
"""Seconds that an answer takes, whether a letter is written meanwhile or not."""


def _open_id(request: Request) -> OpenId:
    """Raises NotKnown where no provider is set up."""
    provider: OpenId | None = request.app.state.open_id
    if provider is None:
        raise NotKnown("There is no such page.")
    return provider


ByProvider = Annotated[OpenId, Depends(_open_id)]


@router.get("/sign-in")
async def ask_who(
    request: Request, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    visitor = await find_visitor(request, house)
    if visitor:
        return RedirectResponse(first_room(visitor), 303)
    return _put(request, pages, spoken)


@router.post("/sign-in")
async def send_link(
    request: Request, form: Form, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> HTMLResponse:
    """Says the same, after the same time, whether somebody is known by that name or not."""
    await house.limits.count(Limit.LETTERS_BY_VISITOR, visitor_of(request))
    await asyncio.gather(asyncio.sleep(SAME_TIME), _write_if_known(house, form.get("who", "")))
    return _put(request, pages, spoken, sent=True)


@router.get(DOOR)
async def leave_for_provider(request: Request, provider: ByProvider) -> Response:
    return await provider.send_there(request)


@router.get(RETURN)
async def come_back(
    request: Request, provider: ByProvider, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    email = await provider.verified_email(request)
    person = await _person_with(house, email) if email else None
    if person is None:
        log.info("provider_unknown_person", proven=email is not None)
        return _put(request, pages, spoken, unknown=True, status=403)
    async with house.database.write() as session:
        cookie = await begin_session(session, request, person, house=house)
    response = RedirectResponse(wanted_by(person, request, house.settings), 303)
    forget(response)
    let_in(response, cookie, house.settings)
    return response


def _put(
    request: Request,
    pages: InPages,
    language: str,
    *,
    sent: bool = False,
    unknown: bool = False,
    status: int = 200,
) -> HTMLResponse:
    provider = DOOR if request.app.state.open_id else None
    return pages.answer(
        "sign_in.html", language, status=status, sent=sent, unknown=unknown, provider=provider
    )


async def _write_if_known(house: House, written: str) -> None:
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
    person = meant_by(written, organisation)
    if person is None or not await house.limits.allows(Limit.LETTERS_TO_PERSON, person.id):
        return
    async with house.database.write() as session:
        await _write_letter(session, person, organisation, house=house)
    log.info("sign_in_letter_written", person=person.id)


async def _person_with(house: House, email: str) -> Person | None:
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
    return _only([p for p in organisation.people.values() if _same_email(p, email)])


def meant_by(written: str, organisation: Organisation) -> Person | None:
    """By id, e-mail or phone, the latter with its country or without. None if two are meant."""
    people = organisation.people.values()
    known = organisation.people.get(written.strip().casefold())
    if known or "@" in written:
        return known or _only([p for p in people if _same_email(p, written.strip())])
    return _only([p for p in people if _same_phone(p, written)])


def _only(found: list[Person]) -> Person | None:
    return found[0] if len(found) == 1 else None


def _same_email(person: Person, email: str) -> bool:
    return bool(person.email) and (person.email or "").casefold() == email.casefold()


def _same_phone(person: Person, written: str) -> bool:
    match = phonenumbers.is_number_match(person.phone or "", written)
    return match in {MatchType.EXACT_MATCH, MatchType.NSN_MATCH}


async def _write_letter(
    session: AsyncSession, person: Person, organisation: Organisation, *, house: House
) -> None:
    """It leaves at once, in working time or not: he is waiting for it."""
    at = house.clock()
    token = new_link(session, None, person=person.id, at=at)
    facts = MessageFacts(
        organisation=organisation.name,
        motto=word(organisation.motto, person.language),
        recipient=person.name,
        link=colleague_link(house.settings.public_url, token),
        transliterate=organisation.transliterate,
    )
    said = house.messages.say(Mailing.SIGN_IN, person.channel, person.language, facts)
    letter = NewLetter(
        id=f"{Mailing.SIGN_IN}:{uuid7()}",
        mailing=Mailing.SIGN_IN,
        person=person.id,
        channel=person.channel,
        language=person.language,
        address=person.address,
        subject=said.subject,
        body=said.body,
        written_at=at,
        not_before=at,
    )
    await keep_letter(session, house.database.vault, letter)
