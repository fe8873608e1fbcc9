"""One absence: as it begins and as it ends, the cases that are with the wrong person are told."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.absence import AbsenceEnds, AbsenceStart, RosterAsked, RosterTold
from models.messages import workflow_id
from workflows import ports
from workflows.callback import CallbackWorkflow

LOOK_EVERY = timedelta(hours=4)
"""A case that was on its way to somebody while he went away is found at the next look."""


@workflow.defn(name="AbsenceWorkflow")
class AbsenceWorkflow:
    """All that it does may be done twice, so it can be started again at any time."""

    @workflow.init
    def __init__(self, start: AbsenceStart) -> None:
        self._absence = start

    @workflow.run
    async def run(self, start: AbsenceStart) -> None:
        """A last look comes a while after the end, for what was on its way just then."""
        await self._wait_until(start.since)
        while self._now() < self._absence.until:
            await self._look()
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self._absence)
            await self._wait_until(self._now() + LOOK_EVERY)
        await self._look()
        await workflow.sleep(LOOK_EVERY)
        await self._look()

    @workflow.signal
    def ends(self, told: AbsenceEnds) -> None:
        """Sent whenever it is started, too: then nothing is new."""
        self._absence = replace(self._absence, until=told.until)

    async def _wait_until(self, at: datetime) -> None:
        """Or until it is over, which a signal may bring forward."""
        while (due := min(at, self._absence.until)) > self._now():
            await self._pause(due, until=self._absence.until)

    async def _pause(self, due: datetime, *, until: datetime) -> None:
        lapse = self._absence.lapse
        rings = lapse.real(due) if lapse else due
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._absence.until != until, timeout=rings - workflow.now()
            )

    def _now(self) -> datetime:
        lapse = self._absence.lapse
        return lapse.played(workflow.now()) if lapse else workflow.now()

    async def _look(self) -> None:
        found = await ports.look_at_roster(RosterAsked(self._absence.person, self._now()))
        await asyncio.gather(*(self._tell(case) for case in found.cases))

    async def _tell(self, case: str) -> None:
        """One that has just closed needs nobody; one that was lost is found at the next look."""
        handle = workflow.get_external_workflow_handle_for(CallbackWorkflow.run, workflow_id(case))
        with suppress(ApplicationError):
            await handle.signal(CallbackWorkflow.roster_changed, RosterTold(self._absence.id))
