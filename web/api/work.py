"""The JSON API of actions: what is done with one on a case, and what who has it may read of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel

from models.action import Stand
from models.action_tables import ActionRow
from models.actions import FinishAction, OnAction
from models.doers import instead_of
from models.gesture_tables import WaitingGestureRow
from models.handling import (
    AcceptAction,
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.organisation import Organisation
from models.people import Right, may
from models.store.customer_views import CustomerView
from models.store.doers import doers_of
from models.store.reading import Work, read_work
from models.store.views import ActionView, EntryView, read_case
from models.tables import CaseRow
from web.acting import perform
from web.api.acts import Key, money_of
from web.api.bodies import ActBody, ActionDoneBody, Cost, Name, SomeWords, Words
from web.api.schemas import CaseOut
from web.permits import Wish, acting_person
from web.provided import House, InHouse

router = APIRouter(prefix="/cases/{case_id}/actions/{number}", tags=["actions"])

Number = Annotated[int, Path(ge=1, le=1000)]


class AcceptBody(ActBody):
    note: Words = ""


class RefuseBody(ActBody):
    """It goes back to who did it, with what is missing and a new date."""

    due: AwareDatetime
    reason: SomeWords


class AskTimeBody(ActBody):
    """By who has the action: the date that he can keep. Whoever has the case decides."""

    due: AwareDatetime
    reason: SomeWords


class ChangeBody(ActBody):
    """A new date, another owner, another cost. A promise's new date goes to the customer in writing."""

    due: AwareDatetime | None = None
    owner: Name | None = None
    cost: Cost | None = None
    reason: SomeWords


class ApproveBody(ActBody):
    """Of a gesture above the authority of who promised it. `due` where its date has passed meanwhile."""

    due: AwareDatetime | None = None
    note: Words = ""


class DeclineBody(ActBody):
    reason: SomeWords


class DropBody(ActBody):
    """`agreed`: the customer to whom it was promised was told, and agrees. Otherwise it is broken."""

    agreed: bool = False
    reason: SomeWords


class ActionOut(BaseModel):
    """What who has an action may read: the customer only while there is something to do. `stands_in` does it
    in the place of its owner, who is away or has left.
    """

    case_id: str
    owner_of_case: str | None
    region: str | None
    trade: str | None
    touchpoint: str | None
    customer: CustomerView
    action: ActionView
    stands_in: str | None
    timeline: Sequence[EntryView]

    @classmethod
    def of(cls, work: Work, doers: Organisation) -> "ActionOut":
        row, view = work.view.row, work.view
        doer = instead_of(work.action.owner, doers)
        return cls(
            case_id=row.id,
            owner_of_case=row.owner,
            region=row.region,
            trade=row.trade,
            touchpoint=row.touchpoint,
            customer=view.customer,
            action=work.action,
            stands_in=doer.id if doer and work.action.stand is Stand.TO_DO else None,
            timeline=view.timeline,
        )


class WorkLineOut(BaseModel):
    case_id: str
    number: int
    due: datetime
    region: str | None
    trade: str | None
    owner_of_case: str | None

    @classmethod
    def of(cls, action: ActionRow, case: CaseRow) -> "WorkLineOut":
        return cls(
            case_id=case.id,
            number=action.number,
            due=action.due_at,
            region=case.region,
            trade=case.trade,
            owner_of_case=case.owner,
        )


class AskedLineOut(BaseModel):
    """A gesture that waits for a yes; after `until` the next level is asked."""

    case_id: str
    number: int
    until: datetime
    region: str | None
    trade: str | None

    @classmethod
    def of(cls, asked: WaitingGestureRow, case: CaseRow) -> "AskedLineOut":
        return cls(
            case_id=case.id,
            number=asked.number,
            until=asked.until,
            region=case.region,
            trade=case.trade,
        )


class AskedOut(BaseModel):
    """The most urgent `items` of `count`."""

    count: int
    items: Sequence[AskedLineOut]


class WorkOut(BaseModel):
    """The most urgent `items` of `count`."""

    count: int
    items: Sequence[WorkLineOut]


@router.get("")
async def action(case_id: str, number: Number, by: Name, house: InHouse) -> ActionOut:
    """For who has it, and for who may read the case."""
    return await _read(house, case_id, number, by)


@router.post("/done")
async def finish(
    case_id: str, number: Number, body: ActionDoneBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    """Done by somebody else than the owner of the case, it waits to be accepted."""
    act = FinishAction(number, cost=await money_of(house, body.cost))
    return await _act(house, case_id, act, key=key, body=body, words={"note": body.note})


@router.post("/time")
async def ask_time(
    case_id: str, number: Number, body: AskTimeBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    act, words = AskTime(number, body.due), {"reason": body.reason}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/accept")
async def accept(
    case_id: str, number: Number, body: AcceptBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    act, words = AcceptAction(number), {"note": body.note}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/refuse")
async def refuse(
    case_id: str, number: Number, body: RefuseBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    act, words = RefuseAction(number, body.due), {"reason": body.reason}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/change")
async def change(
    case_id: str, number: Number, body: ChangeBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    cost = await money_of(house, body.cost)
    act, words = ChangeAction(number, body.due, body.owner, cost), {"reason": body.reason}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/approve")
async def approve(
    case_id: str, number: Number, body: ApproveBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    """By who is asked, or somebody higher: then it is promised to the customer in writing."""
    act, words = ApproveGesture(number, body.due), {"note": body.note}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/decline")
async def decline(
    case_id: str, number: Number, body: DeclineBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    """The gesture is dropped, and the customer never hears of it."""
    act, words = RefuseGesture(number), {"reason": body.reason}
    return await _act(house, case_id, act, key=key, body=body, words=words)


@router.post("/drop")
async def drop(
    case_id: str, number: Number, body: DropBody, key: Key, house: InHouse
) -> CaseOut | ActionOut:
    act, words = DropAction(number, body.agreed), {"reason": body.reason}
    return await _act(house, case_id, act, key=key, body=body, words=words)


async def _act(
    house: House,
    case_id: str,
    act: OnAction,
    *,
    key: str,
    body: ActBody,
    words: Mapping[str, str],
) -> CaseOut | ActionOut:
    """Answers with the case, or with the action alone for who may read no more."""
    asked = f"{act.kind} {act.number} {body.as_sent()}"
    await perform(house, Wish(case_id, body.by, key, act, asked, words))
    async with house.database.read() as session:
        view = await read_case(session, house.database.vault, case_id)
        today = (await house.book.in_force(session)).organisation
    if may(acting_person(today, body.by), Right.READ, view.facts):
        return CaseOut.of_view(view)
    return await _read(house, case_id, act.number, body.by)


async def _read(house: House, case_id: str, number: int, by: str) -> ActionOut:
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        doers = await doers_of(session, today, at=house.clock())
        reader, vault = acting_person(today, by), house.database.vault
        work = await read_work(
            session, vault, case_id, number, reader=reader, today=today, doers=doers
        )
    return ActionOut.of(work, doers)
