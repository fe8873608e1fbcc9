"""`GET /healthz`: does every part answer, and is anything late? No token, no personal data."""

from datetime import datetime, timedelta
from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from models.audit import SILENCE
from models.breaker import Cause, Standing
from models.errors import Passing
from models.store.audits import count_alarms, last_audit
from models.store.breaker import read_rest
from models.store.dispatch import oldest_undispatched
from models.store.fetches import oldest_unfetched
from models.store.gates import troubled_sources
from models.store.health import last_heartbeat, worst_lateness
from models.store.operations import LATELY
from models.store.outbox import oldest_unsent
from models.store.outgoing import HOUR, count_due, failure_rate
from models.store.received import count_waiting
from web.provided import House, InHouse

router = APIRouter(tags=["health"])

WORKER_SILENCE = timedelta(seconds=20)
LATENESS_WINDOW = timedelta(days=1)
CATCHING_UP = timedelta(minutes=2)


class Part(StrEnum):
    OK = "ok"
    AWAY = "away"


class Health(BaseModel):
    """`worst_lateness_seconds` is of the rungs fired in the last 24 hours, and of those due now.
    `refused_tokens` names the sources whose survey system does not take our token, or is told none.

    `received_deliveries` were answered when the door was pressed and are not taken yet; their answers
    have no case until they are.

    `last_audit` is when one came to its end; `open_alarms` is what the audits found and still is so.

    `due_intents` may leave and have not, `failed_last_hour` and `failed_last_day` are shares of the messages
    that a carrier judged since then, null where it judged none. `sms_carrier` is how the breaker stands for
    all processes; while it is not closed, `sms_carrier_cause` says why, the next two since and until when.
    None of these makes the status *away*: every part answers.
    """

    status: Part
    web: Part = Part.OK
    database: Part
    temporal: Part
    worker: Part
    audit: Part
    last_audit: datetime | None = None
    open_alarms: int | None = None
    received_deliveries: int | None = None
    oldest_received_delivery: datetime | None = None
    oldest_undispatched_response: datetime | None = None
    oldest_unsent_intent: datetime | None = None
    due_intents: int | None = None
    failed_last_hour: float | None = None
    failed_last_day: float | None = None
    sms_carrier: Standing | None = None
    sms_carrier_cause: Cause | None = None
    sms_carrier_since: datetime | None = None
    sms_carrier_until: datetime | None = None
    worst_lateness_seconds: float | None = None
    oldest_unfetched_answer: datetime | None = None
    refused_tokens: tuple[str, ...] = ()


@router.get("/healthz", responses={503: {"model": Health}})
async def healthz(house: InHouse) -> JSONResponse:
    """200 when every part answers, else 503."""
    health = await examine(house)
    return JSONResponse(health.model_dump(mode="json"), 200 if health.status is Part.OK else 503)


async def examine(house: House) -> Health:
    temporal = await _temporal(house)
    try:
        return await _from_database(house, temporal)
    except Passing:
        return Health(
            status=Part.AWAY,
            database=Part.AWAY,
            temporal=temporal,
            worker=Part.AWAY,
            audit=Part.AWAY,
        )


async def _temporal(house: House) -> Part:
    try:
        await house.engine.refresh()
    except Passing:
        return Part.AWAY
    return Part.OK


async def _from_database(house: House, temporal: Part) -> Health:
    now = house.clock()
    async with house.database.read() as session:
        seen = await last_heartbeat(session, "worker")
        alive = seen is not None and now - seen < WORKER_SILENCE
        worker = Part.OK if alive else Part.AWAY
        last, received = await last_audit(session), await count_waiting(session)
        audit = Part.OK if last is not None and now - last.ended_at < SILENCE else Part.AWAY
        rest = await read_rest(session)
        closed = rest.standing(now) is Standing.CLOSED
        return Health(
            status=Part.OK if temporal is worker is audit is Part.OK else Part.AWAY,
            database=Part.OK,
            temporal=temporal,
            worker=worker,
            audit=audit,
            last_audit=last.ended_at if last else None,
            open_alarms=sum((await count_alarms(session)).values()),
            received_deliveries=received.n,
            oldest_received_delivery=received.oldest,
            oldest_undispatched_response=await oldest_undispatched(session),
            oldest_unsent_intent=await oldest_unsent(session, now),
            due_intents=await count_due(session, now),
            failed_last_hour=(await failure_rate(session, now - HOUR)).value,
            failed_last_day=(await failure_rate(session, now - LATELY)).value,
            sms_carrier=rest.standing(now),
            sms_carrier_cause=None if closed else rest.cause,
            sms_carrier_since=None if closed else rest.since,
            sms_carrier_until=None if closed else rest.until,
            oldest_unfetched_answer=await oldest_unfetched(session),
            refused_tokens=tuple(sorted(await troubled_sources(session))),
            worst_lateness_seconds=await worst_lateness(
                session, since=_judged_since(house, now), now=now
            ),
        )


def _judged_since(house: House, now: datetime) -> datetime:
    """While the past of a demonstration is played, a moment of work lasts hours; what was due at its
    end fires a moment after it.
    """
    window, demo = now - LATENESS_WINDOW, house.settings.demo
    return max(window, demo.until + CATCHING_UP) if demo else window
