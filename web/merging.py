"""How two customers are recognised as one person, from the API and from the page alike. No act of a case."""

from collections.abc import Sequence

import structlog

from models.errors import NotAllowed, NotKnown, Passing
from models.people import Person, may_merge
from models.store.absorbing import absorb_younger
from models.store.dispatch import Unheard
from models.store.merging import merge, part
from web.provided import House

log = structlog.get_logger()


def require_merger(me: Person) -> None:
    """Raises NotAllowed."""
    if not may_merge(me):
        raise NotAllowed(f"{me.id} links no customers.")


async def link_customers(house: House, me: Person, case_id: str, other: str) -> Sequence[str]:
    """Those of two cases, which become one where both are open. Raises NotAllowed, NotKnown or WrongMove."""
    require_merger(me)
    at, vault = house.clock(), house.database.vault
    async with house.database.write() as session:
        his = await merge(session, case_id, other, by=me, at=at)
        absorbed = await absorb_younger(session, vault, house.book, his, by=me, at=at)
    house.dispatcher.wake()
    log.info("customers_linked", case=case_id, other=other, by=me.id, absorbed=len(absorbed))
    for one in absorbed:
        await _end(house, one)
    return his


async def _end(house: House, absorbed: Unheard) -> None:
    """One that is not told now ends all the same when it has something to commit."""
    try:
        await house.engine.tell(absorbed.case_id, absorbed.signal)
    except (NotKnown, Passing) as fault:
        log.info("absorbed_untold", case=absorbed.case_id, fault=fault.code)


async def part_customers(house: House, me: Person, case_id: str) -> Sequence[str]:
    """Raises NotAllowed, NotKnown or WrongMove."""
    require_merger(me)
    async with house.database.write() as session:
        his = await part(session, case_id)
    log.info("customers_parted", case=case_id, by=me.id)
    return his
