"""Asks Twilio after calls whose end nobody told: news that is lost holds up no colleague's line."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.rounds import go_round
from activities.twilio_calls import TwilioCalls
from models.call_forms import Told
from models.clock import Clock
from models.store.bridges import CallQuestion, find_call, keep_told, next_call_question
from models.store.database import Database

SWEEP = timedelta(seconds=20)

log = structlog.get_logger()


class CallInquiries:
    def __init__(self, database: Database, calls: TwilioCalls, *, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock

    async def run(self) -> None:
        await go_round(self.ask_all, SWEEP, waits="call_inquiries_wait")

    async def ask_all(self) -> None:
        """Of each that is due. Raises CarrierBusy, CarrierUnclear, DatabaseAway."""
        while (question := await self._next()) is not None:
            told = await self._calls.look_up(question.sid)
            await self._database.write_again(partial(self._keep, question, told))
            log.info("call_asked_after", call=question.call, told=len(told))

    async def _next(self) -> CallQuestion | None:
        return await self._database.write_again(partial(next_call_question, now=self._clock()))

    async def _keep(
        self, question: CallQuestion, told: Sequence[Told], session: AsyncSession
    ) -> None:
        row = await find_call(session, question.call)
        for each in told:
            await keep_told(session, row, each, at=self._clock())
