"""Who is rung when the customer of a case calls us, and by when he is called back where nobody takes it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from models.actions import CallMe, Contact
from models.assignment import Circumstances
from models.case import Acted, CaseState, Stage
from models.decision import decide
from models.errors import WrongMove
from models.hours import next_open
from models.inbound import MOST_RUNG
from models.inbox import awaited
from models.moves import apply
from models.people import CaseFacts, Person, Right, may
from models.roster import stand_in
from models.timeline import CUSTOMER
from models.versions import Versions
from models.workday import hours_on_case


def to_ring(case: CaseFacts, versions: Versions, at: datetime) -> Sequence[Person]:
    """Who has the case, then his deputy, each only while he works and is there; who is away has his
    stand-in. Nobody twice, and nobody who may not act on it.
    """
    chain = dict.fromkeys(_in_charge(case, versions, at))
    there = (versions.today.people[each] for each in chain)
    able = (each for each in there if _may_be_rung(each, case, versions, at))
    return tuple(islice(able, MOST_RUNG))


def called_back_by(
    state: CaseState, found: Circumstances, versions: Versions, at: datetime
) -> datetime | None:
    """Until when he is to be spoken to, now that he rang. None where no such target runs yet: nothing is
    said that nobody holds us to.
    """
    try:
        move = apply(state, Acted(CallMe(Contact.PHONE), CUSTOMER, at, draft=""))
    except WrongMove:
        return None
    after = decide(move, found, versions).state
    waiting = awaited(after)
    if after.stage is not Stage.ACKNOWLEDGED or waiting is None or waiting.by <= at:
        return None
    return waiting.by


def _in_charge(case: CaseFacts, versions: Versions, at: datetime) -> Iterator[str]:
    """Each with who stands in for him; a chain of deputies may lead back to where it began."""
    today, met = versions.today, set[str]()
    person = today.person_or_heir(case.owner or "")
    while person is not None and person.id not in met:
        met.add(person.id)
        yield stand_in(today, versions.absences, person, at).person.id
        person = today.people.get(person.deputy or "")


def _may_be_rung(person: Person, case: CaseFacts, versions: Versions, at: datetime) -> bool:
    away = {absence.person for absence in versions.absences if absence.covers(at)}
    if not person.phone or person.id in away or not may(person, Right.ACT, case):
        return False
    hours = hours_on_case(versions.today, person, region=case.region)
    return next_open(hours, at) <= at
