"""Brings to Temporal what the database holds: new cases, lost ones, and responses that joined."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from models.errors import NotKnown, Passing
from models.messages import CaseStart
from models.store.database import Database
from models.store.dispatch import (
    Unheard,
    claim_unheard,
    claim_unstarted,
    mark_lost,
    mark_started,
)
from web.engine import Engine

SWEEP_SECONDS = 2
BATCH = 40

log = structlog.get_logger()


class Dispatcher:
    """`wake` it after a request; it also looks by itself every two seconds."""

    def __init__(self, database: Database, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. Temporal or the database being away is waited for."""
        await self._engine.wait_until_ready()
        while True:
            self._woken.clear()
            try:
                await self._dispatch()
            except Passing as fault:
                log.warning("dispatcher_waits", fault=fault.code)
                await asyncio.sleep(SWEEP_SECONDS)
            try:
                await asyncio.wait_for(self._woken.wait(), SWEEP_SECONDS)
            except TimeoutError:
                await self._refresh()

    async def _refresh(self) -> None:
        try:
            await self._engine.refresh()
        except Passing as fault:
            log.warning("dispatcher_waits", fault=fault.code)

    async def _dispatch(self) -> None:
        while started := await self._start_some():
            log.info("cases_started", count=started)
        while told := await self._tell_some():
            log.info("responses_told", count=told)

    async def _start_some(self) -> int:
        engine = self._engine.id
        async with self._database.write() as session:
            cases = await claim_unstarted(session, engine, now=self._clock(), limit=BATCH)
        if not cases:
            return 0
        results = await asyncio.gather(
            *(self._engine.start(case) for case in cases), return_exceptions=True
        )
        started = _successes(cases, results)
        async with self._database.write() as session:
            await mark_started(session, [case.case_id for case in started], engine)
        _raise_first(results)
        return len(started)

    async def _tell_some(self) -> int:
        async with self._database.write() as session:
            unheard = await claim_unheard(
                session, self._engine.id, now=self._clock(), limit=BATCH
            )
        for one in unheard:
            await self._tell(one)
        return len(unheard)

    async def _tell(self, one: Unheard) -> None:
        try:
            await self._engine.tell(one.case_id, one.signal)
        except NotKnown:
            log.warning("case_lost", case=one.case_id)
            async with self._database.write() as session:
                await mark_lost(session, one.case_id)


def _successes(
    cases: Sequence[CaseStart], results: Sequence[BaseException | None]
) -> list[CaseStart]:
    return [case for case, result in zip(cases, results, strict=True) if result is None]


def _raise_first(results: Sequence[BaseException | None]) -> None:
    for result in results:
        if result is not None:
            raise result
