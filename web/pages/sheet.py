"""What stands on the page of a case: plain values, in the reader's language and local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from models.action import Approval, Stand
from models.actions import ActKind, Outcome, PromiseKind
from models.calls import Hold
from models.case import Stage
from models.due_reason import DueReason
from models.ladder import RungKind
from models.money import Money, sums
from models.people import Role
from models.store.customer_views import CustomerView
from models.store.views import ActionView
from models.survey import Metric, Origin
from models.timeline import EntryKind
from models.workday import Left

Fact: TypeAlias = str | int | datetime

TELLING = frozenset(
    {
        EntryKind.ATTEMPTED,
        EntryKind.TIME_NAMED,
        EntryKind.HEARD_AGAIN,
        EntryKind.REOPENED,
        EntryKind.CALL_WANTED,
    }
)
"""Whether he can be called, and where."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is awaited must come before `at`; `then` happens if it does not.

    `left` is counted in working time. `heir` is who gets the case then, by name; None where nobody
    stands higher. `again_at` is when the customer wants a call, `hold` why he is not to be called now.
    `why` is the rule by which it is due then, with local instants.
    """

    at: datetime
    left: Left | None
    then: RungKind
    heir: str | None
    again_at: datetime | None
    hold: Hold | None
    why: DueReason | None


@dataclass(frozen=True, slots=True)
class Score:
    """`low` and `high` are the ends of the metric's scale."""

    metric: Metric
    given: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`score` is None where one of us heard it on `origin` and wrote it down: `heard_by`, by name.

    `topic` is what it touches with zero tolerance, `topic_words` the customer's own that showed it.
    `said_by` is who gave it, where that is not the case's customer.
    """

    score: Score | None
    at: datetime
    comment: str | None
    topic: str | None
    topic_words: tuple[str, ...]
    origin: Origin
    heard_by: str | None
    said_by: CustomerView | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known of the customer, as of his answer of `at`.

    `name` is one of `phone`, `email` and `file`, or the survey system's own if `given`.
    """

    name: str
    value: str
    at: datetime
    given: bool = True


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action; `kind` is set where the customer has it in writing.

    `said` is what was typed when somebody last worked on it: a note, or a reason. It is the reader's `own`
    where somebody else must accept it, because he did it. `instead` does it while its owner is away.
    """

    number: int
    what: str
    owner: str
    due: datetime
    done_at: datetime | None
    late: bool
    kind: PromiseKind | None
    stand: Stand
    cost: Money | None
    refused: int
    asked_for: datetime | None
    dropped_at: datetime | None
    said: str
    in_writing: bool
    approval: Approval | None
    approver: str
    own: bool = False
    instead: str | None = None

    @classmethod
    def of(
        cls, action: ActionView, owner: str, *, now: datetime, approver: str = ""
    ) -> "ActionLine":
        """`owner` is his name, `approver` that of who is asked for a yes; the instants are on the clocks
        of `now`.
        """
        done, zone = action.done_at, now.tzinfo
        over = done or action.dropped_at or now
        return cls(
            action.number,
            action.what,
            owner,
            action.due.astimezone(zone),
            done.astimezone(zone) if done else None,
            over > action.due,
            action.promise,
            action.stand,
            action.cost,
            action.refused,
            action.asked_for.astimezone(zone) if action.asked_for else None,
            action.dropped_at.astimezone(zone) if action.dropped_at else None,
            action.said,
            action.is_promised,
            action.approval,
            approver,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the timeline. Its facts hold names, labels and local instants instead of ids.

    `undone` was taken back later.
    """

    kind: EntryKind
    at: datetime
    by: str
    facts: Mapping[str, Fact]
    words: tuple[str, ...]
    undone: bool = False


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """A branch of the tree: its own id first if it may be named, then what is below, with the way to it."""

    label: str
    causes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Heir:
    """Somebody who may get the case; `full`: he has reached his ceiling."""

    id: str
    name: str
    full: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """For the selects: (id, what is shown). `heirs` are the people who are there, but the owner.

    `teams` are those of which somebody else than the owner is there.
    """

    people: tuple[tuple[str, str], ...]
    heirs: tuple[Heir, ...]
    teams: tuple[tuple[str, str], ...]
    causes: tuple[CauseGroup, ...]
    outcomes: tuple[Outcome, ...]
    promises: tuple[PromiseKind, ...]
    """Those for which the reader has the authority."""
    committers: tuple[Role, ...]
    """Who may commit to a repair."""
    pauses: tuple[tuple[str, str], ...]
    currency: str
    limit: Money | None = None
    """What the reader may give on a case by himself; None is no limit."""


@dataclass(frozen=True, slots=True)
class Resting:
    """Why a case rests, and until when at the latest."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """`customer` is None for a reader who may not know him; then nobody's words are here either.

    `recorded` is the attempt that the reader can take back; its commit was `undo`. `ending` is how the
    case closes where nobody is to call again; since `no_calls_since` nobody may, and where it is
    `nowhere` nobody can. `clock` is the customer's own, None where it is taken for the region's.
    """

    case_id: str
    organisation: str
    stage: Stage
    outcome: str | None
    confirmation: str | None
    owner: str | None
    me: str
    mine: bool
    now: datetime
    clock: ZoneInfo | None
    due: Due | None
    customer: CustomerView | None
    topic: str | None
    labels: tuple[str, ...]
    known: tuple[Known, ...]
    answers: tuple[Answer, ...]
    recorded: Line | None
    undo: int | None
    ending: Outcome | None
    no_calls_since: datetime | None
    nowhere: bool
    cause: str | None
    cause_id: str | None
    actions: tuple[ActionLine, ...]
    lines: tuple[Line, ...]
    reopens: str | None
    acts: tuple[ActKind, ...]
    resting: Resting | None
    wraps_up: bool
    takes: bool
    choices: Choices

    @property
    def tried(self) -> Line | None:
        """The latest attempt, unless the customer was heard after it."""
        telling = (line for line in self.lines if line.kind in TELLING and not line.undone)
        latest = next(telling, None)
        return latest if latest and latest.kind is EntryKind.ATTEMPTED else None

    @property
    def closes(self) -> bool:
        """Nothing is left to do but to end it."""
        return self.acts[:1] == (ActKind.CLOSE,)

    @property
    def costs(self) -> tuple[Money, ...]:
        """What all that was not dropped comes to."""
        counted = (action.cost for action in self.actions if action.stand is not Stand.DROPPED)
        return sums(cost for cost in counted if cost is not None)

    @property
    def to_do(self) -> tuple[ActionLine, ...]:
        return tuple(action for action in self.actions if action.stand is Stand.TO_DO)

    @property
    def changeable(self) -> tuple[ActionLine, ...]:
        """Before it is done: be it that it is to be done, or that it waits for a yes."""
        return (*self.to_do, *self.to_approve)

    @property
    def to_approve(self) -> tuple[ActionLine, ...]:
        return tuple(action for action in self.actions if action.stand is Stand.TO_APPROVE)

    @property
    def to_accept(self) -> tuple[ActionLine, ...]:
        return tuple(action for action in self.actions if action.stand is Stand.TO_ACCEPT)
