"""What the database knows and Temporal does not is brought there, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from structlog.testing import capture_logs

from models.absence import Absence
from models.errors import EngineAway, NotKnown
from models.fetch_tables import FetchRow
from models.messages import CaseStart, ResponseHeard
from models.store.absences import end_absence, keep_absence
from models.store.deliveries import Delivery
from models.store.dispatch import CLAIM, LONG_OVERDUE
from models.store.fetches import AGAIN
from models.store.intake import Intake
from models.submissions import Pointer, Progress
from models.survey import Identity
from models.tables import ResponseRow
from tests.casework import Casework, another
from tests.waiting import until
from tests.web.pages.reception import SOON, Clock
from web.dispatcher import BATCH, Dispatcher
from web.engine import Engine

OURS = RuntimeError("a fault of ours")
AWAY = EngineAway("Temporal does not answer.")
SWEEP = timedelta(milliseconds=100)


class EngineStandIn(Engine):
    """In Temporal's place: it writes down what it is asked for, and fails as it is told.

    `fails` holds, by case id or by `refresh`, the fault of the next call; `stays` keeps it failing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.namespace = self._id = "file-of-today"
        self._ready.set()
        self.fails: dict[str, Exception] = {}
        self.stays = False
        self.started: list[CaseStart] = []
        self.told: list[str] = []
        self.kept: list[Absence] = []
        self.fetched: list[str] = []

    @property
    def starts(self) -> list[str]:
        return [case.case_id for case in self.started]

    async def refresh(self) -> None:
        self._fail("refresh")
        self._id = self.namespace

    async def start(self, case: CaseStart) -> None:
        self._fail(case.case_id)
        self.started.append(case)

    async def keep(self, absence: Absence) -> None:
        self._fail(absence.id)
        self.kept.append(absence)

    async def fetch(self, fetch: str, *, anew: bool) -> None:
        self._fail("fetch")
        self.fetched.append(fetch)

    async def tell(self, case_id: str, response: ResponseHeard) -> None:
        self._fail(case_id)
        self.told.append(response.response_id)

    def _fail(self, name: str) -> None:
        fault = self.fails.get(name) if self.stays else self.fails.pop(name, None)
        if fault is not None:
            raise fault


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The claims themselves are tried on both engines elsewhere."""
    return sqlite_url


@pytest.fixture
def engine() -> EngineStandIn:
    return EngineStandIn()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def dispatcher(
    casework: Casework, engine: EngineStandIn, clock: Clock
) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(casework.database, casework.intake, engine, clock, sweep=SWEEP)
    running = asyncio.create_task(dispatcher.run())
    yield dispatcher
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture
async def running_case(casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn) -> str:
    """Opened, and known to Temporal."""
    case = (await casework.open()).case_id
    dispatcher.wake()
    await until(lambda: engine.starts == [case])
    return case


async def another_customer(casework: Casework) -> str:
    heard = await casework.hear(another("r-other", customer=Identity(id="c-other")))
    return heard.case_id or ""


async def joined(casework: Casework) -> str:
    """A further response of the customer of the running case; the database's id of it."""
    return (await casework.hear(another("r-2"))).response_id


@pytest.mark.parametrize("fault", [OURS, AWAY])
async def test_a_start_that_failed_is_tried_again(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, fault: Exception
) -> None:
    case = await another_customer(casework)
    engine.fails = {case: fault}

    dispatcher.wake()
    await until(lambda: engine.starts == [case])

    assert engine.fails == {}


@pytest.mark.parametrize("fault", [OURS, AWAY])
async def test_a_response_that_could_not_be_told_is_told_later(
    casework: Casework,
    dispatcher: Dispatcher,
    engine: EngineStandIn,
    *,
    running_case: str,
    fault: Exception,
) -> None:
    engine.fails = {running_case: fault}
    response = await joined(casework)

    dispatcher.wake()
    await until(lambda: engine.told == [response])

    assert engine.fails == {}


@pytest.mark.parametrize("fault", [OURS, AWAY])
async def test_a_refresh_that_fails_holds_nothing_up(
    casework: Casework,
    dispatcher: Dispatcher,
    engine: EngineStandIn,
    *,
    clock: Clock,
    fault: Exception,
) -> None:
    engine.fails, engine.stays = {"refresh": fault}, True
    clock.now += SWEEP
    case = await another_customer(casework)

    dispatcher.wake()

    await until(lambda: engine.starts == [case])


async def test_a_refused_start_holds_up_no_other_and_no_response(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, running_case: str
) -> None:
    refused = await another_customer(casework)
    engine.fails, engine.stays = {refused: AWAY}, True
    response = await joined(casework)
    third = (await casework.hear(another("r-3", customer=Identity(id="c-3")))).case_id

    dispatcher.wake()
    await until(lambda: engine.told == [response] and third in engine.starts)

    assert engine.starts == [running_case, third]


