"""What arrives: raw deliveries, the responses understood from them, their customers, their cases.

Called inside one unit of work per delivery: all of it is kept, or none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.store.customers import customer_of, refresh
from models.store.database import box_of
from models.store.deliveries import (
    Delivery,
    DeliveryFate,
    keep_delivery,
    keep_once,
    link_deliveries,
)
from models.store.fetches import ask_for, forget_fetches
from models.store.openings import make_graver, mint_or_join
from models.store.organisations import InForce, OrganisationBook
from models.store.recoveries import judge_anew, note_answered
from models.store.tallies import answers_of, count_answers
from models.store.tellings import (
    Locked,
    Telling,
    comment_of,
    contract_of,
    find_response,
    keep_withdrawal,
    known_of,
    lock_response,
    new_row,
    note_known,
    says_the_same,
    settle_of,
    take_back,
    take_withdrawal,
    telling_of,
    write_answer,
)
from models.submissions import Pointer
from models.survey import Reason, SurveyResponse, Unscored, Withdrawal
from models.tables import CaseRow, DeliveryRow, ResponseRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery. `response_id` is empty where no response came of it; else `case_id` or
    `reason` is set, and both where an answer was taken back that had a case. `problem` is the place that
    was not understood.
    """

    fate: DeliveryFate
    response_id: str = ""
    case_id: str | None = None
    reason: Reason | None = None
    problem: str | None = None


