"""The door of the survey systems: one delivery in, one answer out, nothing waits for Temporal."""

import asyncio
from collections.abc import Sequence

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import BadCredential, Misconfigured, NotKnown, NotUnderstood
from models.mappings import Source
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Taken
from models.submissions import Ping, Pointer
from models.survey import Reason, SurveyResponse, Told, Unscored, Withdrawal
from surveys.adapters import alone, hear_kept, verify
from web.answers import FAULTS
from web.bodies import read_body
from web.limits import Limit, visitor_of
from web.provided import House, InHouse

router = APIRouter(tags=["webhooks"])
log = structlog.get_logger()


class ResponseAnswer(BaseModel):
    """`response_id` is ours. A response that opens nothing has a `reason` instead of a case; what is no
    response (yet) has a `fate`, and where somebody must look at it a `problem`, the place of the fault.
    The fate `received` is a promise: it is kept, and taken by itself in a while.
    """

    fate: DeliveryFate | None = None
    response_id: str | None = None
    case_id: str | None = None
    reason: Reason | None = None
    problem: str | None = None


class DeliveryAnswer(ResponseAnswer):
    """Of a delivery that tells several responses `rest` has all but the first."""

    rest: tuple[ResponseAnswer, ...] = ()


@router.post(
    "/webhooks/{source}",
    status_code=202,
    response_model=DeliveryAnswer,
    responses={**FAULTS, 200: {"model": DeliveryAnswer}},
)
async def take_delivery(source: str, request: Request, house: InHouse) -> Response:
    """202 once the response and its case are committed; 200 for what tells nothing new. Where very many
    come at once it is 202 with the fate `received`: the delivery is committed, and is taken later.

    What is not understood is kept. A system that sends its own format is answered 202 all the same, for
    some of them never send again after another answer; who writes the body himself is told what is wrong.
    """
    known = await _known(house, source)
    secrets = _secrets_of(house, source)
    sender = source, visitor_of(request)
    per_minute = known.allowance.per_minute
    await house.limits.count_within(per_minute, Limit.DELIVERIES, *sender)
    body = await read_body(request, largest=known.allowance.largest, what="delivery")
    received_at = house.clock()
    try:
        verify(known, dict(request.headers), body, secrets, now=received_at)
    except BadCredential:
        await house.limits.count(Limit.WRONG_SIGNATURES, *sender)
        raise
    await house.limits.count_within(per_minute, Limit.OF_SOURCE, source)
    parts = [Delivery(source, part, received_at) for part in alone(known, body)]
    with house.door.entered(len(parts)):
        kept = await asyncio.gather(*(_receive(house, part, known) for part in parts))
        taken = [
            each
            for part, received in zip(parts, kept, strict=True)
            for each in received or await _take_all(house, part, known)
        ]
    return _answer(taken)


@router.get("/webhooks/{source}", response_model=None, responses=FAULTS)
@router.head("/webhooks/{source}", include_in_schema=False)
async def answer_challenge(source: str, house: InHouse) -> Response:
    """Some systems first look whether anybody is there."""
    await _known(house, source)
    return JSONResponse({"source": source, "send": "POST"})


async def _known(house: House, source: str) -> Source:
    known = await house.door.find_source(source)
    if known is None:
        raise NotKnown("There is no such source in the organisation.")
    return known


def _secrets_of(house: House, source: str) -> Sequence[str]:
    """While one is changed for another, both are set and both are good."""
    secrets = house.settings.webhook_secrets.get(source)
    if secrets is None:
        raise Misconfigured(f"RAPPEL_WEBHOOK_SECRET_{source.upper()} is not set.")
    return secrets.get_secret_value().split()


async def _receive(house: House, delivery: Delivery, source: Source) -> Sequence[Taken]:
    """Empty where the door is calm, or the sender must hear more than that."""
    if not house.door.pressed:
        return ()
    if not _may_wait(hear_kept(source, delivery.body, delivery.received_at)):
        return ()
    await house.door.keep(delivery)
    house.taker.wake()
    return (Taken(DeliveryFate.RECEIVED),)


def _may_wait(heard: Sequence[Told | NotUnderstood]) -> bool:
    """Not what must be answered with what is wrong, nor what needs no more than an answer."""
    faulty = any(isinstance(told, NotUnderstood) for told in heard)
    return not faulty and not all(isinstance(told, Ping) for told in heard)


async def _take_all(house: House, delivery: Delivery, source: Source) -> Sequence[Taken]:
    """Raises NotUnderstood, once it is kept, where the sender can do something about it."""
    taken = []
    for told in hear_kept(source, delivery.body, delivery.received_at):
        if isinstance(told, Ping):
            continue
        if not isinstance(told, NotUnderstood):
            taken.append(await _take(house, delivery, told))
            continue
        taken.append(await _quarantine(house, delivery, told))
        if not source.mappings:
            raise told
    return taken


async def _quarantine(house: House, delivery: Delivery, fault: NotUnderstood) -> Taken:
    """The log and the row name the place; the value stays in the sealed body."""
    problem = fault.place or "body"
    async with house.database.write() as session:
        kept = await house.intake.quarantine(session, delivery, problem)
    log.warning("delivery_quarantined", source=delivery.source, delivery=kept, place=fault.place)
    return Taken(DeliveryFate.QUARANTINED, problem=problem)


async def _take(
    house: House, delivery: Delivery, told: SurveyResponse | Withdrawal | Unscored | Pointer
) -> Taken:
    """Two processes may take the same response at once: the loser of the race finds it taken."""

    async def take(session: AsyncSession) -> Taken:
        in_force = await house.book.in_force(session)
        return await house.intake.take_told(session, delivery, told, by=in_force)

    taken = await house.database.write_again(take)
    house.dispatcher.wake()
    log.info(
        "delivery_taken",
        source=delivery.source,
        fate=taken.fate,
        response=taken.response_id,
        case=taken.case_id,
    )
    return taken


def _answer(taken: Sequence[Taken]) -> Response:
    """To what only tried whether somebody listens, an empty one. A repeat is answered as the first was."""
    if not taken:
        return JSONResponse({})
    first, *rest = (_response_answer(each) for each in taken)
    whole = DeliveryAnswer(**first.model_dump(), rest=tuple(rest))
    new = any(each.fate is not DeliveryFate.REPEAT for each in taken)
    return JSONResponse(whole.model_dump(mode="json"), 202 if new else 200)


def _response_answer(taken: Taken) -> ResponseAnswer:
    return ResponseAnswer(
        fate=None if taken.response_id else taken.fate,
        response_id=taken.response_id or None,
        case_id=taken.case_id,
        reason=taken.reason,
        problem=taken.problem,
    )
