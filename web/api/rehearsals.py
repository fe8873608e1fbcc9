"""The JSON API: what would become of a response if nobody acted. Nothing is kept of it."""

import json
from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from models.errors import NotUnderstood
from models.organisation import origin_of
from models.phone_zone import zone_of
from models.rehearsal import Step, rehearse
from models.spelling import did_you_mean
from models.store.absences import absences_after
from models.store.teams import loads_today
from models.survey import Reason
from surveys.adapters import one_response
from web.api.bodies import Name
from web.provided import InHouse

router = APIRouter()

LONGEST = 60
"""Days. The last level of a ladder repeats for ever."""


class RehearsalBody(BaseModel):
    """`delivery` is what `source` would send; it comes at `from`, now unless said otherwise."""

    model_config = ConfigDict(extra="forbid")
    source: Name
    delivery: dict[str, JsonValue]
    start: Annotated[AwareDatetime | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=LONGEST)] = 14


class RehearsalAnswer(BaseModel):
    """`version` is the organisation's. A response that opens nothing has a `reason` and no steps.

    `cut` says that the steps after the thousandth are left out. On the clocks of `zone` the customer is
    called, and written to.
    """

    version: int
    reason: Reason | None
    steps: tuple[Step, ...]
    closed: Mapping[str, tuple[date, ...]]
    cut: bool
    zone: str | None


@router.post("/rehearsals", tags=["rehearsals"])
async def rehearse_response(body: RehearsalBody, house: InHouse) -> RehearsalAnswer:
    at = body.start or house.clock()
    async with house.database.read() as session:
        in_force = await house.book.in_force(session)
        absences = await absences_after(session, at)
        loads = await loads_today(session, in_force.organisation)
    sources = in_force.organisation.sources
    if body.source not in sources:
        meant = did_you_mean(body.source, sources)
        raise NotUnderstood(f"There is no source {body.source!r}{meant}.", place="source")
    response = one_response(
        sources[body.source], json.dumps(body.delivery).encode(), received_at=at
    )
    heard = replace(response, origin=origin_of(response, body.source, in_force.organisation))
    until = at + timedelta(days=body.days)
    found = await to_thread(
        rehearse,
        heard,
        in_force.organisation,
        at,
        until=until,
        absences=absences,
        loads=loads,
        zone=zone_of(heard.customer),
    )
    return RehearsalAnswer(
        version=in_force.number,
        reason=found.reason,
        steps=found.steps,
        closed=found.closed,
        cut=found.cut,
        zone=found.zone,
    )
