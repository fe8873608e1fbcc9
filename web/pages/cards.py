"""A case as it lies in somebody's inbox: what is awaited of whom, until when, and what comes then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome, Reached
from models.calls import Hold
from models.case import Stage, next_turn
from models.inbox import awaited, next_owner
from models.ladder import RungKind
from models.people import Person
from models.progress import waits_for_a_yes
from models.store.absences import absences_at
from models.store.casebook import circumstances_of
from models.store.inbox import Brief, brief
from models.store.unreachable import unreachable_people
from models.tables import CaseRow
from models.versions import Versions
from models.workday import Left, time_left
from web.pages.clocks import clock_of, hold_of
from web.pages.layout import answer_of, labels_of
from web.pages.offers import ending_of, undo_of
from web.pages.reading import Reading
from web.pages.sheet import Answer
from web.provided import House


@dataclass(frozen=True, slots=True)
class Awaits:
    """`who` is a name, or `customer`; `left` is None where nobody counts the hours yet.

    `after` is the time that the customer named.
    """

    who: str
    mine: bool
    by: datetime
    left: Left | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Then:
    """What happens at `at` if nobody acts, after a reminder at `reminder`.

    `to` is the name of who gets the case then; `mine` says that the reader does.
    """

    kind: RungKind
    at: datetime
    to: str | None
    mine: bool
    reminder: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """For a reader who may READ the case. Instants are those of its region.

    `undo` is the commit of the attempt that he can take back; `tried` is what the latest one gave.
    `ending` is how the case closes where nobody is to call again, `hold` why nobody is to call now; since
    `no_calls_since` nobody may. `to_accept`: somebody has done a repair that its owner has yet to judge.
    `to_approve`: somebody higher has yet to say yes to a gesture.
    `rests` is why it rests. `clock` is the customer's own, None where it is taken for the region's.
    """

    case_id: str
    stage: Stage
    name: str | None
    phone: str | None
    topic: str | None
    labels: tuple[str, ...]
    answer: Answer | None
    owner: str
    mine: bool
    level: int
    attempts: int
    tried: Reached | None
    ending: Outcome | None
    hold: Hold | None
    no_calls_since: datetime | None
    nowhere: bool
    undo: int | None
    now: datetime
    clock: ZoneInfo | None
    awaits: Awaits | None
    then: Then | None
    to_accept: bool
    to_approve: bool
    rests: str | None


async def read_cards(
    session: AsyncSession, house: House, me: Person, rows: Sequence[CaseRow]
) -> Sequence[Card]:
    """In the order of `rows`, which `me` may READ."""
    now, cards = house.clock(), []
    today = (await house.book.in_force(session)).organisation
    away, lost = await absences_at(session, now), await unreachable_people(session, now)
    for found in await brief(session, house.database.vault, rows):
        pinned = await house.book.version(session, found.row.version)
        zone = ZoneInfo(pinned.hours_of(found.row.region).zone)
        cards.append(_card(found, Reading(me, Versions(pinned, today, away, lost), zone, now)))
    return cards


def _card(found: Brief, reading: Reading) -> Card:
    row, state, me = found.row, found.state, reading.me
    no_calls = found.customer.no_calls_since
    return Card(
        case_id=row.id,
        stage=state.stage,
        name=found.customer.name,
        phone=found.customer.phone,
        topic=reading.topic(row.topic),
        labels=labels_of(row, reading),
        answer=answer_of(found.answer, reading) if found.answer else None,
        owner=reading.person(row.owner or ""),
        mine=row.owner == me.id,
        level=state.level,
        attempts=state.attempts,
        tried=found.tried,
        ending=ending_of(state),
        hold=hold_of(row, state, reading, zone=found.customer.zone),
        no_calls_since=reading.local(no_calls) if no_calls else None,
        nowhere=state.reach.nowhere,
        undo=undo_of(state, me.id),
        now=reading.local(reading.now),
        clock=clock_of(found.customer),
        awaits=_awaits(found, reading),
        then=_then(found, reading),
        to_accept=state.stage is Stage.REPAIRING and bool(state.to_accept),
        to_approve=waits_for_a_yes(state),
        rests=reading.pause(state.pause.reason) if state.pause else None,
    )


def _awaits(found: Brief, reading: Reading) -> Awaits | None:
    waiting = awaited(found.state)
    if waiting is None:
        return None
    hours = reading.hours_of(waiting.who, region=found.row.region)
    wanted = waiting.after == found.state.again_at
    return Awaits(
        reading.person(waiting.who),
        waiting.who == reading.me.id,
        reading.local(waiting.by),
        time_left(hours, reading.now, waiting.by),
        reading.local(waiting.after) if wanted and waiting.after else None,
    )


def _then(found: Brief, reading: Reading) -> Then | None:
    """The rung by which the case moves on, and the reminder that comes before it."""
    last = next_turn(found.state)
    if last is None:
        return None
    first = next(rung for rung in found.state.rungs if not rung.of_action)
    heir = next_owner(found.state, circumstances_of(found.row, reading.versions, reading.now))
    return Then(
        last.kind,
        reading.local(last.at),
        reading.person(heir) if heir else None,
        heir == reading.me.id,
        reading.local(first.at) if first.kind in {RungKind.REMIND, RungKind.BREAK} else None,
    )
