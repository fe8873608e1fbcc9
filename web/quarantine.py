"""How the quarantine is replayed, from the API and from the page alike."""

import structlog

from models.errors import NotAllowed
from models.people import Person, Room, may_enter
from models.store.intake import Taken
from models.store.quarantine import Replayed
from web.provided import House

AT_ONCE = 100
"""Deliveries in one request: nobody waits longer for an answer than for these."""

log = structlog.get_logger()


def require_operator(person: Person) -> None:
    """Raises NotAllowed."""
    if not may_enter(person, Room.OPERATIONS):
        raise NotAllowed(f"{person.id} has no business in the operations.")


async def replay_one(house: House, delivery: str) -> Taken:
    """Raises NotKnown."""
    taken = await house.quarantine.replay(delivery)
    log.info("delivery_replayed", delivery=delivery, fate=taken.fate, case=taken.case_id)
    house.dispatcher.wake()
    return taken


async def replay_some(
    house: House, *, source: str | None, after: str, limit: int = AT_ONCE
) -> Replayed:
    """The oldest first."""
    done = await house.quarantine.replay_some(source=source, after=after, limit=limit)
    log.info("quarantine_replayed", source=source, understood=done.understood, still=done.still)
    for delivery, fault in done.failed.items():
        log.error("replay_failed", delivery=delivery, fault=fault)
    house.dispatcher.wake()
    return done
