"""One week's letters: to the executives and the owner the week, to each director what waits for him."""

import asyncio
from collections import Counter
from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError

from models.digest import DigestAsked, DigestEnd, DigestStart, LetterAsked, LetterFate
from workflows import ports

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
"""Set by the server on what a schedule starts: when it was due, however late it is caught up."""


@workflow.defn(name="DigestWorkflow")
class DigestWorkflow:
    """Each letter is an activity of its own: one that cannot be written holds up no other."""

    @workflow.run
    async def run(self, start: DigestStart) -> DigestEnd:
        plan = await ports.plan_digest(DigestAsked(_due_at(), start.week, start.person))
        at = workflow.now()
        asked = (LetterAsked(plan.week, person, at) for person in plan.people)
        fates = Counter(await asyncio.gather(*(_write(letter) for letter in asked)))
        return DigestEnd(plan.week, **{str(fate): fates[fate] for fate in LetterFate})


async def _write(asked: LetterAsked) -> LetterFate:
    try:
        return (await ports.write_letter(asked)).fate
    except ActivityError:
        return LetterFate.FAILED


def _due_at() -> datetime:
    info = workflow.info()
    return info.typed_search_attributes.get(SCHEDULED) or info.start_time
