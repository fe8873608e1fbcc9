"""Rows of a back-file, taken as responses that no delivery brought."""

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake, Taken
from models.store.organisations import InForce
from models.submissions import Way
from models.survey import SurveyResponse
from models.tables import ResponseRow


async def is_known(session: AsyncSession, source: str, response_id: str) -> bool:
    by_name = select(ResponseRow.id).where(
        ResponseRow.source == source, ResponseRow.response_id == response_id
    )
    return (await session.exec(by_name)).first() is not None


async def take_backfiled(
    session: AsyncSession,
    intake: Intake,
    source: str,
    response: SurveyResponse,
    *,
    at: datetime,
    by: InForce,
) -> Taken:
    """A response that is known stays as it is: a file never outdoes what was delivered."""
    if await is_known(session, source, response.response_id):
        return Taken(DeliveryFate.REPEAT)
    delivery = Delivery(source, b"", at, way=Way.IMPORTED)
    return await intake.take(session, delivery, response, by=by)
