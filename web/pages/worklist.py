"""What somebody has to do on the cases of others: in his inbox, and as a list of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.action_tables import ActionRow
from models.people import Person, Room
from models.store.actions import count_work, list_work
from models.store.acts import adding_acts, words_of
from models.store.customer_views import customers_of
from models.store.database import boxes_of
from models.store.doers import doers_of
from models.tables import CaseRow
from models.versions import Versions
from models.workday import Left, time_left
from web.pages.layout import labels_of
from web.pages.reading import Reading
from web.provided import House, InHouse
from web.rendering import InPages
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

SHOWN = 10
"""In the inbox; the rest has a page of its own."""
ON_A_PAGE = 30
FARTHEST = 400


@dataclass(frozen=True, slots=True)
class WorkLine:
    """`left` is counted on the clock of who has it; None where it is far. Instants are the region's."""

    case_id: str
    number: int
    what: str
    labels: tuple[str, ...]
    by: datetime
    left: Left | None
    now: datetime


@dataclass(frozen=True, slots=True)
class WorkList:
    """A page of it: `more` follow."""

    count: int
    more: int
    lines: Sequence[WorkLine]


async def read_worklist(
    session: AsyncSession, house: House, me: Person, *, limit: int = SHOWN, skip: int = 0
) -> WorkList:
    today = (await house.book.in_force(session)).organisation
    doers = await doers_of(session, today, at=house.clock())
    rows = await list_work(session, doers, me, limit=limit, skip=skip)
    count = await count_work(session, doers, me) if len(rows) == limit or skip else len(rows)
    lines = await _lines(session, house, me, rows) if rows else ()
    return WorkList(count, max(0, count - skip - len(rows)), lines)


@router.get("/actions")
async def show_worklist(
    me: InInbox,
    house: InHouse,
    pages: InPages,
    page: Annotated[int, Query(ge=1, le=FARTHEST)] = 1,
) -> HTMLResponse:
    async with house.database.read() as session:
        skip = (page - 1) * ON_A_PAGE
        work = await read_worklist(session, house, me, limit=ON_A_PAGE, skip=skip)
    return pages.answer("actions.html", me.language, me=me, here=Room.INBOX, work=work, page=page)


async def _lines(
    session: AsyncSession, house: House, me: Person, rows: Sequence[tuple[ActionRow, CaseRow]]
) -> Sequence[WorkLine]:
    now, today = house.clock(), (await house.book.in_force(session)).organisation
    customers = await customers_of(session, {case.customer_id for _, case in rows})
    keys = {customer.key_id for customer in customers.values()}
    boxes = await boxes_of(session, house.database.vault, keys)
    acts = await adding_acts(session, [(case.id, action.number) for action, case in rows])
    lines = []
    for action, case in rows:
        pinned = await house.book.version(session, case.version)
        zone = ZoneInfo(pinned.hours_of(case.region).zone)
        reading = Reading(me, Versions(pinned, today), zone, now)
        box = boxes.get(customers[case.customer_id].key_id)
        act = acts.get((case.id, action.number))
        words = words_of(act, box) if act and box else {}
        lines.append(_line(action, case, words.get("what", ""), reading))
    return lines


def _line(action: ActionRow, case: CaseRow, what: str, reading: Reading) -> WorkLine:
    hours = reading.hours_of(reading.me.id, region=case.region)
    return WorkLine(
        case.id,
        action.number,
        what,
        labels_of(case, reading),
        reading.local(action.due_at),
        time_left(hours, reading.now, action.due_at),
        reading.local(reading.now),
    )
