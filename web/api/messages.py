"""The JSON API: how messages and calls do, what came back and why, and what they cost. Nobody's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel

from models.breaker import Cause, Rest, Standing
from models.carrier_errors import Silence
from models.money import Money
from models.postage import Prices, Usage, latest_months
from models.rates import Rate
from models.store.outgoing import Day, Failed, Outgoing, Queue, read_outgoing
from models.store.postage import MONTHS, read_usage
from web.api.questions import By, require_operations
from web.provided import InHouse

router = APIRouter(prefix="/messages", tags=["messages"])


class BreakerOut(BaseModel):
    """How the carrier of SMS stands for all processes. Closed: the others are null."""

    state: Standing
    cause: Cause | None = None
    code: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, rest: Rest, now: datetime) -> "BreakerOut":
        state = rest.standing(now)
        if state is Standing.CLOSED:
            return cls(state=state)
        return cls(
            state=state, cause=rest.cause, code=rest.code, since=rest.since, until=rest.until
        )


class UsedOut(BaseModel):
    """`cost` is of what is counted; null where the organisation tells no prices."""

    usage: Usage
    cost: Money | None

    @classmethod
    def of(cls, usage: Usage, prices: Prices | None) -> "UsedOut":
        return cls(usage=usage, cost=prices.of(usage.segments, usage.minutes) if prices else None)


class MessageHealthOut(BaseModel):
    """`failed_last_hour` and `failed_last_day` are shares of the messages that a carrier judged.
    `unreachable` are ids of colleagues whose messages come back, `silenced` counts numbers to which nothing
    is sent. `used` is of this month and the two before it, by region.
    """

    queues: Sequence[Queue]
    oldest_unsent: datetime | None
    breaker: BreakerOut
    failed_last_hour: Rate
    failed_last_day: Rate
    failed: Sequence[Failed]
    days: Sequence[Day]
    unreachable: Sequence[str]
    silenced: Mapping[Silence, int]
    used: Sequence[UsedOut]

    @classmethod
    def of(cls, found: Outgoing, used: Sequence[UsedOut], now: datetime) -> "MessageHealthOut":
        return cls(
            queues=found.queues,
            oldest_unsent=found.oldest,
            breaker=BreakerOut.of(found.rest, now),
            failed_last_hour=found.hour,
            failed_last_day=found.day,
            failed=found.failed,
            days=found.days,
            unreachable=found.unreachable,
            silenced={each: found.silenced.get(each, 0) for each in Silence},
            used=used,
        )


@router.get("/health")
async def message_health(house: InHouse, by: By = None) -> MessageHealthOut:
    """For a person only if the operations are open to him."""
    await require_operations(house, by)
    now = house.clock()
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        zone = ZoneInfo(today.head_office.zone)
        found = await read_outgoing(session, zone, now)
        usage = await read_usage(session, latest_months(now, zone, MONTHS))
    return MessageHealthOut.of(found, [UsedOut.of(each, today.prices) for each in usage], now)
