"""What belongs to a case and has rows of its own, whichever commit writes the case."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState
from models.store.actions import write_actions
from models.store.gestures import write_waiting
from models.store.promises import write_promises


async def write_belongings(session: AsyncSession, state: CaseState, *, at: datetime) -> None:
    """All of them anew: an older copy of the database may have lost some."""
    await write_promises(session, state, at=at)
    await write_actions(session, state, at=at)
    await write_waiting(session, state, at=at)
