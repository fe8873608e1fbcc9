"""What two standard cases cost: the real workflow, commits and SQLite tables, on skipped time."""

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from activities.addressing import Addressing
from activities.case_records import CaseRecords
from bench.actions import Cost, cost_of
from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    Confirm,
    FinishAction,
    NameCause,
    Reached,
)
from models.messages import workflow_id
from models.store.database import migrate
from models.store.deliveries import Delivery
from models.store.dispatch import claim_unstarted
from models.store.organisations import apply_organisation
from models.store.views import read_case
from models.survey import Identity, Metric, SurveyResponse
from templates.messages import MessageTemplates
from web.acting import perform
from web.app import make_house
from web.permits import Wish
from web.provided import House
from worker import make_worker
from year.skipped import SkippedClock, invented_settings, skipping_server

ORGANISATION = Path(__file__).parents[1] / "organisation.yaml"
ZONE = ZoneInfo("Europe/Paris")
AIMS = {"happy": 18, "stalled": 27}
TEXTBOOK = {"happy": 43, "stalled": 72}
"""A design with one activity per side effect, measured once on the same five to six acts."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody acts so long after the start; an act with a date of its own is made from that start."""

    after: timedelta
    act: Act | Callable[[datetime], Act]
    by: str | None = None
    """None is the case's owner."""


@dataclass(frozen=True, slots=True)
class Bench:
    env: WorkflowEnvironment
    house: House
    clock: SkippedClock

    async def wait_until(self, instant: datetime) -> None:
        current = await self.env.get_current_time()
        if instant > current:
            await self.env.sleep(instant - current)
        self.clock.now = max(instant, await self.env.get_current_time())

    async def owner(self, case_id: str) -> str:
        async with self.house.database.read() as session:
            view = await read_case(session, self.house.database.vault, case_id)
        return view.row.owner or ""

    async def act(self, case_id: str, act: Act, *, by: str | None = None) -> None:
        actor = by or await self.owner(case_id)
        wish = Wish(case_id, actor, secrets.token_hex(8), act, str(act.kind), {"what": "…"})
        await perform(self.house, wish)


async def main() -> None:
    print("Cost of two standard cases, from their real histories")
    print(f"{'case':9}{'actions':>8}{'aim':>6}{'textbook':>10}{'events':>8}{'bytes':>8}  made of")
    missed = False
    for name, silent_first in (("happy", False), ("stalled", True)):
        cost = await cost_of_a_life(silent_first=silent_first)
        print(_line(name, cost))
        missed |= cost.actions > AIMS[name]
    if missed:
        sys.exit("A case costs more than its aim.")


def _line(name: str, cost: Cost) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in cost.by_kind.items())
    figures = f"{cost.actions:>8}{'≤ ' + str(AIMS[name]):>6}{TEXTBOOK[name]:>10}"
    return f"{name:9}{figures}{cost.events:>8}{cost.bytes:>8}  {kinds}"


async def cost_of_a_life(
    *, silent_first: bool, meanwhile: Sequence[Turn] = (), rules: str | None = None
) -> Cost:
    """Monday 09:00; with `silent_first` nobody moves until the national owner has the case.

    `meanwhile` comes to pass besides; `rules` is another organisation's file than the sample.
    """
    async with _set_up(rules or ORGANISATION.read_text()) as bench:
        monday = _next_monday(await bench.env.get_current_time())
        await bench.wait_until(monday)
        case_id = await _open_case(bench)
        start = monday
        if silent_first:
            start = await _stay_silent(bench, case_id, monday)
        await _live(bench, case_id, start, meanwhile)
        handle = bench.env.client.get_workflow_handle(workflow_id(case_id))
        await handle.result()
        return cost_of(await handle.fetch_history())


async def _stay_silent(bench: Bench, case_id: str, monday: datetime) -> datetime:
    """Until the second hand-over; then the next hour in which a day's work fits."""
    hour = monday
    while True:
        async with bench.house.database.read() as session:
            view = await read_case(session, bench.house.database.vault, case_id)
        if view.row.level == 2:
            return hour
        hour += timedelta(minutes=30)
        await bench.wait_until(hour)


async def _live(bench: Bench, case_id: str, start: datetime, more: Sequence[Turn]) -> None:
    """Six acts at the gaps of a real week: a call the same hour, a repair in two days."""
    owner = await bench.owner(case_id)
    for turn in sorted((*_week(owner, start), *more), key=lambda turn: turn.after):
        await bench.wait_until(start + turn.after)
        act = turn.act(start) if callable(turn.act) else turn.act
        await bench.act(case_id, act, by=turn.by)


def _week(owner: str, start: datetime) -> Iterator[Turn]:
    thursday = start + timedelta(days=3, hours=8)
    yield Turn(timedelta(minutes=40), Acknowledge())
    yield Turn(timedelta(minutes=90), Attempt(Reached.REACHED))
    yield Turn(timedelta(minutes=95), NameCause("delay"))
    yield Turn(timedelta(minutes=100), AddAction(owner, thursday))
    yield Turn(timedelta(days=2, hours=6), FinishAction(1))
    yield Turn(timedelta(days=3, hours=1), Confirm(solved=True))


def _next_monday(now: datetime) -> datetime:
    local = now.astimezone(ZONE)
    monday = local.date() + timedelta(days=7 - local.weekday())
    return datetime(monday.year, monday.month, monday.day, 9, tzinfo=ZONE).astimezone(UTC)


async def _open_case(bench: Bench) -> str:
    response = SurveyResponse(
        "r-1",
        "after-hand-over",
        bench.clock(),
        Metric.NPS,
        2,
        comment="Nobody calls back.",
        customer=Identity(id="c-1", phone="+33639981234"),
        region="nord",
        trade="works",
        touchpoint="keys",
    )
    house = bench.house
    async with house.database.write() as session:
        in_force = await house.book.in_force(session)
        delivery = Delivery("survey", b"{}", bench.clock())
        await house.intake.take(session, delivery, response, by=in_force)
    async with house.database.write() as session:
        (case,) = await claim_unstarted(session, house.engine.id, now=bench.clock(), limit=1)
    await house.engine.start(case)
    while not await bench.owner(case.case_id):  # noqa: ASYNC110 - the worker commits it
        await asyncio.sleep(0.05)
    return case.case_id


@asynccontextmanager
async def _set_up(rules: str) -> AsyncIterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        settings = invented_settings(Path(folder))
        await migrate(settings.database_url)
        env = await skipping_server()
        clock = SkippedClock(await env.get_current_time())
        house = make_house(settings, clock=clock)
        await apply_organisation(house.database, rules, name=ORGANISATION.name, at=clock())
        await house.engine.use(env.client)
        vault = house.database.vault
        addressing = Addressing(vault, MessageTemplates(), settings.public_url)
        records = CaseRecords(house.database, house.book, addressing, committed=lambda: None)
        async with env, make_worker(env.client, records.commit):
            yield Bench(env, house, clock)
        await house.database.close()


if __name__ == "__main__":
    asyncio.run(main())
