"""The open cases of customers who were found to be one person become one: the oldest absorbs the others.

All in the unit of work that links them. The workflow of a younger one finds the database ahead at whatever
it commits next, and ends; whoever acts on it meanwhile is told that it is closed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.absorbing import absorb
from models.case import CaseState, Move
from models.decision import decide
from models.people import Person
from models.store.belongings import write_beside
from models.store.casebook import (
    append_entry,
    circumstances_of,
    state_of,
    write_entries,
    write_state,
)
from models.store.dispatch import Unheard
from models.store.hearing import news_of
from models.store.openings import make_graver, shared_by_cases
from models.store.organisations import InForce, OrganisationBook
from models.store.tallies import answers_of, count_answers
from models.store.withdrawals import Obsolete, withdraw_intents
from models.tables import CaseRow, ResponseRow
from models.timeline import Entry, EntryKind
from models.vault import Vault


async def absorb_younger(
    session: AsyncSession,
    vault: Vault,
    book: OrganisationBook,
    customer_ids: Sequence[str],
    *,
    by: Person,
    at: datetime,
) -> Sequence[Unheard]:
    """Of one person, whose ids these are, the oldest first. What the case key keeps apart stays apart.

    The same once more changes nothing. Returns what each absorbed case may be told, to end at once.
    Raises WrongMove where a younger one is under way: then nothing is absorbed.
    """
    in_force = await book.in_force(session)
    moved: list[ResponseRow] = []
    untold: list[Unheard] = []
    for older, *younger in await _that_are_one(session, vault, in_force, customer_ids):
        for case in younger:
            await _end(session, book, case, into=older, by=by, at=at)
            answers = await answers_of(session, case.id)
            _bring(answers, older, in_force)
            session.add_all((older, *answers))
            await session.flush()
            untold += [Unheard(case.id, told) for told in (await news_of(session, answers))[:1]]
            moved += answers
    await count_answers(session, book, moved)
    return untold


async def _that_are_one(
    session: AsyncSession, vault: Vault, in_force: InForce, customer_ids: Sequence[str]
) -> Iterable[Sequence[CaseRow]]:
    """Open cases, the oldest first. One that was opened under another case key is none of these."""
    key = in_force.organisation.recognition.case_key
    groups: defaultdict[tuple[str, ...], list[CaseRow]] = defaultdict(list)
    for case in await _lock_open_cases(session, customer_ids):
        shared = shared_by_cases(key, customer=case.customer_id, touchpoint=case.touchpoint)
        if shared and case.case_key == vault.index("case", *shared):
            his = shared_by_cases(key, customer=customer_ids[0], touchpoint=case.touchpoint)
            groups[his].append(case)
    return [sorted(group, key=lambda case: (case.opened_at, case.id)) for group in groups.values()]


async def _lock_open_cases(session: AsyncSession, customer_ids: Sequence[str]) -> Sequence[CaseRow]:
    """In one order, whoever links whom; as they stand once nobody else holds them."""
    of_his = select(CaseRow).where(col(CaseRow.customer_id).in_(customer_ids), col(CaseRow.open))
    locked = of_his.order_by(col(CaseRow.id)).with_for_update()
    return (await session.exec(locked.execution_options(populate_existing=True))).all()


def _bring(answers: Sequence[ResponseRow], older: CaseRow, in_force: InForce) -> None:
    """The older case has yet to hear them; whose they are, and what was said, stays as it is."""
    for answer in answers:
        answer.case_id, answer.joined = older.id, True
        answer.consumed_seq = answer.signalled_at = answer.heard_score = None
        make_graver(older, answer, in_force.organisation)


async def _end(
    session: AsyncSession,
    book: OrganisationBook,
    case: CaseRow,
    *,
    into: CaseRow,
    by: Person,
    at: datetime,
) -> None:
    state = state_of(case) or CaseState(case.id, case.opened_at)
    move = absorb(state, into=into.id, by=by.id, at=at)
    await _write(session, book, case, move, at=at)
    absorbs = Entry(EntryKind.ABSORBS, at, by.id, facts={"case": case.id})
    await append_entry(session, into.id, into.seq, absorbs)


async def _write(
    session: AsyncSession, book: OrganisationBook, case: CaseRow, move: Move, *, at: datetime
) -> None:
    """As the commit of a closing would, but that nobody is told by it: the older case tells."""
    versions = await book.versions(session, pinned=case.version, at=at)
    decided = decide(move, circumstances_of(case, versions, at), versions)
    state, everything = decided.state, Obsolete(nags=True, question=True, everything=True)
    not_sent = [
        Entry(EntryKind.NOT_SENT, at, facts={"message": message, "stage": state.stage})
        for message in await withdraw_intents(session, case.id, everything, reason=state.stage)
    ]
    write_entries(session, case.id, state.seq, [*decided.entries, *not_sent])
    write_state(case, state, commit_id=f"absorbed/{move.entries[0].facts['case']}", at=at)
    session.add(case)
    await write_beside(session, case, move, decided, versions, at=at)
