"""What has become of a response until now, as the event log tells it: what the figures count from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.actions import Outcome, Reached
from models.case import Confirmation
from models.figures import REOPENED_WITHIN
from models.ladder import Target
from models.money import Money
from models.promises import Word
from models.submissions import Way
from models.survey import Feeling, Origin, Reason
from models.targets import Fate


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt that stands: one that was taken back is none."""

    at: datetime
    outcome: Reached


@dataclass(frozen=True, slots=True)
class TargetRun:
    """One running of a target. `fate` is None while it runs."""

    target: Target
    due_at: datetime
    fate: Fate | None


@dataclass(frozen=True, slots=True)
class ActionCourse:
    """What has become of an action: in time or not, how often it was refused, and whether it was
    accepted then. `word` is None while it can still be in time, or is overdue.
    """

    word: Word | None
    refused: int = 0
    accepted: bool = False
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """What a case has come to. `followed_at` is when the first case that reopens it was opened.

    `lateness` is fired − due of each step that a clock fired. `promises` are those that are settled.
    `played`: an action follows a playbook's suggestion. `referral` is that of the closure.
    """

    closed_at: datetime | None = None
    outcome: Outcome | None = None
    confirmation: Confirmation | None = None
    highest_level: int = 0
    cause: str | None = None
    attempts: tuple[Attempted, ...] = ()
    said_no: bool = False
    followed_at: datetime | None = None
    targets: tuple[TargetRun, ...] = ()
    lateness: tuple[timedelta, ...] = ()
    promises: tuple[Word, ...] = ()
    stalled: bool = False
    played: bool = False
    referral: int | None = None
    actions: tuple[ActionCourse, ...] = ()

    @property
    def reopened(self) -> bool:
        """The customer said no when he was asked, or had to be called anew soon after the end."""
        if self.closed_at is None or self.followed_at is None:
            return self.said_no
        return self.said_no or self.followed_at - self.closed_at <= REOPENED_WITHIN

    @property
    def due_at(self) -> datetime | None:
        """When the first target that runs is due."""
        return min((run.due_at for run in self.targets if run.fate is None), default=None)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer. `opened` is False where it joined a case that was open already. `by_hand` is the channel
    on which one of us heard it and wrote it down, `back_filed` the way by which it came late.
    """

    submitted_at: datetime
    feeling: Feeling
    reason: Reason | None = None
    case: CaseCourse | None = None
    opened: bool = True
    by_hand: Origin | None = None
    back_filed: Way | None = None

    @property
    def unhappy(self) -> bool:
        """One of D: whoever has a case was, and stays one of them whatever he says afterwards. Who was heard
        too late to be called back is none.
        """
        in_time = self.reason is not Reason.TOO_OLD
        return (self.feeling is Feeling.UNHAPPY and in_time) or self.case is not None

    @property
    def reachable(self) -> bool:
        """One of E."""
        return self.unhappy and (self.reason is None or self.case is not None)

    @property
    def first_attempt(self) -> datetime | None:
        return self._first(frozenset(Reached))

    @property
    def first_contact(self) -> datetime | None:
        return self._first(frozenset({Reached.REACHED}))

    def _first(self, outcomes: frozenset[Reached]) -> datetime | None:
        """After the submission: what was done before it was not done for it."""
        attempts = self.case.attempts if self.case else ()
        return min(
            (a.at for a in attempts if a.outcome in outcomes and a.at > self.submitted_at),
            default=None,
        )
