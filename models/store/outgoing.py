"""How what leaves does: what waits, what came back and why, day by day. Counts and enumerated words only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import case, func, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.breaker import Rest
from models.carrier_errors import Silence
from models.people import Channel
from models.posting import LOST, TAKEN, Posting
from models.rates import Rate, rate
from models.store.breaker import read_rest
from models.store.operations import LATELY, NOT_ARRIVED, RECENT, WAITING
from models.store.suppressions import BY_A_CARRIER, TRIED, count_silenced
from models.store.unreachable import unreachable_people
from models.tables import IntentRow

HOUR = timedelta(hours=1)
DAYS = 14
"""So many are drawn."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Of one channel. `due` may leave now, `given_back` is what a carrier did not take and is tried again,
    `later` waits for its time, `sending` is in a process's hand; `oldest` is when the first that is due could
    have left.
    """

    channel: Channel
    due: int
    given_back: int
    later: int
    sending: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """What was handed to a carrier that day, by what is known of it by now."""

    on: date
    sent: int = 0
    lost: int = 0
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """Messages of the last 30 days that did not arrive, or perhaps did, for one reason; `lately` are those
    of the last 24 hours, `code` is the carrier's error, 0 where it has none.
    """

    channel: Channel
    status: Posting
    reason: str
    code: int
    recent: int
    lately: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`hour` and `day`: of the messages that a carrier judged since then, those that it refused or lost."""

    queues: Sequence[Queue]
    hour: Rate
    day: Rate
    days: Sequence[Day]
    failed: Sequence[Failed]
    rest: Rest
    unreachable: Sequence[str]
    silenced: Mapping[Silence, int]

    @property
    def oldest(self) -> datetime | None:
        return min((each.oldest for each in self.queues if each.oldest), default=None)


async def read_outgoing(session: AsyncSession, zone: tzinfo, now: datetime) -> Outgoing:
    """`zone` is that by which a day is one."""
    return Outgoing(
        await read_queues(session, now),
        await failure_rate(session, now - HOUR),
        await failure_rate(session, now - LATELY),
        await read_days(session, zone, now),
        await read_failed(session, now),
        await read_rest(session),
        sorted(await unreachable_people(session, now)),
        await count_silenced(session, now),
    )


async def read_queues(session: AsyncSession, now: datetime) -> Sequence[Queue]:
    """Every channel, also one in which nothing waits."""
    status, ready = col(IntentRow.status), col(IntentRow.not_before)
    tried = col(IntentRow.claimed_at).is_not(None)
    due = (status == Posting.PENDING) & (ready <= now)
    later = (status == Posting.PENDING) & (ready > now)
    counted = (
        select(
            col(IntentRow.channel),
            func.count().filter(due),
            func.count().filter(later & tried),
            func.count().filter(later & ~tried),
            func.count().filter(status == Posting.SENDING),
            func.min(case((due, ready))),
        )
        .where(status.in_(WAITING))
        .group_by(col(IntentRow.channel))
    )
    rows = await (await session.connection()).execute(counted)
    found = {Channel(channel): Queue(Channel(channel), *of) for channel, *of in rows}
    return [found.get(channel, Queue(channel, 0, 0, 0, 0, None)) for channel in Channel]


async def count_due(session: AsyncSession, now: datetime) -> int:
    """Messages that may leave, and have not."""
    due = col(IntentRow.status) == Posting.PENDING, col(IntentRow.not_before) <= now
    counted = select(func.count()).select_from(IntentRow).where(*due)
    return (await (await session.connection()).execute(counted)).scalar_one()


async def failure_rate(session: AsyncSession, since: datetime) -> Rate:
    """Of what a carrier judged. What we did not even try, for who has the number wants or gets nothing, is
    no failure.
    """
    counted = select(func.count(), func.count().filter(col(IntentRow.status).in_(LOST))).where(
        col(IntentRow.posted_at) >= since, BY_A_CARRIER
    )
    all_, lost = (await (await session.connection()).execute(counted)).one()
    return rate(lost, all_)


async def read_days(session: AsyncSession, zone: tzinfo, now: datetime) -> Sequence[Day]:
    """The last of them is today."""
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in range(DAYS)]
    begins = [datetime(on.year, on.month, on.day, tzinfo=zone) for on in dates]
    at, status, n = col(IntentRow.posted_at), col(IntentRow.status), func.count()
    back = case(*((at >= begin, number) for number, begin in enumerate(begins))).label("back")
    counted = (
        select(
            back,
            n.filter(status.in_(TAKEN)),
            n.filter(status.in_(LOST)),
            n.filter(status == Posting.UNKNOWN),
        )
        .where(at >= begins[-1], TRIED)
        .group_by(text("back"))
    )
    rows = await (await session.connection()).execute(counted)
    found = {dates[number]: Day(dates[number], *of) for number, *of in rows}
    return [found.get(on, Day(on)) for on in reversed(dates)]


async def read_failed(session: AsyncSession, now: datetime) -> Sequence[Failed]:
    """The most frequent first."""
    created, n = col(IntentRow.created_at), func.count()
    kind = (
        col(IntentRow.channel),
        col(IntentRow.status),
        col(IntentRow.reason),
        col(IntentRow.code),
    )
    counted = (
        select(*kind, n, n.filter(created >= now - LATELY))
        .where(col(IntentRow.status).in_(NOT_ARRIVED), created >= now - RECENT)
        .group_by(*kind)
        .order_by(n.desc(), *kind)
    )
    return [
        Failed(Channel(channel), Posting(status), reason or "", code, recent, lately)
        for channel, status, reason, code, recent, lately in await (
            await session.connection()
        ).execute(counted)
    ]
