"""A case: where it stands, which moves are allowed, what may happen to it, and what a move is.

Values only; what each event does is decided in `models.moves`. Stages change in `advance` only,
along `ALLOWED`, from which the docs' diagram is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from models.absence import RosterChanged
from models.action import Action
from models.actions import Act, Outcome
from models.errors import WrongMove
from models.ladder import Clock, Deadline, Rung, Target, Watch
from models.notices import Notice
from models.pauses import Pause, PauseOver
from models.reach import UNTRIED, Reach
from models.replans import Replan, Replanned
from models.revisions import Change
from models.timeline import Entry
from models.transfers import Transfer


class Stage(StrEnum):
    HEARD = "heard"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    UNDERSTOOD = "understood"
    REPAIRING = "repairing"
    CONFIRMING = "confirming"
    CLOSED = "closed"


ALLOWED: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.HEARD: frozenset({Stage.ASKED, Stage.CLOSED}),
        Stage.ASKED: frozenset(
            {
                Stage.ACKNOWLEDGED,
                Stage.CONTACTED,
                Stage.UNDERSTOOD,
                Stage.REPAIRING,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.ACKNOWLEDGED: frozenset(
            {
                Stage.ASKED,
                Stage.CONTACTED,
                Stage.UNDERSTOOD,
                Stage.REPAIRING,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.CONTACTED: frozenset(
            {
                Stage.ASKED,
                Stage.ACKNOWLEDGED,
                Stage.UNDERSTOOD,
                Stage.REPAIRING,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.UNDERSTOOD: frozenset(
            {Stage.ASKED, Stage.ACKNOWLEDGED, Stage.REPAIRING, Stage.CLOSED}
        ),
        Stage.REPAIRING: frozenset(
            {
                Stage.ASKED,
                Stage.ACKNOWLEDGED,
                Stage.UNDERSTOOD,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.CONFIRMING: frozenset(
            {Stage.ASKED, Stage.ACKNOWLEDGED, Stage.REPAIRING, Stage.CLOSED}
        ),
        Stage.CLOSED: frozenset(),
    }
)

TO_CALL = frozenset({Stage.ASKED, Stage.ACKNOWLEDGED})
"""Where the customer has yet to be spoken to."""

AWAITS: Mapping[Stage, Target] = MappingProxyType(
    {
        Stage.ASKED: Target.ACKNOWLEDGE,
        Stage.ACKNOWLEDGED: Target.CONTACT,
        Stage.CONTACTED: Target.PLAN,
        Stage.UNDERSTOOD: Target.PLAN,
        Stage.REPAIRING: Target.REPAIR,
        Stage.CONFIRMING: Target.CONFIRMATION,
    }
)


class Confirmation(StrEnum):
    NOT_ASKED = "not_asked"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    """The customer was asked and stayed silent, or a person closed before he answered."""


@dataclass(frozen=True, slots=True)
class BeforeAttempt:
    """What `by` gets back when he takes back the attempt that was commit `seq`."""

    seq: int
    by: str
    stage: Stage
    attempts: int
    postponed: int
    again_at: datetime | None
    reached_at: datetime | None
    refused: bool
    rungs: tuple[Rung, ...]
    reach: Reach = UNTRIED
    clock: Clock | None = None
    deadlines: tuple[Deadline, ...] = ()
    stalled_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseState:
    """All of a case that decisions need; it travels through workflow histories, so ids only.

    `seq` counts commits. `assignee` is whom the routing (or a hand-over by hand) named: the
    ladder's levels are seen from him, and `owner` is who must act now. `round` grows each time the
    customer must be called again; `attempts`, `reached_at` and `refused` speak of this round, and so do
    `postponed`, the attempts at which he asked for another time, and `again_at`, the time he named.
    `before` is set while the latest attempt can be taken back: until anything else happens.
    `raised` says that its zero-tolerance `topic` put it where it stands, at the top.
    `rungs` are all that is planned, in order of time; `deadlines` are what runs beside the stage's target,
    whose own were planned from `clock` (None: before 0.2). `paused` is the working time of the pauses
    that are over.
    `stands_for` is whose case it is as soon as he is back, while `owner` stands in for him. `had` are
    those who owned it before him since the assignee was named. `stalled_since` is when it ran out of
    time on the last level: set until somebody turns to the customer.
    """

    case_id: str
    opened_at: datetime
    seq: int = 0
    stage: Stage = Stage.HEARD
    assignee: str | None = None
    owner: str | None = None
    level: int = 0
    round: int = 1
    attempts: int = 0
    unreachable_after: int = 1
    reached_at: datetime | None = None
    refused: bool = False
    cause: str | None = None
    actions: tuple[Action, ...] = ()
    outcome: Outcome | None = None
    confirmation: Confirmation = Confirmation.NOT_ASKED
    rungs: tuple[Rung, ...] = ()
    postponed: int = 0
    again_at: datetime | None = None
    before: BeforeAttempt | None = None
    topic: str | None = None
    raised: bool = False
    reach: Reach = UNTRIED
    stands_for: str | None = None
    clock: Clock | None = None
    deadlines: tuple[Deadline, ...] = ()
    pause: Pause | None = None
    paused: timedelta = timedelta()
    had: tuple[str, ...] = ()
    stalled_since: datetime | None = None

    @property
    def closed(self) -> bool:
        return self.stage is Stage.CLOSED

    @property
    def declined(self) -> bool:
        """He was to be called, and asked not to be: nobody calls him again."""
        return self.refused and self.stage in TO_CALL

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.is_open)

    @property
    def to_accept(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.to_accept)

    @property
    def remedied(self) -> bool:
        """Something was done for the customer since he last had to be called."""
        return not self.open_actions and self.round in {a.round for a in self.actions if a.done_at}


@dataclass(frozen=True, slots=True)
class Opened:
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """A further unhappy response of the same customer joined the case, or one of its own stands otherwise.

    `submitted_at` is when the customer said it.
    """

    response_id: str
    revision: int
    submitted_at: datetime
    at: datetime
    topic: str | None = None
    new_phone: bool = False
    change: Change = Change.JOINED


@dataclass(frozen=True, slots=True)
class Acted:
    """A person's act. `draft` is the id of the database row that holds what he typed."""

    act: Act
    by: str
    at: datetime
    draft: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody acted before `rung.at`; `at` is when that was noticed."""

    rung: Rung
    at: datetime


Event: TypeAlias = Opened | HeardAgain | Acted | Silence | RosterChanged | Replanned


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does. `state` follows it; the commit has yet to fill in owner and rungs.

    `clock` starts a target (None: the running one goes on). `answered` says that this move is what
    the running target waited for; `breached`, that it ran out. `takes_back` is the commit whose targets
    are undone: the one that it started never was, the one that it ended runs on. `tried_at` is the
    instant of an attempt in vain: the commit works out when the next one may come. `overran` is the deadline
    beside the target that ran out, `over` the pause that ends, `replan` by which rules all is planned anew.
    """

    state: CaseState
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...] = ()
    transfer: Transfer | None = None
    clock: Clock | None = None
    answered: bool = False
    breached: bool = False
    takes_back: int | None = None
    tried_at: datetime | None = None
    replan: Replan | None = None
    over: PauseOver | None = None
    overran: Watch | None = None


def next_due(state: CaseState) -> datetime | None:
    return state.rungs[0].at if state.rungs else None


def next_turn(state: CaseState) -> Rung | None:
    """The first rung by which the case moves on, whichever deadline it belongs to."""
    return next((rung for rung in state.rungs if rung.moves), None)


def advance(state: CaseState, to: Stage) -> CaseState:
    """Raises WrongMove where `ALLOWED` knows no such way. Staying is always allowed."""
    if to is state.stage:
        return state
    if to not in ALLOWED[state.stage]:
        raise WrongMove("stage", f"A case that is {state.stage} cannot become {to}.")
    return replace(state, stage=to)
