"""The door of the survey systems: one signed delivery in, one answer out, nothing waits for Temporal."""

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import BadCredential, Misconfigured, NotKnown, NotUnderstood
from models.organisation import Source
from models.store.intake import Delivery, Taken
from models.survey import Reason, SurveyResponse
from surveys.adapters import ADAPTERS
from web.answers import FAULTS
from web.bodies import read_body
from web.limits import Limit, visitor_of
from web.provided import House, InHouse

router = APIRouter(tags=["webhooks"])
log = structlog.get_logger()

LARGEST = 1024 * 1024


class DeliveryAnswer(BaseModel):
    """`response_id` is ours. A response that opens nothing has a `reason` instead of a case."""

    response_id: str
    case_id: str | None
    reason: Reason | None


@router.post(
    "/webhooks/{source}",
    status_code=202,
    response_model=DeliveryAnswer,
    responses={**FAULTS, 200: {"model": DeliveryAnswer}},
)
async def take_delivery(source: str, request: Request, house: InHouse) -> JSONResponse:
    """202 once the response and its case are committed; 200 for one that was taken before."""
    adapter = ADAPTERS[(await _known(house, source)).kind]
    secret = _secret_of(house, source)
    sender = source, visitor_of(request)
    await house.limits.count(Limit.DELIVERIES, *sender)
    body = await read_body(request, largest=LARGEST, what="delivery")
    received_at = house.clock()
    try:
        adapter.verify(dict(request.headers), body, secret)
    except BadCredential:
        await house.limits.count(Limit.WRONG_SIGNATURES, *sender)
        raise
    delivery = Delivery(source, body, received_at)
    try:
        response = adapter.parse(body, received_at=received_at)
    except NotUnderstood as fault:
        await _quarantine(house, delivery, fault)
        raise
    taken = await _take(house, delivery, response)
    house.dispatcher.wake()
    log.info("delivery_taken", source=source, response=taken.response_id, case=taken.case_id)
    answer = DeliveryAnswer(
        response_id=taken.response_id, case_id=taken.case_id, reason=taken.reason
    )
    return JSONResponse(answer.model_dump(), 200 if taken.repeated else 202)


async def _known(house: House, source: str) -> Source:
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
    if source not in organisation.sources:
        raise NotKnown("There is no such source in the organisation.")
    return organisation.sources[source]


def _secret_of(house: House, source: str) -> str:
    secret = house.settings.webhook_secrets.get(source)
    if secret is None:
        raise Misconfigured(f"RAPPEL_WEBHOOK_SECRET_{source.upper()} is not set.")
    return secret.get_secret_value()


async def _quarantine(house: House, delivery: Delivery, fault: NotUnderstood) -> None:
    """The log and the row name the place; the value stays in the sealed body."""
    async with house.database.write() as session:
        kept = house.intake.quarantine(session, delivery, fault.place or "body")
    log.warning("delivery_quarantined", source=delivery.source, delivery=kept, place=fault.place)


async def _take(house: House, delivery: Delivery, response: SurveyResponse) -> Taken:
    """Two processes may take the same response at once: the loser of the race finds it taken."""

    async def take(session: AsyncSession) -> Taken:
        in_force = await house.book.in_force(session)
        return await house.intake.take(session, delivery, response, by=in_force)

    return await house.database.write_again(take)
