"""Who does the work of whom at an instant, as the database knows who is away."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.doers import with_stand_ins
from models.organisation import Organisation
from models.store.absences import absences_at


async def doers_of(session: AsyncSession, today: Organisation, *, at: datetime) -> Organisation:
    return with_stand_ins(today, await absences_at(session, at), at)
