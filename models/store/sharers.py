"""All who share a case, its own customer first, each with his own consent and address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState
from models.errors import NotUnderstood
from models.store.customer_views import customers_of, others_in
from models.store.database import boxes_of
from models.store.tallies import answers_of
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Sharer:
    """A customer who is not forgotten. `consents`: an answer of his in the case lets us write to him."""

    row: CustomerRow
    box: Box
    consents: bool


async def sharers_of(
    session: AsyncSession, vault: Vault, case: CaseRow, answers: Sequence[ResponseRow]
) -> Sequence[Sharer]:
    """The case's own customer first, then who was heard first; `answers` are those of the case."""
    ids = (case.customer_id, *others_in(answers, case.customer_id))
    rows = await customers_of(session, ids)
    boxes = await boxes_of(session, vault, {row.key_id for row in rows.values()})
    consenting = {answer.customer_id for answer in answers if answer.consent}
    return [
        Sharer(rows[each], box, each in consenting)
        for each in ids
        if (box := boxes.get(rows[each].key_id)) is not None
    ]


def to_write_to(sharers: Sequence[Sharer], state: CaseState) -> Sharer | None:
    """Who was tried or spoken to last; where he does not let us, who does, and nobody else."""
    willing = [each for each in sharers if each.consents]
    spoken_to = (each for each in willing if each.row.id == state.reach.whom)
    return next(spoken_to, willing[0] if willing else None)


async def require_sharing(session: AsyncSession, case: CaseRow, whom: str) -> None:
    """Raises NotUnderstood for who does not share the case."""
    if whom not in others_in(await answers_of(session, case.id), case.customer_id):
        raise NotUnderstood("Nobody with this id shares the case.", place="whom")
