"""Several processes of one installation start at once, each with an empty database before it."""

import asyncio
import sys

import pytest

pytestmark = pytest.mark.story


async def test_processes_that_migrate_at_once_do_it_once(empty_url: str) -> None:
    async def migrate_in_a_process() -> int | None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rappel", "migrate", env={"RAPPEL_DATABASE_URL": empty_url}
        )
        return await process.wait()

    ends = await asyncio.gather(*(migrate_in_a_process() for _ in range(3)))
    assert ends == [0, 0, 0]
