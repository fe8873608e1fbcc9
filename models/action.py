"""An action of a case: who has it, until when, whose turn it is with it, and whether it was promised."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.actions import PromiseKind
from models.money import Money


class Approval(StrEnum):
    """Of a gesture above the authority of who promised it."""

    AWAITED = "awaited"
    GIVEN = "given"
    REFUSED = "refused"


class Stand(StrEnum):
    """Whose turn it is with an action."""

    TO_APPROVE = "to_approve"
    """A gesture above the authority of who promised it: nobody does it before somebody higher says yes."""
    TO_DO = "to_do"
    TO_ACCEPT = "to_accept"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Action:
    """A remedial action; `number` counts from 1, `round` is the one it was added or finished in.

    With `promise` the customer was told of it in writing. `broken_at` is when it was noted that the
    date of such a promise had passed; whether it was kept is told by `done_at`, `due` and `missed` alone.
    `done_at` is set while it is still `to_accept`; `refused` counts how often it was not accepted.
    `missed` is the first date of its own that had passed when it got another one. `asked_for` is the
    date that its owner would rather have. It was `agreed` with the customer to drop it.
    `approval` is None where nobody need say yes; `approver` is who is asked, on the level `asked_level`,
    and `answered_by` who said yes or no. `promised_by` is set for a gesture: his limit counts.
    """

    number: int
    owner: str
    due: datetime
    round: int = 1
    done_at: datetime | None = None
    promise: PromiseKind | None = None
    broken_at: datetime | None = None
    cost: Money | None = None
    done_by: str | None = None
    to_accept: bool = False
    accepted_by: str | None = None
    refused: int = 0
    missed: datetime | None = None
    asked_for: datetime | None = None
    dropped_at: datetime | None = None
    agreed: bool = False
    approval: Approval | None = None
    approver: str | None = None
    asked_level: int = 0
    answered_by: str | None = None
    promised_by: str | None = None

    @property
    def stand(self) -> Stand:
        if self.dropped_at is not None:
            return Stand.DROPPED
        if self.approval is Approval.AWAITED:
            return Stand.TO_APPROVE
        if self.done_at is None:
            return Stand.TO_DO
        return Stand.TO_ACCEPT if self.to_accept else Stand.DONE

    @property
    def to_do(self) -> bool:
        return self.stand is Stand.TO_DO

    @property
    def is_open(self) -> bool:
        """Somebody has yet to say yes to it, to do it, or to accept it."""
        return self.stand in {Stand.TO_APPROVE, Stand.TO_DO, Stand.TO_ACCEPT}

    @property
    def counts(self) -> bool:
        """Nobody need say yes to it, or somebody did."""
        return self.approval in {None, Approval.GIVEN}

    @property
    def is_promised(self) -> bool:
        """The customer has it in writing: a gesture without a yes he never hears of."""
        return self.promise is not None and self.counts
