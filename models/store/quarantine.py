"""Deliveries that were kept first and are taken later: not understood yet, or only received."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, assert_never

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotKnown, NotUnderstood, Passing
from models.mappings import Source
from models.store.database import Database, box_of, boxes_of
from models.store.deliveries import (
    Delivery,
    DeliveryFate,
    find_twin,
    keep_delivery,
    place_of_body,
)
from models.store.intake import Intake, Taken
from models.store.organisations import InForce, OrganisationBook
from models.store.received import due_received
from models.store.tellings import find_response
from models.submissions import Ping, Pointer, Way
from models.survey import SurveyResponse, Told, Unscored, Withdrawal
from models.tables import DeliveryRow, ResponseRow
from models.vault import SEAL, Box, Vault

Hear: TypeAlias = Callable[[Source, bytes, datetime], Sequence[Told | NotUnderstood]]
"""What a source's delivery tells, heard again. Takes the source, the body and when it was received."""

WAITING = frozenset({DeliveryFate.QUARANTINED, DeliveryFate.RECEIVED})
NO_SOURCE = NotUnderstood("Its source stands no longer in the organisation.", place="source")
GRAVEST_FIRST = (
    DeliveryFate.RECEIVED,
    DeliveryFate.QUARANTINED,
    DeliveryFate.UNDERSTOOD,
    DeliveryFate.TO_FETCH,
    DeliveryFate.FETCHED,
    DeliveryFate.WITHDRAWN,
    DeliveryFate.UNFINISHED,
    DeliveryFate.REPEAT,
    DeliveryFate.PREVIEW,
    DeliveryFate.TEST,
)
"""Of a delivery that tells several responses the row keeps one fate."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """`problem` is the place of the fault, `size` the bytes of the body."""

    id: str
    received_at: datetime
    source: str
    problem: str
    size: int


@dataclass(frozen=True, slots=True)
class Problem:
    """How many deliveries of a source have a fault at the same place."""

    source: str
    place: str
    n: int


@dataclass(frozen=True, slots=True)
class Opened:
    """With the body: nobody's to show."""

    listed: Quarantined
    body: bytes


async def list_quarantined(
    session: AsyncSession, *, source: str | None = None, limit: int
) -> Sequence[Quarantined]:
    """The newest first."""
    rows = (
        select_columns(
            col(DeliveryRow.id),
            col(DeliveryRow.received_at),
            col(DeliveryRow.source),
            col(DeliveryRow.problem),
            func.length(col(DeliveryRow.body_sealed)),
        )
        .where(col(DeliveryRow.fate) == DeliveryFate.QUARANTINED)
        .order_by(col(DeliveryRow.received_at).desc(), col(DeliveryRow.id).desc())
        .limit(limit)
    )
    if source is not None:
        rows = rows.where(col(DeliveryRow.source) == source)
    found = await (await session.connection()).execute(rows)
    return [
        Quarantined(delivery, at, whose, problem or "", size - SEAL)
        for delivery, at, whose, problem, size in found
    ]


async def count_problems(session: AsyncSession) -> Sequence[Problem]:
    """By source, the most frequent first."""
    source, problem, n = col(DeliveryRow.source), col(DeliveryRow.problem), func.count()
    counted = (
        select_columns(source, problem, n)
        .where(col(DeliveryRow.fate) == DeliveryFate.QUARANTINED)
        .group_by(source, problem)
        .order_by(source, n.desc(), problem)
    )
    found = await (await session.connection()).execute(counted)
    return [Problem(whose, place or "", times) for whose, place, times in found]


async def ids_in_quarantine(
    session: AsyncSession, *, source: str | None = None, after: str = "", limit: int
) -> Sequence[str]:
    """The oldest first: the cases open in the order in which they would have opened."""
    ids = select(DeliveryRow.id).where(
        DeliveryRow.fate == DeliveryFate.QUARANTINED, DeliveryRow.id > after
    )
    if source is not None:
        ids = ids.where(DeliveryRow.source == source)
    return (await session.exec(ids.order_by(DeliveryRow.id).limit(limit))).all()


