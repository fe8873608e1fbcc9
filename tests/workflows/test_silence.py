"""What happens when nobody does anything, and how an act that comes in time is put before it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from models.actions import Acknowledge, HandOver, TakeBack
from models.case import Opened, Stage
from models.ladder import Rung, RungKind
from models.moves import apply
from models.timeline import EntryKind
from tests.models.rehearsal import (
    DEPUTY,
    HOUR,
    NATIONAL,
    NO_ANSWER,
    REACHED,
    after,
    committed,
    minted,
)
from tests.workflows.engine import CASE, Desk, refused, worker

pytestmark = pytest.mark.story

TIMER = EventType.EVENT_TYPE_TIMER_STARTED


async def test_silence_reminds_then_hands_up_then_repeats_for_ever(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)

    await desk.env.sleep(100 * HOUR)

    await desk.ledger.until_told(EntryKind.REPEATED, times=3)
    climb = [EntryKind.REMINDED, EntryKind.HANDED_UP] * 2
    assert desk.ledger.told()[2:10] == [*climb, EntryKind.REMINDED, *[EntryKind.REPEATED] * 3]
    assert desk.state.owner == NATIONAL


async def test_a_rung_fires_when_it_is_due(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)

    await desk.env.sleep(2 * HOUR)
    await desk.ledger.until_told(EntryKind.REMINDED)

    reminded = desk.ledger.timeline[-1]
    assert reminded.due == desk.state.opened_at + 2 * HOUR
    assert reminded.at >= reminded.due


async def test_an_act_made_before_the_rung_was_due_goes_before_it(desk: Desk) -> None:
    desk.ledger.gate.clear()
    await desk.open(ago=3 * HOUR)
    act = await desk.send(Acknowledge(), at=await desk.now() - 2 * HOUR)
    desk.ledger.gate.set()
    await act.result()

    assert EntryKind.REMINDED not in desk.ledger.told()


async def test_an_act_made_after_the_rung_was_due_goes_after_it(desk: Desk) -> None:
    desk.ledger.gate.clear()
    await desk.open(ago=3 * HOUR)
    act = await desk.send(Acknowledge())
    desk.ledger.gate.set()
    await act.result()

    assert desk.ledger.told()[2:] == [EntryKind.REMINDED, EntryKind.ACKNOWLEDGED]


async def test_an_act_that_only_an_overdue_rung_makes_legal_is_not_refused_early(
    idle_desk: Desk,
) -> None:
    desk, soon = idle_desk, await idle_desk.now() + timedelta(milliseconds=500)
    rung = Rung(RungKind.HAND_UP, soon)
    desk.ledger.states[CASE] = replace(after(Acknowledge()), rungs=(rung,))
    await desk.open(state=desk.state)
    async with worker(desk.env.client, desk.ledger, cached=0):
        assert await refused(desk.act(Acknowledge())) == "already_acknowledged"
    await desk.until(soon)

    act = asyncio.create_task(desk.act(Acknowledge()))
    async with worker(desk.env.client, desk.ledger, cached=0):
        await act

    assert desk.ledger.told() == [EntryKind.HANDED_UP, EntryKind.ACKNOWLEDGED]
    assert desk.state.owner == DEPUTY


async def test_a_rung_that_passed_meanwhile_fires_when_the_attempt_is_taken_back(
    desk: Desk,
) -> None:
    await desk.open(ago=HOUR)
    await desk.act(NO_ANSWER)
    await desk.env.sleep(2 * HOUR)

    await desk.act(TakeBack())

    await desk.ledger.until_told(EntryKind.REMINDED)
    assert desk.ledger.told()[2:] == [
        EntryKind.ATTEMPTED,
        EntryKind.TAKEN_BACK,
        EntryKind.REMINDED,
    ]
    assert desk.ledger.timeline[-1].due == desk.state.opened_at + 2 * HOUR


async def test_a_timer_that_is_early_enough_is_left_alone(desk: Desk) -> None:
    await desk.open()
    await desk.act(Acknowledge())
    await desk.act(REACHED)

    assert await desk.count_events(TIMER) == 1


async def test_a_timer_that_would_ring_too_late_is_set_anew(desk: Desk) -> None:
    await desk.open()
    await desk.act(Acknowledge())
    await desk.env.sleep(3 * HOUR)
    await desk.act(HandOver("colleague"))
    handed_over = desk.ledger.timeline[-1].at

    await desk.env.sleep(2 * HOUR)

    await desk.ledger.until_told(EntryKind.REMINDED)
    assert desk.ledger.timeline[-1].due == handed_over + 2 * HOUR


async def test_a_timer_that_rings_while_a_commit_is_under_way_gives_place_to_the_next(
    desk: Desk,
) -> None:
    soon = await desk.now() + timedelta(milliseconds=300)
    desk.ledger.states[CASE] = replace(after(), rungs=(Rung(RungKind.REMIND, soon),))
    await desk.open(state=desk.state)
    desk.ledger.gate.clear()
    act = await desk.send(Acknowledge())
    await desk.until(soon)
    desk.ledger.gate.set()
    await act.result()

    await desk.env.sleep(12 * HOUR)

    await desk.ledger.until_told(EntryKind.REMINDED)
    assert desk.ledger.told() == [EntryKind.ACKNOWLEDGED, EntryKind.REMINDED]


async def test_a_case_started_from_its_snapshot_is_not_opened_again(desk: Desk) -> None:
    opened = committed(apply(minted(), Opened(minted().opened_at)))
    desk.ledger.states[opened.case_id] = opened

    await desk.open(state=opened)

    await desk.ledger.until_told(EntryKind.REMINDED)
    assert desk.ledger.told()[0] is EntryKind.REMINDED
    assert EntryKind.ASKED not in desk.ledger.told()


async def test_a_snapshot_of_a_case_that_never_opened_is_opened(desk: Desk) -> None:
    await desk.open(state=minted())

    await desk.ledger.until_told(EntryKind.ASKED)


async def test_an_act_on_the_last_level_is_taken_like_any_other(desk: Desk) -> None:
    await desk.open()
    await desk.env.sleep(30 * HOUR)

    await desk.act(REACHED)

    assert desk.state.stage is Stage.CONTACTED
    assert await refused(desk.act(Acknowledge())) == "already_acknowledged"
