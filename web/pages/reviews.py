"""Gestures that were drawn to be looked at afterwards. It is about gestures: nobody's name stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotUnderstood, RappelError
from models.gesture_tables import GestureReviewRow
from models.money import Money
from models.people import Person, Room
from models.reviews import ReviewVerdict
from models.store.acts import words_of_action
from models.store.casebook import state_of
from models.store.customer_views import customers_of
from models.store.database import boxes_of
from models.store.reviews import count_to_review, list_to_review
from models.tables import CaseRow
from models.vault import Box
from models.versions import Versions
from web.pages.case import CORRECTABLE, Visiting
from web.pages.forms import Form, read_words, why
from web.pages.layout import labels_of
from web.pages.reading import Reading
from web.provided import House, InHouse
from web.rendering import InPages, Pages
from web.reviews import require_reviewer, review
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 20
FARTHEST = 400

PageNumber = Annotated[int, Query(ge=1, le=FARTHEST)]
Number = Annotated[int, Path(ge=1, le=1000)]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """`what` is what the customer was promised, in the words that he got."""

    case_id: str
    number: int
    what: str
    cost: Money
    labels: tuple[str, ...]
    cause: str | None
    drawn_at: datetime
    now: datetime


@router.get("/reviews")
async def show_reviews(
    me: InInbox, house: InHouse, pages: InPages, page: PageNumber = 1
) -> HTMLResponse:
    return await _answer(house, pages, me, page=page)


@router.post("/reviews/{case_id}/{number}")
async def say(case_id: str, number: Number, visit: Visiting, form: Form) -> Response:
    house, me, pages = visit.house, visit.me, visit.pages
    try:
        verdict, note = _verdict(form.get("verdict", "")), read_words(form).get("note", "")
        await review(house, me, case_id, number, verdict=verdict, note=note)
    except CORRECTABLE as fault:
        return await _answer(house, pages, me, fault=fault)
    return RedirectResponse("/reviews", 303)


def _verdict(written: str) -> ReviewVerdict:
    try:
        return ReviewVerdict(written)
    except ValueError:
        raise NotUnderstood("This is none of the choices.", place="verdict") from None


async def _answer(
    house: House, pages: Pages, me: Person, *, page: int = 1, fault: RappelError | None = None
) -> HTMLResponse:
    require_reviewer(me)
    async with house.database.read() as session:
        count, skip = await count_to_review(session), (page - 1) * ON_A_PAGE
        rows = await list_to_review(session, limit=ON_A_PAGE, skip=skip)
        lines = await _lines(session, house, me, rows)
    return pages.answer(
        "reviews.html",
        me.language,
        status=fault.status if fault else 200,
        me=me,
        here=Room.INBOX,
        refusal=why(fault) if fault else "",
        count=count,
        page=page,
        more=max(0, count - skip - len(rows)),
        lines=lines,
    )


async def _lines(
    session: AsyncSession,
    house: House,
    me: Person,
    rows: Sequence[tuple[GestureReviewRow, CaseRow]],
) -> Sequence[ReviewLine]:
    now, today = house.clock(), (await house.book.in_force(session)).organisation
    customers = await customers_of(session, {case.customer_id for _, case in rows})
    keys = {customer.key_id for customer in customers.values()}
    boxes = await boxes_of(session, house.database.vault, keys)
    lines = []
    for drawn, case in rows:
        pinned = await house.book.version(session, case.version)
        zone = ZoneInfo(pinned.hours_of(case.region).zone)
        reading = Reading(me, Versions(pinned, today), zone, now)
        box = boxes.get(customers[case.customer_id].key_id)
        what = await _what(session, drawn, box)
        lines.append(_line(drawn, case, what, reading))
    return lines


async def _what(session: AsyncSession, drawn: GestureReviewRow, box: Box | None) -> str:
    if box is None:
        return ""
    return (await words_of_action(session, drawn.case_id, drawn.number, box)).get("what", "")


def _line(drawn: GestureReviewRow, case: CaseRow, what: str, reading: Reading) -> ReviewLine:
    state = state_of(case)
    return ReviewLine(
        case.id,
        drawn.number,
        what,
        Money(drawn.cents, drawn.currency),
        labels_of(case, reading),
        reading.cause(state.cause) if state and state.cause else None,
        reading.local(drawn.drawn_at),
        reading.local(reading.now),
    )
