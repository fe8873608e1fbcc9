"""The page of one action: what who has it needs to do it, and no more. Here he says that it is done,
or that he cannot keep its date. What is done with an action on the page of its case comes here too.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.actions import ActKind
from models.errors import NotAllowed, NotKnown, RappelError
from models.people import Room
from models.store.customer_views import CustomerView
from models.store.doers import doers_of
from models.store.reading import Work, read_work
from models.store.typed import typed_by
from models.versions import Versions
from models.workday import Left, time_left
from web.pages.case import CORRECTABLE, Visit, Visiting, carry_out, clear, show
from web.pages.clocks import clock_of
from web.pages.filled import Filled, Tried
from web.pages.forms import ONWARD, WORK, Form, name_of
from web.pages.layout import action_line, labels_of, line_of_entry
from web.pages.reading import Reading
from web.pages.sheet import ActionLine, Line

router = APIRouter(include_in_schema=False)

DEEDS: Mapping[str, ActKind] = MappingProxyType(
    {
        "done": ActKind.ACTION_DONE,
        "accept": ActKind.ACTION_ACCEPT,
        "refuse": ActKind.ACTION_REFUSE,
        "time": ActKind.ACTION_TIME,
        "change": ActKind.ACTION_CHANGE,
        "drop": ActKind.ACTION_DROP,
        "approve": ActKind.GESTURE_APPROVE,
        "decline": ActKind.GESTURE_REFUSE,
    }
)
"""The addresses of what is done with an action, as in the API."""

Number = Annotated[int, Path(ge=1, le=1000)]


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """`customer` is None where there is nothing to do any more, `left` where it is far, late or over.

    `mine` says that the reader has it, `reads` that he may open the whole case, `answers` that the gesture
    waits for his yes or no: then its `cause` is here too.
    """

    case_id: str
    organisation: str
    action: ActionLine
    labels: tuple[str, ...]
    director: str
    customer: CustomerView | None
    left: Left | None
    lines: tuple[Line, ...]
    mine: bool
    reads: bool
    answers: bool
    cause: str | None
    promised_by: str
    currency: str
    now: datetime
    clock: ZoneInfo | None


@router.get("/cases/{case_id}/actions/{number}")
async def show_action(case_id: str, number: Number, visit: Visiting) -> HTMLResponse:
    return await _show_work(visit, case_id, number)


@router.post("/cases/{case_id}/actions/{number}/{deed}")
async def work(case_id: str, number: Number, deed: str, visit: Visiting, form: Form) -> Response:
    """Leads back to the page from which it was sent."""
    kind = DEEDS.get(deed)
    if kind is None:
        raise NotKnown("There is no such act.")
    tried, from_work = Tried(name_of(kind, number), form), form.get(ONWARD) == WORK
    try:
        await carry_out(visit, case_id, tried, kind, number=number)
    except CORRECTABLE as fault:
        with suppress(NotAllowed):
            if not from_work:
                return await show(visit, case_id, fault=fault, tried=tried)
        return await _show_work(visit, case_id, number, fault=fault, tried=tried)
    await clear(visit, case_id, tried)
    page = f"/cases/{case_id}/actions/{number}" if from_work else f"/cases/{case_id}"
    return RedirectResponse(page, 303)


async def _show_work(
    visit: Visit,
    case_id: str,
    number: int,
    *,
    fault: RappelError | None = None,
    tried: Tried | None = None,
) -> HTMLResponse:
    house, me, now = visit.house, visit.me, visit.house.clock()
    vault = house.database.vault
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        doers = await doers_of(session, today, at=now)
        found = await read_work(
            session, vault, case_id, number, reader=me, today=today, doers=doers
        )
        row = found.view.row
        versions = await house.book.versions(session, pinned=row.version, at=now)
        typed = await typed_by(session, vault, row, person=me.id)
    zone = ZoneInfo(versions.pinned.hours_of(row.region).zone)
    return visit.pages.answer(
        "action.html",
        me.language,
        status=fault.status if fault else 200,
        me=me,
        here=Room.INBOX,
        sheet=_lay_out(found, versions, Reading(me, versions, zone, now)),
        filled=Filled(tried.refused(fault) if tried and fault else None, typed),
    )


def _lay_out(found: Work, versions: Versions, reading: Reading) -> WorkSheet:
    row, action = found.view.row, found.action
    hours = reading.hours_of(action.owner, region=row.region)
    return WorkSheet(
        row.id,
        versions.today.name,
        action_line(action, reading),
        labels_of(row, reading),
        reading.person(row.owner or ""),
        found.view.customer if found.needed else None,
        time_left(hours, reading.now, action.due) if found.needed else None,
        tuple(line_of_entry(entry, reading) for entry in reversed(found.view.timeline)),
        found.mine,
        found.reads,
        found.answers,
        reading.cause(found.cause) if found.cause else None,
        reading.person(action.promised_by or ""),
        versions.today.currency,
        reading.local(reading.now),
        clock_of(found.view.customer),
    )
