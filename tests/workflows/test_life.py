"""The life of a case on a real server."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from itertools import chain

import pytest
from temporalio.service import RPCError, RPCStatusCode

from models.actions import Acknowledge, Close, Outcome
from models.case import Confirmation, Stage
from models.messages import CaseEnd
from models.timeline import EntryKind
from tests.models.rehearsal import CAUSE, DONE, HOUR, REACHED, YES, after
from tests.workflows.engine import CASE, Desk, refused, worker

pytestmark = pytest.mark.story


def _payloads(node: object) -> Iterator[object]:
    match node:
        case {"data": str(data), "metadata": dict()}:
            yield json.loads(b64decode(data))
        case dict():
            yield from chain.from_iterable(map(_payloads, node.values()))
        case list():
            yield from chain.from_iterable(map(_payloads, node))
        case _:
            return


def _strings(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            yield from chain.from_iterable(map(_strings, node.values()))
        case list():
            yield from chain.from_iterable(map(_strings, node))
        case _:
            return


async def test_six_acts_live_a_case_to_its_end(desk: Desk) -> None:
    await desk.open()
    await desk.happy()

    assert await desk.handle.result() == CaseEnd(CASE, 7, "recovered")
    assert desk.state.confirmation is Confirmation.CONFIRMED


async def test_a_worker_that_remembers_nothing_lives_the_same_life(forgetful_desk: Desk) -> None:
    await forgetful_desk.open()
    await forgetful_desk.happy()

    assert await forgetful_desk.handle.result() == CaseEnd(CASE, 7, "recovered")


async def test_an_act_is_answered_when_it_is_written(desk: Desk) -> None:
    await desk.open()

    receipt = await desk.act(Acknowledge())

    assert receipt.seq == desk.state.seq == 2
    assert desk.state.stage is Stage.ACKNOWLEDGED


async def test_a_wrong_move_is_refused_with_its_rule_and_the_case_lives_on(desk: Desk) -> None:
    await desk.open()

    assert await refused(desk.act(CAUSE)) == "no_contact"
    assert (await desk.act(REACHED)).seq == 2


async def test_a_move_that_is_wrong_beyond_doubt_leaves_no_event(short_desk: Desk) -> None:
    await short_desk.open()
    await short_desk.act(Acknowledge())
    before = await short_desk.handle.fetch_history()

    assert await refused(short_desk.act(Acknowledge())) == "already_acknowledged"

    after = await short_desk.handle.fetch_history()
    assert len(after.events) == len(before.events)


async def test_acts_that_come_together_are_judged_one_after_the_other(desk: Desk) -> None:
    await desk.open()

    outcomes = await asyncio.gather(
        *(desk.act(Acknowledge()) for _ in range(3)), return_exceptions=True
    )

    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 2
    assert desk.ledger.told().count(EntryKind.ACKNOWLEDGED) == 1


async def test_an_act_made_legal_by_one_under_way_is_not_refused_early(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    desk.ledger.gate.clear()
    contact, cause = await desk.send(REACHED), await desk.send(CAUSE)
    desk.ledger.gate.set()

    assert [(await update.result()).seq for update in (contact, cause)] == [2, 3]


async def test_an_act_made_legal_by_a_signal_before_it_is_not_refused_early(
    idle_desk: Desk,
) -> None:
    desk = idle_desk
    desk.ledger.states[CASE] = after(REACHED)
    await desk.open(state=desk.state)
    async with worker(desk.env.client, desk.ledger, cached=0):
        assert await refused(desk.act(Acknowledge())) == "already_acknowledged"

    await desk.hear(await desk.link())
    act = asyncio.create_task(desk.act(Acknowledge()))
    async with worker(desk.env.client, desk.ledger, cached=0):
        await act

    assert desk.ledger.told()[-2:] == [EntryKind.HEARD_AGAIN, EntryKind.ACKNOWLEDGED]


async def test_an_act_from_the_future_counts_from_now(desk: Desk) -> None:
    await desk.open()

    await desk.act(REACHED, at=await desk.now() + 24 * HOUR)

    assert desk.state.reached_at is not None
    assert desk.state.reached_at <= await desk.now()


async def test_an_act_from_before_the_opening_counts_from_the_opening(desk: Desk) -> None:
    await desk.open()

    await desk.act(REACHED, at=await desk.now() - 24 * HOUR)

    assert desk.state.reached_at == desk.state.opened_at


async def test_a_response_that_is_heard_again_joins_the_case(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=3)

    await desk.hear(await desk.link())

    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)
    assert (desk.state.stage, desk.state.round) == (Stage.ASKED, 2)


async def test_a_response_is_heard_once_however_often_it_is_signalled(desk: Desk) -> None:
    await desk.open()
    response = await desk.link()

    for _ in range(3):
        await desk.hear(response)
    await desk.act(Acknowledge())

    assert desk.ledger.told().count(EntryKind.HEARD_AGAIN) == 1
    assert desk.state.seq == 3


async def test_an_act_after_the_end_finds_no_case(desk: Desk) -> None:
    await desk.open()
    await desk.act(Close(Outcome.WITHDRAWN))
    await desk.handle.result()

    with pytest.raises(RPCError) as refused:
        await desk.act(Acknowledge())

    assert refused.value.status is RPCStatusCode.NOT_FOUND


async def test_an_act_that_waits_while_the_case_closes_is_answered(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=5)
    desk.ledger.gate.clear()
    yes = await desk.send(YES)
    late = [await desk.send(DONE) for _ in range(3)]
    desk.ledger.gate.set()

    assert (await yes.result()).seq == 7
    assert [await refused(update.result()) for update in late] == ["closed"] * 3
    assert (await desk.handle.result()).outcome == "recovered"


async def test_a_history_holds_ids_enums_and_instants_only(desk: Desk) -> None:
    await desk.open()
    await desk.hear(await desk.link())
    await desk.happy()
    await desk.handle.result()

    history = await desk.handle.fetch_history()
    found = list(_strings(list(_payloads(history.to_json_dict()))))

    assert "plumber" in found
    assert [text for text in found if " " in text] == []
