"""The audit: every open case against its workflow, however old; what can be mended is mended."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity
from temporalio.service import RPCError

from activities.case_runs import CaseRuns
from models.audit import (
    REPAIRS,
    AuditEnd,
    Finding,
    Hints,
    OpenCase,
    Progress,
    Repair,
    judge,
    share_at,
)
from models.clock import Clock, real_clock
from models.store.audits import (
    Dispatch,
    begin_audit,
    end_audit,
    keep_finding,
    open_cases,
    unchanged,
)
from models.store.database import Database
from models.store.dispatch import LONG_OVERDUE
from models.timelapse import Timelapse

HISTORIES = timedelta(days=1)
"""So long Temporal keeps those of past runs; the table keeps their counts for longer."""
PAGE = 500
"""Cases."""
_PROGRESS = TypeAdapter(Progress)

log = structlog.get_logger()


class Audit:
    """Ten thousand open cases cost twenty reads of their rows, ten calls that list what runs, and a
    `describe` of every sixteenth, of what was alarmed, and of those where the two differ; nothing is
    written to a case that is sound.

    `clock` is real, and stamps the runs; the cases live by `lapse`.
    """

    def __init__(
        self,
        database: Database,
        runs: CaseRuns,
        lapse: Timelapse | None = None,
        *,
        clock: Clock = real_clock,
        page: int = PAGE,
    ) -> None:
        self._database = database
        self._runs = runs
        self._lapse = lapse
        self._clock = clock
        self._limit = page

    @activity.defn(name="audit.inspect")
    async def inspect(self) -> AuditEnd:
        """A second run goes on where the first one's last heartbeat says."""
        info = activity.info()
        progress = _PROGRESS.validate_python(*info.heartbeat_details or (Progress(),))
        end = await self.run(info.workflow_run_id or "", progress, told=activity.heartbeat)
        try:
            await self._runs.forget_audits(before=self._clock() - HISTORIES)
        except RPCError as fault:
            log.warning("audit_histories_kept", fault=fault.status.name)
        return end

    async def run(
        self, audit: str, progress: Progress | None = None, *, told: Callable[[Progress], None]
    ) -> AuditEnd:
        """`told` after each page. What Temporal lists is asked for before the rows are read: a case
        started in between is then doubted, and not overlooked. Raises EngineAway and DatabaseAway.
        """
        so_far = progress or Progress()
        async with self._database.write() as session:
            await begin_audit(session, audit, at=self._clock())
        engine, running = await self._runs.engine(), await self._runs.running()
        while page := await self._page(engine, so_far.after):
            found = await self._judge(page, running)
            so_far = so_far.on(page, await self._record(engine, found))
            told(so_far)
        async with self._database.write() as session:
            await end_audit(session, audit, so_far, at=self._clock())
        log.info("audit_ended", cases=so_far.looked_at, found=sum(so_far.found.values()))
        return AuditEnd(so_far.looked_at, so_far.found)

    async def _page(self, engine: str, after: str) -> Sequence[OpenCase]:
        async with self._database.read() as session:
            return await open_cases(session, self._dispatch(engine), after=after, limit=self._limit)

    async def _judge(
        self, page: Sequence[OpenCase], running: Collection[str] | None
    ) -> Mapping[OpenCase, Finding]:
        """What is wrong with those that are worth a closer look."""
        now = self._clock()
        hints = Hints(running, self._lived(now - LONG_OVERDUE), share_at(now))
        seen = await self._runs.look_at([case for case in page if hints.doubt(case)])
        judged = {case: judge(case, at, due_before=hints.due_before) for case, at in seen.items()}
        return {case: finding for case, finding in judged.items() if finding}

    async def _record(self, engine: str, found: Mapping[OpenCase, Finding]) -> Sequence[Finding]:
        """What is still so is mended and kept. A nudge may be given twice: it only wakes."""
        if not found:
            return ()
        for case, finding in found.items():
            if REPAIRS.get(finding) is Repair.NUDGED:
                await self._runs.nudge(case.case_id)
        kept = await self._database.write_again(partial(self._keep, engine, found))
        for case, new in kept.items():
            if new:
                log.warning("audit_alarm", case=case.case_id, finding=found[case])
        return [found[case] for case in kept]

    async def _keep(
        self, engine: str, found: Mapping[OpenCase, Finding], session: AsyncSession
    ) -> Mapping[OpenCase, bool]:
        """Those that nobody has moved meanwhile, and whether their trouble is new."""
        still, at = await unchanged(session, self._dispatch(engine), found), self._clock()
        return {
            case: await keep_finding(session, case.case_id, found[case], at=at) for case in still
        }

    def _dispatch(self, engine: str) -> Dispatch:
        return Dispatch(engine, self._lived(self._clock()))

    def _lived(self, at: datetime) -> datetime:
        """What the clock of the cases shows at a real instant."""
        return self._lapse.played(at) if self._lapse else at
