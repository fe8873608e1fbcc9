"""How hard the door of the survey systems is pressed in this process, and what it does then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from models.mappings import Source
from models.organisation import Organisation
from models.store.database import Database
from models.store.deliveries import Delivery
from models.store.organisations import OrganisationBook
from models.store.received import Ledger

CALM = 4
"""So many deliveries at once are taken while their senders wait."""
LULL = 1.0
"""Seconds without more of them until the door is calm again: a flood comes in gusts."""
FRESH = 1.0
"""Seconds for which a pressed door remembers the organisation."""


class Door:
    """`seconds` measures lengths only: it is no clock of the house."""

    def __init__(
        self,
        database: Database,
        book: OrganisationBook,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._book = book
        self._ledger = Ledger(database)
        self._seconds = seconds
        self._inside = 0
        self._pressed_until = 0.0
        self._remembered: Organisation | None = None
        self._remembered_until = 0.0

    @property
    def pressed(self) -> bool:
        return self._seconds() < self._pressed_until

    @contextmanager
    def entered(self, responses: int = 1) -> Iterator[None]:
        """As long as one delivery of so many responses, whose signature was good, is being taken."""
        self._inside += responses
        if self._inside > CALM:
            self._pressed_until = self._seconds() + LULL
        try:
            yield
        finally:
            self._inside -= responses

    async def keep(self, delivery: Delivery) -> None:
        """Returns once it is committed, to be taken later. Raises DatabaseAway."""
        await self._ledger.keep(delivery)

    async def find_source(self, name: str) -> Source | None:
        """As the organisation has it now. A pressed door looks again after a moment only, unless it does not
        know the source: what it keeps is taken by the organisation of then.
        """
        if self.pressed and self._seconds() < self._remembered_until and self._remembered:
            known = self._remembered.sources.get(name)
            if known is not None:
                return known
        async with self._database.read() as session:
            self._remembered = (await self._book.in_force(session)).organisation
        self._remembered_until = self._seconds() + FRESH
        return self._remembered.sources.get(name)
