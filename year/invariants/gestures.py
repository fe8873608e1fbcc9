"""Gestures above the authority of who promised them: each waits for somebody's yes, and is not forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.people import Role
from models.tables import EntryRow
from year.invariants.verdict import Wrong, unless
from year.tables import Tables

ANSWERS = frozenset({"gesture_approved", "gesture_refused", "action_dropped"})
SAYS_YES = {
    Role.PARTNER: 10_000,
    Role.DIRECTOR: 10_000,
    Role.DEPUTY: 50_000,
    Role.NATIONAL_OWNER: 200_000,
    Role.EXECUTIVE: None,
}
"""Cents, as rules.yaml has it; None is no limit."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A gesture for which somebody was asked, and all that is told of it, in order."""

    case_id: str
    number: int
    by: str
    cents: int
    told: tuple[EntryRow, ...]

    @property
    def people(self) -> set[str]:
        """Who were asked."""
        return {str(entry.facts["to"]) for entry in self.told if entry.kind == "gesture_asked"}

    @property
    def answer(self) -> EntryRow | None:
        return next((entry for entry in self.told if entry.kind in ANSWERS), None)

    def __str__(self) -> str:
        return f"gesture {self.number} of case {self.case_id}"


def a_gesture_that_needs_a_yes_is_answered_or_still_asked(tables: Tables) -> Iterator[Wrong]:
    """By an answer, or by the end of its case; else somebody is asked by now."""
    waiting = {(row.case_id, row.number) for row in tables.gestures}
    for asked in _asked(tables):
        still = tables.cases[asked.case_id].open and (asked.case_id, asked.number) in waiting
        good = still if asked.answer is None else not still
        yield unless(good, f"{asked} is neither answered nor asked for, or both")


def who_says_yes_was_asked_or_has_the_authority(tables: Tables) -> Iterator[Wrong]:
    """Never who promised it. The national owner may whatever it costs: where nobody covers it he is asked."""
    for asked in _asked(tables):
        answer = asked.answer
        if answer is not None and answer.kind == "gesture_approved":
            role = tables.in_force(answer.at).people[answer.by].role
            limit = SAYS_YES.get(role, 0)
            may = limit is None or asked.cents <= limit or role is Role.NATIONAL_OWNER
            good = answer.by != asked.by and (may or answer.by in asked.people)
            yield unless(good, f"{answer.by} allowed {asked}")


def who_is_asked_and_silent_is_reminded_or_passed_over(tables: Tables) -> Iterator[Wrong]:
    """What is asked for has its time; once that is over somebody else is asked, or he is again."""
    for row in tables.gestures:
        moved = {
            entry.due
            for entry in tables.of(row.case_id, "gesture_reminded", "gesture_passed_up")
            if entry.facts["number"] == row.number
        }
        good = row.until >= tables.now or row.until in moved
        yield unless(
            good, f"nobody noted that gesture {row.number} of {row.case_id} waits too long"
        )


def the_customer_hears_of_a_gesture_after_the_yes_only(tables: Tables) -> Iterator[Wrong]:
    for asked in _asked(tables):
        said_yes = [entry.at for entry in asked.told if entry.kind == "gesture_approved"]
        for letter in tables.intents:
            about = (letter.case_id, letter.action) == (asked.case_id, asked.number)
            if about and letter.audience == "customer":
                good = bool(said_yes) and letter.created_at >= said_yes[0]
                yield unless(good, f"the customer heard of {asked} before the yes")


def _asked(tables: Tables) -> Iterator[_Asked]:
    for case_id, entries in tables.entries.items():
        for added in entries:
            if added.kind == "action_added" and "to_approve" in added.facts:
                number = int(added.facts["number"])
                about = tuple(e for e in entries if e.facts.get("number") == number and e != added)
                yield _Asked(case_id, number, added.by, int(added.facts["cost"]), about)
