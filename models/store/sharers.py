"""Who shares a case with its own customer, each with his own consent, address and wish."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Attempt, Contact, Reached
from models.case import CaseState, Move
from models.errors import NotUnderstood, WrongMove
from models.store.customer_views import customers_of, others_in
from models.store.database import boxes_of
from models.store.wishes import kept, known_with
from models.tables import CaseRow, CustomerRow, EntryRow, ResponseRow
from models.timeline import EntryKind
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Known:
    """A customer who is not forgotten. `consents`: an answer of his in the case lets us write to him."""

    row: CustomerRow
    box: Box
    consents: bool


async def known_in(session: AsyncSession, vault: Vault, case: CaseRow) -> Sequence[Known]:
    """The case's own customer first, then who was heard first."""
    answers = await _answers_of(session, case)
    ids = (case.customer_id, *others_in(answers, case.customer_id))
    rows = await customers_of(session, ids)
    boxes = await boxes_of(session, vault, {row.key_id for row in rows.values()})
    consenting = {answer.customer_id for answer in answers if answer.consent}
    return [
        Known(rows[each], box, each in consenting)
        for each in ids
        if (box := boxes.get(rows[each].key_id)) is not None
    ]


def to_write_to(known: Sequence[Known], state: CaseState) -> Known | None:
    """Who was tried or spoken to last; where he does not let us, who does, and nobody else."""
    willing = [each for each in known if each.consents]
    spoken_to = (each for each in willing if each.row.id == state.reach.whom)
    return next(spoken_to, willing[0] if willing else None)


async def require_sharing(session: AsyncSession, case: CaseRow, act: Attempt) -> None:
    """Raises NotUnderstood for who does not share the case, WrongMove for a call that he does not want."""
    if act.whom is None:
        return
    if act.whom not in others_in(await _answers_of(session, case), case.customer_id):
        raise NotUnderstood("Nobody with this id shares the case.", place="whom")
    customer = await session.get_one(CustomerRow, act.whom)
    if customer.no_calls_since is not None and act.channel is Contact.PHONE:
        raise WrongMove("no_calls", "The customer asked not to be called: write or meet.")


async def keep_own_wish(session: AsyncSession, move: Move) -> None:
    """Who shares a case and asked not to be called is not called again, unless that is taken back."""
    entry, asked = move.entries[0], move.takes_back is None
    facts, since, was = entry.facts, entry.at if asked else None, None
    if not asked:
        taken_back = select(EntryRow).where(
            EntryRow.case_id == move.state.case_id,
            EntryRow.seq == move.takes_back,
            EntryRow.kind == EntryKind.ATTEMPTED,
        )
        told = (await session.exec(taken_back)).first()
        facts, was = (told.facts, told.at) if told else ({}, None)
    if "customer" not in facts or facts["outcome"] != Reached.REFUSED:
        return
    for row in await known_with(session, str(facts["customer"])):
        row.no_calls_since = kept(row.no_calls_since, since, was)
        session.add(row)


async def _answers_of(session: AsyncSession, case: CaseRow) -> Sequence[ResponseRow]:
    of_case = select(ResponseRow).where(col(ResponseRow.case_id) == case.id)
    return (await session.exec(of_case)).all()
