"""Asks Twilio after calls whose end nobody told: news that is lost holds up no colleague's line."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.twilio_calls import TwilioCalls
from models.call_forms import Told
from models.clock import Clock
from models.errors import RappelError
from models.store.bridges import Question, find_call, keep_told, next_question
from models.store.database import Database

SWEEP = timedelta(seconds=20)

log = structlog.get_logger()


class CallInquiries:
    def __init__(self, database: Database, calls: TwilioCalls, *, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled. A database or a carrier that is away is waited for."""
        while True:
            try:
                await self.ask_all()
            except RappelError as fault:
                log.warning("call_inquiries_wait", fault=fault.code)
            await asyncio.sleep(SWEEP.total_seconds())

    async def ask_all(self) -> None:
        """Of each that is due. Raises CarrierBusy, CarrierUnclear, DatabaseAway."""
        while (question := await self._next()) is not None:
            told = await self._calls.look_up(question.sid)
            await self._database.write_again(partial(self._keep, question, told))
            log.info("call_asked_after", call=question.call, told=len(told))

    async def _next(self) -> Question | None:
        return await self._database.write_again(partial(next_question, now=self._clock()))

    async def _keep(self, question: Question, told: Sequence[Told], session: AsyncSession) -> None:
        row = await find_call(session, question.call)
        for each in told:
            await keep_told(session, row, each, at=self._clock())
