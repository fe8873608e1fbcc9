"""What belongs to a case and has rows of its own, whichever commit writes the case."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState, Move
from models.decision import Decided
from models.store.actions import write_actions
from models.store.gestures import write_waiting
from models.store.pauses import keep_pause
from models.store.promises import write_promises
from models.store.resurveys import write_scheduled
from models.store.targets import keep_targets
from models.store.teams import note_turns
from models.tables import CaseRow
from models.versions import Versions
from models.workday import hours_at_work


async def write_belongings(session: AsyncSession, state: CaseState, *, at: datetime) -> None:
    """All of them anew: an older copy of the database may have lost some."""
    await write_promises(session, state, at=at)
    await write_actions(session, state, at=at)
    await write_waiting(session, state, at=at)


async def write_beside(
    session: AsyncSession,
    row: CaseRow,
    move: Move,
    decided: Decided,
    versions: Versions,
    *,
    at: datetime,
) -> None:
    """The rows beside the case's own, from which figures and lists are read."""
    state = decided.state
    resting = move.over.pause if move.over else state.pause
    if resting is not None:
        hours = hours_at_work(versions.pinned, versions.today, resting.owner, region=row.region)
        await keep_pause(session, move, state, hours)
    await keep_targets(session, move, decided, at=at)
    await write_belongings(session, state, at=at)
    await note_turns(session, decided.entries, at=at)
    await write_scheduled(session, row, decided.resurvey)
