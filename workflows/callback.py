"""The life of one case, from the unhappy answer to its closing."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.absence import RosterChanged, RosterTold
from models.case import (
    Acted,
    CaseState,
    Event,
    HeardAgain,
    Move,
    Opened,
    Silence,
    Stage,
    next_due,
)
from models.errors import WrongMove
from models.ladder import Rung
from models.messages import (
    ActReceipt,
    ActRequest,
    CaseEnd,
    CaseStart,
    CommitRequest,
    ResponseHeard,
    Verdict,
)
from models.moves import apply
from models.replans import Replanned, ReplanTold
from workflows import ports


@dataclass(slots=True, eq=False)
class Waiting:
    """An event on its way through the loop; a person's act gets its answer here."""

    event: Event
    seq: int | None = None
    refusal: WrongMove | None = None

    @property
    def answered(self) -> bool:
        return self.seq is not None or self.refusal is not None


@workflow.defn(name="CallbackWorkflow")
class CallbackWorkflow:
    """Messages and silence become events of one serial loop: no lock, one order, one commit each.

    `_busy` is false only while the loop waits: then nothing is under way and the state is current.
    """

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._state = start.state or CaseState(start.case_id, start.opened_at)
        self._lapse = start.lapse
        self._inbox: deque[Waiting] = deque()
        self._busy = True
        self._timer: asyncio.Task[None] | None = None
        self._timer_at: datetime | None = None
        self._nudged = False

    @workflow.run
    async def run(self, start: CaseStart) -> CaseEnd:
        if self._state.stage is Stage.HEARD:
            await self._take(Waiting(Opened(self._state.opened_at)))
        while not self._state.closed:
            if workflow.info().is_continue_as_new_suggested() and not self._inbox:
                await self._go_on_afresh()
            await self._take(await self._next())
        await self._answer_the_late()
        return CaseEnd(self._state.case_id, self._state.seq, str(self._state.outcome))

    @workflow.signal
    def heard(self, response: ResponseHeard) -> None:
        event = HeardAgain(
            response.response_id,
            response.revision,
            response.submitted_at,
            self._now(),
            response.topic,
            response.new_phone,
            response.change,
        )
        self._inbox.append(Waiting(event))

    @workflow.signal
    def roster_changed(self, told: RosterTold) -> None:
        self._inbox.append(Waiting(RosterChanged(told.absence, self._now())))

    @workflow.signal
    def replanned(self, told: ReplanTold) -> None:
        self._inbox.append(Waiting(Replanned(told.id, told.replan, self._now())))

    @workflow.signal
    def nudge(self) -> None:
        """The audit finds the case late: look what is due, and do not trust the timer."""
        self._nudged = True

    @workflow.update
    async def act(self, request: ActRequest) -> ActReceipt:
        waiting = Waiting(self._acted(request))
        self._inbox.append(waiting)
        await workflow.wait_condition(lambda: waiting.answered)
        if waiting.refusal is not None:
            raise _refusal(waiting.refusal)
        return ActReceipt(waiting.seq or 0)

    @act.validator
    def judge_early(self, request: ActRequest) -> None:
        """Spares the history a wrong move, but only when no other event could come before it."""
        if self._busy or self._inbox or self._overdue():
            return
        try:
            apply(self._state, self._acted(request))
        except WrongMove as wrong:
            raise _refusal(wrong) from None

    def _acted(self, request: ActRequest) -> Acted:
        """An act counts from when the web received it; never from the future or before opening."""
        at = max(self._state.opened_at, min(request.received_at, self._now()))
        return Acted(request.act, request.by, at, request.draft)

    async def _next(self) -> Waiting:
        """The next event. An act received before a rung was due goes before the rung."""
        while True:
            overdue = self._overdue()
            for waiting in self._inbox:
                if overdue is None or waiting.event.at <= overdue.at:
                    self._inbox.remove(waiting)
                    return waiting
            if overdue is not None:
                return Waiting(Silence(overdue, self._now()))
            await self._wait_until(next_due(self._state))

    def _now(self) -> datetime:
        """What the case's clock shows; only its one timer counts in real time."""
        return self._lapse.played(workflow.now()) if self._lapse else workflow.now()

    def _overdue(self) -> Rung | None:
        due = next_due(self._state)
        return self._state.rungs[0] if due is not None and due <= self._now() else None

    async def _wait_until(self, due: datetime | None) -> None:
        """Until a message comes or the one timer fires. One that is early enough is left alone."""
        if due is not None and (self._timer_at is None or self._timer_at > due or self._nudged):
            self._arm(due)
        self._busy = self._nudged = False
        await workflow.wait_condition(lambda: bool(self._inbox) or self._rang() or self._nudged)
        self._busy = True
        if self._rang():
            self._timer, self._timer_at = None, None

    def _arm(self, due: datetime) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        rings = self._lapse.real(due) if self._lapse else due
        self._timer = asyncio.create_task(workflow.sleep(rings - workflow.now()))

    def _rang(self) -> bool:
        return self._timer is not None and self._timer.done()

    async def _take(self, waiting: Waiting) -> None:
        """Decide, commit, answer. What the database knows better is taken over and judged again.

        A database restored from a backup knows less: its state is never taken over.
        """
        while not waiting.answered:
            try:
                move = apply(self._state, waiting.event)
            except WrongMove as wrong:
                waiting.refusal = wrong
                return
            receipt = await ports.commit(_request(move, waiting.event))
            self._state = max(self._state, receipt.state, key=lambda state: state.seq)
            if receipt.verdict in {Verdict.APPLIED, Verdict.STALE}:
                waiting.seq = self._state.seq
            for unheard in receipt.unheard:
                await self._take(Waiting(unheard))

    async def _go_on_afresh(self) -> None:
        """Continue as new before the history nears its limit, with every message taken and answered."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._inbox:
            state = self._state
            workflow.continue_as_new(CaseStart(state.case_id, state.opened_at, state, self._lapse))

    async def _answer_the_late(self) -> None:
        """A closed case refuses what is left; a handler still waiting would fail its caller."""
        while self._inbox:
            await self._take(self._inbox.popleft())
        await workflow.wait_condition(workflow.all_handlers_finished)


def _request(move: Move, event: Event) -> CommitRequest:
    heard = event if isinstance(event, HeardAgain) else None
    return CommitRequest(
        _commit_id(event),
        move,
        event.at,
        draft=event.draft if isinstance(event, Acted) else None,
        response=heard.response_id if heard else None,
        revision=heard.revision if heard else None,
    )


def _commit_id(event: Event) -> str:
    """By what happened: an id of the run's own would come again in a run that lost its last events."""
    match event:
        case Opened():
            return "opened"
        case HeardAgain():
            return f"{event.response_id}/{event.revision}"
        case Acted():
            return event.draft
        case Silence():
            return f"{_named(event.rung)}@{event.rung.at.isoformat()}"
        case RosterChanged():
            return f"{event.absence}@{event.at.timestamp()}"
        case Replanned():
            return f"replanned/{event.id}"
        case _:
            assert_never(event)


def _named(rung: Rung) -> str:
    """Two deadlines may ring at one instant."""
    watch = rung.watch
    return f"{rung.kind}:{watch.subject}:{watch.number}" if watch else str(rung.kind)


def _refusal(wrong: WrongMove) -> ApplicationError:
    return ApplicationError(wrong.detail, wrong.rule, type=type(wrong).__name__, non_retryable=True)
