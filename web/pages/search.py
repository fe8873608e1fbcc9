"""The search for a customer. What is typed is personal: it travels in the form, never in an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.people import Person, Room
from models.store.search import CLOSED_SEARCHED, FOUND, OPEN_SEARCHED, search_cases, sought
from surveys.values import read_phone
from web.pages.cards import Card, read_cards
from web.pages.forms import Form
from web.provided import House, InHouse
from web.rendering import InPages, Pages
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

FEWEST = 2
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Search:
    """`cards` is None before anything was searched; `full` says that there may be more."""

    typed: str = ""
    cards: Sequence[Card] | None = None

    @property
    def full(self) -> bool:
        return self.cards is not None and len(self.cards) == FOUND


@router.get("/search")
async def show_search(me: InInbox, pages: InPages) -> HTMLResponse:
    return _answer(pages, me, Search())


@router.post("/search")
async def search(me: InInbox, house: InHouse, pages: InPages, form: Form) -> HTMLResponse:
    typed = form.get("q", "")[:LONGEST]
    if len(typed) < FEWEST:
        return _answer(pages, me, Search(typed))
    return _answer(pages, me, Search(typed, await _find(house, me, typed)))


async def _find(house: House, me: Person, typed: str) -> Sequence[Card]:
    wanted = sought(typed, phone=read_phone(typed))
    async with house.database.read() as session:
        rows = await search_cases(session, house.database.vault, me, wanted)
        return await read_cards(session, house, me, rows)


def _answer(pages: Pages, me: Person, done: Search) -> HTMLResponse:
    return pages.answer(
        "search.html",
        me.language,
        me=me,
        here=Room.INBOX,
        search=done,
        newest=OPEN_SEARCHED,
        closed=CLOSED_SEARCHED,
    )
