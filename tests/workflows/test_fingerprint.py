"""A workflow's commands change on purpose or not at all."""

import json
from pathlib import Path

import pytest

from tests.workflows.fingerprint import KEPT, fingerprints

ADVICE = """\
The commands of {entrance} are not those that were kept:

{difference}

A case that is open while the new code is deployed replays its history against it, and sticks where
the commands differ. So
  1. put the change behind `workflow.patched("what-changes")`, the old way in the else branch;
  2. record histories of the new way with `python -m tests.workflows.record_histories vX.Y.Z`, and
     never edit or delete those of a released version;
  3. keep the new fingerprint with `python -m tests.workflows.fingerprint --write`.
Step 1 is not needed where the replay of all histories proves that no command of theirs moves.
"""
SOURCE = """
import asyncio
from temporalio import workflow
from workflows import ports

@workflow.defn
class Calling:
    @workflow.run
    async def run(self):
        while True:
            await self._step(str(workflow.uuid4()))

    async def _step(self, number):
        if workflow.patched("shorter"):
            await workflow.sleep(1)
        else:
            await ports.commit(number)
            await self._step(number)
"""
PORTS = """
async def commit(request):
    return await workflow.execute_activity(commit_stub, request)
"""


@pytest.mark.parametrize("entrance", sorted({*fingerprints(), *json.loads(KEPT.read_text())}))
def test_the_commands_of_a_workflow_are_those_that_were_kept(entrance: str) -> None:
    kept, seen = json.loads(KEPT.read_text()).get(entrance), fingerprints().get(entrance)

    if kept != seen:
        pytest.fail(ADVICE.format(entrance=entrance, difference=f"kept {kept}\nseen {seen}"))


def test_commands_are_found_in_the_order_of_evaluation_and_through_calls(tmp_path: Path) -> None:
    (tmp_path / "calling.py").write_text(SOURCE)
    (tmp_path / "ports.py").write_text(PORTS)

    assert fingerprints(tmp_path)["workflow.run calling.Calling.run"] == [
        "while uuid4",
        "while patched 'shorter'",
        "while if sleep",
        "while else execute_activity commit_stub",
        "while else again _step",
    ]


def test_a_reordered_command_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "calling.py").write_text(SOURCE)
    (tmp_path / "ports.py").write_text(PORTS)
    before = fingerprints(tmp_path)

    (tmp_path / "ports.py").write_text(f"{PORTS.rstrip()}, await workflow.sleep(1)\n")

    assert fingerprints(tmp_path) != before
