"""The figures worked out from the event log as plainly as can be: slow, wordy, and all by itself.

What is counted by tallies must come to the same. A case is what its timeline tells.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models.figures import Asked, Measured, OnBothClocks, Wait
from models.hours import between
from models.ladder import Target
from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.rates import Rate
from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.tables import CaseRow, EntryRow, ResponseRow
from models.target_tables import TargetRow

Told: TypeAlias = dict[str, object]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Log:
    responses: list[ResponseRow]
    cases: dict[str, CaseRow]
    entries: dict[str, list[EntryRow]]
    targets: list[TargetRow]
    organisation: Organisation
    now: datetime

    def of_case(self, case_id: str | None, *kinds: str) -> list[EntryRow]:
        of = self.entries.get(case_id or "", [])
        return [entry for entry in of if entry.kind in kinds or not kinds]

    def attempts(self, case_id: str | None) -> list[EntryRow]:
        back = {entry.facts["seq"] for entry in self.of_case(case_id, "taken_back")}
        return [e for e in self.of_case(case_id, "attempted") if e.seq not in back]

    def end(self, case_id: str | None) -> EntryRow | None:
        return next(iter(self.of_case(case_id, "closed")), None)

    def month(self, response: ResponseRow) -> str:
        zone = ZoneInfo(self.organisation.head_office.zone)
        return response.submitted_at.astimezone(zone).strftime("%Y-%m")


class Kept(Protocol):
    """Whatever holds the tables."""

    @property
    def database(self) -> Database: ...

    @property
    def book(self) -> OrganisationBook: ...


async def read_log(kept: Kept, now: datetime) -> Log:
    async with kept.database.read() as session:
        organisation = (await kept.book.in_force(session)).organisation
        responses = list((await session.exec(select(ResponseRow))).all())
        cases = {case.id: case for case in (await session.exec(select(CaseRow))).all()}
        entries = defaultdict(list)
        for entry in (await session.exec(select(EntryRow))).all():
            entries[entry.case_id].append(entry)
        targets = list((await session.exec(select(TargetRow))).all())
    for of_case in entries.values():
        of_case.sort(key=lambda entry: (entry.seq, entry.n))
    return Log(responses, cases, entries, targets, organisation, now)


def asked_for(log: Log, asked: Asked) -> list[ResponseRow]:
    return [
        r
        for r in log.responses
        if (asked.first is None or asked.first <= log.month(r))
        and (asked.last is None or log.month(r) <= asked.last)
        and asked.region in {None, r.region}
        and asked.trade in {None, r.trade}
    ]


def plain(log: Log, responses: Iterable[ResponseRow], days: int) -> Told:
    """The same words as `told` gives for what the tallies say."""
    responses = list(responses)
    late = [r for r in responses if r.way in {"backfilled", "imported"}]
    felt = [r for r in responses if r.feeling == "unhappy" or r.case_id]
    unhappy = [r for r in felt if r.reason != "too_old" or r.case_id]
    reachable = [r for r in unhappy if r.reason is None or r.case_id]
    opening = [r for r in reachable if r.case_id and not r.joined]
    ended = [r for r in opening if log.end(r.case_id)]
    good = [r for r in ended if _confirmed(log, r) and not _reopened(log, r)]
    return {
        "answers": len(responses),
        "responses": len(unhappy),
        "reachable": len(reachable),
        "cases": len(opening),
        "backlog": len(opening) - len(ended),
        "stalled": sum(_stalled(log, r) for r in opening),
        "late": sum(_is_late(log, r) for r in opening),
        "quality": (len(good), len(ended)),
        "coverage": (sum(r.case_id is not None for r in unhappy), len(unhappy)),
        "others": dict(Counter(r.reason for r in unhappy if r.reason and not r.case_id)),
        "by hand": _by_hand(log, unhappy),
        "heard late": {
            way: (sum(r.case_id is not None for r in some), len(some))
            for way in {r.way for r in late}
            if (some := [r for r in felt if r.way == way])
        },
        "contact": (
            sum(_first(log, r, reached=True) is not None for r in reachable),
            len(reachable),
        ),
        **_loops(log, reachable, days),
        **_targets(log, opening),
        **_promises(log, opening),
        **_repairs(log, opening),
        **_referrals(log, ended),
        **_recovery(log, opening, len(ended)),
        **_levels(log, opening),
        **_waits(log, reachable),
        "late steps": sum(e.due is not None for r in opening for e in log.of_case(r.case_id)),
    }


def _by_hand(log: Log, unhappy: list[ResponseRow]) -> dict[str, tuple[int, int]]:
    by_channel: dict[str, list[ResponseRow]] = {}
    for response in unhappy:
        if response.heard_by is not None:
            by_channel.setdefault(response.origin, []).append(response)
    return {
        channel: (sum(_first(log, r, reached=True) is not None for r in some), len(some))
        for channel, some in by_channel.items()
    }


def _stalled(log: Log, response: ResponseRow) -> bool:
    """Asked again on the last level after anybody turned to the customer, or heard from him."""
    facing = [
        *log.attempts(response.case_id),
        *log.of_case(
            response.case_id,
            *("time_named", "confirmation_asked", "confirmed", "reopened", "call_wanted"),
        ),
        *(e for e in log.of_case(response.case_id, "action_added") if e.facts.get("promise")),
    ]
    latest = max((e.seq for e in facing), default=0)
    repeated = log.of_case(response.case_id, "repeated")
    return not log.end(response.case_id) and any(e.seq > latest for e in repeated)


def plain_causes(log: Log, responses: Iterable[ResponseRow]) -> dict[str | None, int]:
    causes: Counter[str | None] = Counter()
    for response in responses:
        if response.case_id and not response.joined:
            named = [str(e.facts["cause"]) for e in log.of_case(response.case_id, "cause_named")]
            causes[named[-1] if named else None] += 1
    return dict(causes)


def plain_playbooks(log: Log, responses: Iterable[ResponseRow]) -> dict[str | None, int]:
    """Cases in which an action follows a playbook, by the cause named last."""
    causes: Counter[str | None] = Counter()
    for response in responses:
        added = log.of_case(response.case_id, "action_added")
        if not response.joined and any("playbook" in entry.facts for entry in added):
            named = [str(e.facts["cause"]) for e in log.of_case(response.case_id, "cause_named")]
            causes[named[-1] if named else None] += 1
    return dict(causes)


def told(measured: Measured) -> Told:
    """A figure's numbers, without their intervals."""
    loop, waits = measured.closed_loop, measured.waits
    return {
        "answers": measured.answers,
        "responses": measured.responses,
        "reachable": measured.reachable,
        "cases": measured.cases,
        "backlog": measured.backlog,
        "stalled": measured.stalled,
        "late": measured.late,
        "quality": _of(measured.quality),
        "coverage": _of(measured.coverage.covered),
        "others": dict(measured.coverage.others),
        "heard late": {way: _of(share) for way, share in measured.back_filed.items()},
        "by hand": {channel: _of(share) for channel, share in measured.by_hand.items()},
        "contact": _of(measured.contact),
        **{
            name: _of(getattr(loop, name))
            for name in ("closed", "confirmed", "unreachable", "withdrawn", "reopened")
        },
        **{f"target {t}": _of(kept) for t, kept in measured.attainment.by_target.items()},
        "promises": _of(measured.promises),
        "in time": _of(measured.in_time),
        "sent back": _of(measured.refusals),
        "cost": {money.currency: money.cents for money in measured.cost},
        "referrals": _of(measured.referrals),
        **{
            f"recovery {name}": _of(getattr(measured.recovery, name))
            for name in ("recovered", "answered", "floor")
        },
        **{f"level {e.level}": _of(e.reached) for e in measured.escalation if e.reached.n},
        **_clocks("attempt", waits.attempt),
        **_clocks("contact", waits.contact),
        **_clocks("close", waits.close),
        "late steps": measured.lateness.count,
    }


