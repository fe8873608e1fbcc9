"""What becomes of a response if nobody ever acts, by the very functions that run a case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from models.absence import Absence, RosterChanged
from models.addressees import told as told_by
from models.assignment import Circumstances
from models.case import AWAITS, CaseState, Event, Move, Opened, Silence
from models.conditions import About
from models.decision import Decided, decide
from models.hours import between, next_open
from models.ladder import Clock, RungKind, Target
from models.moves import apply
from models.notices import Message, Notice
from models.opening_hours import OpeningHours
from models.organisation import Organisation, belonging, topic_match
from models.plan import Plan
from models.survey import Origin, Reason, SurveyResponse, feeling_of, reason_for_no_case
from models.teams import UNLOADED, Loads
from models.timeline import Entry
from models.versions import Versions
from models.workday import hours_at_work

REHEARSED = "rehearsed"
"""The id of a case that never was."""

MOST_STEPS = 1000
"""Nobody reads more; a last level that repeats every few seconds would have tens of thousands."""


@dataclass(frozen=True, slots=True)
class Told:
    """`person` is None for the customer. It leaves at `leaves_at`, when he may be written to."""

    message: Message
    person: str | None
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """An instant at which something happens by itself; `rung` is None where the case opens, and where
    somebody goes away or comes back.

    `entries` tell it as the timeline of a real case does; `share` of the target's working time had
    passed at a reminder. From then on `owner` must do what is awaited before `due`, by the clocks of
    `zone`; None where the case is closed.
    """

    at: datetime
    rung: RungKind | None
    share: float | None
    entries: tuple[Entry, ...]
    told: tuple[Told, ...]
    owner: str
    level: int
    awaits: Target | None
    due: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`reason` says why the response opens no case; then there are no steps.

    `closed` are, by owner, the days off his calendar in that time: holidays and the like. `cut` says
    that there would be more steps than `MOST_STEPS`, which are left out. On the clocks of `zone` the
    customer is called, and written to.
    """

    reason: Reason | None = None
    steps: tuple[Step, ...] = ()
    closed: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    cut: bool = False
    zone: str | None = None


def rehearse(
    response: SurveyResponse,
    organisation: Organisation,
    at: datetime,
    *,
    until: datetime,
    absences: tuple[Absence, ...] = (),
    loads: Loads = UNLOADED,
    zone: str | None = None,
) -> Rehearsal:
    """As if it came at `at`, up to `until`, with the `absences` that are known for that time.

    `loads` decide whose turn it is in a team; `zone` is that of the customer's clock, None his region's.

    Raises ValueError where the score is off its scale.
    """
    felt = feeling_of(response, organisation.unhappy_up_to)
    reason = reason_for_no_case(response, felt, organisation.recognition.without_address)
    if reason is not None:
        return Rehearsal(reason)
    match = topic_match(response, organisation)
    about = About(*belonging(response, organisation), response.language)
    found = Circumstances(
        about,
        today=organisation,
        policy=organisation.policy_for(about),
        at=at.astimezone(UTC),
        topic=match.topic if match else None,
        absences=absences,
        origin=response.origin or Origin.SURVEY,
        loads=loads,
        zone=zone,
    )
    lived = takewhile(lambda step: step.at <= until, _steps(found))
    steps = tuple(islice(lived, MOST_STEPS))
    cut = next(lived, None) is not None
    owners = dict.fromkeys(step.owner for step in steps)
    closed = {owner: _closed(_hours(found, owner), at, until) for owner in owners}
    clock = organisation.calling_hours(found.region, zone).zone
    return Rehearsal(steps=steps, closed=closed, cut=cut, zone=clock)


def _closed(hours: OpeningHours, start: datetime, end: datetime) -> tuple[date, ...]:
    zone = ZoneInfo(hours.zone)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return tuple(sorted(day for day in hours.closed if first <= day <= last))


def _steps(found: Circumstances) -> Iterator[Step]:
    state, running = CaseState(REHEARSED, found.at), _Running()
    event: Event | None = Opened(found.at)
    while event is not None:
        now = replace(found, at=event.at)
        move, decided = _lived(state, event, now)
        notices = (*move.notices, *decided.notices)
        told = tuple(_told(notices, state.owner, decided.state, now))
        share = running.share(event.at, _hours(now, state.owner))
        running = running.after(move.clock, decided.plan)
        state = decided.state
        yield _step(event, decided, told, share=share, due=running.due, found=now)
        event = _next(state, now)


def _lived(state: CaseState, event: Event, found: Circumstances) -> tuple[Move, Decided]:
    move = apply(state, event)
    return move, decide(move, found, Versions(found.today, found.today))


def _next(state: CaseState, found: Circumstances) -> Event | None:
    """The next rung, unless before it somebody goes away, or comes back, and the case moves."""
    if not state.rungs:
        return None
    rung = state.rungs[0]
    for at, absence in sorted((at, a.id) for a in found.absences for at in (a.since, a.until)):
        turn = RosterChanged(absence, at)
        if found.at < at <= rung.at and _moves(state, turn, found):
            return turn
    return Silence(rung, rung.at)


def _moves(state: CaseState, turn: RosterChanged, found: Circumstances) -> bool:
    _, decided = _lived(state, turn, replace(found, at=turn.at))
    return decided.state.owner != state.owner


@dataclass(frozen=True, slots=True)
class _Running:
    """The target whose clock runs."""

    since: datetime | None = None
    due: datetime | None = None

    def after(self, clock: Clock | None, plan: Plan | None) -> "_Running":
        return _Running(clock.start, plan.due) if clock and plan else self

    def share(self, at: datetime, hours: OpeningHours) -> float | None:
        if self.since is None or self.due is None:
            return None
        return between(hours, self.since, at) / between(hours, self.since, self.due)


def _step(
    event: Event,
    decided: Decided,
    told: tuple[Told, ...],
    *,
    share: float | None,
    due: datetime | None,
    found: Circumstances,
) -> Step:
    state = decided.state
    rung = event.rung.kind if isinstance(event, Silence) else None
    of_target = isinstance(event, Silence) and event.rung.watch is None
    return Step(
        at=event.at,
        rung=rung,
        share=share if rung is RungKind.REMIND and of_target else None,
        entries=decided.entries,
        told=told,
        owner=state.owner or found.today.national_owner.id,
        level=state.level,
        awaits=AWAITS.get(state.stage),
        due=None if state.closed else due,
        zone=_hours(found, state.owner).zone,
    )


def _told(
    notices: Iterable[Notice], former: str | None, state: CaseState, found: Circumstances
) -> Iterator[Told]:
    away = frozenset(each.person for each in found.absences if each.covers(found.at))
    for notice, person in told_by(notices, found.today, state, former=former, away=away):
        hours = _hours(found, person.id if person else None)
        hours = hours if person else hours.on_clocks_of(found.zone)
        yield Told(notice.message, person.id if person else None, next_open(hours, found.at))


def _hours(found: Circumstances, person: str | None) -> OpeningHours:
    return hours_at_work(found.today, found.today, person, region=found.region)
