"""Brings to Temporal what the database holds: cases, new and lost, responses that joined, absences, and
answers to ask for.

Before that it settles what waited for its time alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clock import Clock
from models.errors import NotKnown, Passing
from models.store.absences import mark_told, untold_absences
from models.store.database import Database
from models.store.dispatch import (
    Unheard,
    claim_unheard,
    claim_unstarted,
    mark_lost,
    mark_started,
    release_cases,
    release_responses,
)
from models.store.fetches import claim_fetches, mark_given, release_fetches
from models.store.intake import Intake
from models.store.settling import unsettled, untaken_withdrawals
from models.timelapse import Timelapse
from web.engine import Engine
from web.setbacks import Setbacks

SWEEP = timedelta(seconds=2)
BATCH = 40

Tried = TypeVar("Tried")

log = structlog.get_logger()


class Dispatcher:
    """`wake` it after a request; it also looks by itself after each `sweep`."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        engine: Engine,
        clock: Clock,
        lapse: Timelapse | None = None,
        *,
        sweep: timedelta = SWEEP,
    ) -> None:
        self._lapse = lapse
        self._sweep = sweep
        self._database = database
        self._intake = intake
        self._engine = engine
        self._clock = clock
        self._woken = asyncio.Event()
        self._setbacks = Setbacks()
        self._refreshed_at = clock()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is away is waited for; a fault of ours must not end the dispatching."""
        await self._engine.wait_until_ready()
        while True:
            self._woken.clear()
            await self.dispatch()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sweep.total_seconds()):
                    await self._woken.wait()

    async def dispatch(self) -> None:
        """Of each kind of what waits some, the oldest; where there was any, it is woken to come round again,
        so that much of one kind holds up no other. What cannot be brought yet waits for the next time.
        """
        for work in (
            self._refresh_when_due,
            self._settle_all,
            self._start_all,
            self._tell_all,
            self._keep_absences,
            self._fetch_all,
        ):
            await self._try(work)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Passing as fault:
            log.warning("dispatcher_waits", fault=fault.code)
            await asyncio.sleep(self._sweep.total_seconds())
        except Exception as fault:
            log.exception("dispatcher_failed", fault=type(fault).__name__)
            await asyncio.sleep(self._sweep.total_seconds())

    async def _refresh_when_due(self) -> None:
        """However busy it is: a server that came back with another file must be noticed."""
        now = self._clock()
        if now - self._refreshed_at >= self._sweep:
            self._refreshed_at = now
            await self._engine.refresh()

    async def _settle_all(self) -> None:
        """Each in a unit of its own; one at fault is let rest, and holds up no other."""
        now = self._clock()
        resting = self._setbacks.resting(now)
        async with self._database.read() as session:
            taken_back = await untaken_withdrawals(session, limit=BATCH, but=resting)
            waited = await unsettled(session, now=now, limit=BATCH, but=resting)
        for response in taken_back:
            await self._try_one(response, partial(self._take_back, response))
        for response in waited:
            await self._try_one(response, partial(self._settle, response, now))
        self._come_round(len(taken_back) + len(waited))

    async def _try_one(self, response: str, work: Callable[[], Awaitable[None]]) -> None:
        """Raises DatabaseAway: then it is no fault of this one."""
        try:
            await work()
        except Passing:
            raise
        except Exception as fault:
            log.exception("response_put_off", response=response, fault=type(fault).__name__)
            self._setbacks.note(response, now=self._clock())

    def _come_round(self, done: int) -> None:
        if done:
            self._woken.set()

    async def _take_back(self, response: str) -> None:
        async with self._database.write() as session:
            await self._intake.take_back_late(session, response)

    async def _settle(self, response: str, now: datetime) -> None:
        """Of two answers of one customer the second may find a case that was opened meanwhile."""

        async def settle(session: AsyncSession) -> None:
            await self._intake.settle(session, response, at=now)

        await self._database.write_again(settle)
        log.info("response_settled", response=response)

    async def _start_all(self) -> None:
        if started := await self._start_some():
            log.info("cases_started", count=started)
        self._come_round(started)

    async def _tell_all(self) -> None:
        if told := await self._tell_some():
            log.info("responses_told", count=told)
        self._come_round(told)

    async def _keep_absences(self) -> None:
        """To be told twice does no harm, so nobody claims them."""
        engine = self._engine.id
        async with self._database.read() as session:
            untold = await untold_absences(session, engine, now=self._clock(), limit=BATCH)
        for absence in untold:
            await self._engine.keep(absence)
            async with self._database.write() as session:
                await mark_told(session, absence, engine)
            log.info("absence_told", absence=absence.id)

    async def _fetch_all(self) -> None:
        if given := await self._fetch_some():
            log.info("fetches_given", count=given)
        self._come_round(given)

    async def _fetch_some(self) -> int:
        engine = self._engine.id
        async with self._database.write() as session:
            fetches = await claim_fetches(session, engine, now=self._clock(), limit=BATCH)
        if not fetches:
            return 0
        results = await asyncio.gather(
            *(self._engine.fetch(fetch.id, anew=fetch.anew) for fetch in fetches),
            return_exceptions=True,
        )
        given, failed = _parted([fetch.id for fetch in fetches], results)
        async with self._database.write() as session:
            await mark_given(session, given, engine)
            await release_fetches(session, failed)
        _raise_first(results)
        return len(given)

    async def _start_some(self) -> int:
        engine = self._engine.id
        async with self._database.write() as session:
            cases = await claim_unstarted(
                session, engine, now=self._clock(), limit=BATCH, lapse=self._lapse
            )
        if not cases:
            return 0
        results = await asyncio.gather(
            *(self._engine.start(case) for case in cases), return_exceptions=True
        )
        started, failed = _parted(cases, results)
        async with self._database.write() as session:
            await mark_started(session, started, engine, at=self._clock())
            await release_cases(session, [case.case_id for case in failed])
        _raise_first(results)
        return len(started)

    async def _tell_some(self) -> int:
        async with self._database.write() as session:
            unheard = await claim_unheard(session, self._engine.id, now=self._clock(), limit=BATCH)
        if not unheard:
            return 0
        results = await asyncio.gather(
            *(self._tell(one) for one in unheard), return_exceptions=True
        )
        told, failed = _parted([one.signal.response_id for one in unheard], results)
        async with self._database.write() as session:
            await release_responses(session, failed)
        _raise_first(results)
        return len(told)

    async def _tell(self, one: Unheard) -> None:
        try:
            await self._engine.tell(one.case_id, one.signal)
        except NotKnown:
            log.warning("case_lost", case=one.case_id)
            async with self._database.write() as session:
                await mark_lost(session, one.case_id)
                await release_responses(session, [one.signal.response_id])


def _parted(
    tried: Sequence[Tried], results: Sequence[BaseException | None]
) -> tuple[list[Tried], list[Tried]]:
    """Those that went well, and those that did not."""
    outcomes = list(zip(tried, results, strict=True))
    well = [which for which, result in outcomes if result is None]
    return well, [which for which, result in outcomes if result is not None]


def _raise_first(results: Sequence[BaseException | None]) -> None:
    for result in results:
        if result is not None:
            raise result
