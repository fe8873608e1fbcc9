"""Plays the answers and what becomes of them: first through the time lapse, then while one looks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.answers import Answer, Crowd
from demo.doors import Case, Doors
from demo.lives import Step
from demo.stage import SOURCE
from models.clock import clock_through, real_clock
from models.hours import add
from models.ladder import Span
from models.organisation import Organisation
from models.timelapse import Timelapse
from models.timeline import CUSTOMER

OPENING = 0.2
"""Seconds between two looks whether a case has an owner yet."""
BETWEEN_ANSWERS = (20.0, 40.0)
BETWEEN_ACTS = (10.0, 35.0)
"""Seconds, once time is real."""
HEARS = "national_owner"
"""Whom customers tell in person, in letters and on the phone."""
LEFT_TO_YOU = 0.35
"""The share of the new cases which nobody touches but whoever looks."""


@dataclass(slots=True)
class Played:
    """`moved_on` counts the acts for which the ladder was faster."""

    answers: int = 0
    cases: int = 0
    acts: int = 0
    moved_on: int = 0


class Player:
    def __init__(self, doors: Doors, organisation: Organisation, lapse: Timelapse) -> None:
        self._doors = doors
        self._organisation = organisation
        self._lapse = lapse
        self._clock = clock_through(lapse)
        self.played = Played()

    async def play(self, answers: Sequence[Answer]) -> None:
        """Until the lapse ends. What would be done after it stays to be done."""
        async with asyncio.TaskGroup() as lives:
            for answer in answers:
                await self._until(answer.at)
                lives.create_task(self._live(answer))

    async def go_on(self, crowd: Crowd) -> None:
        """Until cancelled: an answer now and then, of which some are acted upon."""
        async with asyncio.TaskGroup() as lives:
            while True:
                await asyncio.sleep(crowd.rng.uniform(*BETWEEN_ANSWERS))
                lives.create_task(self._live_now(crowd.one(real_clock()), crowd.rng))

    async def _live(self, answer: Answer) -> None:
        """What comes late, on a slow machine, makes nothing else late."""
        case_id = await self._deliver(answer)
        if case_id is None:
            return
        case: Case | None = None
        at, hours = answer.at, self._organisation.hours_of(answer.region)
        for step in answer.life:
            at = add(hours, at, Span(step.after))
            if at >= self._lapse.until:
                return
            await self._until(at)
            case = await self._take(case_id, step, last_seen=case)
            if not case.open:
                return

    async def _live_now(self, answer: Answer, rng: Random) -> None:
        case_id = await self._deliver(answer)
        if case_id is None or rng.random() < LEFT_TO_YOU:
            return
        for step in answer.life:
            await asyncio.sleep(rng.uniform(*BETWEEN_ACTS))
            await self._take(case_id, step)

    async def _deliver(self, answer: Answer) -> str | None:
        if answer.by_hand:
            case_id = await self._doors.write_down(answer.body, by=HEARS)
        else:
            case_id = await self._doors.deliver(answer.body, source=SOURCE)
        self.played.answers += 1
        self.played.cases += bool(answer.life)
        return case_id

    async def _take(self, case_id: str, step: Step, *, last_seen: Case | None = None) -> Case:
        """The case as it stands afterwards. Whoever owns it now acts, unless the customer does."""
        now, case = self._clock(), last_seen
        if case is None or (case.due_at and case.due_at <= now):  # a rung may have moved it
            case = await self._owned(case_id)
        by = CUSTOMER if step.by_customer else case.owner or ""
        said = {**step.said, **dates_of(step, now), "by": by}
        done = await self._doors.act(case_id, step.act, said)
        self.played.acts += done
        self.played.moved_on += not done
        return await self._doors.case(case_id)

    async def _owned(self, case_id: str) -> Case:
        """Once the worker has opened it."""
        while True:
            case = await self._doors.case(case_id)
            if case.owner:
                return case
            await asyncio.sleep(OPENING)

    async def _until(self, at: datetime) -> None:
        seconds = (self._lapse.real(at) - real_clock()).total_seconds()
        await asyncio.sleep(max(0.0, seconds))


def dates_of(step: Step, now: datetime) -> dict[str, str]:
    if step.promised is not None:
        return {"due": (now + timedelta(days=step.promised)).isoformat()}
    if step.again is not None:
        return {"again_at": (now + timedelta(hours=step.again)).isoformat()}
    if step.rests is not None:
        return {"until": (now + timedelta(days=step.rests)).isoformat()}
    return {}
