"""Who does the work of whom: of who has left his successor, of who is away who stands in for him."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from models.absence import Absence
from models.organisation import Organisation
from models.people import Person
from models.roster import stand_in


def with_stand_ins(
    today: Organisation, absences: Collection[Absence], at: datetime
) -> Organisation:
    """In which whoever is away at that instant has who stands in for him for a successor."""
    stands_in = {
        absence.person: stand_in(today, absences, today.people[absence.person], at).person.id
        for absence in absences
        if absence.person in today.people
    }
    heirs = {left: stands_in.get(heir, heir) for left, heir in today.successors.items()}
    return replace(today, successors=heirs | stands_in)


def instead_of(person: str, doers: Organisation) -> Person | None:
    """Who does his work, by `with_stand_ins`; None where he does it himself."""
    doer = doers.person_or_heir(person)
    return doer if doer and doer.id != person else None
