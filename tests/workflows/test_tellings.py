"""An answer of the case that changes, on a real server."""

import pytest

from models.actions import Acknowledge, Outcome
from models.case import Stage
from models.messages import CaseEnd
from models.revisions import Change
from models.timeline import EntryKind
from tests.workflows.engine import CASE, Desk

pytestmark = pytest.mark.story


async def test_a_worse_edit_after_the_call_asks_for_another_one(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=3)

    await desk.hear(await desk.link("response-1", revision=2, change=Change.WORSE))

    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)
    assert (desk.state.stage, desk.state.round) == (Stage.ASKED, 2)
    assert desk.ledger.timeline[-1].facts["change"] == Change.WORSE


async def test_a_better_edit_leaves_the_case_where_it_stands(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=3)
    stood = desk.state.stage

    await desk.hear(await desk.link("response-1", revision=2, change=Change.BETTER))
    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)

    assert (desk.state.stage, desk.state.round) == (stood, 1)


async def test_a_case_whose_answers_are_all_taken_back_ends(desk: Desk) -> None:
    await desk.open()
    await desk.act(Acknowledge())

    gone = await desk.link("response-1", revision=2, change=Change.ALL_WITHDRAWN)
    for _ in range(2):
        await desk.hear(gone)

    assert await desk.handle.result() == CaseEnd(CASE, 3, Outcome.WITHDRAWN)
    assert desk.ledger.told()[-2:] == [EntryKind.HEARD_AGAIN, EntryKind.CLOSED]


async def test_what_joins_before_the_end_is_heard_first(desk: Desk) -> None:
    """The ledger closes all the same; that an answer which stands keeps the case open is the commit's."""
    await desk.open()
    await desk.link("response-2")

    await desk.hear(await desk.link("response-1", revision=2, change=Change.ALL_WITHDRAWN))
    await desk.handle.result()

    told = [entry.facts["response"] for entry in desk.ledger.timeline if "response" in entry.facts]
    assert told == ["response-2", "response-1"]
