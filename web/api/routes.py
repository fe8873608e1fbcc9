"""The JSON API of a trusted server, as one: each subject has a file beside this one."""

from fastapi import APIRouter

from web.answers import FAULTS
from web.api import (
    absences,
    acts,
    by_hand,
    cases,
    customers,
    feedback,
    fetches,
    figures,
    messages,
    outbox,
    people,
    practices,
    quarantine,
    rehearsals,
    reviews,
    roster,
    rules,
    work,
)
from web.provided import TrustedServer

router = APIRouter(prefix="/api", dependencies=[TrustedServer], responses=FAULTS)
of_cases = (by_hand, cases, customers, feedback, acts, work)
of_the_house = (people, absences, roster, figures, practices, rules, rehearsals, outbox, reviews)
of_the_machine = (quarantine, fetches, messages)
for subject in (*of_cases, *of_the_house, *of_the_machine):
    router.include_router(subject.router)
