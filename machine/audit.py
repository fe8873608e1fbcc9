"""The audit by hand: the inspection of the schedule, now and in this process."""

from uuid_utils.compat import uuid7

from activities.audit import Audit
from activities.case_runs import CaseRuns
from machine.opening import opened_database
from models.audit import Progress
from models.clock import real_clock
from models.store.audits import Trouble, read_troubles
from settings import Settings
from temporal_client import connect


async def audit_now(settings: Settings) -> list[str]:
    """What it found and did: a first line with the counts, then one for each case.

    It needs no worker. Raises EngineAway.
    """
    async with opened_database(settings) as database:
        client = await connect(embedded_port=settings.embedded_port)
        audit = Audit(database, CaseRuns(client), settings.demo)
        end = await audit.run(str(uuid7()), told=_keep_quiet)
        async with database.read() as session:
            troubles = await read_troubles(session, since=real_clock())
    found, shown = sum(end.found.values()), [_line(trouble) for trouble in troubles]
    said = f"{found} found" if found else "nothing is wrong"
    more = [f"and {found - len(shown)} more"] if found > len(shown) else []
    return [
        f"{end.looked_at} open cases compared with their workflows: {said}.",
        *shown,
        *more,
    ]


def _keep_quiet(_: Progress) -> None:
    """Nobody waits for its heartbeat."""


def _line(trouble: Trouble) -> str:
    done = trouble.repair.replace("_", " ") if trouble.repair else "look at it in Temporal"
    return f"{trouble.case_id}: {trouble.finding.replace('_', ' ')}, {done}"
