"""Plays a plan: the one who moves the time, from each thing that happens to the next.

Time is skipped up to the next instant at which anything is due: somebody acts, a rung fires, a letter may
leave. It goes on only when all that was due there has been committed, so that what is late is late for real.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import TypeAlias

from sqlalchemy import func
from sqlmodel import col, select

from demo.answers import Answer
from demo.doors import Case
from demo.lives import Step
from demo.player import dates_of
from demo.stage import SOURCE
from models.hours import add
from models.ladder import Span
from models.store.outbox import Posting
from models.store.roster import misplaced
from models.tables import CaseRow, IntentRow, ResponseRow
from models.timeline import CUSTOMER
from year.lives import PRACTICE
from year.plan import MINUTE, Inspection, Leave, Letters, Loss, Plan, Reform, Thing, starts_at
from year.stage import Stage

LOOK, PATIENCE = 0.5, 60.0
"""Real seconds: between two looks whether something is done, should no commit tell; after which it never
will be.
"""
SAFE = timedelta(minutes=30)
"""A workflow is lost only where nothing is due before the audit finds it."""


class Stuck(Exception):
    """Something that was due does not happen."""


@dataclass(frozen=True, slots=True)
class Act:
    """The next steps of a case, the first of them now."""

    at: datetime
    case_id: str
    region: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Border:
    """Somebody goes away, or comes back; `told` where the end of an absence has to be told first."""

    at: datetime
    person: str
    told: str | None = None


Event: TypeAlias = Thing | Act | Border


@dataclass(frozen=True, slots=True)
class Agenda:
    """When the next thing is planned, the next rung due, the next letter free to leave."""

    planned: datetime
    rung: datetime
    letter: datetime

    @property
    def next(self) -> datetime:
        return min(self.planned, self.rung, self.letter)


@dataclass(slots=True)
class Played:
    """`refused` counts the acts for which the case had moved on, `lost` the workflows that were lost."""

    deliveries: int = 0
    acts: int = 0
    refused: int = 0
    lost: int = 0
    mended: int = 0
    letters: int = 0


Shown: TypeAlias = Callable[[datetime, Played], None]


@dataclass(slots=True)
class Player:
    """`shown` is told after each instant."""

    stage: Stage
    plan: Plan
    shown: Shown
    played: Played = field(default_factory=Played)
    _heap: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    async def play(self) -> None:
        for thing in self.plan.things:
            self._expect(starts_at(thing), thing)
        until = self.plan.span.until
        while (agenda := await self._agenda()).next < until:
            await self._live(agenda)
            self.shown(agenda.next, self.played)
        await self.stage.pass_until(until)

    def _expect(self, at: datetime, event: Event) -> None:
        heapq.heappush(self._heap, (at, next(self._order), event))

    async def _agenda(self) -> Agenda:
        planned = self._heap[0][0] if self._heap else self.plan.span.until
        due = select(func.min(col(CaseRow.due_at))).where(col(CaseRow.open))
        leaving = select(func.min(col(IntentRow.not_before))).where(
            IntentRow.status == Posting.PENDING
        )
        async with self.stage.house.database.read() as session:
            rung: datetime | None = (await session.exec(due)).one()
            letter: datetime | None = (await session.exec(leaving)).one()
        return Agenda(planned, rung or planned, letter or planned)

    async def _live(self, agenda: Agenda) -> None:
        """A letter that is written just now leaves at the next instant, which is the same one then."""
        instant = agenda.next
        await self.stage.pass_until(instant)
        if agenda.rung <= instant:
            await self._until(self._rungs_fired, "a rung fires")
        while self._heap and self._heap[0][0] <= instant:
            await self._happens(heapq.heappop(self._heap)[2])
        if agenda.letter <= instant:
            await self.stage.post_office.empty()

    async def _rungs_fired(self) -> bool:
        overdue = select(func.count()).where(
            col(CaseRow.open), col(CaseRow.due_at) <= self.stage.clock()
        )
        async with self.stage.house.database.read() as session:
            late: int = (await session.exec(overdue)).one()
        return late == 0

    async def _happens(self, event: Event) -> None:
        match event:
            case Answer():
                await self._answer(event)
            case Act():
                await self._act(event)
            case Leave():
                await self._leave(event)
            case Border():
                await self._cross(event)
            case Reform():
                await self._reform(event)
            case Loss():
                await self._lose()
            case Inspection():
                await self._inspect()
            case Letters():
                plan = await self.stage.plan_letters()
                if event.written:
                    self.played.letters += await self.stage.write_letters(plan)

    async def _answer(self, answer: Answer) -> None:
        case_id = await self.stage.doors.deliver(answer.body, source=SOURCE)
        self.played.deliveries += 1
        await self.stage.house.dispatcher.dispatch()
        if case_id is not None:
            await self._until(self._all_heard, "a response is heard")
            await self._go_on(case_id, answer.region, tuple(answer.life))

    async def _all_heard(self) -> bool:
        unheard = select(func.count()).where(
            col(ResponseRow.case_id).is_not(None), col(ResponseRow.consumed_seq).is_(None)
        )
        async with self.stage.house.database.read() as session:
            return (await session.exec(unheard)).one() == 0

    async def _go_on(self, case_id: str, region: str, steps: tuple[Step, ...]) -> None:
        """The next step, by the region's clock; on a whole minute as everything is."""
        if not steps:
            return
        async with self.stage.house.database.read() as session:
            today = (await self.stage.house.book.in_force(session)).organisation
        at = add(today.hours_of(region), self.stage.clock(), Span(steps[0].after))
        self._expect(_minute(at), Act(_minute(at), case_id, region, steps))

    async def _act(self, act: Act) -> None:
        """Not near a rung of the case: there a quick machine would differ from a slow one."""
        case, now = await self._seen(act.case_id), self.stage.clock()
        if not case.open or act.steps[0].act == PRACTICE:
            await self.stage.look_back(case, act.steps)
            return
        if case.due_at and abs(case.due_at - now) < 2 * MINUTE:
            self._expect(_minute(now) + 2 * MINUTE, act)
            return
        step, *later = act.steps
        done = await self._do(case, step, now)
        self.played.acts += done
        self.played.refused += not done
        await self._go_on(act.case_id, act.region, tuple(later))

    async def _seen(self, case_id: str) -> Case:
        """As the API shows it, without the customer, who need not be unsealed for this."""
        async with self.stage.house.database.read() as session:
            row = await session.get_one(CaseRow, case_id)
        return Case(row.id, row.open, row.owner, row.level, row.due_at)

    async def _do(self, case: Case, step: Step, now: datetime) -> bool:
        asked = await self.stage.approver(case.id, step.asked_of) if step.asked_of else None
        by = CUSTOMER if step.by_customer else asked or step.by or case.owner or ""
        said = {**step.said, **dates_of(step, now), "by": by}
        return await self.stage.doors.act(case.id, step.act, said)

    async def _leave(self, leave: Leave) -> None:
        """Who has left meanwhile, or would leave nobody there, stays."""
        said = {
            "by": leave.person,
            "first": str(leave.first),
            "last": str(leave.last),
            "gives_back": leave.gives_back,
            **({"stand_in": leave.stand_in} if leave.stand_in else {}),
        }
        absence = await self.stage.doors.record_absence(said)
        if absence is None:
            return
        await self.stage.house.dispatcher.dispatch()
        since, until = (datetime.fromisoformat(absence[key]) for key in ("since", "until"))
        self._expect(since, Border(since, leave.person))
        self._expect(until, Border(until, leave.person))
        if leave.ends and since < leave.ends < until:
            self._expect(leave.ends, Border(leave.ends, leave.person, told=absence["id"]))

    async def _cross(self, border: Border) -> None:
        if border.told:
            await self.stage.doors.call_off_absence(border.told, by=border.person)
            await self.stage.house.dispatcher.dispatch()
        await self._all_move(border.person)

    async def _all_move(self, person: str) -> None:
        await self._until(partial(self._all_placed, person), f"the cases of {person} move")

    async def _all_placed(self, person: str) -> bool:
        async with self.stage.house.database.read() as session:
            today = (await self.stage.house.book.in_force(session)).organisation
            return not await misplaced(session, today, person, at=self.stage.clock())

    async def _reform(self, reform: Reform) -> None:
        await self.stage.apply(reform.group.written())
        await self.stage.house.dispatcher.dispatch()
        for region in reform.group.gone:
            await self._all_move(f"director_{region}")

    async def _lose(self) -> None:
        """Of the case that was answered first among those for which nothing is due soon."""
        quiet = (
            select(CaseRow.id)
            .join(ResponseRow, col(ResponseRow.case_id) == col(CaseRow.id))
            .where(col(CaseRow.open), col(CaseRow.due_at) > self.stage.clock() + SAFE)
            .order_by(col(ResponseRow.response_id))
        )
        async with self.stage.house.database.read() as session:
            case_id = (await session.exec(quiet)).first()
        if case_id is not None:
            await self.stage.lose(case_id)
            self.played.lost += 1

    async def _inspect(self) -> None:
        """What is mended there is started again by whoever dispatches."""
        end = await self.stage.inspect()
        self.played.mended += sum(end.found.values())
        await self.stage.house.dispatcher.dispatch()

    async def _until(self, done: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.stage.committed.clear()
                    if await done():
                        return
                    await self._commit()
        except TimeoutError:
            raise Stuck(f"{self.stage.clock():%Y-%m-%d %H:%M:%S}: {what}, but not now.") from None

    async def _commit(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stage.committed.wait(), LOOK)


def _minute(at: datetime) -> datetime:
    """The next whole one, unless it is one."""
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