def _of(share: Rate) -> tuple[int, int]:
    return share.n, share.d


def _clocks(name: str, clocks: OnBothClocks) -> Told:
    return {f"{name} wall": _rounded(clocks.wall), f"{name} working": _rounded(clocks.working)}


def _rounded(wait: Wait) -> tuple[object, ...]:
    return wait.happened, wait.waiting, wait.median, wait.p90, wait.mean


def _confirmed(log: Log, response: ResponseRow) -> bool:
    end = log.end(response.case_id)
    return end is not None and end.facts["confirmation"] == "confirmed"


def _reopened(log: Log, response: ResponseRow) -> bool:
    if log.of_case(response.case_id, "reopened"):
        return True
    end = log.end(response.case_id)
    next_ones = [c.opened_at for c in log.cases.values() if c.reopens == response.case_id]
    return end is not None and bool(next_ones) and min(next_ones) - end.at <= 30 * DAY


def _first(log: Log, response: ResponseRow, *, reached: bool) -> datetime | None:
    after = [
        attempt.at
        for attempt in log.attempts(response.case_id)
        if attempt.at > response.submitted_at
        and (attempt.facts["outcome"] == "reached" or not reached)
    ]
    return min(after, default=None)


def _loops(log: Log, reachable: list[ResponseRow], days: int) -> Told:
    old = [r for r in reachable if log.now - r.submitted_at >= days * DAY]
    found: Counter[str] = Counter()
    for response in old:
        found["reopened"] += _reopened(log, response)
        end = log.end(response.case_id)
        if end is None or end.at - response.submitted_at > days * DAY:
            continue
        outcome = str(end.facts["outcome"])
        found["withdrawn" if outcome == "withdrawn" else "closed"] += 1
        found["unreachable"] += outcome == "unreachable"
        found["confirmed"] += end.facts["confirmation"] == "confirmed"
    names = ("closed", "confirmed", "unreachable", "withdrawn", "reopened")
    return {name: (found[name], len(old)) for name in names}


