"""What a promise to the customer does to the clock, and what becomes of it."""

from datetime import datetime, timedelta

import pytest

from models.action import Action
from models.actions import (
    AddAction,
    Attempt,
    CallMe,
    Contact,
    FinishAction,
    PromiseKind,
    Reached,
)
from models.case import CaseState, Stage, next_turn
from models.errors import WrongMove
from models.ladder import Rung, RungKind, Target
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.promises import Word, promisable, word_of
from models.timeline import Entry, EntryKind
from tests.models.rehearsal import (
    CAUSE,
    HAPPY,
    HOUR,
    MONDAY,
    REACHED,
    after,
    committed,
    did,
    lived,
    silence,
    words,
)

THURSDAY = MONDAY + 72 * HOUR
CALL = AddAction("director", MONDAY + 26 * HOUR, PromiseKind.CALL)
PLUMBER = AddAction("plumber", THURSDAY, PromiseKind.REPAIR)
SECOND = timedelta(seconds=1)


def breaks(state: CaseState) -> list[Rung]:
    return [rung for rung in state.rungs if rung.kind is RungKind.BREAK]


def test_no_call_is_promised_to_who_asked_not_to_be_called_unless_he_asks_for_one() -> None:
    never = after(Attempt(Reached.REFUSED), Attempt(Reached.REACHED, Contact.WRITTEN), CAUSE)

    with pytest.raises(WrongMove) as refused:
        apply(never, did(CALL))

    assert refused.value.rule == "no_calls"
    assert PromiseKind.CALL not in promisable(never)
    assert apply(never, did(PLUMBER)).state.open_actions
    wanted = lived(never, [did(PLUMBER), did(FinishAction(1)), did(CallMe()), did(REACHED)])
    assert apply(wanted, did(CALL)).state.open_actions


def test_one_act_promises_and_tells_the_customer_in_writing() -> None:
    move = apply(after(REACHED, CAUSE), did(PLUMBER))

    assert move.state.actions[0].promise is PromiseKind.REPAIR
    assert Notice(Message.PROMISED, Audience.CUSTOMER, 1) in move.notices
    assert move.clock is not None
    assert (move.clock.target, move.clock.by) == (Target.REPAIR, THURSDAY)
    assert move.entries[0].facts["promise"] == "repair"


def test_of_an_action_of_ours_the_customer_hears_nothing() -> None:
    told = apply(after(REACHED, CAUSE), did(AddAction("plumber", THURSDAY))).notices
    assert Audience.CUSTOMER not in {notice.to for notice in told}


def test_acknowledged_then_forgotten_a_broken_promise_is_noted_at_its_instant() -> None:
    state, broken = after(REACHED, CAUSE, CALL, PLUMBER), Rung(RungKind.BREAK, CALL.due)
    while state.rungs[0] != broken:
        state = lived(state, [silence(state)])
    move = apply(state, silence(state, late=SECOND))

    assert move.entries == (
        Entry(EntryKind.PROMISE_BROKEN, CALL.due + SECOND, due=CALL.due, facts={"number": 1}),
    )
    assert move.notices == (Notice(Message.PROMISE_BROKEN, Audience.OWNER),)
    assert broken not in committed(move).rungs
    turn = next_turn(committed(move))
    assert turn
    assert turn.kind is RungKind.HAND_UP


def test_each_promise_is_watched_though_another_one_is_broken_before() -> None:
    state = after(REACHED, CAUSE, CALL, PLUMBER)
    while len(breaks(state)) > 1 or state.level == 0:
        state = lived(state, [silence(state)])
    assert breaks(state) == [Rung(RungKind.BREAK, THURSDAY)]


def test_a_promise_made_before_the_cause_is_named_is_watched_too() -> None:
    state = after(REACHED, CALL)
    assert state.stage is Stage.CONTACTED
    assert breaks(state) == [Rung(RungKind.BREAK, CALL.due)]


def test_a_promise_is_watched_while_the_customer_must_be_called_again() -> None:
    asked = lived(after(REACHED, CAUSE, CALL), [words(submitted_at=MONDAY + 25 * HOUR)])
    assert asked.stage is Stage.ASKED
    assert breaks(asked) == [Rung(RungKind.BREAK, CALL.due)]


def test_a_promise_that_is_kept_breaks_no_more() -> None:
    state = after(REACHED, CAUSE, CALL, PLUMBER, FinishAction(1))
    assert CALL.due not in [rung.at for rung in breaks(state)]


def test_actions_of_an_open_case_of_before_live_on_without_a_kind() -> None:
    old = after(*HAPPY[:4])
    assert breaks(old) == []
    assert lived(old, [did(FinishAction(1))]).stage is Stage.CONFIRMING


@pytest.mark.parametrize(
    ("done", "closed", "word"),
    [
        (THURSDAY, None, Word.KEPT),
        (THURSDAY + SECOND, None, Word.BROKEN),
        (None, None, None),
        (None, THURSDAY + SECOND, Word.BROKEN),
        (None, THURSDAY - SECOND, Word.DROPPED),
        (THURSDAY - HOUR, THURSDAY - SECOND, Word.KEPT),
    ],
)
def test_kept_or_broken_by_timestamps_alone(
    done: datetime | None, closed: datetime | None, word: Word | None
) -> None:
    promise = Action(1, "plumber", THURSDAY, done_at=done, promise=PromiseKind.REPAIR)
    assert word_of(promise, closed_at=closed) is word


def test_an_action_tells_which_suggestion_of_a_playbook_it_follows() -> None:
    suggested = AddAction("plumber", THURSDAY, suggested="delay:2")

    [entry] = apply(after(REACHED), did(suggested)).entries

    assert (entry.facts["playbook"], entry.facts["suggestion"]) == ("delay", 2)


def test_an_action_of_ones_own_follows_none() -> None:
    [entry] = apply(after(REACHED), did(AddAction("plumber", THURSDAY))).entries

    assert "playbook" not in entry.facts
