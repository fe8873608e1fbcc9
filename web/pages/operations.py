"""For who runs Rappel: what is wrong now, what arrives and leaves, what is in force. Nobody's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from models.breaker import Cause
from models.case import Stage
from models.errors import NotKnown
from models.organisation import Organisation, word
from models.organisation_file.difference import Passage, Side, difference
from models.people import Person, Room
from models.replan_difference import Difference as ReplanDifference
from models.store.audits import Audited, read_audited
from models.store.deliveries import DeliveryFate
from models.store.health import last_heartbeat
from models.store.operations import (
    LATELY,
    RECENT,
    Operations,
    Traffic,
    find_version,
    read_operations,
)
from models.store.organisations import InForce
from models.store.replanning import Asked, preview
from models.store.sources import read_sources
from models.store.teams import passed_since
from models.store.unfetched import count_unfetched
from models.store.vacancies import Unfilled, unfilled_levels
from models.team_tables import TeamRow
from web.health import Health, Part, examine
from web.provided import House, InHouse
from web.rendering import InPages, Pages
from web.visitors import InOperations

router = APIRouter(include_in_schema=False)

PATIENCE = timedelta(minutes=2)
"""How long an answer, a message or a rung may wait before that is worth a sentence."""


class Trouble(StrEnum):
    TEMPORAL_AWAY = "temporal_away"
    WORKER_AWAY = "worker_away"
    AUDIT_AWAY = "audit_away"
    MISSING = "missing"
    OVERDUE = "overdue"
    FAILING = "failing"
    NO_NEXT_INSTANT = "no_next_instant"
    UNTAKEN = "untaken"
    UNDISPATCHED = "undispatched"
    UNSENT = "unsent"
    LATE = "late"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    UNFILLED = "unfilled"
    CEILING_PASSED = "ceiling_passed"
    CARRIER_RESTS = "carrier_rests"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble with what its sentence needs: since when, how many, whose or why. `at` is local."""

    trouble: Trouble
    at: datetime | None = None
    n: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """Instants in the zone of the head office."""

    zone: tzinfo

    def __call__(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


@router.get("/operations")
async def show_operations(me: InOperations, house: InHouse, pages: InPages) -> HTMLResponse:
    health, now = await examine(house), house.clock()
    async with house.database.read() as session:
        today = await house.book.in_force(session)
        seen = await last_heartbeat(session, "worker")
        found = await read_operations(session, now)
        sources = await read_sources(session, today.organisation, found.traffic, now=now)
        audited = await read_audited(session, since=now - RECENT)
        unfilled = await unfilled_levels(session, now)
        passed = await passed_since(session, now - LATELY)
        held = await count_unfetched(session)
    local = Local(ZoneInfo(today.organisation.head_office.zone))
    alarms = (
        *_alarms(health, found, audited, seen=seen, local=local, now=now),
        *_of_ladders(unfilled),
        *_ceilings(passed, today.organisation, me, local),
    )
    return pages.answer(
        "operations.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        now=local(now),
        local=local,
        alarms=alarms,
        unfilled=unfilled,
        health=health,
        audited=audited,
        sources=sources,
        held=held,
        found=found,
        stages=_by_stage(found),
        pinned=_by_version(found),
    )


@router.get("/operations/versions/{number}")
async def show_version(
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    me: InOperations,
    house: InHouse,
    pages: InPages,
) -> HTMLResponse:
    """What it changed; of the first one, everything."""
    return await _answer_version(house, pages, me, number)


@router.post("/operations/versions/{number}")
async def show_replanned(
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    me: InOperations,
    house: InHouse,
    pages: InPages,
) -> HTMLResponse:
    """With what planning the open cases anew would change: only who asks for it waits for all of them."""
    return await _answer_version(house, pages, me, number, replanned=True)


async def _answer_version(
    house: House, pages: Pages, me: Person, number: int, *, replanned: bool = False
) -> HTMLResponse:
    async with house.database.read() as session:
        version = await find_version(session, number)
        if version is None:
            raise NotKnown("This version was never applied.")
        newest = await house.book.in_force(session)
        before = await house.book.text(session, number - 1) if number > 1 else ""
        after = await house.book.text(session, number)
        replanned &= number == newest.number
        replan = await _replan(house, session, number, newest) if replanned else None
    passages = difference(before, after)
    return pages.answer(
        "operations_version.html",
        me.language,
        me=me,
        here=Room.OPERATIONS,
        number=number,
        newest=newest.number,
        at=version.applied_at.astimezone(ZoneInfo(newest.organisation.head_office.zone)),
        passages=passages,
        added=_count(passages, Side.ADDED),
        removed=_count(passages, Side.REMOVED),
        replan=replan,
    )


async def _replan(
    house: House, session: AsyncSession, number: int, newest: InForce
) -> ReplanDifference:
    """What planning the open cases anew by the version in force would change; the command line does it."""
    asked = Asked(newest.organisation, number, house.clock())
    return await preview(session, house.book, asked)


def _alarms(
    health: Health,
    found: Operations,
    audited: Audited,
    *,
    seen: datetime | None,
    local: Local,
    now: datetime,
) -> Iterator[Alarm]:
    """The gravest first."""
    if health.temporal is Part.AWAY:
        yield Alarm(Trouble.TEMPORAL_AWAY)
    if health.worker is Part.AWAY:
        yield Alarm(Trouble.WORKER_AWAY, local(seen) if seen else None)
    if health.audit is Part.AWAY:
        yield Alarm(Trouble.AUDIT_AWAY, local(health.last_audit) if health.last_audit else None)
    if health.sms_carrier_cause not in {None, Cause.PATIENCE} and health.sms_carrier_since:
        yield Alarm(
            Trouble.CARRIER_RESTS,
            local(health.sms_carrier_since),
            name=str(health.sms_carrier_cause),
        )
    yield from (Alarm(Trouble(finding), n=n) for finding, n in audited.alarms.items())
    waiting = {
        Trouble.UNTAKEN: health.oldest_received_delivery,
        Trouble.UNDISPATCHED: health.oldest_undispatched_response,
        Trouble.UNSENT: health.oldest_unsent_intent,
    }
    for trouble, at in waiting.items():
        if at is not None and now - at > PATIENCE:
            yield Alarm(trouble, local(at))
    late = timedelta(seconds=health.worst_lateness_seconds or 0)
    if late > PATIENCE:
        yield Alarm(Trouble.LATE, n=round(late / timedelta(minutes=1)))
    counts = {
        Trouble.QUARANTINED: sum(t.lately for t in found.traffic if _is_lost(t)),
        Trouble.FAILED: sum(failure.lately for failure in found.failures),
    }
    yield from (Alarm(trouble, n=n) for trouble, n in counts.items() if n)


def _of_ladders(unfilled: Sequence[Unfilled]) -> Iterator[Alarm]:
    """The organisation's file sends cases where nobody takes them."""
    n = sum(level.n for level in unfilled if level.is_fault)
    if n:
        yield Alarm(Trouble.UNFILLED, n=n)


def _ceilings(
    passed: Sequence[TeamRow], today: Organisation, me: Person, local: Local
) -> Iterator[Alarm]:
    """A team that is asked for more than it may take, and nobody else is named."""
    for row in passed:
        team = today.teams.get(row.id)
        if team is not None and row.passed_at is not None:
            name = word(team.label, me.language)
            yield Alarm(Trouble.CEILING_PASSED, local(row.passed_at), name=name)


def _is_lost(traffic: Traffic) -> bool:
    return traffic.fate is DeliveryFate.QUARANTINED


def _by_stage(found: Operations) -> tuple[tuple[Stage, int], ...]:
    """All stages of an open case, in their order."""
    counts = dict.fromkeys(Stage, 0)
    for cases in found.open_cases:
        counts[Stage(cases.stage)] += cases.n
    return tuple((stage, n) for stage, n in counts.items() if stage is not Stage.CLOSED)


def _by_version(found: Operations) -> Mapping[int, int]:
    counts = {version.number: 0 for version in found.versions}
    for cases in found.open_cases:
        counts[cases.version] = counts.get(cases.version, 0) + cases.n
    return counts


def _count(passages: Sequence[Passage], side: Side) -> int:
    return sum(line.side is side for passage in passages for line in passage.lines)
