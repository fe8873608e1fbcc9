"""What a move makes obsolete is withdrawn in its commit, as long as no carrier has it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.notices import Audience, Message
from models.posting import Posting
from models.tables import IntentRow


@dataclass(frozen=True, slots=True)
class Obsolete:
    """What a move makes obsolete: `nags` at colleagues, the `question` to the customer, or all;
    that we `tried` to reach him, what the commit `taken_back` told him, or what colleagues are told of
    the `action` that somebody has just worked on.
    """

    nags: bool
    question: bool
    everything: bool
    tried: bool = False
    taken_back: int | None = None
    action: int | None = None

    def covers(self) -> ColumnElement[bool]:
        return or_(
            literal(self.everything),
            and_(literal(self.nags), col(IntentRow.nags)),
            and_(literal(self.question), col(IntentRow.message) == Message.CONFIRM),
            and_(literal(self.tried), col(IntentRow.message) == Message.TRIED),
            *self._named(),
        )

    def _named(self) -> Iterator[ColumnElement[bool]]:
        """Only what has a number: compared with none, it would be every letter that has none."""
        customer = col(IntentRow.audience) == Audience.CUSTOMER
        if self.taken_back is not None:
            yield and_(col(IntentRow.seq) == self.taken_back, customer)
        if self.action is not None:
            yield and_(col(IntentRow.action) == self.action, ~customer)


async def withdraw_intents(
    session: AsyncSession, case_id: str, obsolete: Obsolete, *, reason: str
) -> Sequence[str]:
    """Withdraw what was not yet handed to the carrier; returns the messages' kinds."""
    pending = col(IntentRow.case_id) == case_id, col(IntentRow.status) == Posting.PENDING
    withdrawal = update(IntentRow).where(*pending, obsolete.covers())
    withdrawn = withdrawal.values(status=Posting.WITHDRAWN, reason=reason)
    return (await session.exec(withdrawn.returning(col(IntentRow.message)))).scalars().all()
