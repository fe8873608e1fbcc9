"""A stand-in for the activities of the weekly letter: it keeps the same promises over a set."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC

from temporalio import activity
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from models.digest import (
    DigestAsked,
    DigestEnd,
    DigestPlan,
    LetterAsked,
    LetterFate,
    LetterReceipt,
    letter_id,
    week_before,
)
from schedules import WEEKLY_LETTER, put_weekly_letter
from temporal_client import TASK_QUEUE
from workflows.digest import DigestWorkflow
from workflows.sandbox import sandboxed_runner


@dataclass(slots=True)
class Scribe:
    """`idle` have nothing to read; for the `illegible` no letter can ever be written."""

    people: tuple[str, ...] = ("dora", "denis", "nora")
    idle: frozenset[str] = frozenset({"denis"})
    illegible: frozenset[str] = frozenset()
    letters: dict[str, LetterAsked] = field(default_factory=dict)
    asked: list[DigestAsked] = field(default_factory=list)

    @activity.defn(name="digest.plan")
    async def plan(self, asked: DigestAsked) -> DigestPlan:
        self.asked.append(asked)
        people = (person for person in self.people if asked.person in {None, person})
        return DigestPlan(asked.week or str(week_before(asked.due_at, UTC)), tuple(people))

    @activity.defn(name="digest.write")
    async def write(self, asked: LetterAsked) -> LetterReceipt:
        letter = letter_id(asked.week, asked.person)
        if asked.person in self.illegible:
            raise ApplicationError("Illegible", type="Illegible", non_retryable=True)
        if asked.person in self.idle:
            return LetterReceipt(LetterFate.EMPTY)
        if letter in self.letters:
            return LetterReceipt(LetterFate.KNOWN)
        self.letters[letter] = asked
        return LetterReceipt(LetterFate.WRITTEN)


def scribe_at_work(client: Client, scribe: Scribe, *, cached: int = 100) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[DigestWorkflow],
        activities=[scribe.plan, scribe.write],
        workflow_runner=sandboxed_runner(),
        max_cached_workflows=cached,
    )


async def started_by_schedule(client: Client) -> WorkflowHandle[DigestWorkflow, DigestEnd]:
    """The run that the weekly letter's schedule starts when it is told to run now."""
    await put_weekly_letter(client, "Europe/Paris")
    await client.get_schedule_handle(WEEKLY_LETTER).trigger()
    return client.get_workflow_handle_for(
        DigestWorkflow.run, await latest_run(client, WEEKLY_LETTER)
    )


async def latest_run(client: Client, schedule: str) -> str:
    """The id of the workflow that a schedule has started, as soon as it has."""
    handle = client.get_schedule_handle(schedule)
    while not (started := (await handle.describe()).info.recent_actions):
        await asyncio.sleep(0.05)
    action = started[-1].action
    assert isinstance(action, ScheduleActionExecutionStartWorkflow)
    return action.workflow_id
