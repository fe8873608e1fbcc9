"""What each source has delivered, how late its answers come, and whether its mapping finds a score."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.by_hand import BY_HAND
from models.mappings import EACH
from models.organisation import Organisation
from models.resurvey_policy import OURS
from models.store.deliveries import DeliveryFate
from models.store.operations import RECENT, Traffic
from models.store.quarantine import Problem, count_problems
from models.submissions import Way
from models.tables import ResponseRow

OF_OURS: Mapping[str, str] = MappingProxyType({OURS: "resurvey", BY_HAND: "by_hand"})
"""What answers behind our own link, and what we write down ourselves."""
MOST_LAGS = 5_000
"""Answers of one source that are looked at, the newest."""
PERCENTILE = 99
AT_ONCE = (Way.DELIVERED, Way.FETCHED)
"""Ways by which an answer comes when it is given."""
ELEMENT = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """`kind` None: it stands no longer in the organisation. `last_at`, `recent` and `fates` are those of what
    the system delivered itself; in quarantine counts what came by any way. `came` is how much came by each.
    `missed` are answers of the last 30 days which only a backfill brought, though they were given after the
    last delivery: is the webhook still on? `lag` is in what time 99 of 100 answers of the last 30 days came,
    None where none did; `scoreless` are deliveries in quarantine in which the mapping finds no score.
    """

    id: str
    kind: str | None
    last_at: datetime | None
    recent: int
    fates: Mapping[DeliveryFate, int]
    came: Mapping[Way, int]
    missed: int = 0
    lag: timedelta | None = None
    scoreless: Sequence[Problem] = ()

    @property
    def deliveries(self) -> int:
        return self.came.get(Way.DELIVERED, 0)

    @property
    def trials(self) -> int:
        return self.fates.get(DeliveryFate.TEST, 0) + self.fates.get(DeliveryFate.PREVIEW, 0)


async def read_sources(
    session: AsyncSession, today: Organisation, traffic: Sequence[Traffic], *, now: datetime
) -> Sequence[SourceStanding]:
    """Those in force first, also one that has not delivered yet."""
    problems, imported = await count_problems(session), await _imported(session)
    kinds = {source.id: source.kind for source in today.sources.values()}
    gone = sorted(({t.source for t in traffic} | imported.keys()) - kinds.keys())
    standing = []
    for source in (*kinds, *gone):
        of_it = [t for t in traffic if t.source == source]
        delivered = [t for t in of_it if t.way is Way.DELIVERED]
        last_at = max((t.last_at for t in delivered), default=None)
        standing.append(
            SourceStanding(
                source,
                {**kinds, **OF_OURS}.get(source),
                last_at,
                sum(t.recent for t in delivered),
                _fates(of_it),
                _came(of_it, imported[source]),
                await _missed(session, source, max(last_at or now - RECENT, now - RECENT)),
                await _lag(session, source, now=now),
                _scoreless(source, today, problems),
            )
        )
    return standing


def _fates(traffic: Iterable[Traffic]) -> Mapping[DeliveryFate, int]:
    found: Counter[DeliveryFate] = Counter()
    for each in traffic:
        if each.way is Way.DELIVERED or each.fate is DeliveryFate.QUARANTINED:
            found[each.fate] += each.ever
    return found


def _came(traffic: Iterable[Traffic], imported: int) -> Mapping[Way, int]:
    found = Counter({Way.IMPORTED: imported})
    for each in traffic:
        found[each.way] += each.ever
    return found


async def _imported(session: AsyncSession) -> Counter[str]:
    """Answers: of these no delivery is kept."""
    source = col(ResponseRow.source)
    counted = select(source, func.count()).where(ResponseRow.way == Way.IMPORTED).group_by(source)
    return Counter(dict((await session.exec(counted)).all()))


async def _missed(session: AsyncSession, source: str, since: datetime) -> int:
    missed = select(func.count()).where(
        ResponseRow.source == source,
        ResponseRow.way == Way.BACKFILLED,
        ResponseRow.submitted_at > since,
    )
    return (await session.exec(missed)).one()


async def _lag(session: AsyncSession, source: str, *, now: datetime) -> timedelta | None:
    newest = (
        select(ResponseRow.received_at, ResponseRow.submitted_at)
        .where(ResponseRow.source == source, col(ResponseRow.way).in_(AT_ONCE))
        .where(ResponseRow.submitted_at >= now - RECENT)
        .order_by(col(ResponseRow.submitted_at).desc())
        .limit(MOST_LAGS)
    )
    lags = sorted(received - submitted for received, submitted in await session.exec(newest))
    return lags[ceil(len(lags) * PERCENTILE / 100) - 1] if lags else None


def _scoreless(source: str, today: Organisation, problems: Sequence[Problem]) -> Sequence[Problem]:
    """Also where the score stands in an element of a list."""
    known = today.sources.get(source)
    scores = {mapping.score for mapping in known.mappings} if known else set()
    return tuple(
        each
        for each in problems
        if each.source == source
        and not scores.isdisjoint({each.place, ELEMENT.sub(EACH, each.place)})
    )