def _targets(log: Log, opening: list[ResponseRow]) -> Told:
    cases = {r.case_id for r in opening}
    found = {}
    for target in Target:
        runs = [t for t in log.targets if t.case_id in cases and t.target == target]
        met = sum(t.fate == "met" for t in runs)
        late = sum(t.ended_at is None and t.due_at < log.now for t in runs)
        missed = sum(t.fate == "missed" for t in runs)
        found[f"target {target}"] = (met, met + missed + late)
    return dict(found)


def _is_late(log: Log, response: ResponseRow) -> bool:
    running = [t for t in log.targets if t.case_id == response.case_id and t.ended_at is None]
    return any(target.due_at < log.now for target in running)


@dataclass(slots=True)
class Worked:
    """One action as the timeline tells it, step by step; while it `waits` for a yes it is none."""

    due: datetime
    promised: bool
    done: datetime | None = None
    missed: bool = False
    dropped: datetime | None = None
    agreed: bool = False
    cost: tuple[str, int] | None = None
    waits: bool = False

    def moved(self, to: str, at: datetime) -> None:
        self.missed = self.missed or self.due < at
        self.due, self.done = datetime.fromisoformat(to), None

    def end(self, over: datetime | None, now: datetime) -> str:
        if self.missed:
            return "late"
        if self.done:
            return "kept" if self.done <= self.due else "late"
        until = self.dropped or over or now
        return "late" if self.due < until else "open"


