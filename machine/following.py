"""Open cases are told to follow another version, until each of them has."""

import asyncio
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from uuid_utils.compat import uuid7

from models.clock import Clock
from models.errors import EngineAway
from models.messages import CaseEnd, workflow_id
from models.replans import Replan, ReplanTold
from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.store.replanning import Asked, preview
from workflows.callback import CallbackWorkflow

AT_ONCE = 20
"""Cases that are told at the same time."""
LOOK_EVERY = 1.0
PATIENCE = 30.0
"""Seconds in which at least one more case must have followed, while a worker runs."""

Step = Callable[[int], None]
"""How many cases have followed so far."""


@dataclass(frozen=True, slots=True)
class Following:
    """Each look is taken at its own instant: who got time counts it from when his case was told."""

    database: Database
    client: Client
    asked: Asked
    clock: Clock

    async def to_the_end(self, step: Step) -> None:
        """Those, too, that were opened since somebody looked. Raises EngineAway where some stay behind."""
        book = OrganisationBook(self.database.vault)
        told = behind = await self._behind(book)
        lost, patience = await self._tell(told), PATIENCE
        while left := len(behind - lost):
            await asyncio.sleep(LOOK_EVERY)
            behind = await self._behind(book, among=behind)
            step(len(told - behind))
            patience = PATIENCE if len(behind - lost) < left else patience - LOOK_EVERY
            if patience <= 0:
                raise self._away(f"not for all cases yet ({left} left): does a worker run?")
        if behind:
            raise self._away(
                f"not for cases without a workflow ({len(behind)}): `rappel audit` mends them."
            )

    async def _behind(
        self, book: OrganisationBook, *, among: AbstractSet[str] | None = None
    ) -> AbstractSet[str]:
        asked = replace(self.asked, at=self.clock())
        async with self.database.read() as session:
            found = await preview(session, book, asked, among=among)
        return {each.case_id for each in found.changed}

    async def _tell(self, cases: Collection[str]) -> AbstractSet[str]:
        replan = Replan(self.asked.version, self.asked.overdue_now)
        try:
            return await tell(self.client, cases, replan)
        except RPCError as fault:
            raise self._away(f"Temporal does not answer any more ({fault.status.name}).") from None

    def _away(self, why: str) -> EngineAway:
        return EngineAway(
            f"Version {self.asked.version} is in force, but {why} "
            "The same command again takes the cases that are left."
        )


async def tell(client: Client, cases: Collection[str], replan: Replan) -> AbstractSet[str]:
    """Returns those that have no workflow, which are the audit's to mend. Raises RPCError."""
    few, told = asyncio.Semaphore(AT_ONCE), ReplanTold(str(uuid7()), replan)

    async def hears(case_id: str) -> bool:
        handle: WorkflowHandle[CallbackWorkflow, CaseEnd] = client.get_workflow_handle_for(
            CallbackWorkflow.run, workflow_id(case_id)
        )
        async with few:
            try:
                await handle.signal(CallbackWorkflow.replanned, told)
            except RPCError as fault:
                if fault.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return False
        return True

    in_order = list(cases)
    heard = await asyncio.gather(*map(hears, in_order))
    return {case_id for case_id, hears in zip(in_order, heard, strict=True) if not hears}
