"""Targets, levels and rungs: what silence leads to. Values only; instants are worked out in `plan`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from models.errors import Misconfigured
from models.survey import Origin


class Target(StrEnum):
    """What is awaited, from the moment its clock starts.

    The first attempt runs beside the contact, the closure beside all others (`models.deadlines`); an
    organisation need not set a target for either.
    """

    ACKNOWLEDGE = "acknowledge"
    ATTEMPT = "attempt"
    CONTACT = "contact"
    PLAN = "plan"
    REPAIR = "repair"
    CONFIRMATION = "confirmation"
    CLOSURE = "closure"


class Post(StrEnum):
    """Who stands on a level of the ladder, seen from the person whom the routing named."""

    ASSIGNEE = "assignee"
    DEPUTY = "deputy"
    REFERENT = "referent"
    """Of the trade; one who has the region too goes first."""
    NEIGHBOUR = "neighbour"
    """Who answers for the same in a neighbouring region."""
    NATIONAL_OWNER = "national_owner"
    EXECUTIVE = "executive"
    PERSON = "person"
    """Whom the level names."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of working time (`time`), or a number of working days (`days`). One of them is zero."""

    time: timedelta = timedelta()
    days: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """One level: who, and at which shares of a target he is reminded.

    `repeat_every` repeats the reminder after the last share until the breach; on a last level it
    repeats after the breach, for ever. `person` is set where the post is a person, `targets` are
    those that replace the case's own while it stands here.
    """

    post: Post
    remind_at: tuple[float, ...] = ()
    repeat_every: Span | None = None
    person: str | None = None
    targets: Mapping[Target, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """After `at_most` attempts in vain a customer counts as unreachable.

    `spacing` passes between two of them, on the clock on the wall; less where the target is shorter. After
    those that `write_after` numbers (from 1) he gets a written message.
    """

    at_most: int
    spacing: timedelta
    write_after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What is pinned on a case when it opens. `levels` ends with one that repeats.

    `ladder` is the id of the ladder that they are of; the one without conditions has none.
    `by_origin` holds the targets that differ where the customer was heard by that channel.
    """

    targets: Mapping[Target, Span]
    levels: tuple[Level, ...]
    calls: CallPolicy
    by_origin: Mapping[Origin, Mapping[Target, Span]] = field(default_factory=dict)
    ladder: str = ""

    @property
    def last(self) -> int:
        """The number of the last level."""
        return len(self.levels) - 1

    def level(self, number: int) -> Level:
        """Above the last one there is nobody."""
        return self.levels[min(number, self.last)]

    def number_as(self, number: int, before: "Policy") -> int:
        """Where stands here who stands on `number` of another ladder: on the same post, or where there is
        none on the highest of those below him, so that who stands above both is still to hear of the case.
        """
        posts = [(level.post, level.person) for level in self.levels]
        below = reversed(before.levels[: number + 1])
        return next((posts.index(p) for b in below if (p := (b.post, b.person)) in posts), 0)

    def length(self, target: Target, origin: Origin) -> Span | None:
        """Of who has the case first; None where only a level has such a target."""
        return {**self.targets, **self.by_origin.get(origin, {})}.get(target)


class RungKind(StrEnum):
    REMIND = "remind"
    HAND_UP = "hand_up"
    REPEAT = "repeat"
    CLOSE_UNCONFIRMED = "close_unconfirmed"
    BREAK = "break"
    """The date of a promise to the customer."""
    RESUME = "resume"
    """A pause is over."""


class Subject(StrEnum):
    """What may have a deadline of its own beside the target that the stage awaits."""

    ATTEMPT = "attempt"
    CLOSURE = "closure"
    ACTION = "action"
    """Of somebody who does not own the case: reminders and lateness are his own, and move no case."""
    GESTURE = "gesture"
    """The yes of somebody higher, to what is above the authority of who promised it: it moves no case."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Names a deadline. `number` tells several of one subject apart; 0 where there is only one."""

    subject: Subject
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rung:
    """Something that happens at `at` (aware, UTC) unless somebody acts before.

    `watch` is the deadline it belongs to; None is the target that the stage awaits, or a promise.
    """

    kind: RungKind
    at: datetime
    watch: Watch | None = None

    @property
    def moves(self) -> bool:
        """The case; reminders move nothing, nor does what is said of an action to who has it."""
        return self.kind not in {RungKind.REMIND, RungKind.BREAK} and not self.of_action

    @property
    def of_action(self) -> bool:
        """Of one, be it that it is to be done or that it waits for a yes."""
        return self.watch is not None and self.watch.subject in {Subject.ACTION, Subject.GESTURE}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A watch that runs. `due` is worked out once, when it starts; a pause or planning anew alone move it.

    Its rungs were laid for `person` on `level`, with none before `quiet_until`: they are laid anew, for the
    same `due`, when one of the three changes. `passed` says that it ran out and nothing more comes of it,
    `paused` how much working time its pauses took, which `due` comes later by.
    """

    watch: Watch
    start: datetime
    due: datetime
    person: str | None = None
    level: int = 0
    quiet_until: datetime | None = None
    passed: bool = False
    paused: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Clock:
    """A target that starts to run. `by`, promised or asked for, overrides the target's length.

    `watched` is set where `by` has a rung of its own already: a promise, or an action of somebody else.
    `again` is set when the last level repeats: only the repeat is planned, not the reminders.
    Before `quiet_until` nobody is reminded, for he could not act: a reminder waits until then.
    `paused` is the working time of its pauses: everything comes later by as much.
    """

    target: Target
    start: datetime
    by: datetime | None = None
    again: bool = False
    quiet_until: datetime | None = None
    watched: bool = False
    paused: timedelta = timedelta()


def length_of(policy: Policy, clock: Clock) -> Span:
    """The working time that it gives from its start, or from the date that somebody named.

    Who has such a date before him, or a repair that was handed up to him, must first take it: that is the
    time of an acknowledgement.
    """
    if clock.again:
        return repeat_every(policy)
    taken = clock.by is not None or clock.target is Target.REPAIR
    return policy.targets[Target.ACKNOWLEDGE if taken else clock.target]


def repeat_every(policy: Policy) -> Span:
    every = policy.levels[-1].repeat_every
    if every is None:
        raise Misconfigured("The last level of the ladder does not say how often it repeats.")
    return every
