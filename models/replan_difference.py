"""What planning the open cases anew would change, for a person to read before he says yes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.assignment import Circumstances
from models.case import AWAITS, CaseState, next_due
from models.deadlines import target_of
from models.decision import policy_of
from models.ladder import Span, Target
from models.replanning import Anew, Course, Rules


@dataclass(frozen=True, slots=True)
class Longer:
    """How long a target that runs was, and is to be; None: there was none, or is to be none."""

    target: Target
    before: Span | None
    after: Span | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One case: when what its stage awaits, and its next rung, were due and are to be.

    `targets` are those of its running ones whose length differs; without any it is the hours, the
    holidays or the ladder that do, or the version alone, by which nothing moves.
    """

    case_id: str
    target: Target
    targets: tuple[Longer, ...]
    due_before: datetime | None
    due_after: datetime | None
    next_before: datetime | None
    next_after: datetime | None
    overdue: bool

    @property
    def moves(self) -> bool:
        """Else it goes by another version from then on, and no instant of it changes."""
        due, rung = self.due_before != self.due_after, self.next_before != self.next_after
        return bool(self.targets) or due or rung


@dataclass(frozen=True, slots=True)
class Difference:
    """`changed` by the id of the case: those that move, and those that only go by the new version."""

    looked_at: int
    changed: tuple[Changed, ...]

    @property
    def moved(self) -> tuple[Changed, ...]:
        return tuple(each for each in self.changed if each.moves)

    @property
    def overdue(self) -> tuple[Changed, ...]:
        return tuple(each for each in self.changed if each.overdue)

    @property
    def by_target(self) -> Mapping[Longer, int]:
        """How many cases, by what runs."""
        found = Counter(longer for each in self.changed for longer in each.targets)
        order = list(Target)
        return dict(sorted(found.items(), key=lambda of: (order.index(of[0].target), -of[1])))

    @property
    def otherwise(self) -> int:
        """The cases that move though no target is longer or shorter."""
        return sum(not each.targets for each in self.moved)


def difference_of(
    state: CaseState, course: Course | None, anew: Anew, rules: Rules, found: Circumstances
) -> Changed:
    was, is_now = (
        policy_of(state, found, versions).targets for versions in (rules.before, rules.after)
    )
    beside = (target_of(d.watch) for d in (*state.deadlines, *anew.state.deadlines))
    run = dict.fromkeys((AWAITS[state.stage], *(target for target in beside if target)))
    targets = (Longer(target, was.get(target), is_now.get(target)) for target in run)
    return Changed(
        state.case_id,
        AWAITS[state.stage],
        tuple(each for each in targets if each.before != each.after),
        course.due_at if course else None,
        anew.due,
        next_due(state),
        next_due(anew.state),
        anew.overdue,
    )
