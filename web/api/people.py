"""The JSON API about people: what waits for each of them."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotKnown
from models.inbox import Group
from models.store.actions import count_work, list_work
from models.store.doers import doers_of
from models.store.gestures import count_asked, list_asked
from models.store.inbox import Desk, count_waiting, list_waiting
from web.api.questions import Limit
from web.api.schemas import InboxGroup, InboxLine
from web.api.work import AskedLineOut, AskedOut, WorkLineOut, WorkOut
from web.desk import desk_of
from web.provided import InHouse

router = APIRouter()


@router.get("/people/{person}/inbox", tags=["people"])
async def inbox(person: str, house: InHouse, limit: Limit = 50) -> Mapping[Group, InboxGroup]:
    """What waits for this person, as he sees it himself, without anybody's words."""
    async with house.database.read() as session:
        me = (await house.book.in_force(session)).organisation.people.get(person)
        if me is None:
            raise NotKnown("There is no such person.")
        desk = await desk_of(session, house, me)
        counts = await count_waiting(session, desk)
        return {
            group: InboxGroup(count=count, items=await _read(session, desk, group, limit=limit))
            for group, count in counts.items()
        }


@router.get("/people/{person}/actions", tags=["people"])
async def actions(person: str, house: InHouse, limit: Limit = 50) -> WorkOut:
    """What this person has to do on the cases of others, the most urgent first, without anybody's words."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        me = today.people.get(person)
        if me is None:
            raise NotKnown("There is no such person.")
        doers = await doers_of(session, today, at=house.clock())
        rows = await list_work(session, doers, me, limit=limit)
        count = await count_work(session, doers, me)
    return WorkOut(count=count, items=[WorkLineOut.of(action, case) for action, case in rows])


@router.get("/people/{person}/gestures", tags=["people"])
async def gestures(person: str, house: InHouse, limit: Limit = 50) -> AskedOut:
    """To which this person is asked to say yes, the most urgent first, without anybody's words."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        me = today.people.get(person)
        if me is None:
            raise NotKnown("There is no such person.")
        rows = await list_asked(session, today, me, limit=limit)
        count = await count_asked(session, today, me)
    return AskedOut(count=count, items=[AskedLineOut.of(asked, case) for asked, case in rows])


async def _read(
    session: AsyncSession, desk: Desk, group: Group, *, limit: int
) -> Sequence[InboxLine]:
    rows = await list_waiting(session, desk, group, limit=limit)
    return [InboxLine.of(row) for row in rows]
