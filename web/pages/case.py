"""The page of a case for colleagues: read it, and do each act. It works without any script."""

from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.actions import ActKind
from models.errors import (
    DatabaseAway,
    EngineAway,
    KeyReused,
    NoAuthority,
    NotKnown,
    NotUnderstood,
    RappelError,
    WrongMove,
)
from models.money import Money
from models.people import Person, Room
from models.store.reading import read_case_as
from models.store.teams import loads_today
from models.store.typed import Paper, forget_typed, typed_by
from models.store.views import find_case
from web.acting import our_currency, perform, usual_due
from web.pages.filled import Filled, Tried
from web.pages.forms import (
    KEY,
    ONWARD,
    ROUND,
    WRAP_UP,
    Form,
    Written,
    name_of,
    read_act,
    read_cost,
    read_day,
    read_due,
    read_moment,
    read_referral,
    read_solved,
    read_words,
)
from web.pages.known_as import read_known_as
from web.pages.layout import lay_out
from web.pages.on_the_line import read_line
from web.pages.playbook import filled_from, lay_out_playbook
from web.pages.practised import read_practised
from web.permits import Wish
from web.provided import House, InHouse
from web.rendering import InPages, Pages, new_key
from web.visitors import SignedIn
from web.wrapping_up import WrapUp, wrap_up

router = APIRouter(include_in_schema=False)

CORRECTABLE = (EngineAway, KeyReused, NoAuthority, NotUnderstood, WrongMove)
"""What a person can do something about: the page comes back with what he typed."""


DOORS: Mapping[str, ActKind] = MappingProxyType(
    {
        "acknowledge": ActKind.ACKNOWLEDGE,
        "attempts": ActKind.ATTEMPT,
        "take-back": ActKind.TAKE_BACK,
        "cause": ActKind.CAUSE,
        "actions": ActKind.ACTION,
        "hand-over": ActKind.HAND_OVER,
        "confirmation": ActKind.CONFIRMATION,
        "close": ActKind.CLOSE,
        "pause": ActKind.PAUSE,
        "resume": ActKind.RESUME,
    }
)
"""The addresses of the acts, as in the API."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in colleague at the door of a case; whether he may see it is not decided yet."""

    me: Person
    house: House
    pages: Pages


def _visit(me: SignedIn, house: InHouse, pages: InPages) -> Visit:
    return Visit(me, house, pages)


Visiting = Annotated[Visit, Depends(_visit)]


@router.get("/cases/{case_id}")
async def show_case(
    case_id: str,
    visit: Visiting,
    suggest: Annotated[
        str, Query(max_length=64, description="Of the playbook, to fill the form of an action.")
    ] = "",
) -> HTMLResponse:
    return await show(visit, case_id, suggest=suggest)


@router.post("/cases/{case_id}/wrap-up")
async def wrap_up_call(case_id: str, visit: Visiting, form: Form) -> Response:
    """Cause, what was done and the customer's answer, in one form."""
    return await _answer(visit, case_id, Tried(WRAP_UP, form), _wrap_up(visit, case_id, form))


@router.post("/cases/{case_id}/{door}")
async def act(case_id: str, door: str, visit: Visiting, form: Form) -> Response:
    kind = DOORS.get(door)
    if kind is None:
        raise NotKnown("There is no such act.")
    tried = Tried(name_of(kind), form)
    return await _answer(visit, case_id, tried, carry_out(visit, case_id, tried, kind))


async def _answer(visit: Visit, case_id: str, tried: Tried, acting: Awaitable[int]) -> Response:
    try:
        await acting
    except CORRECTABLE as fault:
        return await show(visit, case_id, fault=fault, tried=tried)
    await clear(visit, case_id, tried)
    on_round = tried.written.get(ONWARD) == ROUND
    return RedirectResponse(f"/round?did={case_id}" if on_round else f"/cases/{case_id}", 303)


