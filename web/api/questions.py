"""What every list of the API can be asked for, and for whom it is read."""

from typing import Annotated

from fastapi import Query
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person
from web.permits import acting_person
from web.provided import House
from web.quarantine import require_operator

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
By = Annotated[
    str | None,
    Query(description="The person for whom it is read: then his rights decide what it holds."),
]


async def find_reader(house: House, session: AsyncSession, by: str | None) -> Person | None:
    """None for the trusted server itself. Raises NotUnderstood with the id that was probably meant."""
    if by is None:
        return None
    return acting_person((await house.book.in_force(session)).organisation, by)


async def require_operations(house: House, by: str | None) -> None:
    """Raises NotAllowed, or as `find_reader` does. Without a person it is the trusted server itself."""
    async with house.database.read() as session:
        reader = await find_reader(house, session, by)
    if reader is not None:
        require_operator(reader)