def _actions(log: Log, case_id: str | None) -> dict[object, Worked]:
    actions: dict[object, Worked] = {}
    for entry in log.of_case(case_id):
        facts, number = entry.facts, entry.facts.get("number")
        if entry.kind == "action_added":
            due = datetime.fromisoformat(str(facts["promised"]))
            actions[number] = Worked(due, "promise" in facts, waits="to_approve" in facts)
        if entry.kind == "gesture_approved":
            actions[number].due = datetime.fromisoformat(str(facts["promised"]))
        if entry.kind == "gesture_approved" or "within" in facts:
            actions[number].waits = False
        if entry.kind == "action_done":
            actions[number].done = entry.at
        if entry.kind in {"action_refused", "action_changed"} and "promised" in facts:
            actions[number].moved(str(facts["promised"]), entry.at)
        if entry.kind == "action_dropped":
            actions[number].dropped, actions[number].agreed = entry.at, bool(facts["agreed"])
        if entry.kind in {"action_added", "action_done"} and "cost" in facts:
            actions[number].cost = str(facts["currency"]), int(facts["cost"])
    return {number: action for number, action in actions.items() if not action.waits}


def _promises(log: Log, opening: list[ResponseRow]) -> Told:
    """What was promised in writing; dropped without the customer's consent it is broken."""
    kept = broken = 0
    for response in opening:
        over = log.end(response.case_id)
        for action in _actions(log, response.case_id).values():
            end = action.end(over.at if over else None, log.now)
            against = action.dropped is not None and not action.agreed
            kept += action.promised and end == "kept"
            broken += action.promised and (end == "late" or against)
    return {"promises": (kept, kept + broken)}


def _repairs(log: Log, opening: list[ResponseRow]) -> Told:
    kept = late = refused = accepted = 0
    costs: Counter[str] = Counter()
    for response in opening:
        over = log.end(response.case_id)
        refused += len(log.of_case(response.case_id, "action_refused"))
        accepted += len(log.of_case(response.case_id, "action_accepted"))
        for action in _actions(log, response.case_id).values():
            end = action.end(over.at if over else None, log.now)
            kept += end == "kept"
            late += end == "late"
            if action.cost and action.dropped is None:
                costs[action.cost[0]] += action.cost[1]
    return {
        "in time": (kept, kept + late),
        "sent back": (refused, refused + accepted),
        "cost": {currency: cents for currency, cents in costs.items() if cents},
    }


def _referrals(log: Log, ended: list[ResponseRow]) -> Told:
    ends = [end for end in (log.end(r.case_id) for r in ended) if end]
    recovered = [end for end in ends if end.facts["outcome"] == "recovered"]
    return {"referrals": (sum("referral" in end.facts for end in recovered), len(recovered))}


def _recovery(log: Log, opening: list[ResponseRow], ended: int) -> Told:
    """What the timeline tells of who was asked again; how he feels is told by the answer itself."""
    feelings = {response.id: response.feeling for response in log.responses}
    answered = won_back = asked = heard = 0
    for response in opening:
        answers = log.of_case(response.case_id, "resurvey_answered")
        answered += bool(answers)
        won_back += any(feelings[str(e.facts["response"])] != "unhappy" for e in answers)
        questions = log.of_case(response.case_id, "resurvey_asked")
        if questions and log.now - questions[0].at >= 14 * DAY:
            asked += 1
            heard += bool(answers)
    return {
        "recovery recovered": (won_back, answered),
        "recovery answered": (heard, asked),
        "recovery floor": (won_back, ended),
    }


def _levels(log: Log, opening: list[ResponseRow]) -> Told:
    """Who skipped a level, and found nobody above it, stood there. Who is asked for a yes stood nowhere, nor
    who was passed by on the way to him.
    """
    highest = [
        max((int(e.facts.get("level", 0)) for e in _climbed(log.of_case(r.case_id))), default=0)
        for r in opening
    ]
    reached = {level: sum(h >= level for h in highest) for level in range(1, 10)}
    return {f"level {level}": (n, len(opening)) for level, n in reached.items() if n}


