"""For who runs Rappel: the answers that are told of and not had yet, and asking for them again."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.fetching import FetchFate
from models.people import Person, Room
from models.store.operations import SHOWN
from models.store.unfetched import count_unfetched, list_unfetched
from web.fetches import try_again, try_given_up
from web.pages.forms import Form
from web.pages.operations import Local
from web.provided import House, InHouse
from web.rendering import InPages, Pages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """What has just been asked for again: `n` answers, 0 where it was had by then."""

    n: int


@router.get("/operations/fetches")
async def show_fetches(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    return await _answer(house, pages, me)


@router.post("/operations/fetches/given-up")
async def fetch_given_up(
    me: InOperations, house: InHouse, pages: InPages, form: Form
) -> HTMLResponse:
    tried = Tried(await try_given_up(house, form.get("source", "")))
    return await _answer(house, pages, me, tried)


@router.post("/operations/fetches/{fetch}/again")
async def fetch_again(fetch: str, me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    tried = Tried(0 if await try_again(house, fetch) is None else 1)
    return await _answer(house, pages, me, tried)


async def _answer(
    house: House, pages: Pages, me: Person, tried: Tried | None = None
) -> HTMLResponse:
    async with house.database.read() as session:
        held = await count_unfetched(session)
        listed = await list_unfetched(session, limit=SHOWN)
        head_office = (await house.book.in_force(session)).organisation.head_office
    zone = ZoneInfo(head_office.zone)
    return pages.answer(
        "fetches.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=house.clock().astimezone(zone),
        local=Local(zone),
        held=held,
        given_up=list(dict.fromkeys(h.source for h in held if h.fate is FetchFate.GIVEN_UP)),
        count=sum(each.n for each in held),
        listed=listed,
        tried=tried,
    )
