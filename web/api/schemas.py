"""The JSON that the API gives."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel

from models.case import CaseState, Stage
from models.figures import DAYS
from models.ladder import Rung
from models.store.customer_views import CustomerView, Sharer
from models.store.outbox import Letter
from models.store.views import ActionView, CaseView, EntryView, ResponseView
from models.survey import Reason
from models.tables import CaseRow, IntentRow, ResponseRow

_SEALED = {"address_sealed", "subject_sealed", "body_sealed"}


def kept_days(days: int) -> int:
    if days not in DAYS:
        raise ValueError(f"The closed-loop rate is kept for {DAYS}.")
    return days


class MessageOut(BaseModel):
    id: str
    message: str
    audience: str
    person: str | None
    channel: str
    status: str
    reason: str | None
    not_before: datetime
    posted_at: datetime | None


class CaseLine(BaseModel):
    """A case in a list. `state` is its stage, `topic` its gravest zero-tolerance topic; it is stalled
    since it ran out of time on the last level, until somebody turns to the customer.
    """

    id: str
    state: Stage
    open: bool
    owner: str | None
    level: int
    region: str | None
    trade: str | None
    touchpoint: str | None
    topic: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    confirmation: str | None
    stalled_since: datetime | None

    @classmethod
    def of(cls, row: CaseRow) -> "CaseLine":
        return cls.model_validate(_line(row))


class CaseOut(CaseLine):
    """`due` holds every instant at which something happens unless somebody acts, the next one first.

    `next_call_at` is when the attempt after one in vain may come. A case that rests does so until
    `paused_until`.
    """

    seq: int
    organisation_version: int
    reopens: str | None
    round: int
    attempts: int
    next_call_at: datetime | None
    cause: str | None
    paused_until: datetime | None
    due: Sequence[Rung]
    customer: CustomerView
    sharers: Sequence[Sharer]
    responses: Sequence[ResponseView]
    actions: Sequence[ActionView]
    timeline: Sequence[EntryView]
    messages: Sequence[MessageOut]

    @classmethod
    def of_view(cls, view: CaseView) -> "CaseOut":
        state = view.state or CaseState(view.row.id, view.row.opened_at)
        return cls.model_validate(
            _line(view.row)
            | asdict(state)
            | {
                "state": view.row.stage,
                "organisation_version": view.row.version,
                "reopens": view.row.reopens,
                "topic": view.row.topic,
                "due": state.rungs,
                "paused_until": state.pause.until if state.pause else None,
                "next_call_at": state.reach.next_call_at,
                "customer": view.customer,
                "sharers": view.sharers,
                "responses": view.responses,
                "actions": view.actions,
                "timeline": view.timeline,
                "messages": [asdict(message) for message in view.messages],
            }
        )


class CasePage(BaseModel):
    """`next` is the cursor of the next page, None on the last."""

    items: Sequence[CaseLine]
    next: str | None


class InboxLine(BaseModel):
    """`due` is when that is overdue which is awaited in this state, and of whom."""

    id: str
    state: Stage
    awaited_from: str
    due: datetime

    @classmethod
    def of(cls, row: CaseRow) -> "InboxLine":
        return cls.model_validate(_line(row) | {"due": row.awaited_by})


class InboxGroup(BaseModel):
    """The most urgent `items` of `count`."""

    count: int
    items: Sequence[InboxLine]


class ResponseStatus(BaseModel):
    """`case_id` or `reason` is set; both where an answer was taken back that has a case."""

    response_id: str
    case_id: str | None
    joined: bool
    reason: Reason | None
    received_at: datetime

    @classmethod
    def of(cls, row: ResponseRow) -> "ResponseStatus":
        return cls.model_validate(row.model_dump() | {"response_id": row.id})


class OutboxItem(MessageOut):
    """`address`, `subject` and `body` are null unless messages only go to the console of this machine.

    A letter that is about no single case has no `case_id`.
    """

    case_id: str | None
    language: str
    created_at: datetime
    address: str | None
    subject: str | None
    body: str | None

    @classmethod
    def of_intent(cls, row: IntentRow, letter: Letter | None) -> "OutboxItem":
        said = {name: getattr(letter, name, None) for name in ("address", "subject", "body")}
        return cls.model_validate(row.model_dump(exclude=_SEALED) | said)


class OutboxPage(BaseModel):
    items: Sequence[OutboxItem]
    next: str | None


def _line(row: CaseRow) -> dict[str, object]:
    return row.model_dump(exclude={"snapshot"}) | {"state": row.stage}
