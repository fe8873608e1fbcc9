"""Two customers who are one person: they are linked, and what is known of either stays where it is.

No response, case or key is moved or rewritten, so that one of them may be forgotten without the other.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customer_tables import SamePersonRow
from models.errors import WrongMove
from models.people import Person
from models.store.customer_views import customers_of
from models.store.customers import lock_customer
from models.store.rights import readable_by
from models.store.views import find_case
from models.tables import CaseRow, CustomerRow, ResponseRow

SHOWN = 20


async def same_person(session: AsyncSession, customer_id: str) -> tuple[str, ...]:
    """All ids of his, the oldest first: that one is by which he shares a case."""
    of_his = select(SamePersonRow.same_as).where(SamePersonRow.customer_id == customer_id)
    links = select(SamePersonRow).where(
        or_(col(SamePersonRow.same_as) == customer_id, col(SamePersonRow.same_as).in_(of_his))
    )
    found = (await session.exec(links.order_by(col(SamePersonRow.customer_id)))).all()
    if not found:
        return (customer_id,)
    return (found[0].same_as, *(link.customer_id for link in found))


async def merge(
    session: AsyncSession, case_id: str, other: str, *, by: Person, at: datetime
) -> Sequence[str]:
    """The customers of two cases; returns all ids of the one person, the oldest first.

    The same said again changes nothing. Raises NotKnown, or WrongMove within one case.
    """
    cases = await find_case(session, case_id), await find_case(session, other)
    if cases[0].id == cases[1].id:
        raise WrongMove("same_case", "Name two cases: this is one.")
    older, newer = await _oldest_first(session, [case.customer_id for case in cases])
    if older.id != newer.id:
        for link in await _links_to(session, newer.id):
            link.same_as = older.id
            session.add(link)
        link = SamePersonRow(customer_id=newer.id, same_as=older.id, linked_at=at, linked_by=by.id)
        session.add(link)
        await session.flush()
        await _share_wish(session, await same_person(session, older.id))
    return await same_person(session, older.id)


async def part(session: AsyncSession, case_id: str) -> Sequence[str]:
    """The customer of the case is somebody else again; returns all ids that he still has.

    The same said again changes nothing. Raises NotKnown, or WrongMove where an answer has come to a case
    meanwhile: it may be there because they were one person.
    """
    customer_id = (await find_case(session, case_id)).customer_id
    his = await same_person(session, customer_id)
    links = await _links_of(session, customer_id)
    for link in links:
        if await _has_answered(session, his, since=link.linked_at):
            raise WrongMove("joined_since", "An answer has come to a case since they were linked.")
        await session.delete(link)
    await session.flush()
    return await same_person(session, customer_id)


async def _has_answered(session: AsyncSession, his: Sequence[str], *, since: datetime) -> bool:
    answers = select(ResponseRow.id).where(
        col(ResponseRow.customer_id).in_(his),
        col(ResponseRow.case_id).is_not(None),
        ResponseRow.received_at >= since,
    )
    return (await session.exec(answers.limit(1))).first() is not None


async def other_cases(session: AsyncSession, case: CaseRow, *, reader: Person) -> Sequence[CaseRow]:
    """Under his other names, as far as `reader` may read them: at most 20, the newest first."""
    his = await same_person(session, case.customer_id)
    others = [each for each in his if each != case.customer_id]
    if not others:
        return []
    cases = select(CaseRow).where(col(CaseRow.customer_id).in_(others), readable_by(reader))
    return (await session.exec(cases.order_by(col(CaseRow.id).desc()).limit(SHOWN))).all()


async def _oldest_first(
    session: AsyncSession, customer_ids: Sequence[str]
) -> tuple[CustomerRow, CustomerRow]:
    """By the oldest row of each. Locked in one order, whoever links whom."""
    oldest = [(await same_person(session, each))[0] for each in customer_ids]
    locked = {each: await lock_customer(session, each) for each in sorted(set(oldest))}
    found = sorted((locked[each] for each in oldest), key=lambda row: (row.created_at, row.id))
    return found[0], found[1]


async def _links_to(session: AsyncSession, customer_id: str) -> Sequence[SamePersonRow]:
    links = select(SamePersonRow).where(SamePersonRow.same_as == customer_id)
    return (await session.exec(links)).all()


async def _links_of(session: AsyncSession, customer_id: str) -> Sequence[SamePersonRow]:
    """His own; of the oldest those of all others."""
    own = await session.get(SamePersonRow, customer_id)
    return [own] if own else await _links_to(session, customer_id)


async def _share_wish(session: AsyncSession, his: Sequence[str]) -> None:
    """Who asked not to be called is not called under another name, be it one that was linked before."""
    rows = list((await customers_of(session, his)).values())
    since = [row.no_calls_since for row in rows if row.no_calls_since is not None]
    for row in rows:
        row.no_calls_since = row.no_calls_since or min(since, default=None)
        session.add(row)
