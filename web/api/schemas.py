"""The JSON that the API takes and gives."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.actions import MOST_NAMES, Contact, Outcome, PromiseKind, Reached
from models.case import CaseState, Stage
from models.figures import DAYS
from models.ladder import Rung
from models.money import MOST
from models.store.outbox import Letter
from models.store.views import (
    ActionView,
    CaseView,
    CustomerView,
    EntryView,
    ResponseView,
)
from models.survey import Reason
from models.tables import CaseRow, IntentRow

_SEALED = {"address_sealed", "subject_sealed", "body_sealed"}

Words = Annotated[str, Field(max_length=8000)]
SomeWords = Annotated[str, Field(min_length=1, max_length=8000)]
Referral = Annotated[
    int | None,
    Field(
        ge=0,
        le=MOST_NAMES,
        description="The customer recommends us: how many names he gave. Never whose.",
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=64)]


def kept_days(days: int) -> int:
    if days not in DAYS:
        raise ValueError(f"The closed-loop rate is kept for {DAYS}.")
    return days


class ActBody(BaseModel):
    """`by` is the id of the acting person."""

    model_config = ConfigDict(extra="forbid")
    by: Name


class AcknowledgeBody(ActBody):
    note: Words = ""


class AttemptBody(ActBody):
    """`again_at` goes with `later`: when the customer asked to be called."""

    outcome: Reached
    channel: Contact = Contact.PHONE
    again_at: AwareDatetime | None = None
    note: Words = ""


class TakeBackBody(ActBody):
    """Only who recorded the latest attempt takes it back, and only until something else happens.

    `seq` is that of the attempt in the timeline; without it the latest is meant.
    """

    seq: int | None = None


class WrapUpBody(ActBody):
    """Cause, what was `done` at once, and what the customer said of it if he was asked.

    `referral` goes with a *yes*.
    """

    cause: Name
    words: Words = ""
    done: SomeWords
    solved: Literal["yes", "no"] | None = None
    referral: Referral = None


class CauseBody(ActBody):
    """`words` are the customer's own."""

    cause: Name
    words: Words = ""


class Cost(BaseModel):
    """In cents. Without `currency` it is that of the organisation; another one is refused."""

    model_config = ConfigDict(extra="forbid")
    cents: Annotated[int, Field(strict=True, ge=0, le=MOST)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class ActionBody(ActBody):
    """Without `owner` the acting person does it; without `due` the repair target counts.

    With `promise` the customer gets it in writing: `what` is for his eyes then. Without it this is an
    action of ours. `suggested` names the suggestion of a playbook that it follows, as in `delay:2`.
    """

    what: SomeWords
    owner: Name | None = None
    due: AwareDatetime | None = None
    promise: PromiseKind | None = None
    suggested: Annotated[str | None, Field(max_length=64)] = None
    cost: Cost | None = None


class ActionDoneBody(ActBody):
    """`cost` takes the place of what was planned."""

    note: Words = ""
    cost: Cost | None = None


class HandOverBody(ActBody):
    """`to` is a person or a team, whose rule then picks. Without a `reason` it is refused."""

    to: Name
    reason: Words = ""


class ConfirmationBody(ActBody):
    """`by` is who recorded the answer, or `customer` when the customer gave it himself."""

    answer: Literal["yes", "no", "call_me"]
    note: Words = ""
    referral: Referral = None


class CloseBody(ActBody):
    """A withdrawn case needs a note. `referral` goes with a recovered one."""

    outcome: Outcome
    note: Words = ""
    referral: Referral = None


class PauseBody(ActBody):
    """`reason` is one of the organisation's file, `until` when it ends at the latest; `words` say more."""

    reason: Name
    until: AwareDatetime
    words: SomeWords


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
    """Exactly one of `case_id` and `reason` is set."""

    response_id: str
    case_id: str | None
    joined: bool
    reason: Reason | None
    received_at: datetime


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
