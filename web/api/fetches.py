"""The JSON API: answers that a survey system told of and that are not had yet. Nobody's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from models.fetching import FetchFate
from models.store.unfetched import Held, Unfetched, count_unfetched, list_unfetched
from web.api.bodies import Name
from web.api.questions import By, Limit, require_operations
from web.fetches import try_again, try_given_up
from web.provided import InHouse

router = APIRouter(prefix="/fetches", tags=["fetches"])


class AgainBody(BaseModel):
    """`by` is the id of the person who asks for it, if one does."""

    model_config = ConfigDict(extra="forbid")
    by: Name | None = None


class GivenUpBody(AgainBody):
    source: Name


class HeldOut(BaseModel):
    """How many of a source have the same fate for the same reason; `since` is the oldest's."""

    source: str
    fate: FetchFate
    problem: str | None
    count: int
    since: datetime

    @classmethod
    def of(cls, held: Held) -> "HeldOut":
        return cls(
            source=held.source,
            fate=held.fate,
            problem=held.problem,
            count=held.n,
            since=held.since,
        )


class FetchOut(BaseModel):
    """`asked_at` is when it was told of, `problem` the last fault, `next_at` the next try: null once it is
    given up.
    """

    id: str
    source: str
    survey_id: str
    response_id: str
    asked_at: datetime
    fate: FetchFate
    attempts: int
    problem: str | None
    next_at: datetime | None

    @classmethod
    def of(cls, listed: Unfetched) -> "FetchOut":
        return cls.model_validate(listed, from_attributes=True)


class FetchesOut(BaseModel):
    """In `items` those that are given up come first; `held` counts all."""

    held: Sequence[HeldOut]
    items: Sequence[FetchOut]


class AgainOut(BaseModel):
    """`waits`: it is asked for now. Else it is had, or taken back, by now."""

    waits: bool


class GivenUpOut(BaseModel):
    count: int


@router.get("")
async def fetches(
    house: InHouse,
    source: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    by: By = None,
) -> FetchesOut:
    """For a person only if the operations are open to him."""
    await require_operations(house, by)
    async with house.database.read() as session:
        held = await count_unfetched(session)
        listed = await list_unfetched(session, source=source, limit=limit)
    return FetchesOut(
        held=[HeldOut.of(each) for each in held if source in {None, each.source}],
        items=[FetchOut.of(each) for each in listed],
    )


@router.post("/given-up")
async def fetch_given_up(body: GivenUpBody, house: InHouse) -> GivenUpOut:
    """Ask again for those of a source that are given up, a hundred at once, the oldest first."""
    await require_operations(house, body.by)
    return GivenUpOut(count=await try_given_up(house, body.source))


@router.post("/{fetch}/again")
async def fetch_again(fetch: str, body: AgainBody, house: InHouse) -> AgainOut:
    """Ask for it at once, also where its next try was to come later."""
    await require_operations(house, body.by)
    return AgainOut(waits=await try_again(house, fetch) is not None)
