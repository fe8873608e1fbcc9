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
    roster,
    rules,
)
from web.provided import TrustedServer

router = APIRouter(prefix="/api", dependencies=[TrustedServer], responses=FAULTS)
for subject in (
    cases,
    acts,
    people,
    absences,
    roster,
    figures,
    practices,
    rules,
    rehearsals,
    outbox,
):
    router.include_router(subject.router)