class Intake:
    def __init__(self, vault: Vault, book: OrganisationBook) -> None:
        self._vault = vault
        self._book = book

    async def take_told(
        self,
        session: AsyncSession,
        delivery: Delivery,
        told: SurveyResponse | Withdrawal | Unscored | Pointer,
        *,
        by: InForce,
    ) -> Taken:
        """Whatever is told of a response."""
        match told:
            case SurveyResponse():
                return await self.take(session, delivery, told, by=by)
            case Unscored():
                return await self.keep_unfinished(session, delivery, told)
            case Withdrawal():
                return await self.withdraw(session, delivery, told)
            case Pointer():
                return await self.keep_pointer(session, delivery, told)
            case _:
                assert_never(told)

    async def take(
        self, session: AsyncSession, delivery: Delivery, response: SurveyResponse, *, by: InForce
    ) -> Taken:
        """Keep the delivery and its response, and mint or join a case where it is called for."""
        if response.trial is not None:
            fate = DeliveryFate(response.trial)
            keep_delivery(session, self._vault, delivery, fate=fate)
            return Taken(fate)
        telling = telling_of(response, delivery.source, by.organisation)
        found = await find_response(session, delivery.source, response.response_id)
        if found is None:
            return await self._take_first(session, delivery, telling, by=by)
        locked = await lock_response(session, found)
        return await self._take_again(session, delivery, telling, locked, by=by)

    async def withdraw(self, session: AsyncSession, delivery: Delivery, told: Withdrawal) -> Taken:
        """One whose response never came is kept until it does."""
        at = told.at or delivery.received_at
        await forget_fetches(session, delivery.source, told.response_id)
        found = await find_response(session, delivery.source, told.response_id)
        if found is None:
            new = await keep_withdrawal(session, delivery.source, told.response_id, at)
            fate = DeliveryFate.WITHDRAWN if new else DeliveryFate.REPEAT
            keep_delivery(session, self._vault, delivery, fate=fate, awaits=told.response_id)
            return Taken(fate)
        locked = await lock_response(session, found)
        if told.at is None:  # it is about what stands, whatever the system's clock says of that
            at = max(at, locked.row.changed_at or at)
        new = take_back(locked, at, told_at=delivery.received_at)
        fate = DeliveryFate.UNDERSTOOD if new else DeliveryFate.REPEAT
        keep_delivery(session, self._vault, delivery, fate=fate, response=locked.row)
        await session.flush()
        await self._count(session, locked.row)
        return _taken(locked.row, fate)

    async def take_back_late(self, session: AsyncSession, response_row: str) -> None:
        """It came at the same moment as its withdrawal, which is kept still."""
        locked = await lock_response(session, await session.get_one(ResponseRow, response_row))
        row = locked.row
        at = await take_withdrawal(session, row.source, row.response_id)
        if at is not None:
            take_back(locked, at, told_at=row.received_at)
            await session.flush()
            await self._count(session, row)

    async def settle(self, session: AsyncSession, response_row: str, *, at: datetime) -> None:
        """What nobody completed counts as it stands; whoever comes second finds it done."""
        row = (await lock_response(session, await session.get_one(ResponseRow, response_row))).row
        if row.settles_at is None or row.settles_at > at:
            return
        row.reason, row.settles_at = None, None
        by = await self._book.in_force(session)
        await mint_or_join(session, row, self._vault, by=by, at=at)
        session.add(row)
        await session.flush()
        await self._count(session, row)

    async def _take_first(
        self, session: AsyncSession, delivery: Delivery, telling: Telling, *, by: InForce
    ) -> Taken:
        response, at = telling.response, delivery.received_at
        customer, box, new_phone = await customer_of(
            session, self._vault, response, at=at, by=by.organisation.recognition.identity
        )
        row = new_row(str(uuid7()), delivery.source, telling, at=at, to=customer.id)
        row.new_phone, row.way = new_phone, delivery.way
        row.progress, row.changed_at = response.progress, response.changed_at
        row.withdrawn_at = await take_withdrawal(session, row.source, row.response_id)
        write_answer(row, box, telling)
        row.contract = contract_of(response, self._vault)
        await self._open_or_explain(session, row, telling, by=by, at=at)
        session.add(row)
        await link_deliveries(session, self._vault, row)
        keep_delivery(session, self._vault, delivery, fate=DeliveryFate.UNDERSTOOD, response=row)
        await session.flush()
        await note_answered(session, row, named=response.resurvey_of)
        await self._count(session, row, new=True)
        return _taken(row)

    async def _take_again(
        self,
        session: AsyncSession,
        delivery: Delivery,
        telling: Telling,
        locked: Locked,
        *,
        by: InForce,
    ) -> Taken:
        """Older news changes nothing; nor does any of a customer who was forgotten."""
        row, response = locked.row, telling.response
        box = await box_of(session, self._vault, locked.customer.key_id)
        before, after = known_of(row), known_of(row).told(response.progress, response.changed_at)
        stays = after is not None and after.withdrawn is before.withdrawn
        same = box is None or says_the_same(row, box, telling, later=after != before)
        known = box is None or after is None or (stays and same)
        if after is not None:
            note_known(row, after)
            session.add(row)
        fate = DeliveryFate.REPEAT if known else DeliveryFate.UNDERSTOOD
        if box is not None and not known:
            row.revision += 1
            row.told_at = delivery.received_at
            heard = await self._rewrite(session, locked, box, telling)
            await self._follow(session, locked, telling, by=by, again=heard or not stays)
            await judge_anew(session, row)
        keep_delivery(session, self._vault, delivery, fate=fate, response=row)
        await session.flush()
        if not known:
            await self._count(session, row)
        return _taken(row, fate)

    async def _rewrite(
        self, session: AsyncSession, locked: Locked, box: Box, telling: Telling
    ) -> bool:
        """Returns whether its case has something to hear by it."""
        row, customer, response = locked.row, locked.customer, telling.response
        before = row.score, comment_of(row, box)
        if row.case_id is None:
            customer, box, new_phone = await customer_of(
                session,
                self._vault,
                response,
                at=row.told_at or row.received_at,
                by=telling.today.recognition.identity,
                known=customer,
            )
            row.customer_id, row.contract = customer.id, contract_of(response, self._vault)
            await link_deliveries(session, self._vault, row)
        else:
            new_phone = await refresh(session, self._vault, customer, box, response)
            session.add(customer)
        write_answer(row, box, telling)
        row.new_phone = new_phone or (row.new_phone and row.consumed_seq is None)
        return new_phone or before != (response.score, response.comment)

    async def _follow(
        self, session: AsyncSession, locked: Locked, telling: Telling, *, by: InForce, again: bool
    ) -> None:
        """What another answer comes to: its case hears it, or there is one now where there was none.

        A case that is closed hears nothing: who is worse off than it heard last gets another one.
        """
        row, case, at = locked.row, locked.case, locked.row.told_at or locked.row.received_at
        calls = telling.reason is None and not known_of(row).withdrawn
        was_withdrawn = row.reason == Reason.WITHDRAWN
        worse = row.heard_score is not None and row.score < row.heard_score
        if case is None or (not case.open and calls and (worse or was_withdrawn)):
            await self._open_or_explain(session, row, telling, by=by, at=at)
            return
        row.reason = Reason.WITHDRAWN if known_of(row).withdrawn else None
        if case.open and again:
            row.consumed_seq, row.signalled_at = None, None
            make_graver(case, row, by.organisation)
            session.add(case)

    async def _open_or_explain(
        self,
        session: AsyncSession,
        row: ResponseRow,
        telling: Telling,
        *,
        by: InForce,
        at: datetime,
    ) -> None:
        row.reason = Reason.WITHDRAWN if known_of(row).withdrawn else telling.reason
        unfinished = row.reason is Reason.UNFINISHED
        row.settles_at = at + settle_of(row.source, by.organisation) if unfinished else None
        if row.reason is None:
            await mint_or_join(session, row, self._vault, by=by, at=at)

    async def _count(self, session: AsyncSession, row: ResponseRow, *, new: bool = False) -> None:
        """With those of the case that the new one reopens: that is known from now on."""
        case = await session.get(CaseRow, row.case_id) if row.case_id else None
        reopened = await answers_of(session, case.reopens) if case and case.reopens else ()
        await count_answers(session, self._book, [row, *reopened], new=new and not reopened)

    async def keep_unfinished(
        self, session: AsyncSession, delivery: Delivery, told: Unscored
    ) -> Taken:
        """Late, it is told of a response that is known already."""
        named, fate = told.response_id, DeliveryFate.UNFINISHED
        found = await find_response(session, delivery.source, named)
        keep_delivery(session, self._vault, delivery, fate=fate, response=found, awaits=named)
        return Taken(fate)

    async def keep_pointer(
        self, session: AsyncSession, delivery: Delivery, pointer: Pointer
    ) -> Taken:
        """From the moment this is committed its answer is asked for, until it is had or given up."""
        kept = keep_delivery(session, self._vault, delivery, fate=DeliveryFate.TO_FETCH)
        source, at = delivery.source, delivery.received_at
        if await ask_for(session, source, pointer, delivery=kept, at=at):
            return Taken(DeliveryFate.TO_FETCH)
        (await session.get_one(DeliveryRow, kept)).fate = DeliveryFate.REPEAT
        return Taken(DeliveryFate.REPEAT)

    async def quarantine(self, session: AsyncSession, delivery: Delivery, problem: str) -> str:
        """Keep what was not understood, for replay. `problem` names the place, never the value.

        What waits there already is not kept a second time: systems send again what they had no answer to.
        """
        return await keep_once(session, self._vault, delivery, problem=problem)


def _taken(row: ResponseRow, fate: DeliveryFate = DeliveryFate.UNDERSTOOD) -> Taken:
    return Taken(fate, row.id, row.case_id, Reason(row.reason) if row.reason else None)
