"""A case is told to follow other rules; that the instants move is tests/activities/test_replanning.py."""

import pytest

from machine.following import tell
from models.case import Stage
from models.replans import Replan
from models.timeline import EntryKind
from tests.workflows.engine import CASE, Desk

pytestmark = pytest.mark.story


async def test_each_case_is_told_and_one_that_is_lost_holds_up_nobody(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    lost = await tell(desk.env.client, ["no-such-case", CASE], Replan(2))
    await desk.ledger.until_told(EntryKind.REPLANNED)
    assert lost == {"no-such-case"}
    assert desk.state.stage is Stage.ASKED


async def test_a_case_that_was_told_goes_on_and_replays(forgetful_desk: Desk) -> None:
    desk = forgetful_desk
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    await tell(desk.env.client, [CASE], Replan(2))
    await desk.ledger.until_told(EntryKind.REPLANNED)
    await desk.happy()
    assert (await desk.handle.result()).outcome == "recovered"
