"""A case that lives long goes on in a new run before its history grows deaf."""

import asyncio

import pytest

from models.actions import Acknowledge, Close, Outcome
from models.timeline import EntryKind
from tests.models.rehearsal import NO_ANSWER
from tests.workflows.engine import Desk, refused

pytestmark = pytest.mark.story


async def test_a_long_life_goes_on_in_a_new_run_as_if_nothing_had_happened(
    short_desk: Desk,
) -> None:
    desk = short_desk
    await desk.open()
    first_run = await desk.run_id()

    receipts = [await desk.act(NO_ANSWER) for _ in range(6)]

    assert [receipt.seq for receipt in receipts] == [2, 3, 4, 5, 6, 7]
    assert await desk.run_id() != first_run
    assert desk.ledger.told().count(EntryKind.ASKED) == 1
    assert await refused(desk.act(Acknowledge())) == "already_acknowledged"


async def test_no_message_is_lost_or_taken_twice_between_two_runs(short_desk: Desk) -> None:
    desk = short_desk
    await desk.open()
    first_run = await desk.run_id()
    for wave in range(5):
        response = await desk.link(f"response-{wave}")
        acts = [desk.act(NO_ANSWER) for _ in range(8)]
        await asyncio.gather(*acts, desk.hear(response))
    await desk.ledger.until_told(EntryKind.HEARD_AGAIN, times=5)

    assert desk.state.attempts == 40
    assert desk.state.seq == 46
    assert desk.ledger.linked == {}
    assert await desk.run_id() != first_run


async def test_a_case_closes_in_a_later_run(short_desk: Desk) -> None:
    desk = short_desk
    await desk.open()
    for _ in range(6):
        await desk.act(NO_ANSWER)

    await desk.act(Close(Outcome.UNREACHABLE))

    assert (await desk.handle.result()).outcome == "unreachable"
