"""What the case does when nobody does anything."""

from dataclasses import replace
from datetime import timedelta

from models.actions import Acknowledge, Outcome
from models.case import Confirmation, Silence, Stage
from models.deadlines import CLOSURE
from models.ladder import Clock, Rung, RungKind, Target
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.timeline import SYSTEM
from models.transfers import UpTheLadder
from tests.models.rehearsal import (
    DEPUTY,
    DIRECTOR,
    HAPPY,
    MONDAY,
    NATIONAL,
    after,
    lived,
    opened,
    silence,
)


def test_a_reminder_leaves_the_clock_and_the_later_rungs_alone() -> None:
    state = opened()
    move = apply(state, silence(state, late=timedelta(minutes=1)))

    assert move.state.rungs == state.rungs[1:]
    assert move.clock is None
    assert move.notices == (Notice(Message.REMINDER, Audience.OWNER),)
    assert move.entries[0].at - (move.entries[0].due or MONDAY) == timedelta(minutes=1)


def test_a_hand_up_asks_the_next_level_and_tells_who_had_it_before() -> None:
    state = lived(after(Acknowledge()), [silence(after(Acknowledge()))])

    move = apply(state, silence(state))

    assert move.transfer == UpTheLadder(1)
    assert move.breached
    assert move.state.stage is Stage.ASKED
    assert move.notices == (
        Notice(Message.HANDED_UP, Audience.OWNER),
        Notice(Message.MOVED_ON, Audience.FORMER_OWNER),
        Notice(Message.MOVED_ON, Audience.THOSE_BEFORE),
    )


def test_a_hand_up_past_the_contact_keeps_the_stage() -> None:
    state = after(*HAPPY[:4])

    handed_up = lived(lived(state, [silence(state)]), [Silence(state.rungs[1], state.rungs[1].at)])

    assert handed_up.stage is Stage.REPAIRING
    assert handed_up.owner == DEPUTY


def test_a_hand_up_over_a_broken_promise_gives_the_next_level_its_own_target() -> None:
    state = after(*HAPPY[:4])
    hand_up = state.rungs[1]

    assert apply(state, Silence(hand_up, hand_up.at)).clock == Clock(Target.REPAIR, hand_up.at)


def test_after_one_alarm_there_is_no_silence() -> None:
    state, owners, fired = opened(), [], []
    for _ in range(9):
        fired.append(state.rungs[0].kind)
        state = lived(state, [silence(state)])
        owners.append(state.owner)

    climb = [RungKind.REMIND, RungKind.HAND_UP] * 2
    assert fired == [*climb, RungKind.REMIND, *[RungKind.REPEAT] * 4]
    assert owners == [DIRECTOR, *[DEPUTY] * 2, *[NATIONAL] * 6]


def test_a_repeat_plans_only_the_next_repeat() -> None:
    state = opened()
    for _ in range(6):
        state = lived(state, [silence(state)])

    (next_repeat,) = state.rungs
    assert next_repeat.kind is RungKind.REPEAT
    assert apply(state, silence(state)).clock == Clock(
        Target.ACKNOWLEDGE, next_repeat.at, again=True
    )


def test_who_is_asked_every_day_is_not_asked_twice_when_another_deadline_runs_out() -> None:
    tomorrow = Rung(RungKind.REPEAT, MONDAY + timedelta(days=1))
    runs_out = Rung(RungKind.REPEAT, MONDAY, CLOSURE)
    stalled = replace(opened(), rungs=(runs_out, tomorrow), stalled_since=MONDAY)

    asked_anyway = apply(stalled, Silence(runs_out, MONDAY))
    not_yet = apply(replace(stalled, stalled_since=None), Silence(runs_out, MONDAY))

    assert asked_anyway.notices == ()
    assert not_yet.notices == (Notice(Message.REPEAT, Audience.OWNER),)


def test_a_customer_who_stays_silent_closes_the_case_unconfirmed() -> None:
    state = after(*HAPPY[:5])
    move = apply(state, silence(state))

    assert move.state.outcome is Outcome.RECOVERED
    assert move.state.confirmation is Confirmation.UNCONFIRMED
    assert not move.answered
    assert move.entries[0].by == SYSTEM
