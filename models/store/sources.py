"""What each source has delivered, how late its answers come, and whether its mapping finds a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.by_hand import BY_HAND
from models.organisation import Organisation
from models.resurvey_policy import OURS
from models.store.deliveries import DeliveryFate
from models.store.operations import RECENT, Traffic
from models.store.quarantine import Problem, count_problems
from models.tables import ResponseRow

OF_OURS: Mapping[str, str] = MappingProxyType({OURS: "resurvey", BY_HAND: "by_hand"})
"""What answers behind our own link, and what we write down ourselves."""
MOST_LAGS = 5_000
"""Answers of one source that are looked at, the newest."""
PERCENTILE = 99


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """`kind` None: it stands no longer in the organisation. `lag` is in what time 99 of 100 answers of the
    last 30 days came, None where none did; `scoreless` are deliveries in quarantine in which the mapping
    finds no score.
    """

    id: str
    kind: str | None
    last_at: datetime | None
    recent: int
    ever: Mapping[DeliveryFate, int]
    lag: timedelta | None = None
    scoreless: Sequence[Problem] = ()

    @property
    def deliveries(self) -> int:
        return sum(self.ever.values())

    @property
    def trials(self) -> int:
        return self.ever.get(DeliveryFate.TEST, 0) + self.ever.get(DeliveryFate.PREVIEW, 0)


async def read_sources(
    session: AsyncSession, today: Organisation, traffic: Sequence[Traffic], *, now: datetime
) -> Sequence[SourceStanding]:
    """Those in force first, also one that has not delivered yet."""
    problems = await count_problems(session)
    kinds = {source.id: source.kind for source in today.sources.values()}
    gone = sorted({t.source for t in traffic} - kinds.keys())
    return [
        SourceStanding(
            source,
            {**kinds, **OF_OURS}.get(source),
            max((t.last_at for t in traffic if t.source == source), default=None),
            sum(t.recent for t in traffic if t.source == source),
            {t.fate: t.ever for t in traffic if t.source == source},
            await _lag(session, source, now=now),
            _scoreless(source, today, problems),
        )
        for source in (*kinds, *gone)
    ]


async def _lag(session: AsyncSession, source: str, *, now: datetime) -> timedelta | None:
    newest = (
        select(ResponseRow.received_at, ResponseRow.submitted_at)
        .where(ResponseRow.source == source, ~col(ResponseRow.backfiled))
        .where(ResponseRow.submitted_at >= now - RECENT)
        .order_by(col(ResponseRow.submitted_at).desc())
        .limit(MOST_LAGS)
    )
    lags = sorted(received - submitted for received, submitted in await session.exec(newest))
    return lags[ceil(len(lags) * PERCENTILE / 100) - 1] if lags else None


def _scoreless(source: str, today: Organisation, problems: Sequence[Problem]) -> Sequence[Problem]:
    known = today.sources.get(source)
    scores = {mapping.score for mapping in known.mappings} if known else set()
    return tuple(each for each in problems if each.source == source and each.place in scores)