async def carry_out(
    visit: Visit, case_id: str, tried: Tried, kind: ActKind, *, number: int | None = None
) -> int:
    written = tried.written
    at = await _instant(visit, case_id, kind, written)
    cents = read_cost(written, visit.me.language)
    cost = None if cents is None else Money(cents, await our_currency(visit.house))
    chosen = read_act(kind, written, visit.me, at=at, number=number, cost=cost)
    key, words = written.get(KEY) or new_key(), read_words(written)
    wish = Wish(case_id, visit.me.id, key, chosen, tried.asked, words)
    return await perform(visit.house, wish)


async def _wrap_up(visit: Visit, case_id: str, form: Written) -> int:
    words = read_words(form)
    said = WrapUp(
        case_id=case_id,
        actor=visit.me.id,
        key=form.get(KEY) or new_key(),
        cause=form.get("cause", ""),
        words=words.get("words", ""),
        done=words.get("what", ""),
        solved=read_solved(form),
        referral=read_referral(form),
    )
    return await wrap_up(visit.house, said)


async def clear(visit: Visit, case_id: str, tried: Tried) -> None:
    """The act is done; should the database fail now, its words stay in the form and harm nobody."""
    with suppress(DatabaseAway):
        async with visit.house.database.write() as session:
            await forget_typed(session, Paper(case_id, visit.me.id, tried.form))


async def _instant(visit: Visit, case_id: str, kind: ActKind, written: Written) -> datetime | None:
    """The end of the day that was promised, else the usual time; when the customer wants a call, or
    when a pause ends.
    """
    dated, again_at = written.get("due") or written.get("time"), written.get("again_at", "")
    match kind:
        case (
            ActKind.ACTION
            | ActKind.ACTION_REFUSE
            | ActKind.ACTION_TIME
            | ActKind.ACTION_CHANGE
            | ActKind.GESTURE_APPROVE
        ) if dated:
            return read_due(written, await _zone(visit, case_id))
        case ActKind.ACTION:
            return await usual_due(visit.house, case_id)
        case ActKind.ATTEMPT if again_at:
            return read_moment(again_at, await _zone(visit, case_id))
        case ActKind.PAUSE:
            return read_day(written.get("until", ""), await _zone(visit, case_id))
        case _:
            return None


async def _zone(visit: Visit, case_id: str) -> ZoneInfo:
    """What people write is meant on the region's clocks."""
    async with visit.house.database.read() as session:
        row = await find_case(session, case_id)
        pinned = await visit.house.book.version(session, row.version)
    return ZoneInfo(pinned.hours_of(row.region).zone)


async def show(
    visit: Visit,
    case_id: str,
    *,
    fault: RappelError | None = None,
    tried: Tried | None = None,
    suggest: str = "",
) -> HTMLResponse:
    """A refused form stands on the page as it was sent; a suggestion of the playbook fills its own."""
    house, me, now = visit.house, visit.me, visit.house.clock()
    async with house.database.read() as session:
        view = await read_case_as(session, house.database.vault, case_id, reader=me)
        versions = await house.book.versions(session, pinned=view.row.version, at=now)
        typed = await typed_by(session, house.database.vault, view.row, person=me.id)
        loads = await loads_today(session, versions.today)
        practised = await read_practised(session, view, versions, me)
        zone = ZoneInfo(versions.pinned.hours_of(view.row.region).zone)
        line = await read_line(session, house, view, me)
        known_as = await read_known_as(session, house.database.vault, view, me, zone)
    idea = filled_from(suggest, view, versions, me, now=now)
    kept = {**typed, str(ActKind.ACTION): idea} if idea else typed
    return visit.pages.answer(
        "case.html",
        me.language,
        status=fault.status if fault else 200,
        me=me,
        here=Room.INBOX,
        sheet=lay_out(view, versions, me, now=now, loads=loads),
        filled=Filled(tried.refused(fault) if tried and fault else None, kept, line),
        playbook=lay_out_playbook(view, versions, me, now=now),
        practised=practised,
        known_as=known_as,
    )
