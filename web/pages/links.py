"""The links in messages: one signs a colleague in, the other asks the customer whether it is solved.

Looking never spends a link, for mail scanners look at everything; the button does.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.actions import Attempt, Contact, Outcome, Reached
from models.case import TO_CALL, Stage
from models.errors import EngineAway, NotUnderstood, WrongMove
from models.organisation import Organisation
from models.people import Person
from models.store.access import Link, find_link, known_link, spend_link
from models.store.views import ActionView, read_case
from models.timeline import CUSTOMER
from templates.instants import promised
from web.acting import perform
from web.limits import Limit, visitor_of
from web.pages.clocks import clock_of
from web.pages.forms import Form, Written, read_answer, read_moment, read_words, why
from web.pages.sheet import ActionLine
from web.permits import Wish
from web.provided import House, InHouse
from web.rendering import BrowserLanguage, InPages, Pages
from web.visitors import begin_session, find_visitor, let_in
from web.wanted import forget, wanted_by


async def look_up(token: str, request: Request, house: InHouse) -> Link | None:
    """What the token ever opened. Raises TooMany for a visitor who tries tokens out."""
    async with house.database.read() as session:
        known = await known_link(session, token)
    if known is None:
        await house.limits.count(Limit.WRONG_LINKS, visitor_of(request))
    return known


KnownLink = Annotated[Link | None, Depends(look_up)]

router = APIRouter(include_in_schema=False, dependencies=[Depends(look_up)])

NOTHING_WRITTEN: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer's link asks, and what he was promised; `now` is on his own clock, `zone`, `known`
    where it is more than that of his region.

    `waiting` is false while nobody waits for his answer: `when` he wants to be called, or whether it
    is solved. `unreached` says that he was given up, `called` is false where he asked not to be called.
    """

    case_id: str
    language: str
    organisation: str
    waiting: bool
    when: bool
    unreached: bool
    called: bool
    zone: ZoneInfo
    known: bool
    promises: tuple[ActionLine, ...]
    now: datetime


@router.get("/l/{token}")
async def look_at_link(
    token: str,
    request: Request,
    known: KnownLink,
    *,
    house: InHouse,
    pages: InPages,
    spoken: BrowserLanguage,
) -> Response:
    """Who is signed in may follow his own links as often as he likes.

    A colleague's, forwarded to him, tells him whose it is: only the button makes him somebody else.
    """
    visitor = await find_visitor(request, house)
    if known and visitor and known.person == visitor.id:
        return _to(known, visitor, request, house)
    found = await _find_colleague(house, token)
    if found is None:
        return pages.answer("link_gone.html", spoken, status=410)
    link, person = found
    other = visitor.name if visitor else None
    return pages.answer(
        "link.html", person.language, person=person.name, other=other, case=link.case_id is not None
    )


