"""A week's letters: each by itself, each once, and of the week that was due."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.client import Client

from models.digest import DigestEnd, DigestStart, week_before
from temporal_client import TASK_QUEUE, digest_id
from tests.workflows.engine import skipping_server
from tests.workflows.scribe import Scribe, scribe_at_work
from tests.workflows.test_life import _payloads, _strings
from workflows.digest import DigestWorkflow

pytestmark = pytest.mark.story

START = DigestStart("2026-W47")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with await skipping_server() as env:
        yield env.client


async def write(
    client: Client, scribe: Scribe, start: DigestStart = START, *, cached: int = 100
) -> DigestEnd:
    async with scribe_at_work(client, scribe, cached=cached):
        return await client.execute_workflow(
            DigestWorkflow.run, start, id=digest_id("2026-W47"), task_queue=TASK_QUEUE
        )


async def test_everybody_who_has_something_to_read_gets_a_letter(client: Client) -> None:
    scribe = Scribe()
    assert await write(client, scribe) == DigestEnd("2026-W47", written=2, empty=1)
    assert sorted(scribe.letters) == ["digest:2026-W47:dora", "digest:2026-W47:nora"]


async def test_a_second_run_writes_nothing_again(client: Client) -> None:
    scribe = Scribe()
    await write(client, scribe)
    assert await write(client, scribe) == DigestEnd("2026-W47", known=2, empty=1)


async def test_a_letter_that_cannot_be_written_holds_up_no_other(client: Client) -> None:
    end = await write(client, Scribe(illegible=frozenset({"dora"})))
    assert end == DigestEnd("2026-W47", written=1, empty=1, failed=1)


async def test_one_person_can_be_asked_for(client: Client) -> None:
    end = await write(client, Scribe(), replace(START, person="nora"))
    assert end == DigestEnd("2026-W47", written=1)


async def test_without_a_week_it_is_the_one_before_the_run_was_due(client: Client) -> None:
    scribe = Scribe()
    end = await write(client, scribe, DigestStart())
    [asked] = scribe.asked
    assert end.week == str(week_before(asked.due_at, asked.due_at.tzinfo))  # type: ignore[arg-type]


async def test_a_worker_that_remembers_nothing_writes_the_same_letters(client: Client) -> None:
    end = await write(client, Scribe(), cached=0)
    assert end == DigestEnd("2026-W47", written=2, empty=1)


async def test_a_history_holds_ids_enums_and_instants_only(client: Client) -> None:
    await write(client, Scribe())
    handle = client.get_workflow_handle(digest_id("2026-W47"))
    history = await handle.fetch_history()
    found = list(_strings(list(_payloads(history.to_json_dict()))))
    assert "nora" in found
    assert [text for text in found if " " in text] == []