def _climbed(entries: Sequence[EntryRow]) -> Iterator[EntryRow]:
    """Without the way of a gesture to who is asked: the levels that were skipped just before him. And without
    what befalls a case at the top because of its topic, until somebody hands it over: it climbed nowhere.
    """
    passed: list[EntryRow] = []
    raised = False
    for entry in entries:
        raised = entry.kind == "zero_tolerance" or (raised and entry.kind != "handed_over")
        if raised:
            continue
        if entry.kind == "level_skipped":
            passed.append(entry)
            continue
        if not entry.kind.startswith("gesture_"):
            yield from (*passed, entry)
        passed = []
    yield from passed


def _waits(log: Log, reachable: list[ResponseRow]) -> Told:
    def end(response: ResponseRow) -> datetime | None:
        closed = log.end(response.case_id)
        return closed.at if closed else None

    happened: dict[str, Callable[[ResponseRow], datetime | None]] = {
        "attempt": lambda r: _first(log, r, reached=False),
        "contact": lambda r: _first(log, r, reached=True),
        "close": end,
    }
    told: Told = {}
    for name, when in happened.items():
        wall, working = [], []
        waiting = sum(when(r) is None and end(r) is None for r in reachable)
        for response in reachable:
            at = when(response)
            until = at or end(response) or log.now
            case = log.cases[response.case_id or ""]
            hours = log.organisation.hours_of(case.region)
            wall.append((_up(until - response.submitted_at), at is not None))
            worked = between(hours, response.submitted_at, until)
            worked -= _rested(log, response, hours, until)
            working.append((_up(worked), at is not None))
        told[f"{name} wall"] = _kaplan_meier(wall, waiting)
        told[f"{name} working"] = _kaplan_meier(working, waiting)
    return told


def _rested(log: Log, response: ResponseRow, hours: OpeningHours, until: datetime) -> timedelta:
    """Working time of the pauses that the timeline tells of; one that goes on is taken to last to its end."""
    rested, since, planned = timedelta(), None, until
    for entry in log.of_case(response.case_id, "paused", "pause_over"):
        if entry.kind == "paused":
            since, planned = entry.at, datetime.fromisoformat(str(entry.facts["until"]))
        elif since is not None:
            end = min(entry.due or entry.at, until)
            rested += between(hours, max(since, response.submitted_at), end)
            since = None
    if since is not None:
        rested += between(hours, max(since, response.submitted_at), min(planned, until))
    return rested


def _up(wait: timedelta) -> int:
    """In minutes, to the next of the steps that docs/figures.md names."""
    minutes = wait.total_seconds() / 60
    for until, step in (
        (60, 5),
        (4 * 60, 15),
        (12 * 60, 60),
        (24 * 60, 2 * 60),
        (48 * 60, 4 * 60),
        (96 * 60, 8 * 60),
        (7 * 24 * 60, 12 * 60),
        (30 * 24 * 60, 24 * 60),
    ):
        if minutes <= until:
            return ceil(minutes / step) * step
    return ceil(minutes / (30 * 24 * 60)) * 30 * 24 * 60


def _kaplan_meier(waits: list[tuple[int, bool]], waiting: int) -> tuple[object, ...]:
    """In exact fractions, one step after the other."""
    left, area, before = Fraction(1), Fraction(0), 0
    median = p90 = None
    for at in sorted({wait for wait, _ in waits}):
        area += left * (min(at, 30 * 1440) - min(before, 30 * 1440))
        before = at
        at_risk = sum(wait >= at for wait, _ in waits)
        left *= 1 - Fraction(sum(wait == at and it for wait, it in waits), at_risk)
        median = at * 60 if median is None and left <= Fraction(1, 2) else median
        p90 = at * 60 if p90 is None and left <= Fraction(1, 10) else p90
    mean = pytest.approx(float(area * 60)) if waits else None
    return sum(it for _, it in waits), waiting, median, p90, mean
