"""The JSON API of a trusted server: cases, acts, responses, the outbox, the figures."""

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import AfterValidator, AwareDatetime, RootModel

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
)
from models.case import Stage
from models.errors import NotKnown
from models.figures import Figures
from models.store.figures import figures
from models.store.intake import find_response
from models.store.views import CaseFilter, list_cases, read_case
from models.survey import Reason
from web.acting import perform, usual_due
from web.answers import FAULTS
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
    within_reason,
)
from web.local import messages_are_readable
from web.permits import Wish
from web.provided import House, InHouse, TrustedServer

router = APIRouter(prefix="/api", dependencies=[TrustedServer], responses=FAULTS)

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key for the same act, however often it is sent.",
    ),
]
Instant = Annotated[AwareDatetime, AfterValidator(within_reason)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]


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
) -> CasePage:
    """Newest first."""
    wanted = CaseFilter(open_, owner, region, state)
    async with house.database.read() as session:
        rows = await list_cases(session, wanted, limit=limit + 1, before=cursor)
    items = [CaseLine.of(row) for row in rows[:limit]]
    return CasePage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/cases/{case_id}", tags=["cases"])
async def case(case_id: str, house: InHouse) -> CaseOut:
    async with house.database.read() as session:
        view = await read_case(session, house.database.vault, case_id)
    return CaseOut.of_view(view)


@router.post("/cases/{case_id}/acknowledge", tags=["acts"])
async def acknowledge(case_id: str, body: AcknowledgeBody, key: Key, house: InHouse) -> CaseOut:
    return await _act(
        house, case_id, key=key, body=body, act=Acknowledge(), words={"note": body.note}
    )


@router.post("/cases/{case_id}/attempts", tags=["acts"])
async def attempt(case_id: str, body: AttemptBody, key: Key, house: InHouse) -> CaseOut:
    act = Attempt(body.outcome, body.channel)
    return await _act(house, case_id, key=key, body=body, act=act, words={"note": body.note})


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
async def read_figures(
    house: InHouse,
    *,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    region: str | None = None,
    days: Annotated[int, Query(ge=1, le=365, description="d of the closed-loop rate.")] = 7,
) -> RootModel[Figures]:
    """By submission: `from` ≤ submitted_at < `to`. Definitions: docs/figures.md."""
    async with house.database.read() as session:
        organisation = (await house.book.in_force(session)).organisation
        found = await figures(
            session,
            since=since,
            until=until,
            region=region,
            days=days,
            now=house.clock(),
            zone=ZoneInfo(organisation.head_office.zone),
        )
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
