"""What each rule adds to the cost of a case: a standard life, and the same with one thing more."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from bench.cost import ORGANISATION, Turn, cost_of_a_life
from models.actions import AddAction, Attempt, Contact, FinishAction, PromiseKind, Reached
from models.handling import ApproveGesture
from models.money import EURO, Money

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUARTER = timedelta(minutes=15)
BEFORE_THE_TALK = timedelta(minutes=50)
TO_WHOM = "director_nord"
WITHOUT = re.compile(r"^  (attempt|closure): .*\n", re.MULTILINE)


def _promised(due: timedelta) -> Turn:
    """Two hours after the start, to be kept so long after it."""
    return Turn(2 * HOUR, lambda start: AddAction(TO_WHOM, start + due, PromiseKind.ENQUIRY))


def _gesture(start: datetime) -> AddAction:
    cost, due = Money(900_00, EURO), start + 2 * DAY
    return AddAction(TO_WHOM, due, PromiseKind.GESTURE, cost=cost, beyond=True)


def _another_time(start: datetime) -> Attempt:
    return Attempt(Reached.LATER, Contact.PHONE, start + timedelta(minutes=80))


MEANWHILE: Mapping[str, Sequence[Turn]] = MappingProxyType(
    {
        "a voicemail first": (Turn(BEFORE_THE_TALK, Attempt(Reached.VOICEMAIL)),),
        "the customer names a time": (Turn(BEFORE_THE_TALK, _another_time),),
        "a promise that is kept": (_promised(2 * DAY), Turn(DAY, FinishAction(2))),
        "a gesture that waits for a yes": (
            Turn(2 * HOUR, _gesture),
            Turn(2 * HOUR + QUARTER, ApproveGesture(2), "national_owner"),
            Turn(DAY, FinishAction(2)),
        ),
        "a promise that is broken": (_promised(DAY), Turn(DAY + HOUR, FinishAction(2))),
    }
)


async def main() -> None:
    print("\nWhat a rule adds, in billable actions, to the happy case")
    plain = await cost_of_a_life(silent_first=False)
    bare = WITHOUT.sub("", ORGANISATION.read_text())
    without = await cost_of_a_life(silent_first=False, rules=bare)
    _say("targets for first attempt and closure", plain.actions - without.actions)
    for name, turns in MEANWHILE.items():
        cost = await cost_of_a_life(silent_first=False, meanwhile=turns)
        _say(name, cost.actions - plain.actions)


def _say(rule: str, more: int) -> None:
    print(f"  {rule:40}{more:+d}", flush=True)
