"""Plays the answers and what becomes of them: first through the time lapse, then while one looks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.answers import Answer, Crowd
from demo.doors import Case, Doors
from demo.lives import Step
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
        case = await self._open(answer)
        if case is None:
            return
        hours = self._organisation.hours_of(answer.region)
        for step in answer.life:
            due = add(hours, self._clock(), Span(step.after))
            if due >= self._lapse.until:
                return
            await self._until(due)
            case = await self._take(case, step)
            if not case.open:
                return

    async def _live_now(self, answer: Answer, rng: Random) -> None:
        case = await self._open(answer)
        if case is None or rng.random() < LEFT_TO_YOU:
            return
        for step in answer.life:
            await asyncio.sleep(rng.uniform(*BETWEEN_ACTS))
            case = await self._take(case, step)

    async def _open(self, answer: Answer) -> Case | None:
        opened = await self._doors.deliver(answer.body)
        self.played.answers += 1
        if opened is None or not answer.life:
            return None
        self.played.cases += 1
        while (case := await self._doors.case(opened)).owner is None:  # noqa: ASYNC110 - the worker opens it
            await asyncio.sleep(OPENING)
        return case

    async def _take(self, case: Case, step: Step) -> Case:
        """The case as it stands afterwards. A rung may have given it to somebody else before."""
        now = self._clock()
        if case.due_at and case.due_at <= now:
            case = await self._doors.case(case.id)
        by = CUSTOMER if step.by_customer else case.owner or ""
        said = {**step.said, **_dates(step, now), "by": by}
        done = await self._doors.act(case.id, step.act, said)
        self.played.acts += done is not None
        self.played.moved_on += done is None
        return done or await self._doors.case(case.id)

    async def _until(self, at: datetime) -> None:
        seconds = (self._lapse.real(at) - real_clock()).total_seconds()
        await asyncio.sleep(max(0.0, seconds))


def _dates(step: Step, now: datetime) -> dict[str, str]:
    if step.promised is not None:
        return {"due": (now + timedelta(days=step.promised)).isoformat()}
    if step.again is not None:
        return {"again_at": (now + timedelta(hours=step.again)).isoformat()}
    return {}
