"""Records histories: `python -m tests.workflows.record_histories v0.1.0 [kind ...]`, else each kind.

The histories of a released version are never edited: cases that it opened are still alive.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from functools import partial
from pathlib import Path

from models.actions import Acknowledge, Close, Outcome
from models.replans import Replan, ReplanTold
from models.timeline import EntryKind
from tests.models.rehearsal import CAUSE, HOUR, NO, NO_ANSWER, REACHED, UNREACHABLE_AFTER
from tests.workflows.auditor import audit_by_schedule, auditor_at_work
from tests.workflows.engine import (
    CASE,
    Desk,
    refused,
    server_with_short_histories,
    skipping_server,
    worker,
)
from tests.workflows.ledger import Ledger
from tests.workflows.scribe import Scribe, scribe_at_work, started_by_schedule
from tests.workflows.watch import Watch, go_away, watching
from workflows.callback import CallbackWorkflow

HISTORIES = Path(__file__).parents[1] / "histories"


async def happy_closed(desk: Desk) -> None:
    await desk.happy()
    await desk.handle.result()


async def stalled_closed(desk: Desk) -> None:
    """Three reminders and two hand-overs before anybody acts."""
    await desk.env.sleep(11 * HOUR)
    await desk.ledger.until_told(EntryKind.REMINDED, times=3)
    await happy_closed(desk)


async def unreachable_closed(desk: Desk) -> None:
    for _ in range(UNREACHABLE_AFTER):
        await desk.act(NO_ANSWER)
    await desk.act(Close(Outcome.UNREACHABLE))
    await desk.handle.result()


async def open_asked(desk: Desk) -> None:
    await desk.hear(await desk.link())
    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)
    assert await refused(desk.act(CAUSE)) == "no_contact"


async def open_repairing(desk: Desk) -> None:
    await desk.happy(acts=4)


async def open_confirming(desk: Desk) -> None:
    await desk.happy(acts=5)


async def reopened_open(desk: Desk) -> None:
    await desk.happy(acts=5)
    await desk.act(NO)
    await desk.env.sleep(5 * HOUR)
    await desk.ledger.until_told(EntryKind.HANDED_UP)
    await desk.act(Acknowledge())
    await desk.act(REACHED)


async def nudged_open(desk: Desk) -> None:
    """By the audit, as if its timer were lost; it is reminded all the same."""
    await desk.nudge()
    await desk.env.sleep(3 * HOUR)
    await desk.ledger.until_told(EntryKind.REMINDED)


async def replanned_open(desk: Desk) -> None:
    """By a newer version of the organisation; it is acknowledged all the same."""
    await desk.handle.signal(CallbackWorkflow.replanned, ReplanTold("replan-1", Replan(2)))
    await desk.ledger.until_told(EntryKind.REPLANNED)
    await desk.act(Acknowledge())


async def continued(desk: Desk) -> None:
    """Long enough to go on in a second run; the first one is what is recorded."""
    for _ in range(6):
        await desk.act(NO_ANSWER)


KINDS: tuple[Callable[[Desk], Awaitable[None]], ...] = (
    happy_closed,
    stalled_closed,
    unreachable_closed,
    open_asked,
    open_repairing,
    open_confirming,
    reopened_open,
    nudged_open,
    replanned_open,
    continued,
)


async def record(kind: Callable[[Desk], Awaitable[None]]) -> str:
    """The history of the first run, as JSON."""
    server = server_with_short_histories if kind is continued else skipping_server
    async with await server() as env:
        desk = Desk(env, Ledger())
        async with worker(env.client, desk.ledger):
            await desk.open()
            await desk.ledger.until_told(EntryKind.ASKED)
            first = env.client.get_workflow_handle(desk.handle.id, run_id=await desk.run_id())
            await kind(desk)
            return (await first.fetch_history()).to_json()


async def letters_written() -> str:
    """Of a run that the schedule has started."""
    async with await server_with_short_histories() as env:
        async with scribe_at_work(env.client, Scribe()):
            run = await started_by_schedule(env.client)
            await run.result()
        return (await run.fetch_history()).to_json()


async def absence_over() -> str:
    """It told a case twice, when it began and when it ended."""
    async with await skipping_server() as env:
        desk, watch = Desk(env, Ledger()), Watch((CASE,))
        async with worker(env.client, desk.ledger), watching(desk, watch):
            await desk.open()
            await desk.ledger.until_told(EntryKind.ASKED)
            now = await desk.now()
            absence = await go_away(desk, now + HOUR, now + 2 * HOUR)
            await absence.result()
            return (await absence.fetch_history()).to_json()


async def audited() -> str:
    """Of a run that the schedule has started."""
    async with await server_with_short_histories() as env:
        async with auditor_at_work(env.client):
            run = await audit_by_schedule(env.client)
            await run.result()
        return (await run.fetch_history()).to_json()


RECORDERS: Mapping[str, Callable[[], Coroutine[object, object, str]]] = {
    **{kind.__name__: partial(record, kind) for kind in KINDS},
    letters_written.__name__: letters_written,
    absence_over.__name__: absence_over,
    audited.__name__: audited,
}


def record_all(folder: Path, kinds: Iterable[str]) -> None:
    """Raises FileExistsError rather than write over a history."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        with (folder / f"{kind}.json").open("x", encoding="utf-8") as file:
            file.write(asyncio.run(RECORDERS[kind]()) + "\n")


if __name__ == "__main__":
    version, *wanted = sys.argv[1:]
    record_all(HISTORIES / version, wanted or RECORDERS)
    sys.stdout.flush()
    # The client's threads may abort an interpreter that ends in the ordinary way.
    os._exit(0)