async def open_quarantined(session: AsyncSession, vault: Vault, delivery_id: str) -> Opened:
    """Raises NotKnown where it is not in quarantine, or is forgotten."""
    row = await session.get(DeliveryRow, delivery_id)
    box = await box_of(session, vault, row.key_id) if row else None
    if row is None or row.fate != DeliveryFate.QUARANTINED or box is None:
        raise NotKnown("There is no such delivery in quarantine.")
    body = _body(row, box)
    listed = Quarantined(row.id, row.received_at, row.source, row.problem or "", len(body))
    return Opened(listed, body)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many were understood, and how many stay; `next` goes on from there, None where all were tried.
    `failed` holds those that could not be heard for a fault of ours, each with the name of the error: they
    stay too.
    """

    understood: int
    still: int
    next: str | None
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def tried(self) -> int:
        return self.understood + self.still + len(self.failed)


class Quarantine:
    """Hears again what it keeps, by the mappings of today."""

    def __init__(
        self, database: Database, book: OrganisationBook, intake: Intake, hear: Hear
    ) -> None:
        self._database = database
        self._book = book
        self._intake = intake
        self._hear = hear

    async def replay(self, delivery_id: str) -> Taken:
        """What becomes of the delivery: all of its responses are taken, or none. Of one that waits no
        longer, what became of it. Raises NotKnown.
        """

        async def replay(session: AsyncSession) -> Taken:
            """Of two at once the second waits for the row, and finds it taken."""
            named = select(DeliveryRow).where(DeliveryRow.id == delivery_id)
            row = (await session.exec(named.with_for_update())).first()
            if row is None:
                raise NotKnown("There is no such delivery.")
            box = await box_of(session, self._database.vault, row.key_id)
            return await self._replay(session, row, box)

        return await self._database.write_again(replay)

    async def take_received(self, *, now: datetime, limit: int) -> Mapping[str, Taken]:
        """The oldest of what a pressed door kept, in one unit of work: all of them, or none where one is at
        fault. What became of them, by delivery.
        """

        async def take(session: AsyncSession) -> Mapping[str, Taken]:
            due = await due_received(session, now=now, limit=limit)
            boxes = await boxes_of(session, self._database.vault, [row.key_id for row in due])
            return {row.id: await self._replay(session, row, boxes.get(row.key_id)) for row in due}

        return await self._database.write_again(take)

    async def replay_some(
        self, *, source: str | None = None, after: str = "", limit: int
    ) -> Replayed:
        """The oldest first, each in a unit of work of its own: one at fault holds up no other, and stopped
        half-way, the same again goes on. Raises DatabaseAway.
        """
        async with self._database.read() as session:
            found = await ids_in_quarantine(session, source=source, after=after, limit=limit + 1)
        some, fates, failed = found[:limit], list[DeliveryFate](), dict[str, str]()
        for each in some:
            try:
                fates.append((await self.replay(each)).fate)
            except Passing:
                raise
            except Exception as fault:  # noqa: BLE001 - whatever it is, the next one is not at fault
                failed[each] = type(fault).__name__
        still = fates.count(DeliveryFate.QUARANTINED)
        goes_on = some[-1] if len(found) > limit else None
        return Replayed(len(fates) - still, still, goes_on, failed)

    async def _replay(self, session: AsyncSession, row: DeliveryRow, box: Box | None) -> Taken:
        """`box` None: it is forgotten, and nothing is left to be understood."""
        fate = DeliveryFate(row.fate)
        if fate not in WAITING or box is None:
            row.take_after = None
            return Taken(fate, row.response_row or "", problem=row.problem)
        by, body = await self._book.in_force(session), _body(row, box)
        delivery = Delivery(row.source, body, row.received_at, row, Way(row.way))
        source = by.organisation.sources.get(row.source)
        told = self._hear(source, body, row.received_at) if source else (NO_SOURCE,)
        return await self._take_all(session, delivery, told, by=by)

    async def _take_all(
        self,
        session: AsyncSession,
        delivery: Delivery,
        told: Sequence[Told | NotUnderstood],
        *,
        by: InForce,
    ) -> Taken:
        """What tells nothing only tried whether somebody listens."""
        outcomes = [await self._take(session, delivery, each, by=by) for each in told]
        outcomes.append(Taken(DeliveryFate.TEST))
        gravest = min(outcomes, key=lambda taken: GRAVEST_FIRST.index(taken.fate))
        return await self._settle(session, delivery, gravest)

    async def _take(
        self, session: AsyncSession, delivery: Delivery, told: Told | NotUnderstood, *, by: InForce
    ) -> Taken:
        match told:
            case SurveyResponse():
                newer = await _told_later(session, delivery, told)
                if newer is not None:
                    return Taken(DeliveryFate.REPEAT, newer.id)
                return await self._intake.take(session, delivery, told, by=by)
            case Ping():
                return Taken(DeliveryFate.TEST)
            case NotUnderstood(place=place):
                return Taken(DeliveryFate.QUARANTINED, problem=place or "body")
            case Withdrawal() | Unscored() | Pointer():
                return await self._intake.take_told(session, delivery, told, by=by)
            case _:
                assert_never(told)

    async def _settle(self, session: AsyncSession, delivery: Delivery, became: Taken) -> Taken:
        """Of several responses the row keeps one fate, and belongs to that response. What waits in
        quarantine already does not wait there twice.
        """
        vault, response = self._database.vault, None
        if became.response_id:
            response = await session.get_one(ResponseRow, became.response_id)
        if became.fate is DeliveryFate.QUARANTINED and await find_twin(session, vault, delivery):
            became = Taken(DeliveryFate.REPEAT)
        keep_delivery(
            session,
            vault,
            delivery,
            fate=became.fate,
            response=response,
            problem=became.problem,
        )
        return became


async def _told_later(
    session: AsyncSession, delivery: Delivery, told: SurveyResponse
) -> ResponseRow | None:
    """Undated, the telling that came first is the older one, also where it is understood last."""
    row = await find_response(session, delivery.source, told.response_id)
    if row is None or (told.changed_at and row.changed_at) or told.progress != row.progress:
        return None
    return row if (row.told_at or row.received_at) > delivery.received_at else None


def _body(row: DeliveryRow, box: Box) -> bytes:
    return box.open_bytes(place_of_body(row.id), row.body_sealed)
