"""The quarantine for who runs Rappel: what lies there, the shape of one, and hearing it again."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotUnderstood
from models.people import Person, Room
from models.store.deliveries import DeliveryFate
from models.store.intake import Taken
from models.store.operations import SHOWN
from models.store.quarantine import (
    Replayed,
    count_problems,
    list_quarantined,
    open_quarantined,
)
from surveys.adapters import hear_kept
from surveys.shapes import shapes_of
from web.pages.forms import Form
from web.pages.operations import Local
from web.provided import House, InHouse
from web.quarantine import replay_one, replay_some
from web.rendering import InPages, Pages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has just been replayed: one, or some of `source`."""

    one: Taken | None = None
    some: Replayed | None = None
    source: str = ""


@router.get("/operations/quarantine")
async def show_quarantine(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    return await _answer_list(house, pages, me, Outcome())


@router.get("/operations/quarantine/{delivery}")
async def show_delivery(
    delivery: str, me: InOperations, house: InHouse, pages: InPages
) -> HTMLResponse:
    return await _answer_one(house, pages, me, delivery)


@router.post("/operations/quarantine/replay")
async def replay_all(me: InOperations, house: InHouse, pages: InPages, form: Form) -> HTMLResponse:
    """A part of them: the page that answers has a button to go on."""
    source = form.get("source", "")
    done = await replay_some(house, source=source or None, after=form.get("after", ""))
    return await _answer_list(house, pages, me, Outcome(some=done, source=source))


@router.post("/operations/quarantine/{delivery}/replay")
async def replay(delivery: str, me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    taken = await replay_one(house, delivery)
    if taken.fate is DeliveryFate.QUARANTINED:
        return await _answer_one(house, pages, me, delivery, tried=True)
    return await _answer_list(house, pages, me, Outcome(one=taken))


async def _answer_list(house: House, pages: Pages, me: Person, outcome: Outcome) -> HTMLResponse:
    async with house.database.read() as session:
        problems = await count_problems(session)
        listed = await list_quarantined(session, limit=SHOWN)
        zone = await _zone(house, session)
    return pages.answer(
        "quarantine.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=house.clock().astimezone(zone),
        local=Local(zone),
        problems=problems,
        sources=dict.fromkeys(each.source for each in problems),
        count=sum(each.n for each in problems),
        listed=listed,
        outcome=outcome,
    )


async def _answer_one(
    house: House, pages: Pages, me: Person, delivery: str, *, tried: bool = False
) -> HTMLResponse:
    """Raises NotKnown where it is not in quarantine."""
    async with house.database.read() as session:
        opened = await open_quarantined(session, house.database.vault, delivery)
        today = (await house.book.in_force(session)).organisation
        zone = await _zone(house, session)
    kept, source = opened.listed, today.sources.get(opened.listed.source)
    told = hear_kept(source, opened.body, kept.received_at) if source else ()
    return pages.answer(
        "quarantined.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=house.clock().astimezone(zone),
        local=Local(zone),
        kept=kept,
        source=source,
        tried=tried,
        faults=[fault for fault in told if isinstance(fault, NotUnderstood)],
        shapes=shapes_of(source, opened.body) if source else (),
    )


async def _zone(house: House, session: AsyncSession) -> ZoneInfo:
    """Of the head office."""
    return ZoneInfo((await house.book.in_force(session)).organisation.head_office.zone)
