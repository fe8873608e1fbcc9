"""The calls that come to our number: whose each is, who was rung for it, and what became of it. Called in a
unit of work.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.actions import Act, Attempt, Contact, Reached
from models.bridge import Accepted, Call, Standing
from models.call_forms import Told, read_written, written
from models.call_tables import CallRow
from models.errors import NotKnown
from models.inbound import Heard, InQuestion, fold, in_question
from models.inbound_tables import InboundCallRow, RingEventRow, RingRow
from models.notices import Audience
from models.store.bridges import CallView
from models.store.merging import same_person
from models.tables import CaseRow, CustomerRow, EntryRow, IntentRow, KeyRow, ResponseRow
from models.timeline import CUSTOMER, EntryKind
from models.vault import Vault

LONGEST = timedelta(minutes=40)
"""Longer than all ringing and the longest talk together: by then it is known what became of a call."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Who rings, and about which case of his. Both None: no customer has this number."""

    customer_id: str | None = None
    case_id: str | None = None


async def take_call(
    session: AsyncSession, vault: Vault, sid: str, number: str | None, *, at: datetime
) -> InboundCallRow:
    """Of a call of this id, however often it is told of. `number` is in E.164, None where it is hidden."""
    same = select(InboundCallRow).where(InboundCallRow.sid == sid).with_for_update()
    known = (await session.exec(same)).first()
    if known is not None:
        return known
    whose = await whose_call(session, vault, number) if number else Whose()
    stranger = number is not None and whose.customer_id is None
    row = InboundCallRow(
        id=str(uuid7()),
        sid=sid,
        came_at=at,
        number_index=vault.index("phone", number or "") if stranger else None,
        customer_id=whose.customer_id,
        case_id=whose.case_id,
        settle_at=at + LONGEST,
    )
    row.wants = not await asked_for_no_calls(session, row)
    session.add(row)
    await session.flush()
    return row


async def asked_for_no_calls(session: AsyncSession, call: InboundCallRow) -> bool:
    """He may ring us all the same, but that alone takes nothing back."""
    customer = await session.get(CustomerRow, call.customer_id) if call.customer_id else None
    return customer is not None and customer.no_calls_since is not None


async def whose_call(session: AsyncSession, vault: Vault, number: str) -> Whose:
    """Of who has this phone and is not forgotten. Of several names of his, and several who share a phone,
    the one whose case it is.
    """
    having = (
        select(CustomerRow.id)
        .join(KeyRow, col(KeyRow.id) == col(CustomerRow.key_id))
        .where(CustomerRow.phone_index == vault.index("phone", number))
    )
    his = (await session.exec(having.order_by(col(CustomerRow.id).desc()))).all()
    if not his:
        return Whose()
    names = {name for each in his for name in await same_person(session, each)}
    case = await _in_question(session, names)
    if case is None:
        last = await _latest_case(session, names)
        return Whose(last.customer_id if last else his[0])
    if case.customer_id in names:
        return Whose(case.customer_id, case.id)
    sharing = select(ResponseRow.customer_id).where(
        ResponseRow.case_id == case.id, col(ResponseRow.customer_id).in_(names)
    )
    return Whose((await session.exec(sharing.limit(1))).one(), case.id)


async def open_case_of(session: AsyncSession, call: InboundCallRow) -> str | None:
    """The one that a call would be about if it came now."""
    names = await same_person(session, call.customer_id) if call.customer_id else ()
    case = await _in_question(session, names)
    return case.id if case else None


async def latest_case_of(session: AsyncSession, call: InboundCallRow) -> CaseRow | None:
    """Open or closed."""
    names = await same_person(session, call.customer_id) if call.customer_id else ()
    return await _latest_case(session, names)


async def find_inbound(session: AsyncSession, call_id: str) -> InboundCallRow:
    """Locked where the database can. Raises NotKnown."""
    row = await session.get(InboundCallRow, call_id, with_for_update=True)
    if row is None:
        raise NotKnown("There is no such call.")
    return row


async def find_ring(session: AsyncSession, ring_id: str) -> tuple[RingRow, InboundCallRow]:
    """With its call, which is locked first. Raises NotKnown."""
    ring = await session.get(RingRow, ring_id)
    if ring is None:
        raise NotKnown("There is no such ring.")
    return ring, await find_inbound(session, ring.call_id)


async def rings_of(session: AsyncSession, call_id: str) -> Sequence[RingRow]:
    """In their order."""
    rung = select(RingRow).where(RingRow.call_id == call_id).order_by(col(RingRow.n))
    return (await session.exec(rung)).all()


async def add_ring(
    session: AsyncSession, call: InboundCallRow, person: str, *, n: int, at: datetime
) -> RingRow:
    row = RingRow(id=str(uuid7()), call_id=call.id, n=n, person=person, rung_at=at)
    session.add(row)
    await session.flush()
    return row


