"""Who is asked to say yes to a gesture: the first level above the case that may, and never nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from models.action import Action
from models.assignment import Circumstances, assignee_of, skipped
from models.case import CaseState
from models.gestures import waiting
from models.levels import Vacancy, standing_on
from models.notices import Audience, Message, Notice
from models.organisation import Organisation
from models.people import CaseFacts, Person, Right, Role, may
from models.remedy import with_action
from models.timeline import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Asked:
    """`notices` go out besides those of the move."""

    state: CaseState
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()


def ask(state: CaseState, found: Circumstances) -> Asked:
    """For each gesture that waits for a yes and of which nobody is asked yet."""
    asked = Asked(state)
    for gesture in waiting(state) if not state.closed else ():
        if gesture.approver is None:
            asked = _ask(asked, gesture, found)
    return asked


def is_approver(gesture: Action, person: Person, today: Organisation) -> bool:
    """He is asked, or was when it was answered; or he took over from who was."""
    approver = today.person_or_heir(gesture.approver or "")
    return approver is not None and approver.id == person.id


def may_answer(person: Person, gesture: Action, case: CaseFacts, today: Organisation) -> bool:
    """Who is asked, the national owner, and whoever has the authority and may act on the case."""
    if person.id == gesture.promised_by or not person.takes_cases:
        return False
    covers = may(person, Right.ACT, case) and today.gestures.covers(person, gesture.cost)
    return covers or person.role is Role.NATIONAL_OWNER or is_approver(gesture, person, today)


def _ask(asked: Asked, gesture: Action, found: Circumstances) -> Asked:
    *passed, (level, person, _) = _walk(asked.state, gesture, found)
    named = replace(gesture, approver=person.id if person else None, asked_level=level)
    facts: dict[str, str | int] = {
        "number": gesture.number,
        "to": named.approver or "",
        "level": level,
    }
    assignee = assignee_of(asked.state, found)
    skips = (skipped(found, assignee, level=n, why=why) for n, _, why in passed if why)
    entry = Entry(EntryKind.GESTURE_ASKED, found.at, facts=facts)
    told = Notice(Message.GESTURE_TO_APPROVE, Audience.DOER, gesture.number, named.approver)
    return Asked(
        with_action(asked.state, named),
        (*asked.entries, *skips, entry),
        (*asked.notices, told),
    )


def _walk(
    state: CaseState, gesture: Action, found: Circumstances
) -> Iterator[tuple[int, Person | None, Vacancy | None]]:
    """The levels as they are passed by, and last the one that is asked.

    A level of people without the authority is passed in silence: nothing is wrong with it.
    """
    assignee, last = assignee_of(state, found), found.policy.last
    for level in range(gesture.asked_level, last + 1):
        standing = standing_on(found.today, found.policy.level(level), assignee, found.about)
        able = [person for person in standing if _may_say_yes(person, gesture, found)]
        there = next((person for person in able if _is_there(person, found)), None)
        if there is not None:
            yield level, there, None
            return
        if not standing:
            yield level, None, Vacancy.EMPTY
        elif able:
            away = found.stand_in(able[0]).absence is not None
            yield level, None, Vacancy.AWAY if away else Vacancy.UNREACHABLE
    yield last, _at_the_top(gesture, found), None


def _at_the_top(gesture: Action, found: Circumstances) -> Person:
    """Whatever it costs: the national owner, else an executive."""
    today = found.today
    executives = (p for p in today.people.values() if p.role is Role.EXECUTIVE)
    others = [p for p in (today.national_owner, *executives) if p.id != gesture.promised_by]
    there = (person for person in others if _is_there(person, found))
    return next(there, others[0] if others else today.national_owner)


def _may_say_yes(person: Person, gesture: Action, found: Circumstances) -> bool:
    return person.id != gesture.promised_by and found.today.gestures.covers(person, gesture.cost)


def _is_there(person: Person, found: Circumstances) -> bool:
    return found.stand_in(person).absence is None and person.id not in found.unreachable
