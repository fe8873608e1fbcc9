"""What helped others: searched by cause and words, and shared from a closed case.

What is typed into the search travels in the form, as in the search for a customer: it may be a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.causes import walk, way_to, with_below
from models.errors import NotAllowed
from models.organisation import Organisation, word
from models.people import Person, Room
from models.practices import Practice, may_mark
from models.store.practices import Shared, Sought, practice_of, search_practices
from models.store.views import find_case
from web.board.names import Names, names_in
from web.pages.case import CORRECTABLE, Visit, Visiting, clear, show
from web.pages.filled import Tried
from web.pages.forms import KEY, PRACTICE, Form, Written
from web.practices import Telling, change, opens, share, withdraw
from web.provided import House, InHouse
from web.rendering import InPages, Pages, new_key
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

SHOWN = 50
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A practice for one reader: `case_id` is None where he may not see the case behind it."""

    practice: Practice
    cause: str
    place: str
    by: str
    case_id: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was searched for; "" is any."""

    q: str = ""
    cause: str = ""
    region: str = ""
    trade: str = ""

    @classmethod
    def of(cls, written: Written) -> "Asked":
        return cls(*(written.get(name, "")[:LONGEST] for name in ("q", "cause", "region", "trade")))

    def within(self, today: Organisation) -> Sought:
        causes = with_below(today.causes, self.cause) if self.cause else None
        return Sought(causes, self.q, self.region or None, self.trade or None)


@router.get("/practices")
async def show_practices(
    me: InInbox, house: InHouse, pages: InPages, cause: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    return await _answer(house, pages, me, Asked(cause=cause))


@router.post("/practices")
async def search(me: InInbox, house: InHouse, pages: InPages, form: Form) -> HTMLResponse:
    return await _answer(house, pages, me, Asked.of(form))


@router.post("/cases/{case_id}/practice")
async def tell(case_id: str, visit: Visiting, form: Form) -> Response:
    """Shares the case, or changes what is shared of it."""
    tried = Tried(PRACTICE, form)
    try:
        await _tell(visit, case_id, form)
    except CORRECTABLE as fault:
        return await show(visit, case_id, fault=fault, tried=tried)
    await clear(visit, case_id, tried)
    return RedirectResponse(f"/cases/{case_id}#practice", 303)


@router.post("/cases/{case_id}/practice/withdraw")
async def withdraw_from_case(case_id: str, visit: Visiting) -> Response:
    async with visit.house.database.read() as session:
        row = await find_case(session, case_id)
        known = await practice_of(session, case_id)
    if known is not None:
        await withdraw(visit.house, visit.me, known.id)
    elif not may_mark(visit.me, owner=row.owner):
        raise NotAllowed(f"{visit.me.id} has no say in what is shared of this case.")
    return RedirectResponse(f"/cases/{case_id}", 303)


async def _tell(visit: Visit, case_id: str, form: Written) -> None:
    told = Telling(form.get("title", ""), form.get("helped", ""))
    async with visit.house.database.read() as session:
        known = await practice_of(session, case_id)
    if known is not None:
        await change(visit.house, visit.me, known.id, told)
        return
    await share(visit.house, visit.me, case_id, told, key=form.get(KEY) or new_key())


async def _answer(house: House, pages: Pages, me: Person, asked: Asked) -> HTMLResponse:
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        found = await search_practices(session, asked.within(today), limit=SHOWN)
        labels = await house.book.cause_labels(session, {s.practice.cause for s in found})
    names = names_in(today, me.language).with_gone(labels, me.language)
    return pages.answer(
        "practices.html",
        me.language,
        me=me,
        here=Room.INBOX,
        asked=asked,
        causes=_causes(today, me.language),
        regions=names.regions_for(None),
        trades=names.trades_for(None),
        practices=_told(found, today, names, me),
        full=len(found) == SHOWN,
        now=house.clock().astimezone(ZoneInfo(today.head_office.zone)),
    )


def _told(found: Sequence[Shared], today: Organisation, names: Names, me: Person) -> list[Told]:
    return [
        Told(
            shared.practice,
            names.cause(shared.practice.cause),
            " · ".join(
                filter(
                    None,
                    (names.region(shared.practice.region), names.trade(shared.practice.trade)),
                )
            ),
            person.name if (person := today.people.get(shared.practice.marked_by)) else "",
            shared.case.id if opens(me, shared) else None,
        )
        for shared in found
    ]


def _causes(today: Organisation, language: str) -> list[tuple[str, str]]:
    """Each with the way to it."""
    return [
        (
            cause.id,
            " › ".join(word(each.label, language) for each in way_to(today.causes, cause.id)),
        )
        for cause in walk(today.causes)
    ]
