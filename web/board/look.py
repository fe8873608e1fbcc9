"""Who looks at the board, and at what: the same on its page, in its lists and in its files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

from models.figures import Asked, Figures
from models.people import Person
from models.store.figures import read_figures
from web.board.filters import Filters, InAddress
from web.board.names import Names, names_in
from web.provided import House, InHouse
from web.visitors import AtBoard


@dataclass(frozen=True, slots=True)
class Look:
    """`zone` is the head office's: its months are those of the board."""

    me: Person
    house: House
    organisation: str
    zone: ZoneInfo
    filters: Filters
    names: Names

    async def figures(self, asked: Asked) -> Figures:
        async with self.house.database.read() as session:
            return await read_figures(session, asked, now=self.house.clock(), book=self.house.book)

    async def names_with(self, causes: Iterable[str | None]) -> Names:
        """Of those that have left the tree too."""
        unknown = {cause for cause in causes if cause} - self.names.causes.keys()
        if not unknown:
            return self.names
        async with self.house.database.read() as session:
            gone = await self.house.book.cause_labels(session, unknown)
        return self.names.with_gone(gone, self.me.language)


async def _look(me: AtBoard, written: InAddress, house: InHouse) -> Look:
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
    zone = ZoneInfo(today.head_office.zone)
    filters = written.at(house.clock().astimezone(zone))
    return Look(me, house, today.name, zone, filters, names_in(today, me.language))


Looking = Annotated[Look, Depends(_look)]
