"""The life of a case on a real server."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateStage
from temporalio.service import RPCError, RPCStatusCode

from models.actions import Acknowledge, Close, Outcome
from models.case import Stage
from models.messages import CaseEnd
from models.timeline import EntryKind
from tests.models.rehearsal import HAPPY, HOUR, NO_ANSWER, REACHED, YES
from tests.workflows.engine import CASE, Desk
from workflows.callback import CallbackWorkflow


async def test_six_acts_live_a_case_to_its_end(desk: Desk) -> None:
    await desk.open()
    await desk.live(*HAPPY_FROM(await desk.now()))

    assert await desk.handle.result() == CaseEnd(CASE, 7, "recovered")
