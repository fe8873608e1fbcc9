"""The one activity of a case: write a move, its timeline, its messages and the state, all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.addressing import Addressing
from activities.replanning import write_replan
from models.absence import ByRoster
from models.case import TO_CALL, CaseState, HeardAgain, Move, Stage
from models.decision import decide
from models.messages import CommitReceipt, CommitRequest, ResponseHeard, Verdict
from models.notices import Message
from models.repairs import worked_on
from models.store import casebook
from models.store.belongings import write_beside
from models.store.database import Database
from models.store.hearing import news_of, standing_cases
from models.store.organisations import OrganisationBook
from models.store.outbox import Obsolete, withdraw_intents
from models.store.reviews import draw_for_review
from models.store.tallies import count_case
from models.store.teams import with_loads
from models.store.ways import with_ways
from models.store.wishes import keep_sharers_wish, keep_wish
from models.store.written import with_what_came_back
from models.survey import Reason
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.timeline import CUSTOMER, Entry, EntryKind


class CaseRecords:
    """`committed` is called after each commit, to wake the post office."""

    def __init__(
        self,
        database: Database,
        book: OrganisationBook,
        addressing: Addressing,
        committed: Callable[[], None],
    ) -> None:
        self._database = database
        self._book = book
        self._addressing = addressing
        self._committed = committed

    @activity.defn(name="case.commit")
    async def commit(self, request: CommitRequest) -> CommitReceipt:
        """Safe to run twice: the second run finds the commit's id on the row and answers the same."""
        async with self._database.write() as session:
            row = await casebook.lock_case(session, request.move.state.case_id)
            unheard = await casebook.unheard_responses(session, row.id)
            receipt = await _answer_without_writing(session, row, request, unheard)
            if receipt is None:
                receipt = await self._write(session, row, request, unheard)
        self._committed()
        return receipt

    async def _write(
        self,
        session: AsyncSession,
        row: CaseRow,
        request: CommitRequest,
        unheard: Sequence[ResponseRow],
    ) -> CommitReceipt:
        move, at = request.move, request.at
        if move.replan is not None:
            return await write_replan(session, self._book, row, request, move.replan)
        versions = await self._book.versions(session, pinned=row.version, at=at)
        customer = await session.get_one(CustomerRow, row.customer_id)
        await keep_sharers_wish(session, move)
        wish = await keep_wish(session, row, move, at=at)
        move = replace(move, state=await with_ways(session, row, wish.state))
        move = await with_what_came_back(session, move)
        found = casebook.circumstances_of(row, versions, at, zone=customer.zone)
        decided = decide(move, await with_loads(session, found, move.transfer), versions)
        if isinstance(move.transfer, ByRoster) and decided.state.owner == row.owner:
            return CommitReceipt(Verdict.STALE, casebook.state_of(row) or move.state)
        not_sent = await _withdraw(session, move, decided.state, request)
        state = _unsaid(decided.state, move, not_sent)
        letters = await self._addressing.write(
            session,
            row,
            (*move.notices, *decided.notices),
            state=state,
            former=row.owner,
            at=at,
            versions=versions,
            draft=request.draft,
        )
        told = [*casebook.gap(row, state, at), *decided.entries, *wish.entries, *not_sent, *letters]
        casebook.write_entries(session, state.case_id, state.seq, told)
        await _consume(session, request, state, unheard)
        casebook.write_state(row, state, commit_id=request.commit_id, at=at)
        session.add(row)
        await write_beside(session, row, move, replace(decided, state=state), versions, at=at)
        await self._follow(session, row, move, share=versions.today.gestures.review_share, at=at)
        return CommitReceipt(Verdict.APPLIED, state)

    async def _follow(
        self, session: AsyncSession, row: CaseRow, move: Move, *, share: float, at: datetime
    ) -> None:
        """What others look at later: the gestures drawn for review, and the figures."""
        await draw_for_review(session, self._database.vault, move, share=share, at=at)
        await count_case(session, self._book, row)


async def _answer_without_writing(
    session: AsyncSession, row: CaseRow, request: CommitRequest, unheard: Sequence[ResponseRow]
) -> CommitReceipt | None:
    known = casebook.state_of(row)
    if known is not None and row.commit_id == request.commit_id:
        return CommitReceipt(Verdict.APPLIED, known)
    if known is not None and request.draft and await casebook.is_linked(session, request.draft):
        return CommitReceipt(Verdict.STALE, known)
    if known is not None and row.seq >= request.move.state.seq:
        return CommitReceipt(Verdict.AHEAD, known)
    if request.response and not any(_is_meant(request, response) for response in unheard):
        return CommitReceipt(Verdict.STALE, known or request.move.state)
    others = [response for response in unheard if response.id != request.response]
    if known is not None and request.move.state.closed:
        if others:
            heard = [_heard(told, request.at) for told in await news_of(session, others)]
            return CommitReceipt(Verdict.UNHEARD, known, tuple(heard))
        if request.response and await standing_cases(session, [row.id]):
            return CommitReceipt(Verdict.STALE, known)
    return None


def _is_meant(request: CommitRequest, response: ResponseRow) -> bool:
    """As it stands: of one that changed meanwhile the case is told anew."""
    as_heard = request.revision in {None, response.revision}
    return response.id == request.response and as_heard


def _heard(told: ResponseHeard, at: datetime) -> HeardAgain:
    said = told.response_id, told.revision, told.submitted_at, at
    return HeardAgain(*said, told.topic, told.new_phone, told.change)


async def _withdraw(
    session: AsyncSession, move: Move, state: CaseState, request: CommitRequest
) -> list[Entry]:
    """A colleague's act, a new owner or the end makes what was not sent yet obsolete; the timeline says so.

    So does leaving the confirmation, for the question to the customer.
    """
    obsolete = Obsolete(
        nags=bool(move.transfer or (request.draft and move.entries[0].by != CUSTOMER)),
        question=state.stage is not Stage.CONFIRMING,
        everything=state.closed,
        tried=not _is_looked_for(state, request.at),
        taken_back=move.takes_back,
        action=worked_on(move),
    )
    withdrawn = await withdraw_intents(session, state.case_id, obsolete, reason=state.stage)
    return [
        Entry(EntryKind.NOT_SENT, request.at, facts={"message": message, "stage": state.stage})
        for message in withdrawn
    ]


def _unsaid(state: CaseState, move: Move, not_sent: Sequence[Entry]) -> CaseState:
    """A message that never left was not written; what is taken back was not counted to begin with.

    A customer who answers has had a message of ours.
    """
    lost = sum(entry.facts["message"] == Message.TRIED for entry in not_sent)
    if not lost or move.takes_back is not None or move.entries[0].by == CUSTOMER:
        return state
    return replace(state, reach=replace(state.reach, written=max(0, state.reach.written - lost)))


def _is_looked_for(state: CaseState, at: datetime) -> bool:
    """That we tried to reach him is no news to who was spoken to, or named a time that is to come."""
    named = state.again_at is not None and state.again_at > at
    return state.stage in TO_CALL and not state.refused and not named


async def _consume(
    session: AsyncSession,
    request: CommitRequest,
    state: CaseState,
    unheard: Sequence[ResponseRow],
) -> None:
    """The opening commit hears every response linked so far, unless it was taken back already; a later
    one hears its own.
    """
    if request.draft:
        await casebook.link_act(session, request.draft, state.seq)
    opening = state.seq == 1
    for response in unheard:
        stands = response.reason != Reason.WITHDRAWN
        if (opening and stands) or response.id == request.response:
            response.consumed_seq, response.heard_score = state.seq, response.score
            session.add(response)
