"""Promises to customers, as the timeline tells what became of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from models.promise_tables import PromiseRow
from models.tables import EntryRow
from year.invariants.verdict import Wrong, name_of, unless
from year.tables import Tables


def every_promise_has_its_word(tables: Tables) -> Iterator[Wrong]:
    """Kept or broken by timestamps; dropped if the case ended first; none while it is still open.

    A date that had passed when it got another one stays missed. What was taken back is broken, unless the
    customer agreed.
    """
    for promise in tables.promises:
        case = tables.cases[promise.case_id]
        wanted = _told(tables, promise).word(case.closed_at)
        told = f"promise {promise.number} of {name_of(case)} is {promise.word}, not {wanted}"
        yield unless(promise.word == wanted, told)


def a_promise_that_passes_is_noted_at_its_date(tables: Tables) -> Iterator[Wrong]:
    """Each of its dates once, and only while its case is open and nobody has kept it. What is done at the
    very instant may have come before that was noted, or after it.
    """
    for promise in tables.promises:
        case = tables.cases[promise.case_id]
        of_it, end = _told(tables, promise), case.closed_at or tables.now
        passed, at_most = of_it.passed(end), of_it.passed(end, at_once=True)
        noted = [
            entry.due
            for entry in tables.of(case.id, "promise_broken")
            if entry.facts["number"] == promise.number
        ]
        told = f"promise {promise.number} of {name_of(case)} was noted at {noted}, not {passed}"
        yield unless(noted in (passed, at_most), told)


@dataclass(slots=True)
class _Told:
    """`dates` are those that it had before, with the instant at which each got another one or was done."""

    due: datetime
    dates: list[tuple[datetime, datetime]] = field(default_factory=list)
    missed: bool = False
    done: datetime | None = None
    dropped: datetime | None = None
    agreed: bool = False

    def hear(self, entry: EntryRow) -> None:
        match entry.kind:
            case "action_done":
                self.done = entry.at
                self.dates.append((self.due, entry.at))
            case "action_dropped":
                self.dropped, self.agreed = entry.at, entry.facts["agreed"] == 1
            case "gesture_approved":
                self.due = _promised(entry)
            case "action_changed" | "action_refused" if "promised" in entry.facts:
                self.missed |= self.due < entry.at
                if self.done is None:
                    self.dates.append((self.due, entry.at))
                self.due, self.done = _promised(entry), None

    def word(self, closed_at: datetime | None) -> str | None:
        if self.missed or (self.dropped and not self.agreed):
            return "broken"
        if self.done is not None:
            return "kept" if self.done <= self.due else "broken"
        over = self.dropped or closed_at
        if over is None:
            return None
        return "broken" if self.due < over else "dropped"

    def passed(self, end: datetime, *, at_once: bool = False) -> list[datetime]:
        """`at_once`: those at whose very instant it ended too."""
        last = [] if self.done else [(self.due, self.dropped or end)]
        return [
            due for due, until in (*self.dates, *last) if due < until or (at_once and due == until)
        ]


def _told(tables: Tables, promise: PromiseRow) -> _Told:
    """The first entry of its number is the promise itself."""
    of_it = (
        entry
        for entry in tables.of(promise.case_id)
        if entry.kind.startswith(("action_", "gesture_approved"))
        and entry.facts.get("number") == promise.number
    )
    told = _Told(_promised(next(of_it)))
    for entry in of_it:
        told.hear(entry)
    return told


def _promised(entry: EntryRow) -> datetime:
    return datetime.fromisoformat(str(entry.facts["promised"]))
