"""How two customers are recognised as one person, from the API and from the page alike. No act of a case."""

from collections.abc import Sequence

import structlog

from models.errors import NotAllowed
from models.people import Person, may_merge
from models.store.merging import merge, part
from web.provided import House

log = structlog.get_logger()


def require_merger(me: Person) -> None:
    """Raises NotAllowed."""
    if not may_merge(me):
        raise NotAllowed(f"{me.id} links no customers.")


async def link_customers(house: House, me: Person, case_id: str, other: str) -> Sequence[str]:
    """Those of two cases. Raises NotAllowed, NotKnown or WrongMove."""
    require_merger(me)
    async with house.database.write() as session:
        his = await merge(session, case_id, other, by=me, at=house.clock())
    log.info("customers_linked", case=case_id, other=other, by=me.id)
    return his


async def part_customers(house: House, me: Person, case_id: str) -> Sequence[str]:
    """Raises NotAllowed, NotKnown or WrongMove."""
    require_merger(me)
    async with house.database.write() as session:
        his = await part(session, case_id)
    log.info("customers_parted", case=case_id, by=me.id)
    return his
