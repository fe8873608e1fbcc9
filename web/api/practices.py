"""The JSON API: what helped others, shared from closed cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.causes import with_below
from models.errors import NotAllowed
from models.people import Person, Room, may_enter
from models.practices import LONGEST_TEXT, LONGEST_TITLE, Practice
from models.store.practices import Sought, search_practices
from web.api.acts import Key
from web.api.bodies import ActBody, Name
from web.api.questions import By, Cursor, Limit, find_reader
from web.permits import acting_person
from web.practices import Telling, change, opens, share, withdraw
from web.provided import House, InHouse

router = APIRouter(tags=["practices"])


class PracticeBody(ActBody):
    """It names nobody: an e-mail address, a phone or long number, a name or the customer's own words
    are refused.
    """

    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    helped: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]

    @property
    def told(self) -> Telling:
        return Telling(self.title.strip(), self.helped.strip())


class ShareBody(PracticeBody):
    case_id: Annotated[str, Field(min_length=1, max_length=36)]


class SearchBody(BaseModel):
    """All of the words must be found. They stand in no address, because they may be a name."""

    model_config = ConfigDict(extra="forbid")
    words: Annotated[str, Field(max_length=200)]
    cause: str | None = None
    region: str | None = None
    trade: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(description="`next` of the page before.")] = None
    by: Annotated[str | None, Field(description="The person for whom it is read.")] = None


class PracticeOut(BaseModel):
    """`case_id` is null for a reader who may not see the case."""

    id: str
    case_id: str | None
    cause: str
    region: str | None
    trade: str | None
    title: str
    helped: str
    marked_by: str
    marked_at: datetime
    changed_by: str | None
    changed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, practice: Practice, *, opens: bool = True) -> "PracticeOut":
        found = cls.model_validate(practice, from_attributes=True)
        return found if opens else found.model_copy(update={"case_id": None})


class PracticePage(BaseModel):
    """`next` is the cursor of the next page, None on the last."""

    items: Sequence[PracticeOut]
    next: str | None


@router.get("/practices")
async def practices(
    house: InHouse,
    *,
    cause: Annotated[str | None, Query(description="This one and those below it.")] = None,
    region: str | None = None,
    trade: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    by: By = None,
) -> PracticePage:
    """Newest first. For a reader who takes cases; the cases behind stay closed to whom they are."""
    sought = SearchBody(
        words="", cause=cause, region=region, trade=trade, limit=limit, cursor=cursor, by=by
    )
    return await _search(house, sought)


@router.post("/practices/search")
async def search(body: SearchBody, house: InHouse) -> PracticePage:
    """By words too. It keeps nothing, and needs no key."""
    return await _search(house, body)


async def _search(house: House, body: SearchBody) -> PracticePage:
    async with house.database.read() as session:
        reader = await find_reader(house, session, body.by)
        if reader is not None and not may_enter(reader, Room.INBOX):
            raise NotAllowed(f"{reader.id} takes no cases.")
        today = (await house.book.in_force(session)).organisation
        causes = with_below(today.causes, body.cause) if body.cause else None
        sought = Sought(causes, body.words, body.region, body.trade)
        found = await search_practices(session, sought, limit=body.limit + 1, before=body.cursor)
    shown = found[: body.limit]
    items = [PracticeOut.of(each.practice, opens=opens(reader, each)) for each in shown]
    return PracticePage(items=items, next=items[-1].id if len(found) > body.limit else None)


@router.post("/practices")
async def share_practice(body: ShareBody, key: Key, house: InHouse) -> PracticeOut:
    """Of a case that was closed as recovered, by its owner or the national owner."""
    me = await _acting(house, body.by)
    return PracticeOut.of(await share(house, me, body.case_id, body.told, key=key))


@router.put("/practices/{practice}")
async def change_practice(practice: str, body: PracticeBody, house: InHouse) -> PracticeOut:
    """By who marked it, or the national owner. The same words again change nothing."""
    return PracticeOut.of(await change(house, await _acting(house, body.by), practice, body.told))


@router.delete("/practices/{practice}")
async def withdraw_practice(
    practice: str, by: Annotated[Name, Query(description="The acting person.")], house: InHouse
) -> PracticeOut:
    """From then on it is shown to nobody."""
    return PracticeOut.of(await withdraw(house, await _acting(house, by), practice))


async def _acting(house: House, by: str) -> Person:
    async with house.database.read() as session:
        return acting_person((await house.book.in_force(session)).organisation, by)
