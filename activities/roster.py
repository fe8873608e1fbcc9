"""The activity of an absence: it looks which open cases are with the wrong person."""

from temporalio import activity

from models.absence import Misplaced, RosterAsked
from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.store.roster import misplaced


class Roster:
    def __init__(self, database: Database, book: OrganisationBook) -> None:
        self._database = database
        self._book = book

    @activity.defn(name="roster.look")
    async def look(self, asked: RosterAsked) -> Misplaced:
        """Reads only. Each case then finds out by itself to whom it goes."""
        async with self._database.read() as session:
            today = (await self._book.in_force(session)).organisation
            return Misplaced(await misplaced(session, today, asked.person, at=asked.at))
