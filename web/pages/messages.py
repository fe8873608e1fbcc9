"""For who runs Rappel: how messages and calls do, what came back and why, what they cost. Nobody's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.money import Money
from models.organisation import Organisation, word
from models.people import Person, Room
from models.postage import Usage, added_up, latest_months
from models.store.breaker import try_carrier_now
from models.store.outgoing import read_outgoing
from models.store.postage import MONTHS, read_usage
from web.pages.operations import Local
from web.provided import House, InHouse
from web.rendering import InPages, Pages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Line:
    """Of one region; `name` "" belongs to none. `cost` None: the organisation tells no prices."""

    name: str
    usage: Usage
    cost: Money | None


@dataclass(frozen=True, slots=True)
class MonthsPost:
    """What was used in one month (`2026-11`), by region and in all."""

    month: str
    lines: Sequence[Line]
    whole: Line


@router.get("/operations/messages")
async def show_messages(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    return await _answer(house, pages, me)


@router.post("/operations/messages/try")
async def try_carrier(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    """Somebody has seen to it: the next message is tried at once."""
    now = house.clock()
    async with house.database.write() as session:
        tried = await try_carrier_now(session, now)
    if tried:
        log.warning("carrier_is_to_be_tried", by=me.id)
    return await _answer(house, pages, me, tried=tried)


async def _answer(
    house: House, pages: Pages, me: Person, *, tried: bool | None = None
) -> HTMLResponse:
    now = house.clock()
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        zone = ZoneInfo(today.head_office.zone)
        outgoing = await read_outgoing(session, zone, now)
        months = latest_months(now, zone, MONTHS)
        usage = await read_usage(session, months)
    return pages.answer(
        "messages.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=now.astimezone(zone),
        local=Local(zone),
        outgoing=outgoing,
        standing=outgoing.rest.standing(now),
        trouble=outgoing.rest.trouble(now),
        months=[_of_month(today, me, usage, month.name) for month in months],
        priced=today.prices is not None,
        tried=tried,
    )


def _of_month(today: Organisation, me: Person, usage: Sequence[Usage], month: str) -> MonthsPost:
    labels: Mapping[str | None, str] = {
        region: word(label, me.language) for region, label in today.region_labels().items()
    }
    of_month = [each for each in usage if each.month == month]
    lines = [_line(today, labels.get(each.region, each.region or ""), each) for each in of_month]
    return MonthsPost(month, lines, _line(today, "", added_up(of_month, month)))


def _line(today: Organisation, name: str, usage: Usage) -> Line:
    cost = today.prices.of(usage.segments, usage.minutes) if today.prices else None
    return Line(name, usage, cost)