@router.post("/l/{token}")
async def open_link(
    token: str, request: Request, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    found = await _find_colleague(house, token)
    cookie = await _spend(house, token, found[1], request) if found else None
    if found is None or cookie is None:
        return pages.answer("link_gone.html", spoken, status=410)
    response = _to(*found, request, house)
    let_in(response, cookie, house.settings)
    return response


@router.get("/c/{token}")
async def ask_customer(
    token: str, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    question = await _find_question(house, token)
    return _put(pages, question) if question else _answered_before(pages, spoken)


@router.post("/c/{token}")
async def take_answer(
    token: str, house: InHouse, form: Form, pages: InPages, spoken: BrowserLanguage
) -> Response:
    """The link is spent by an answer that counts, and by no other.

    Nobody looks first whether the question still stands: an answer sent again was perhaps applied.
    """
    question = await _find_question(house, token)
    if question is None:
        return _answered_before(pages, spoken)
    try:
        await perform(house, _wish(question, token, form))
    except WrongMove:
        return _put(pages, replace(question, waiting=False))
    except (EngineAway, NotUnderstood) as fault:
        return _put(pages, question, written=form, refusal=why(fault), status=fault.status)
    async with house.database.write() as session:
        await spend_link(session, token, at=house.clock())
    return _thank(pages, question, form)


async def _find_colleague(house: House, token: str) -> tuple[Link, Person] | None:
    async with house.database.read() as session:
        link = await find_link(session, token, at=house.clock())
        today = (await house.book.in_force(session)).organisation
    person = today.people.get(link.person or "") if link else None
    return (link, person) if link and person else None


async def _spend(house: House, token: str, person: Person, request: Request) -> str | None:
    """Returns the cookie's token, or None to the slower of two."""
    async with house.database.write() as session:
        if await spend_link(session, token, at=house.clock()) is None:
            return None
        return await begin_session(session, request, person, house=house)


def _to(link: Link, person: Person, request: Request, house: House) -> RedirectResponse:
    """A link that names no case leads on to where he was going."""
    page = f"/cases/{link.case_id}" if link.case_id else None
    page = f"{page}/actions/{link.action}" if page and link.action else page
    response = RedirectResponse(page or wanted_by(person, request, house.settings), 303)
    forget(response)
    return response


async def _find_question(house: House, token: str) -> Question | None:
    now = house.clock()
    async with house.database.read() as session:
        link = await find_link(session, token, at=now)
        if link is None or link.person or link.asks or link.case_id is None:
            return None
        view = await read_case(session, house.database.vault, link.case_id)
        row = view.row
        versions = await house.book.versions(session, pinned=row.version, at=now)
    state, today = view.state, versions.today
    tried = state is not None and state.stage in TO_CALL and state.reach.written > 0
    called = view.customer.no_calls_since is None
    when = tried and called
    ours = ZoneInfo(versions.pinned.hours_of(row.region).zone)
    zone = clock_of(view.customer) or ours
    here = now.astimezone(zone)
    return Question(
        row.id,
        today.speaks(row.language),
        today.name,
        waiting=when or row.stage == Stage.CONFIRMING,
        when=when,
        unreached=row.outcome == Outcome.UNREACHABLE,
        called=called,
        zone=zone,
        known=zone is not ours,
        promises=tuple(
            _promise(ActionLine.of(action, _keeper(action, today), now=here), ours)
            for action in view.actions
            if action.is_promised
        ),
        now=here,
    )


def _promise(line: ActionLine, ours: ZoneInfo) -> ActionLine:
    return replace(line, due=promised(line.due, ours, line.due.tzinfo or ours))


def _keeper(action: ActionView, today: Organisation) -> str:
    """Of somebody who has left the house answers."""
    keeper = today.people.get(action.owner)
    return keeper.name if keeper else today.name


def _wish(question: Question, token: str, form: Written) -> Wish:
    """The same answer sent twice is one act; he may still correct one that could not be applied."""
    asked = json.dumps(form, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{token} {asked}".encode()).hexdigest()
    act = _when(question, form) if question.when else read_answer(form)
    return Wish(question.case_id, CUSTOMER, key, act, asked, read_words(form))


def _when(question: Question, form: Written) -> Attempt:
    at = read_moment(form.get("again_at", ""), question.zone)
    if at <= question.now:
        raise NotUnderstood("That time has passed.", place="due_in_the_past")
    return Attempt(Reached.LATER, Contact.WRITTEN, again_at=at)


def _put(
    pages: Pages,
    question: Question,
    *,
    written: Written = NOTHING_WRITTEN,
    refusal: str = "",
    status: int = 200,
) -> HTMLResponse:
    return pages.answer(
        "customer.html",
        question.language,
        status=status,
        question=question,
        note=written.get("note", ""),
        again_at=written.get("again_at", ""),
        refusal=refusal,
    )


def _answered_before(pages: Pages, spoken: str) -> HTMLResponse:
    return pages.answer("customer_gone.html", spoken, status=410)


def _thank(pages: Pages, question: Question, form: Written) -> HTMLResponse:
    """In words: what happens next."""
    return pages.answer(
        "thanks.html",
        question.language,
        organisation=question.organisation,
        when=question.when,
        called=question.called,
        answer="" if question.when else form["answer"],
    )
