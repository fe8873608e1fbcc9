"""The audit on a real database: what it finds is kept once, mended, and closed when it is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select, update
from temporalio.testing import ActivityEnvironment

from activities.audit import Audit
from activities.case_runs import CaseRuns
from models.audit import AuditEnd, Finding, OpenCase, Progress, Repair, Sighting
from models.audit_tables import AuditRow
from models.store import audits
from models.store.audits import Trouble, last_audit, read_troubles
from models.store.dispatch import CLAIM, claim_unstarted, mark_started
from models.survey import Identity
from models.tables import CaseRow
from models.timelapse import Timelapse
from tests.casework import MONDAY_MORNING, Casework, another
from tests.web.pages.reception import SOON, Clock

TODAY = "engine-of-today"
MONTHS = timedelta(days=100)


@dataclass
class RunsStandIn(CaseRuns):
    """In Temporal's place. `listed` None: it cannot list; `looked_at` are those that were described."""

    running_cases: set[str] = field(default_factory=set)
    attempts: dict[str, int] = field(default_factory=dict)
    can_list: bool = True
    looked_at: list[str] = field(default_factory=list)
    nudged: list[str] = field(default_factory=list)

    async def engine(self) -> str:
        return TODAY

    async def running(self) -> Collection[str] | None:
        return set(self.running_cases) if self.can_list else None

    async def look_at(self, cases: Collection[OpenCase]) -> Mapping[OpenCase, Sighting]:
        self.looked_at += [case.case_id for case in cases]
        return {case: self._sighting(case.case_id) for case in cases}

    async def nudge(self, case_id: str) -> None:
        self.nudged.append(case_id)

    async def forget_audits(self, *, before: datetime) -> None:
        """There are none."""

    def _sighting(self, case_id: str) -> Sighting:
        return Sighting(case_id in self.running_cases, self.attempts.get(case_id, 0))


@pytest.fixture
def runs() -> RunsStandIn:
    return RunsStandIn()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def audit(casework: Casework, runs: RunsStandIn, clock: Clock) -> Audit:
    return Audit(casework.database, runs, clock=clock)


async def run(audit: Audit, name: str = "run") -> AuditEnd:
    return await audit.run(name, told=lambda _: None)


async def dispatched(casework: Casework, runs: RunsStandIn, name: str = "c-1") -> str:
    """An open case that the dispatcher has started, and that runs."""
    state = await casework.open(another(f"r-{name}", customer=Identity(id=name)))
    async with casework.database.write() as session:
        cases = await claim_unstarted(session, TODAY, now=SOON, limit=10)
        await mark_started(session, cases, TODAY, at=SOON)
    runs.running_cases.add(state.case_id)
    return state.case_id


async def row(casework: Casework, case_id: str) -> CaseRow:
    async with casework.database.read() as session:
        return await session.get_one(CaseRow, case_id)


async def change(casework: Casework, **values: object) -> None:
    async with casework.database.write() as session:
        await session.exec(update(CaseRow).values(**values))


async def troubles(casework: Casework) -> list[Trouble]:
    async with casework.database.read() as session:
        return list(await read_troubles(session, since=SOON))


async def test_a_sound_case_costs_no_closer_look(
    casework: Casework, runs: RunsStandIn, audit: Audit
) -> None:
    case = await dispatched(casework, runs)
    before = await row(casework, case)

    end = await run(audit)

    assert end == AuditEnd(1)
    assert len(runs.looked_at) <= 1  # it may be of the share that is drawn
    assert (await troubles(casework), await row(casework, case)) == ([], before)


async def test_a_lost_workflow_is_found_before_it_is_late_and_handed_to_the_dispatcher(
    casework: Casework, runs: RunsStandIn, audit: Audit
) -> None:
    case = await dispatched(casework, runs)
    runs.running_cases.clear()

    end = await run(audit)

    async with casework.database.write() as session:
        [start] = await claim_unstarted(session, TODAY, now=SOON, limit=10)
    assert end == AuditEnd(1, {Finding.MISSING: 1})
    assert (start.case_id, start.state) == (case, await casework.state(case))
    assert await troubles(casework) == [
        Trouble(case, Finding.MISSING, SOON, Repair.STARTED_AGAIN, SOON, None)
    ]


async def test_a_timer_lost_on_a_restart_is_found_however_long_ago(
    casework: Casework, runs: RunsStandIn, audit: Audit, clock: Clock
) -> None:
    """Failure mode 5 of the field: "Timer lost on restart; watchdog off"."""
    case = await dispatched(casework, runs)
    clock.now += MONTHS

    end = await run(audit)

    assert end.found == {Finding.OVERDUE: 1}
    assert runs.nudged == [case]
    [found] = await troubles(casework)
    assert (found.repair, found.repaired_at) == (Repair.NUDGED, clock.now)


async def test_a_workflow_that_fails_again_and_again_only_raises_an_alarm(
    casework: Casework, runs: RunsStandIn, audit: Audit, clock: Clock
) -> None:
    case = await dispatched(casework, runs)
    runs.attempts[case] = 9
    clock.now += MONTHS

    assert (await run(audit)).found == {Finding.FAILING: 1}
    assert runs.nudged == []
    assert [found.repair for found in await troubles(casework)] == [None]


