"""Whether a case may be closed as unreachable: what the policy writes to the customer has left."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Act, Close, Outcome
from models.errors import WrongMove
from models.store.casebook import state_of
from models.store.written import how_many_came_back, leaves_at
from models.tables import CaseRow


async def require_last_word(session: AsyncSession, act: Act, row: CaseRow) -> None:
    """Raises WrongMove: a message that waits, or that no carrier took, has told the customer nothing."""
    state = state_of(row)
    given_up = isinstance(act, Close) and act.outcome is Outcome.UNREACHABLE
    if not given_up or state is None or not state.reach.written:
        return
    leaves = await leaves_at(session, row.id)
    if leaves is not None:
        raise WrongMove(
            "message_waits",
            f"The message to the customer has not left yet: from {leaves:%F %H:%M}Z on.",
        )
    if await how_many_came_back(session, row.id) > state.reach.lost:
        raise WrongMove(
            "not_written",
            "The message to the customer did not arrive. The next attempt in vain writes one.",
        )
