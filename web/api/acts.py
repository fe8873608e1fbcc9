"""The JSON API: what people do with a case, each act once per idempotency key."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Header

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    HandOver,
    NameCause,
    Pause,
    Resume,
    TakeBack,
)
from models.money import Money
from models.store.views import read_case
from web.acting import our_currency, perform, usual_due
from web.api.bodies import (
    AcknowledgeBody,
    ActBody,
    ActionBody,
    AttemptBody,
    CauseBody,
    CloseBody,
    ConfirmationBody,
    Cost,
    HandOverBody,
    PauseBody,
    TakeBackBody,
    WrapUpBody,
)
from web.api.schemas import CaseOut
from web.permits import Wish
from web.provided import House, InHouse
from web.wrapping_up import WrapUp, wrap_up

router = APIRouter(tags=["acts"])

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key for the same act, however often it is sent.",
    ),
]


@router.post("/cases/{case_id}/acknowledge")
async def acknowledge(case_id: str, body: AcknowledgeBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=Acknowledge(), words={"note": body.note}
    )


@router.post("/cases/{case_id}/attempts")
async def attempt(case_id: str, body: AttemptBody, key: Key, house: InHouse) -> CaseOut:
    act = Attempt(body.outcome, body.channel, body.again_at, body.whom)
    return await _act(house, case_id, key=key, body=body, act=act, words={"note": body.note})


@router.post("/cases/{case_id}/take-back")
async def take_back(case_id: str, body: TakeBackBody, key: Key, house: InHouse) -> CaseOut:
    """Undo of the latest attempt."""
    return await _act(house, case_id, key=key, body=body, act=TakeBack(body.seq), words={})


@router.post("/cases/{case_id}/wrap-up")
async def wrap_up_case(case_id: str, body: WrapUpBody, key: Key, house: InHouse) -> CaseOut:
    """After a call: the cause, an action done at once, and the customer's answer, in this order.

    What was applied before a failure stays; the same key goes on from there.
    """
    solved = None if body.solved is None else body.solved == "yes"
    said = WrapUp(
        case_id=case_id,
        actor=body.by,
        key=key,
        cause=body.cause,
        words=body.words,
        done=body.done,
        solved=solved,
        referral=body.referral,
    )
    await wrap_up(house, said)
    return await _read(house, case_id)


@router.post("/cases/{case_id}/cause")
async def name_cause(case_id: str, body: CauseBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=NameCause(body.cause), words={"words": body.words}
    )


@router.post("/cases/{case_id}/actions")
async def add_action(case_id: str, body: ActionBody, key: Key, house: InHouse) -> CaseOut:
    due = body.due or await usual_due(house, case_id)
    cost = await money_of(house, body.cost)
    act = AddAction(body.owner or body.by, due, body.promise, body.suggested, cost)
    return await _act(house, case_id, key=key, body=body, act=act, words={"what": body.what})


@router.post("/cases/{case_id}/hand-over")
async def hand_over(case_id: str, body: HandOverBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=HandOver(body.to), words={"reason": body.reason}
    )


@router.post("/cases/{case_id}/confirmation")
async def confirm(case_id: str, body: ConfirmationBody, key: Key, house: InHouse) -> CaseOut:
    """A *yes* closes the case, a *no* reopens it one level up, *call_me* asks its owner for a call."""
    answered = Confirm(body.answer == "yes", body.referral)
    act = CallMe() if body.answer == "call_me" else answered
    return await _act(house, case_id, key=key, body=body, act=act, words={"note": body.note})


@router.post("/cases/{case_id}/close")
async def close(case_id: str, body: CloseBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house,
        case_id,
        key=key,
        body=body,
        act=Close(body.outcome, body.referral),
        words={"note": body.note},
    )


@router.post("/cases/{case_id}/pause")
async def pause(case_id: str, body: PauseBody, key: Key, house: InHouse) -> CaseOut:
    """Our targets stand still, promises to the customer do not; whatever is heard of him wakes the case."""
    act = Pause(body.reason, body.until)
    return await _act(house, case_id, key=key, body=body, act=act, words={"words": body.words})


@router.post("/cases/{case_id}/resume")
async def resume(case_id: str, body: ActBody, key: Key, house: InHouse) -> CaseOut:
    """Before its time. At its end a pause is over by itself."""
    return await _act(house, case_id, key=key, body=body, act=Resume(), words={})


async def money_of(house: House, cost: Cost | None) -> Money | None:
    if cost is None:
        return None
    return Money(cost.cents, cost.currency or await our_currency(house))


async def _act(
    house: House,
    case_id: str,
    *,
    key: str,
    body: ActBody,
    act: Act,
    words: Mapping[str, str],
) -> CaseOut:
    # Two blanks, as ever: what is sent again after an upgrade is the same request.
    asked = f"{act.kind}  {body.as_sent()}"
    await perform(house, Wish(case_id, body.by, key, act, asked, words))
    return await _read(house, case_id)


async def _read(house: House, case_id: str) -> CaseOut:
    async with house.database.read() as session:
        return CaseOut.of_view(await read_case(session, house.database.vault, case_id))
