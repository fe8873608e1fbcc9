"""The JSON API: gestures that were drawn to be looked at afterwards, without anybody's name or words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from models.gesture_tables import GestureReviewRow
from models.reviews import ReviewVerdict
from models.store.casebook import state_of
from models.store.reviews import count_to_review, list_to_review
from models.tables import CaseRow
from web.api.bodies import ActBody, Words
from web.api.questions import By, Limit, find_reader
from web.permits import acting_person
from web.provided import InHouse
from web.reviews import require_reviewer, review

router = APIRouter(prefix="/reviews", tags=["reviews"])

Number = Annotated[int, Path(ge=1, le=1000)]


class ReviewBody(ActBody):
    """By the national owner."""

    verdict: ReviewVerdict
    note: Words = ""


class ReviewOut(BaseModel):
    case_id: str
    number: int
    cents: int
    currency: str
    drawn_at: datetime
    verdict: ReviewVerdict | None
    reviewed_at: datetime | None

    @classmethod
    def of(cls, row: GestureReviewRow) -> "ReviewOut":
        return cls.model_validate(row, from_attributes=True)


class ReviewLineOut(ReviewOut):
    region: str | None
    trade: str | None
    cause: str | None

    @classmethod
    def of_case(cls, row: GestureReviewRow, case: CaseRow) -> "ReviewLineOut":
        state = state_of(case)
        return cls(
            **ReviewOut.of(row).model_dump(),
            region=case.region,
            trade=case.trade,
            cause=state.cause if state else None,
        )


class ReviewsOut(BaseModel):
    """The `items` of `count` that wait longest."""

    count: int
    items: Sequence[ReviewLineOut]


@router.get("")
async def reviews(house: InHouse, limit: Limit = 50, by: By = None) -> ReviewsOut:
    """What waits to be looked at. For a person only if he is the national owner."""
    async with house.database.read() as session:
        reader = await find_reader(house, session, by)
        if reader is not None:
            require_reviewer(reader)
        count = await count_to_review(session)
        rows = await list_to_review(session, limit=limit)
    items = [ReviewLineOut.of_case(row, case) for row, case in rows]
    return ReviewsOut(count=count, items=items)


@router.post("/{case_id}/{number}")
async def say(case_id: str, number: Number, body: ReviewBody, house: InHouse) -> ReviewOut:
    """The same said again changes nothing; another word on it is refused."""
    async with house.database.read() as session:
        me = acting_person((await house.book.in_force(session)).organisation, body.by)
    return ReviewOut.of(
        await review(house, me, case_id, number, verdict=body.verdict, note=body.note)
    )
