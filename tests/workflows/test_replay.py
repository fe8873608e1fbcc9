"""Every case that a released version left behind goes on under today's code."""

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from temporal_client import DATA_CONVERTER
from tests.workflows.record_histories import HISTORIES, RECORDERS
from workflows.absence import AbsenceWorkflow
from workflows.audit import AuditWorkflow
from workflows.callback import CallbackWorkflow
from workflows.digest import DigestWorkflow
from workflows.sandbox import sandboxed_runner

RECORDED = {
    f"{file.parent.name}/{file.stem}": file.read_text(encoding="utf-8")
    for file in sorted(HISTORIES.glob("v*/*.json"))
}


async def replay(text: str) -> None:
    replayer = Replayer(
        workflows=[CallbackWorkflow, DigestWorkflow, AbsenceWorkflow, AuditWorkflow],
        workflow_runner=sandboxed_runner(),
        data_converter=DATA_CONVERTER,
    )
    await replayer.replay_workflow(WorkflowHistory.from_json("case/case-1", text))


@pytest.mark.parametrize("name", RECORDED)
async def test_a_recorded_case_replays(name: str) -> None:
    await replay(RECORDED[name])


def test_each_kind_of_case_was_recorded_at_least_once() -> None:
    assert {name.partition("/")[2] for name in RECORDED} == set(RECORDERS)


async def test_a_replay_notices_another_command() -> None:
    changed = next(iter(RECORDED.values())).replace('"case.commit"', '"case.write"')

    with pytest.raises(NondeterminismError):
        await replay(changed)
