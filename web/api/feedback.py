"""The JSON API: all that customers said, whatever came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from models.errors import NotAllowed
from models.people import Room, may_enter
from models.store.feedback import Audience, Feedback, Traits, Wanted, list_feedback
from models.store.views import score_of
from models.survey import Feeling, Metric, Origin, Reason
from web.api.questions import By, Cursor, Limit, find_reader
from web.provided import InHouse

router = APIRouter(tags=["responses"])

Since = Annotated[AwareDatetime | None, Query(description="Submitted then, or later.")]
Until = Annotated[AwareDatetime | None, Query(description="Submitted before.")]


class FeedbackOut(BaseModel):
    """`status` is `case`, or the `reason` why there is none; what was taken back may have one. `comment` is
    null where nothing was written, the customer was forgotten, or the reader sees nobody's words, `case_id`
    where he may not open it.
    Who was heard by one of us (`heard_by`) gave no score.
    """

    id: str
    source: str
    survey_id: str
    origin: Origin
    heard_by: str | None
    metric: Metric | None
    score: int | None
    feeling: Feeling
    region: str | None
    trade: str | None
    touchpoint: str | None
    language: str | None
    topic: str | None
    submitted_at: datetime
    received_at: datetime
    comment: str | None
    status: str
    reason: Reason | None
    case_id: str | None
    joined: bool

    @classmethod
    def of(cls, feedback: Feedback) -> "FeedbackOut":
        told = {
            name: getattr(feedback, name) for name in ("comment", "status", "reason", "case_id")
        }
        told["metric"], told["score"] = score_of(feedback.row)
        return cls.model_validate(feedback.row.model_dump() | told)


class FeedbackPage(BaseModel):
    """`next` is the cursor of the next page, None on the last."""

    items: Sequence[FeedbackOut]
    next: str | None


def _wanted(
    traits: Annotated[Traits, Depends()],
    since: Since = None,
    until: Until = None,
    *,
    words: Annotated[bool, Query(description="Only what says something in words.")] = False,
) -> Wanted:
    return Wanted(since, until, traits, words)


@router.get("/feedback")
async def feedback(
    house: InHouse,
    *,
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = 50,
    cursor: Cursor = None,
    by: By = None,
) -> FeedbackPage:
    """Newest first. For a reader who takes cases: of his regions and trades, and of the cases he may read."""
    async with house.database.read() as session:
        reader = await find_reader(house, session, by)
        if reader is not None and not may_enter(reader, Room.INBOX):
            raise NotAllowed(f"{reader.id} reads nobody's words.")
        audience = Audience(reader, (await house.book.in_force(session)).organisation.people)
        found = await list_feedback(
            session, house.database.vault, wanted, audience, limit=limit + 1, before=cursor
        )
    items = [FeedbackOut.of(each) for each in found[:limit]]
    return FeedbackPage(items=items, next=items[-1].id if len(found) > limit else None)