async def test_an_open_case_without_a_next_instant_raises_an_alarm(
    casework: Casework, runs: RunsStandIn, audit: Audit
) -> None:
    await dispatched(casework, runs)
    await change(casework, due_at=None)

    assert (await run(audit)).found == {Finding.NO_NEXT_INSTANT: 1}


async def test_what_is_found_twice_is_kept_once_and_closed_when_it_is_over(
    casework: Casework, runs: RunsStandIn, audit: Audit, clock: Clock
) -> None:
    case = await dispatched(casework, runs)
    await change(casework, due_at=None)
    for name in ("first", "second"):
        await run(audit, name)
        clock.now += timedelta(minutes=5)
    [lasting] = await troubles(casework)
    await change(casework, due_at=clock.now + MONTHS)

    await run(audit, "third")

    [over] = await troubles(casework)
    assert (lasting.case_id, lasting.found_at, lasting.ended_at) == (case, SOON, None)
    assert (over.found_at, over.ended_at) == (SOON, clock.now)


async def test_a_case_that_closed_has_no_alarm_any_more(
    casework: Casework, runs: RunsStandIn, audit: Audit, clock: Clock
) -> None:
    await dispatched(casework, runs)
    await change(casework, due_at=None)
    await run(audit, "first")
    clock.now += timedelta(minutes=5)
    await change(casework, open=False)

    assert await run(audit, "second") == AuditEnd(0)
    assert [found.ended_at for found in await troubles(casework)] == [clock.now]


async def test_a_case_that_moved_meanwhile_is_left_alone(
    casework: Casework, runs: RunsStandIn, clock: Clock
) -> None:
    """It closed between the reading of its row and the look at its workflow."""
    case = await dispatched(casework, runs)

    class Closing(RunsStandIn):
        async def look_at(self, cases: Collection[OpenCase]) -> Mapping[OpenCase, Sighting]:
            await change(casework, open=False)
            return await super().look_at(cases)

    end = await run(Audit(casework.database, Closing(), clock=clock))

    assert end == AuditEnd(1)
    assert (await row(casework, case)).engine == TODAY
    assert await troubles(casework) == []


async def test_a_case_that_the_dispatcher_has_in_hand_is_left_to_it(
    casework: Casework, runs: RunsStandIn, audit: Audit
) -> None:
    await dispatched(casework, runs)
    runs.running_cases.clear()
    await change(casework, claimed_until=SOON + CLAIM)

    assert (await run(audit)).found == {}


async def test_every_page_is_looked_at(casework: Casework, runs: RunsStandIn, clock: Clock) -> None:
    audit = Audit(casework.database, runs, clock=clock, page=2)
    runs.can_list = False
    cases = [await dispatched(casework, runs, f"c-{n}") for n in range(5)]
    told: list[Progress] = []

    end = await audit.run("run", told=told.append)

    assert end == AuditEnd(5)
    assert sorted(runs.looked_at) == sorted(cases)
    assert [progress.looked_at for progress in told] == [2, 4, 5]


async def test_a_second_run_of_the_activity_goes_on_where_the_first_one_was(
    casework: Casework, runs: RunsStandIn, audit: Audit
) -> None:
    runs.can_list = False
    first, *others = sorted([await dispatched(casework, runs, f"c-{n}") for n in range(3)])
    again = ActivityEnvironment()
    beaten = {"after": first, "looked_at": 1, "found": {"missing": 1}}
    again.info = replace(again.info, heartbeat_details=[beaten])

    end = await again.run(audit.inspect)

    assert sorted(runs.looked_at) == others
    assert end == AuditEnd(3, {Finding.MISSING: 1})


async def test_in_a_demonstration_a_rung_is_late_by_the_clock_that_the_cases_live_by(
    casework: Casework, runs: RunsStandIn, clock: Clock
) -> None:
    """An hour that was played in a second is no delay of an hour."""
    await dispatched(casework, runs)
    due = MONDAY_MORNING + timedelta(hours=1)
    await change(casework, due_at=due)
    lapse = Timelapse(due + timedelta(days=30), 3600)
    clock.now = lapse.real(due) + timedelta(seconds=60)

    assert (await run(Audit(casework.database, runs, lapse, clock=clock))).found == {}


async def test_a_run_is_kept_with_its_counts(
    casework: Casework, runs: RunsStandIn, audit: Audit, clock: Clock
) -> None:
    await dispatched(casework, runs)
    runs.running_cases.clear()
    await run(audit)
    clock.now += audits.KEPT + timedelta(minutes=1)

    await run(audit, "months later")

    async with casework.database.read() as session:
        [kept] = (await session.exec(select(AuditRow))).all()
        last = await last_audit(session)
    assert (kept.id, kept.started_at, kept.ended_at) == ("months later", clock.now, clock.now)
    assert last == audits.Run(clock.now, looked_at=1, found=1)
