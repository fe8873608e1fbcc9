"""The JSON that the API takes: one body per act."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.actions import MOST_NAMES, Contact, Outcome, PromiseKind, Reached
from models.money import MOST
from web.repeats import left_out

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


class ActBody(BaseModel):
    """`by` is the id of the acting person."""

    model_config = ConfigDict(extra="forbid")
    by: Name

    def as_sent(self) -> str:
        """By this a repeat is known, also after an upgrade."""
        return self.model_dump_json(exclude=left_out(dict(self)))


class AcknowledgeBody(ActBody):
    note: Words = ""


class AttemptBody(ActBody):
    """`again_at` goes with `later`: when the customer asked to be called. `whom` is one of the case's
    `sharers`; without it its own customer is meant.
    """

    outcome: Reached
    channel: Contact = Contact.PHONE
    again_at: AwareDatetime | None = None
    whom: Name | None = None
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
