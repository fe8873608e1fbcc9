"""How a gesture that was drawn is reviewed, from the API and from the page alike. No act of the workflow."""

import structlog

from models.errors import NotAllowed
from models.gesture_tables import GestureReviewRow
from models.people import Person, may_review
from models.reviews import ReviewVerdict
from models.store.reviews import Reviewed, settle_review
from web.provided import House

log = structlog.get_logger()


def require_reviewer(me: Person) -> None:
    """Raises NotAllowed."""
    if not may_review(me):
        raise NotAllowed(f"{me.id} reviews no gestures.")


async def review(
    house: House, me: Person, case_id: str, number: int, *, verdict: ReviewVerdict, note: str
) -> GestureReviewRow:
    """The same said again is answered as the first time. Raises NotAllowed, NotKnown or WrongMove."""
    require_reviewer(me)
    said = Reviewed(verdict, me.id, house.clock(), note)
    async with house.database.write() as session:
        row = await settle_review(session, house.database.vault, case_id, number, said)
    log.info("gesture_reviewed", case=case_id, number=number, verdict=verdict)
    return row
