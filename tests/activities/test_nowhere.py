"""An unhappy answer whose customer nobody can reach, where the house gives it a case all the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import AddAction, Close, FinishAction, NameCause, Outcome, PromiseKind
from models.errors import WrongMove
from models.store.database import Database
from models.store.outbox import Outbox
from models.survey import Identity
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.casework_fixture import casework_of

LATER = MONDAY_MORNING + timedelta(minutes=10)
NOBODY = replace(UNHAPPY, customer=Identity(name="Odile Kerverne"))


@pytest.fixture
async def heeding(database: Database, vault: Vault) -> Casework:
    text = SMALL.read_text() + "\ncustomers: {without_address: case}\n"
    return await casework_of(text, database, vault)


async def test_it_opens_a_case_for_whom_the_routing_names(heeding: Casework) -> None:
    state = await heeding.open(NOBODY)

    assert (state.owner, state.reach.nowhere) == ("dora", True)


async def test_it_is_closed_as_unreachable_without_an_attempt_and_writes_nothing(
    heeding: Casework,
) -> None:
    state = await heeding.act(await heeding.open(NOBODY), Close(Outcome.UNREACHABLE), LATER)

    view = await heeding.view(state.case_id)
    assert view.row.outcome == Outcome.UNREACHABLE
    assert [message for message in view.messages if message.person is None] == []


async def test_its_cause_is_named_and_repaired_without_a_talk(heeding: Casework) -> None:
    state = await heeding.act(await heeding.open(NOBODY), NameCause("delay"), LATER)
    state = await heeding.act(state, AddAction("dora", LATER + timedelta(days=1)), LATER)
    state = await heeding.act(state, FinishAction(1), LATER)
    state = await heeding.act(state, Close(Outcome.UNREACHABLE), LATER)

    assert (state.cause, state.outcome) == ("delay", Outcome.UNREACHABLE)


async def test_it_is_no_recovery_without_a_talk(heeding: Casework) -> None:
    state = await heeding.act(await heeding.open(NOBODY), NameCause("delay"), LATER)

    with pytest.raises(WrongMove, match="Speak with the customer"):
        await heeding.act(state, Close(Outcome.NOT_RECOVERED), LATER)


async def test_nothing_is_promised_to_whom_nobody_can_tell_it(heeding: Casework) -> None:
    promise = AddAction("dora", LATER + timedelta(days=1), PromiseKind.CALL)

    with pytest.raises(WrongMove, match="promise nothing"):
        await heeding.act(await heeding.open(NOBODY), promise, LATER)


async def test_a_later_telling_with_a_way_makes_it_a_case_like_all_others(
    heeding: Casework,
) -> None:
    state = await heeding.open(NOBODY)
    told = replace(UNHAPPY, comment="Call me.", changed_at=LATER)
    await heeding.hear(told, at=LATER)
    state = await heeding.listen(state, LATER)

    assert not state.reach.nowhere
    with pytest.raises(WrongMove, match="attempts in vain"):
        await heeding.act(state, Close(Outcome.UNREACHABLE), LATER)


async def test_what_is_written_to_the_owner_asks_for_no_call(heeding: Casework) -> None:
    await heeding.open(NOBODY)
    letter = await Outbox(heeding.database).claim(MONDAY_MORNING)

    assert letter is not None
    assert "personne à appeler" in letter.body
