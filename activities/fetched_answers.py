"""What a vendor answered is taken like a delivery: in one unit of work, the same way, with the same fate."""

import json
from datetime import datetime
from typing import assert_never

from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotUnderstood
from models.mappings import Source
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake, Taken
from models.store.organisations import OrganisationBook
from models.submissions import Ping, Pointer, Way
from models.survey import SurveyResponse, Told, Unscored, Withdrawal
from surveys.adapters import hear
from surveys.asking import Document


class FetchedAnswers:
    def __init__(self, book: OrganisationBook, intake: Intake) -> None:
        self._book = book
        self._intake = intake

    async def take(
        self,
        session: AsyncSession,
        delivery: Delivery,
        told: Told | NotUnderstood,
    ) -> Taken:
        match told:
            case SurveyResponse() | Unscored() | Withdrawal():
                by = await self._book.in_force(session)
                return await self._intake.take_told(session, delivery, told, by=by)
            case NotUnderstood():
                problem = told.place or "body"
            case Pointer() | Ping():
                problem = "body"
            case _:
                assert_never(told)
        await self._intake.quarantine(session, delivery, problem)
        return Taken(DeliveryFate.QUARANTINED, problem=problem)


def heard_in(
    source: Source, document: Document, *, at: datetime, way: Way
) -> tuple[Delivery, Told | NotUnderstood]:
    """What is kept of the answer, and what it tells."""
    body = json.dumps(document, ensure_ascii=False).encode()
    try:
        [told] = hear(source, body, received_at=at)
    except NotUnderstood as fault:
        return Delivery(source.id, body, at, way=way), fault
    return Delivery(source.id, body, at, way=way), told
