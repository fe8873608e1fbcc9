"""The JSON API of a trusted server, as one: each subject has a file beside this one."""

from fastapi import APIRouter

from web.answers import FAULTS
from web.api import (
    absences,
    acts,
    cases,
    figures,
    outbox,
    people,
    practices,
    rehearsals,
    rules,
    work,
)
from web.provided import TrustedServer

router = APIRouter(prefix="/api", dependencies=[TrustedServer], responses=FAULTS)
subjects = (cases, acts, work, people, absences, figures, practices, rules, rehearsals, outbox)
for subject in subjects:
    router.include_router(subject.router)
