import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from machine.children import Child, start
from machine.lock import locked
from models.errors import Misconfigured

UNTIL_TOLD = (sys.executable, "-c", "import sys; sys.stdin.read()")


async def test_a_second_up_on_a_folder_is_told_which_process_runs(tmp_path: Path) -> None:
    async with locked(tmp_path):
        with pytest.raises(Misconfigured, match=rf"process {os.getpid()}\) runs on {tmp_path}"):
            async with locked(tmp_path):
                pass


async def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    async with locked(tmp_path):
        pass
    async with locked(tmp_path) as lock:
        assert lock


async def test_a_child_that_inherited_the_lock_holds_it(tmp_path: Path) -> None:
    async with locked(tmp_path) as lock:
        heir = await start(Child("heir", ("sleep", "100"), keeps=(lock,)))
    try:
        with pytest.raises(Misconfigured, match="Another `rappel up`"):
            async with locked(tmp_path):
                pass
    finally:
        heir.kill()
        await heir.wait()


async def test_the_children_of_a_killed_up_are_waited_for(tmp_path: Path) -> None:
    async with locked(tmp_path) as lock:
        heir = subprocess.Popen(UNTIL_TOLD, stdin=subprocess.PIPE, pass_fds=(lock,))
    (tmp_path / "up.lock").write_text(str(_process_that_is_gone()))

    waiting = asyncio.create_task(_lock_once(tmp_path))
    await asyncio.sleep(0)
    assert not waiting.done()
    heir.communicate()

    assert await waiting


async def test_an_unwritable_folder_is_named_with_the_variable_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured, match=r"file/state cannot be written .*RAPPEL_STATE_DIR"):
        async with locked(tmp_path / "file" / "state"):
            pass


async def _lock_once(folder: Path) -> bool:
    async with locked(folder):
        return True


def _process_that_is_gone() -> int:
    process = subprocess.Popen(("true",))
    process.wait()
    return process.pid