async def test_a_server_with_another_file_is_given_every_open_case(
    casework: Casework,
    dispatcher: Dispatcher,
    engine: EngineStandIn,
    *,
    clock: Clock,
    running_case: str,
) -> None:
    engine.namespace = "file-of-tomorrow"
    clock.now += SWEEP

    dispatcher.wake()
    await until(lambda: len(engine.started) == 2)

    again = engine.started[-1]
    assert again.case_id == running_case
    assert again.state == (await casework.view(running_case)).state


async def test_a_case_that_temporal_has_lost_is_started_again_and_told(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, running_case: str
) -> None:
    engine.fails = {running_case: NotKnown("No workflow runs for this case.")}
    response = await joined(casework)

    dispatcher.wake()
    await until(lambda: engine.told == [response])

    assert engine.starts == [running_case, running_case]


async def test_an_absence_is_told_and_its_end_again(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, clock: Clock
) -> None:
    week = Absence("away", "dora", clock.now, clock.now + timedelta(days=7))
    engine.fails = {week.id: AWAY}
    async with casework.database.write() as session:
        keep_absence(session, week, by="dora", key="k", at=clock.now)
    dispatcher.wake()
    await until(lambda: engine.kept == [week])

    async with casework.database.write() as session:
        await end_absence(session, week.id, at=clock.now)
    dispatcher.wake()
    await until(lambda: engine.kept == [week, replace(week, until=clock.now)])


async def test_an_answer_that_nobody_completes_gets_its_case_by_itself(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, clock: Clock
) -> None:
    """Nobody wakes the dispatcher for it."""
    heard = another("r-1", progress=Progress.PARTIAL, submitted_at=clock())
    await casework.hear(heard)
    assert engine.starts == []

    clock.now += timedelta(minutes=31)
    await until(lambda: len(engine.starts) == 1)

    assert (await casework.response()).case_id == engine.starts[0]


class FaultyIntake(Intake):
    """It cannot settle the responses of these rows."""

    faulty: frozenset[str] = frozenset()

    async def settle(self, session: AsyncSession, response_row: str, *, at: datetime) -> None:
        if response_row in self.faulty:
            raise OURS
        await super().settle(session, response_row, at=at)


async def test_many_that_cannot_be_settled_hold_up_no_other(
    casework: Casework, engine: EngineStandIn, clock: Clock
) -> None:
    """They waited longer than the one that can."""
    for n in range(BATCH + 1):
        customer = Identity(f"c-{n}")
        at = SOON + timedelta(seconds=n)
        heard = another(f"r-{n}", progress=Progress.PARTIAL, customer=customer, submitted_at=at)
        await casework.hear(heard)
    async with casework.database.read() as session:
        responses = (await session.exec(select(ResponseRow.id).order_by(ResponseRow.id))).all()
    intake = FaultyIntake(casework.database.vault, casework.book)
    intake.faulty = frozenset(responses[:BATCH])
    dispatcher = Dispatcher(casework.database, intake, engine, clock, sweep=SWEEP)

    clock.now += timedelta(minutes=32)
    with capture_logs() as logged:
        for _ in range(2):
            await dispatcher.dispatch()

    assert [line["event"] for line in logged].count("response_put_off") == BATCH
    assert engine.starts == [(await casework.response(f"r-{BATCH}")).case_id]


async def pointed_at(casework: Casework) -> str:
    """A response whose answer must be fetched; the fetch's id."""
    delivery = Delivery("survey", b"{}", SOON)
    intake = Intake(casework.database.vault, casework.book)
    async with casework.database.write() as session:
        await intake.keep_pointer(session, delivery, Pointer("r-9", "s-1"))
    async with casework.database.read() as session:
        return (await session.exec(select(FetchRow.id))).one()


@pytest.mark.parametrize("fault", [OURS, AWAY])
async def test_an_answer_to_fetch_is_given_to_temporal_once(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, fault: Exception
) -> None:
    engine.fails = {"fetch": fault}
    fetch = await pointed_at(casework)

    dispatcher.wake()
    await until(lambda: engine.fetched == [fetch])
    await dispatcher.dispatch()

    assert engine.fetched == [fetch]


async def test_a_fetch_that_waits_for_a_worker_is_not_given_again_and_again(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, clock: Clock
) -> None:
    fetch = await pointed_at(casework)
    dispatcher.wake()
    await until(lambda: engine.fetched == [fetch])

    for _ in range(4):
        clock.now += LONG_OVERDUE
        await dispatcher.dispatch()

    assert engine.fetched == [fetch]


async def test_a_fetch_that_temporal_has_lost_is_given_again(
    casework: Casework, dispatcher: Dispatcher, engine: EngineStandIn, clock: Clock
) -> None:
    fetch = await pointed_at(casework)
    dispatcher.wake()
    await until(lambda: engine.fetched == [fetch])

    clock.now += CLAIM + AGAIN + SWEEP
    await dispatcher.dispatch()
    assert engine.fetched == [fetch] * 2

    engine.namespace = "file-of-tomorrow"
    clock.now += CLAIM + SWEEP
    await dispatcher.dispatch()
    assert engine.fetched == [fetch] * 3
