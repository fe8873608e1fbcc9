"""The page of a case for colleagues: read it, and do each act. It works without any script."""

import json
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.actions import ActKind, AddAction
from models.errors import (
    EngineAway,
    KeyReused,
    NotAllowed,
    NotUnderstood,
    RappelError,
    WrongMove,
)
from models.people import Person, Right, may
from models.store.views import find_case, read_case
from web.acting import Wish, perform, usual_due
from web.forms import KEY, Form, Tried, Written, read_act, read_end_of_day, read_words
from web.provided import House, InHouse
from web.rendering import InPages, Pages, new_key
from web.sheet import sheet
from web.visitors import SignedIn

router = APIRouter(include_in_schema=False)

CORRECTABLE = (EngineAway, KeyReused, NotUnderstood, WrongMove)
"""What a person can do something about: the page comes back with what he typed."""


class Door(StrEnum):
    """The addresses of the acts, as in the API."""

    ACKNOWLEDGE = "acknowledge"
    ATTEMPTS = "attempts"
    CAUSE = "cause"
    ACTIONS = "actions"
    HAND_OVER = "hand-over"
    CONFIRMATION = "confirmation"
    CLOSE = "close"

    @property
    def kind(self) -> ActKind:
        return ActKind[{"ATTEMPTS": "ATTEMPT", "ACTIONS": "ACTION"}.get(self.name, self.name)]


@router.get("/cases/{case_id}")
async def show_case(case_id: str, me: SignedIn, house: InHouse, pages: InPages) -> HTMLResponse:
    return await _show(house, pages, me, case_id)


@router.post("/cases/{case_id}/actions/{number}/done")
async def finish_action(
    case_id: str,
    number: Annotated[int, Path(ge=1, le=1000)],
    me: SignedIn,
    form: Form,
    house: InHouse,
    pages: InPages,
) -> Response:
    return await _act(house, pages, me, case_id, Tried(ActKind.ACTION_DONE, form, number))


@router.post("/cases/{case_id}/{door}")
async def act(
    case_id: str, door: Door, me: SignedIn, form: Form, house: InHouse, pages: InPages
) -> Response:
    return await _act(house, pages, me, case_id, Tried(door.kind, form))


async def _act(
    house: House, pages: Pages, me: Person, case_id: str, tried: Tried
) -> Response:
    try:
        await perform(house, await _wish(house, me, case_id, tried))
    except CORRECTABLE as fault:
        return await _show(house, pages, me, case_id, fault=fault, tried=tried)
    return RedirectResponse(f"/cases/{case_id}", 303)


async def _wish(house: House, me: Person, case_id: str, tried: Tried) -> Wish:
    asks_due = tried.kind is ActKind.ACTION
    due = await _due(house, case_id, tried.written.get("due", "")) if asks_due else None
    chosen = read_act(tried, me, due=due)
    key = tried.written.get(KEY) or new_key()
    return Wish(case_id, me.id, key, chosen, _asked(tried), read_words(tried.written))


def _asked(tried: Tried) -> str:
    fields = {name: text for name, text in tried.written.items() if name != KEY}
    return json.dumps([tried.kind, tried.number, fields], sort_keys=True, ensure_ascii=False)


async def _due(house: House, case_id: str, written: str) -> datetime:
    if not written:
        return await usual_due(house, case_id)
    async with house.database.read() as session:
        row = await find_case(session, case_id)
        pinned = await house.book.version(session, row.version)
    return read_end_of_day(written, ZoneInfo(pinned.hours_of(row.region).zone))


async def _show(
    house: House,
    pages: Pages,
    me: Person,
    case_id: str,
    *,
    fault: RappelError | None = None,
    tried: Tried | None = None,
) -> HTMLResponse:
    """The one place where a person reads a case."""
    async with house.database.read() as session:
        view = await read_case(session, house.database.vault, case_id)
        versions = await house.book.versions(session, pinned=view.row.version)
    if not (may(me, Right.READ, view.facts) or may(me, Right.READ_ANONYMOUS, view.facts)):
        raise NotAllowed(f"{me.id} has no right to read this case.")
    return pages.answer(
        "case.html",
        me.language,
        status=fault.status if fault else 200,
        sheet=sheet(view, versions, me, now=house.clock()),
        tried=tried.refused(fault) if tried and fault else None,
    )
