"""Looks after messages until they have arrived, and tells otherwise what does not."""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

import structlog

from activities.rounds import go_round
from models.clock import Clock
from models.fallback import Next
from models.people import Channel
from models.store.database import Database
from models.store.fallbacks import look_after, stop_watching, watched
from models.store.second_look import SecondLook

SWEEP = timedelta(seconds=10)

log = structlog.get_logger()


class Fallbacks:
    """`ways` are those by which messages really leave; `written` is called once one was written."""

    def __init__(
        self,
        database: Database,
        second_look: SecondLook,
        *,
        ways: Collection[Channel],
        clock: Clock,
        written: Callable[[], None],
    ) -> None:
        self._database = database
        self._second_look = second_look
        self._ways = ways
        self._clock = clock
        self._written = written

    async def run(self) -> None:
        await go_round(self.look_after_all, SWEEP, waits="fallbacks_wait")

    async def look_after_all(self) -> None:
        """Each that is told otherwise in a unit of its own. Raises DatabaseAway, Misconfigured."""
        now = self._clock()
        async with self._database.read() as session:
            today = (await self._second_look.book.in_force(session)).organisation
            patience = today.fallback_after
            found = [
                (each.row.intent_id, each.next(now, patience)) for each in await watched(session)
            ]
        arrived = [intent for intent, what in found if what is Next.ENOUGH]
        await self._database.write_again(partial(stop_watching, intents=arrived))
        for intent in (intent for intent, what in found if what is Next.OTHERWISE):
            looking = partial(
                look_after,
                second_look=self._second_look,
                intent=intent,
                now=now,
                patience=patience,
                ways=self._ways,
            )
            if await self._database.write_again(looking):
                log.info("letter_told_otherwise", intent=intent)
                self._written()
