"""The workflow and its database, when they do not agree."""

import pytest

from models.actions import Acknowledge
from models.case import CaseState, Stage
from models.moves import apply
from models.timeline import EntryKind
from tests.models.rehearsal import HOUR, NO_ANSWER, REACHED, YES, committed, did
from tests.workflows.engine import CASE, Desk, refused

pytestmark = pytest.mark.story


def acknowledged(state: CaseState) -> CaseState:
    return committed(apply(state, did(Acknowledge(), at=state.opened_at)))


async def test_a_commit_that_runs_twice_has_one_effect(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    desk.ledger.fails_after_writing = 1

    receipt = await desk.act(REACHED)

    assert receipt.seq == desk.state.seq == 2
    assert desk.ledger.told().count(EntryKind.ATTEMPTED) == 1


async def test_an_act_sent_again_under_its_draft_has_one_effect(desk: Desk) -> None:
    await desk.open()

    first = await desk.act(NO_ANSWER, draft="draft-of-the-attempt")
    again = await desk.act(NO_ANSWER, draft="draft-of-the-attempt")

    assert first == again
    assert desk.state.attempts == 1


async def test_a_database_that_is_ahead_is_believed(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    desk.ledger.states[CASE] = acknowledged(desk.state)

    receipt = await desk.act(REACHED)

    assert receipt.seq == 3
    assert desk.state.stage is Stage.CONTACTED


async def test_what_a_database_ahead_makes_wrong_is_refused(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    desk.ledger.states[CASE] = acknowledged(desk.state)

    assert await refused(desk.act(Acknowledge())) == "already_acknowledged"


async def test_silence_which_a_database_ahead_has_ended_does_not_fire(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    desk.ledger.states[CASE] = acknowledged(desk.state)

    await desk.env.sleep(3 * HOUR)
    await desk.act(REACHED)

    assert EntryKind.REMINDED not in desk.ledger.told()


async def test_a_database_restored_from_a_backup_is_not_believed(desk: Desk) -> None:
    await desk.open()
    heard = await desk.link()
    await desk.hear(heard)
    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)
    backup = desk.state
    await desk.happy(acts=2)
    desk.ledger.states[CASE] = backup

    await desk.hear(heard)
    receipt = await desk.act(NO_ANSWER)

    assert receipt.seq == backup.seq + 3
    assert desk.state.stage is Stage.CONTACTED


async def test_a_response_that_was_not_heard_yet_is_heard_before_closing(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=5)
    await desk.link()

    assert await refused(desk.act(YES)) == "not_asked"

    assert (desk.state.stage, desk.state.round) == (Stage.ASKED, 2)
    assert desk.ledger.told()[-1] is EntryKind.HEARD_AGAIN


async def test_a_response_that_was_not_heard_yet_keeps_silence_from_closing(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=5)
    await desk.link()

    await desk.env.sleep(73 * HOUR)

    await desk.ledger.until_told(EntryKind.HEARD_AGAIN)
    await desk.act(Acknowledge())
    assert EntryKind.CLOSED not in desk.ledger.told()


async def test_a_response_older_than_the_contact_does_not_keep_the_case_open(desk: Desk) -> None:
    await desk.open()
    await desk.link()
    await desk.happy(acts=5)

    await desk.act(YES)

    assert desk.ledger.told()[-3:] == [
        EntryKind.HEARD_AGAIN,
        EntryKind.CONFIRMED,
        EntryKind.CLOSED,
    ]
    assert (await desk.handle.result()).outcome == "recovered"
