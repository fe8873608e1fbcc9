"""A person's desk at this moment, for his page and for the API alike."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person
from models.store.inbox import Desk
from models.workday import horizons, hours_of
from web.provided import House


async def desk_of(session: AsyncSession, house: House, me: Person) -> Desk:
    today = (await house.book.in_force(session)).organisation
    return Desk(me, horizons(hours_of(today, me), house.clock()))
