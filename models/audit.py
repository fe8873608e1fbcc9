"""The audit's judgement of an open case: what the database says against what Temporal says."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

EVERY = timedelta(minutes=5)
SILENCE = 3 * EVERY
"""An audit that has not ended for so long is away itself."""
STUBBORN = 3
"""A task or an activity at this attempt fails again and again; one restarted worker costs two."""
SHARES = 16
"""Each run also looks closely at every sixteenth case: at all of them within 80 minutes."""


class Finding(StrEnum):
    MISSING = "missing"
    """Open in the database, and no workflow runs."""
    OVERDUE = "overdue"
    """Its workflow runs and waits, though the next instant has passed: the timer was lost."""
    FAILING = "failing"
    """Its workflow task, or its commit, fails again and again."""
    NO_NEXT_INSTANT = "no_next_instant"
    """Nothing would ever happen to it unless somebody acts."""


class Repair(StrEnum):
    STARTED_AGAIN = "started_again"
    """Handed to the dispatcher, who starts it from its snapshot."""
    NUDGED = "nudged"


REPAIRS: Mapping[Finding, Repair] = {
    Finding.MISSING: Repair.STARTED_AGAIN,
    Finding.OVERDUE: Repair.NUDGED,
}
"""The others are for a person: only an alarm is raised."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What the database says. A case whose opening is not committed is due since it was opened.

    `dispatched`: started on this Temporal server, or known to be lost; else it is new, or comes from
    another server. `claimed`: a dispatcher has it in hand. `alarmed`: an audit found something before.
    """

    case_id: str
    seq: int
    due_at: datetime | None
    dispatched: bool = True
    claimed: bool = field(default=False, compare=False)
    alarmed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What `describe` says. `attempt` is the highest of the tasks and activities under way; 0: none."""

    running: bool
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Hints:
    """Why a case may be worth a closer look. `running` is None where the server cannot list.

    What was due before `due_before`, by the clock that the cases live by, is long overdue.
    """

    running: Collection[str] | None
    due_before: datetime
    share: int

    def doubt(self, case: OpenCase) -> bool:
        if case.alarmed or case.due_at is None or case.due_at < self.due_before:
            return True
        return self.running is None or case.case_id not in self.running or self._drawn(case)

    def _drawn(self, case: OpenCase) -> bool:
        return crc32(case.case_id.encode()) % SHARES == self.share


def share_at(now: datetime) -> int:
    """Which share is drawn: the next one in each period."""
    return int(now.timestamp() // EVERY.total_seconds()) % SHARES


def judge(case: OpenCase, seen: Sighting, *, due_before: datetime) -> Finding | None:
    """None is sound. What the dispatcher has yet to start is missing only once it is overdue.

    A late case with a task under way is on its way: only of one that rests the timer was lost.
    """
    overdue = case.due_at is not None and case.due_at < due_before
    if not seen.running:
        lost = not case.claimed and (case.dispatched or overdue)
        return Finding.MISSING if lost else None
    if seen.attempt >= STUBBORN:
        return Finding.FAILING
    if seen.attempt:
        return None
    if case.due_at is None:
        return Finding.NO_NEXT_INSTANT
    return Finding.OVERDUE if overdue else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: every open case up to the id `after`, and what it found."""

    after: str = ""
    looked_at: int = 0
    found: Mapping[Finding, int] = field(default_factory=dict)

    def on(self, page: Sequence[OpenCase], findings: Collection[Finding]) -> "Progress":
        """`page` holds at least one case."""
        found = Counter(self.found) + Counter(findings)
        return Progress(page[-1].case_id, self.looked_at + len(page), dict(found))


@dataclass(frozen=True, slots=True)
class AuditEnd:
    """What a run returns."""

    looked_at: int
    found: Mapping[Finding, int] = field(default_factory=dict)