async def keep_ring_told(session: AsyncSession, ring: RingRow, told: Told, *, at: datetime) -> Call:
    """What was told before changes nothing; the ring as it stands now is returned."""
    if await session.get(RingEventRow, (ring.id, told.key)) is None:
        event = RingEventRow(ring_id=ring.id, key=told.key, told_at=at, event=written(told.event))
        session.add(event)
        await session.flush()
    return await ring_as_it_stands(session, ring.id)


async def ring_as_it_stands(session: AsyncSession, ring_id: str) -> Call:
    return fold(await _heard(session, ring_id))


async def is_taken(session: AsyncSession, call_id: str) -> bool | None:
    """None while two of them may still be talking: the end of it was not told yet."""
    rung = [await ring_as_it_stands(session, ring.id) for ring in await rings_of(session, call_id)]
    if any(each.attempt is Reached.REACHED for each in rung):
        return True
    return None if any(each.standing is Standing.TALKING for each in rung) else False


async def latest_taken(
    session: AsyncSession, case_id: str, person: str, *, now: datetime
) -> CallView | None:
    """The newest call about the case that he took: his key was pressed."""
    rung = (
        select(RingRow, InboundCallRow)
        .join(InboundCallRow, col(InboundCallRow.id) == col(RingRow.call_id))
        .where(InboundCallRow.case_id == case_id, RingRow.person == person)
        .order_by(col(RingRow.id).desc())
    )
    for ring, call in (await session.exec(rung)).all():
        heard = await _heard(session, ring.id)
        if any(isinstance(each.event, Accepted) for each in heard):
            stands, whom = fold(heard), call.customer_id or ""
            silent = not stands.over and now - ring.rung_at > LONGEST
            return CallView(ring.id, whom, ring.rung_at, stands, None, silent, inbound=True)
    return None


async def as_it_was(
    session: AsyncSession, act: Act, *, case_id: str, person: str, now: datetime
) -> Act:
    """Of a talk by phone, whether it was he who rang: that is said of the first after such a call."""
    if not isinstance(act, Attempt) or act.outcome is not Reached.REACHED:
        return act
    if act.channel is not Contact.PHONE:
        return act
    taken = await latest_taken(session, case_id, person, now=now)
    if taken is None or taken.call.attempt is not Reached.REACHED:
        return act
    noted = select(EntryRow.seq).where(
        EntryRow.case_id == case_id,
        EntryRow.kind == EntryKind.ATTEMPTED,
        EntryRow.by == person,
        EntryRow.at >= taken.started_at,
    )
    before = (await session.exec(noted.limit(1))).first()
    return act if before is not None else replace(act, inbound=True)


async def _latest_case(session: AsyncSession, names: Collection[str]) -> CaseRow | None:
    his = select(CaseRow).where(col(CaseRow.customer_id).in_(names))
    return (await session.exec(his.order_by(col(CaseRow.opened_at).desc()).limit(1))).first()


async def _in_question(session: AsyncSession, names: Collection[str]) -> CaseRow | None:
    """Of the open cases in which he, by any of his names, is the customer or heard."""
    heard = select(ResponseRow.case_id).where(col(ResponseRow.customer_id).in_(names))
    his = or_(col(CaseRow.customer_id).in_(names), col(CaseRow.id).in_(heard))
    cases = (await session.exec(select(CaseRow).where(col(CaseRow.open), his))).all()
    chosen = in_question(await _turned(session, cases))
    return next((each for each in cases if chosen and each.id == chosen.case_id), None)


async def _turned(session: AsyncSession, cases: Collection[CaseRow]) -> Sequence[InQuestion]:
    """An attempt that was noted counts, a call of ours that nobody noted yet, and what we wrote to him."""
    ids = [case.id for case in cases]
    tried = select(EntryRow.case_id, func.max(EntryRow.at)).where(
        col(EntryRow.case_id).in_(ids),
        EntryRow.kind == EntryKind.ATTEMPTED,
        EntryRow.by != CUSTOMER,
    )
    called = select(CallRow.case_id, func.max(CallRow.started_at)).where(
        col(CallRow.case_id).in_(ids)
    )
    wrote = select(IntentRow.case_id, func.max(IntentRow.posted_at)).where(
        col(IntentRow.case_id).in_(ids), IntentRow.audience == Audience.CUSTOMER
    )
    turned: defaultdict[str | None, list[datetime]] = defaultdict(list)
    for times in (
        await session.exec(tried.group_by(col(EntryRow.case_id))),
        await session.exec(called.group_by(col(CallRow.case_id))),
        await session.exec(wrote.group_by(col(IntentRow.case_id))),
    ):
        for case_id, at in times.all():
            turned[case_id] += [at] if at is not None else []
    return [InQuestion(c.id, c.opened_at, max(turned[c.id], default=None)) for c in cases]


async def _heard(session: AsyncSession, ring_id: str) -> Sequence[Heard]:
    told = select(RingEventRow).where(RingEventRow.ring_id == ring_id)
    return [Heard(row.told_at, read_written(row.event)) for row in (await session.exec(told)).all()]
