"""The JSON API of a trusted server: cases, acts, responses, the outbox, the figures."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import AfterValidator, RootModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    TakeBack,
)
from models.case import Stage
from models.errors import NotKnown
from models.figures import DAYS, Asked, Figures
from models.people import Person
from models.store.figures import read_figures
from models.store.intake import find_response
from models.store.reading import read_case_as
from models.store.rights import listed_for
from models.store.views import CaseFilter, list_cases, read_case
from models.survey import Reason
from web.acting import perform, usual_due
from web.answers import FAULTS
from web.api import people
from web.api.schemas import (
    AcknowledgeBody,
    ActBody,
    ActionBody,
    ActionDoneBody,
    AttemptBody,
    CaseLine,
    CaseOut,
    CasePage,
    CauseBody,
    CloseBody,
    ConfirmationBody,
    HandOverBody,
    OutboxItem,
    OutboxPage,
    ResponseStatus,
    TakeBackBody,
    WrapUpBody,
    kept_days,
)
from web.local import messages_are_readable
from web.permits import Wish, acting_person
from web.provided import House, InHouse, TrustedServer
from web.wrapping_up import WrapUp, wrap_up

router = APIRouter(prefix="/api", dependencies=[TrustedServer], responses=FAULTS)
router.include_router(people.router)

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key for the same act, however often it is sent.",
    ),
]
Month = Annotated[
    str,
    Query(pattern=r"^(19|2\d)\d\d-(0[1-9]|1[0-2])$", description="`2026-11`, of the head office."),
]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
By = Annotated[
    str | None,
    Query(description="The person for whom it is read: then his rights decide what it holds."),
]


@router.get("/responses/{source}/{response_id:path}", tags=["responses"])
async def response_status(source: str, response_id: str, house: InHouse) -> ResponseStatus:
    async with house.database.read() as session:
        row = await find_response(session, source, response_id)
    if row is None:
        raise NotKnown("This response never arrived.")
    return ResponseStatus(
        response_id=row.id,
        case_id=row.case_id,
        joined=row.joined,
        reason=Reason(row.reason) if row.reason else None,
        received_at=row.received_at,
    )


@router.get("/cases", tags=["cases"])
async def cases(
    house: InHouse,
    *,
    open_: Annotated[bool | None, Query(alias="open")] = None,
    owner: str | None = None,
    region: str | None = None,
    state: Stage | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    by: By = None,
) -> CasePage:
    """Newest first."""
    wanted = CaseFilter(open_, owner, region, state)
    async with house.database.read() as session:
        reader = await _reader(house, session, by)
        reach = listed_for(reader) if reader else None
        rows = await list_cases(session, wanted, limit=limit + 1, before=cursor, reach=reach)
    items = [CaseLine.of(row) for row in rows[:limit]]
    return CasePage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/cases/{case_id}", tags=["cases"])
async def case(case_id: str, house: InHouse, by: By = None) -> CaseOut:
    """Whole; for an executive without the customer and without words."""
    vault = house.database.vault
    async with house.database.read() as session:
        reader = await _reader(house, session, by)
        if reader is None:
            return CaseOut.of_view(await read_case(session, vault, case_id))
        return CaseOut.of_view(await read_case_as(session, vault, case_id, reader=reader))


@router.post("/cases/{case_id}/acknowledge", tags=["acts"])
async def acknowledge(case_id: str, body: AcknowledgeBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=Acknowledge(), words={"note": body.note}
    )


@router.post("/cases/{case_id}/attempts", tags=["acts"])
async def attempt(case_id: str, body: AttemptBody, key: Key, house: InHouse) -> CaseOut:
    act = Attempt(body.outcome, body.channel, body.again_at)
    return await _act(house, case_id, key=key, body=body, act=act, words={"note": body.note})


@router.post("/cases/{case_id}/take-back", tags=["acts"])
async def take_back(case_id: str, body: TakeBackBody, key: Key, house: InHouse) -> CaseOut:
    """Undo of the latest attempt."""
    return await _act(house, case_id, key=key, body=body, act=TakeBack(body.seq), words={})


@router.post("/cases/{case_id}/wrap-up", tags=["acts"])
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
    )
    await wrap_up(house, said)
    return await case(case_id, house)


@router.post("/cases/{case_id}/cause", tags=["acts"])
async def name_cause(case_id: str, body: CauseBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=NameCause(body.cause), words={"words": body.words}
    )


@router.post("/cases/{case_id}/actions", tags=["acts"])
async def add_action(case_id: str, body: ActionBody, key: Key, house: InHouse) -> CaseOut:
    due = body.due or await usual_due(house, case_id)
    act = AddAction(body.owner or body.by, due)
    return await _act(house, case_id, key=key, body=body, act=act, words={"what": body.what})


@router.post("/cases/{case_id}/actions/{number}/done", tags=["acts"])
async def finish_action(
    case_id: str,
    number: Annotated[int, Path(ge=1, le=1000)],
    body: ActionDoneBody,
    key: Key,
    house: InHouse,
) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=FinishAction(number), words={"note": body.note}
    )


@router.post("/cases/{case_id}/hand-over", tags=["acts"])
async def hand_over(case_id: str, body: HandOverBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=HandOver(body.to), words={"reason": body.reason}
    )


@router.post("/cases/{case_id}/confirmation", tags=["acts"])
async def confirm(case_id: str, body: ConfirmationBody, key: Key, house: InHouse) -> CaseOut:
    """A *yes* closes the case, a *no* reopens it."""
    act = Confirm(solved=body.answer == "yes")
    return await _act(house, case_id, key=key, body=body, act=act, words={"note": body.note})


@router.post("/cases/{case_id}/close", tags=["acts"])
async def close(case_id: str, body: CloseBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=Close(body.outcome), words={"note": body.note}
    )


@router.get("/figures", tags=["figures"])
async def figures(
    house: InHouse,
    *,
    first: Annotated[Month | None, Query(alias="from")] = None,
    last: Annotated[Month | None, Query(alias="to")] = None,
    region: str | None = None,
    trade: str | None = None,
    days: Annotated[
        int,
        AfterValidator(kept_days),
        Query(description=f"d of the closed-loop rate: one of {DAYS}."),
    ] = 30,
) -> RootModel[Figures]:
    """Of the answers submitted in these months, both included. Definitions: docs/figures.md."""
    asked = Asked(first, last, region, trade, days)
    async with house.database.read() as session:
        found = await read_figures(session, asked, now=house.clock(), book=house.book)
    return RootModel(found)


@router.get("/outbox", tags=["outbox"])
async def outbox(
    request: Request, house: InHouse, limit: Limit = 50, cursor: Cursor = None
) -> OutboxPage:
    """Newest first; the words only where `console` is the carrier and this machine is asking."""
    readable = messages_are_readable(request, house.settings)
    async with house.database.read() as session:
        rows = await house.outbox.page(session, limit=limit + 1, before=cursor)
    items = [
        OutboxItem.of_intent(row, letter if readable else None) for row, letter in rows[:limit]
    ]
    return OutboxPage(items=items, next=items[-1].id if len(rows) > limit else None)


async def _reader(house: House, session: AsyncSession, by: str | None) -> Person | None:
    if by is None:
        return None
    return acting_person((await house.book.in_force(session)).organisation, by)


async def _act(
    house: House,
    case_id: str,
    *,
    key: str,
    body: ActBody,
    act: Act,
    words: Mapping[str, str],
) -> CaseOut:
    number = act.number if isinstance(act, FinishAction) else ""
    asked = f"{act.kind} {number} {body.model_dump_json()}"
    await perform(house, Wish(case_id, body.by, key, act, asked, words))
    return await case(case_id, house)
