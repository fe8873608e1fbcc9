"""The JSON API: what was delivered and not understood. Nobody's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.store.deliveries import DeliveryFate
from models.store.quarantine import (
    Problem,
    Quarantined,
    Replayed,
    count_problems,
    list_quarantined,
)
from models.survey import Reason
from web.api.bodies import Name
from web.api.questions import By, Limit, require_operations
from web.provided import InHouse
from web.quarantine import AT_ONCE, replay_one, replay_some

router = APIRouter(prefix="/quarantine", tags=["quarantine"])


class ReplayBody(BaseModel):
    """`by` is the id of the person who asks for it, if one does."""

    model_config = ConfigDict(extra="forbid")
    by: Name | None = None


class ReplaySomeBody(ReplayBody):
    """All of a `source`, or of all, in parts: `after` is the `next` of the part before."""

    source: Name | None = None
    after: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=AT_ONCE)] = AT_ONCE


class ProblemOut(BaseModel):
    """How many deliveries have their fault at the same place."""

    source: str
    place: str
    count: int

    @classmethod
    def of(cls, problem: Problem) -> "ProblemOut":
        return cls(source=problem.source, place=problem.place, count=problem.n)


class QuarantinedOut(BaseModel):
    """`problem` is the place of the fault, `size` the bytes of the body."""

    id: str
    received_at: datetime
    source: str
    problem: str
    size: int

    @classmethod
    def of(cls, listed: Quarantined) -> "QuarantinedOut":
        return cls.model_validate(listed, from_attributes=True)


class QuarantineOut(BaseModel):
    """The newest `items`; the `problems` are of all that lie there."""

    problems: Sequence[ProblemOut]
    items: Sequence[QuarantinedOut]


class ReplayOut(BaseModel):
    """What became of the delivery; still `quarantined`, `problem` is today's place of the fault."""

    fate: DeliveryFate
    response_id: str | None
    case_id: str | None
    reason: Reason | None
    problem: str | None


class ReplaySomeOut(BaseModel):
    """`next` goes on where this part ended; null where all were tried. `failed` counts those that could not
    be heard for a fault of ours: they stay, and the log says what it was.
    """

    understood: int
    still: int
    failed: int
    next: str | None

    @classmethod
    def of(cls, done: Replayed) -> "ReplaySomeOut":
        return cls(
            understood=done.understood,
            still=done.still,
            failed=len(done.failed),
            next=done.next,
        )


@router.get("")
async def quarantine(
    house: InHouse,
    source: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    by: By = None,
) -> QuarantineOut:
    """For a person only if the operations are open to him."""
    await require_operations(house, by)
    async with house.database.read() as session:
        problems = await count_problems(session)
        listed = await list_quarantined(session, source=source, limit=limit)
    return QuarantineOut(
        problems=[ProblemOut.of(each) for each in problems if source in {None, each.source}],
        items=[QuarantinedOut.of(each) for each in listed],
    )


@router.post("/replay")
async def replay_all(body: ReplaySomeBody, house: InHouse) -> ReplaySomeOut:
    """Hear them again by the mappings of today, the oldest first."""
    await require_operations(house, body.by)
    done = await replay_some(house, source=body.source, after=body.after, limit=body.limit)
    return ReplaySomeOut.of(done)


@router.post("/{delivery}/replay")
async def replay(delivery: str, body: ReplayBody, house: InHouse) -> ReplayOut:
    """Hear it again by the mappings of today. Said again, it answers what became of it."""
    await require_operations(house, body.by)
    taken = await replay_one(house, delivery)
    return ReplayOut(
        fate=taken.fate,
        response_id=taken.response_id or None,
        case_id=taken.case_id,
        reason=taken.reason,
        problem=taken.problem,
    )
