"""The page of a case for colleagues: read it, and do each act. It works without any script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.actions import ActKind
from models.errors import (
    EngineAway,
    KeyReused,
    NotAllowed,
    NotKnown,
    NotUnderstood,
    RappelError,
    WrongMove,
)
from models.people import Person, Right, may
from models.store.views import find_case, read_case
from web.acting import perform, usual_due
from web.pages.forms import KEY, Form, Tried, read_act, read_end_of_day, read_words
from web.pages.layout import lay_out
from web.pages.rendering import InPages, Pages, new_key
from web.pages.visitors import SignedIn
from web.permits import Wish
from web.provided import House, InHouse

router = APIRouter(include_in_schema=False)

CORRECTABLE = (EngineAway, KeyReused, NotUnderstood, WrongMove)
"""What a person can do something about: the page comes back with what he typed."""


DOORS: Mapping[str, ActKind] = MappingProxyType(
    {
        "acknowledge": ActKind.ACKNOWLEDGE,
        "attempts": ActKind.ATTEMPT,
        "cause": ActKind.CAUSE,
        "actions": ActKind.ACTION,
        "hand-over": ActKind.HAND_OVER,
        "confirmation": ActKind.CONFIRMATION,
        "close": ActKind.CLOSE,
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
async def show_case(case_id: str, visit: Visiting) -> HTMLResponse:
    return await _show(visit, case_id)


@router.post("/cases/{case_id}/actions/{number}/done")
async def finish_action(
    case_id: str, number: Annotated[int, Path(ge=1, le=1000)], visit: Visiting, form: Form
) -> Response:
    return await _act(visit, case_id, Tried(ActKind.ACTION_DONE, form, number))


@router.post("/cases/{case_id}/{door}")
async def act(case_id: str, door: str, visit: Visiting, form: Form) -> Response:
    kind = DOORS.get(door)
    if kind is None:
        raise NotKnown("There is no such act.")
    return await _act(visit, case_id, Tried(kind, form))


async def _act(visit: Visit, case_id: str, tried: Tried) -> Response:
    try:
        await perform(visit.house, await _wish(visit, case_id, tried))
    except CORRECTABLE as fault:
        return await _show(visit, case_id, fault=fault, tried=tried)
    return RedirectResponse(f"/cases/{case_id}", 303)


async def _wish(visit: Visit, case_id: str, tried: Tried) -> Wish:
    due = await _due(visit, case_id, tried) if tried.kind is ActKind.ACTION else None
    chosen = read_act(tried, visit.me, due=due)
    key = tried.written.get(KEY) or new_key()
    words = read_words(tried.written)
    return Wish(case_id, visit.me.id, key, chosen, tried.asked, words)


async def _due(visit: Visit, case_id: str, tried: Tried) -> datetime:
    """The end of the day that was promised, on the region's clocks; else the usual time."""
    written = tried.written.get("due", "")
    if not written:
        return await usual_due(visit.house, case_id)
    async with visit.house.database.read() as session:
        row = await find_case(session, case_id)
        pinned = await visit.house.book.version(session, row.version)
    return read_end_of_day(written, ZoneInfo(pinned.hours_of(row.region).zone))


async def _show(
    visit: Visit, case_id: str, *, fault: RappelError | None = None, tried: Tried | None = None
) -> HTMLResponse:
    """The one place where a person reads a case. A refused form stands on it as it was sent."""
    house, me = visit.house, visit.me
    async with house.database.read() as session:
        view = await read_case(session, house.database.vault, case_id)
        versions = await house.book.versions(session, pinned=view.row.version)
    if not (may(me, Right.READ, view.facts) or may(me, Right.READ_ANONYMOUS, view.facts)):
        raise NotAllowed(f"{me.id} has no right to read this case.")
    return visit.pages.answer(
        "case.html",
        me.language,
        status=fault.status if fault else 200,
        sheet=lay_out(view, versions, me, now=house.clock()),
        tried=tried.refused(fault) if tried and fault else None,
    )
