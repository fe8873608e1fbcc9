"""Whatever happens in whatever order, a case keeps its promises."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.case import ALLOWED, AWAITS, CaseState, Event, Move, Opened, Stage, next_turn
from models.errors import WrongMove
from models.handling import AcceptAction, AskTime, ChangeAction, DropAction, RefuseAction
from models.moves import apply
from tests.models.rehearsal import (
    DIRECTOR,
    HOUR,
    MONDAY,
    TOPIC,
    committed,
    did,
    minted,
    opened,
    silence,
    words,
)

Happening: TypeAlias = Act | str
"""An act, or one of what nobody does: "opening", "silence", and words, old ones and grave ones."""

NUMBERS = st.integers(0, 4)
DATES = st.integers(-10, 400).map(lambda hours: MONDAY + timedelta(hours=hours))
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.just(Acknowledge()),
    st.builds(Attempt, st.sampled_from(Reached)),
    st.builds(
        Attempt,
        st.just(Reached.LATER),
        again_at=DATES,
    ),
    st.just(TakeBack()),
    st.builds(NameCause, st.sampled_from(["late_delivery", "rude"])),
    st.builds(
        AddAction,
        st.sampled_from(["plumber", DIRECTOR]),
        DATES,
        st.none() | st.sampled_from(PromiseKind),
    ),
    st.builds(FinishAction, NUMBERS, st.booleans()),
    st.builds(AcceptAction, NUMBERS),
    st.builds(RefuseAction, NUMBERS, DATES),
    st.builds(AskTime, NUMBERS, DATES),
    st.builds(
        ChangeAction, NUMBERS, st.none() | DATES, st.sampled_from([None, "plumber", DIRECTOR])
    ),
    st.builds(DropAction, NUMBERS, st.booleans()),
    st.builds(HandOver, st.sampled_from([DIRECTOR, "colleague"])),
    st.builds(Confirm, st.booleans()),
    st.builds(CallMe, st.sampled_from([Contact.WRITTEN, Contact.PHONE]), st.booleans()),
    st.integers(-10, 400).map(lambda h: Pause("customer_away", MONDAY + timedelta(hours=h))),
    st.just(Resume()),
    st.builds(Close, st.sampled_from(Outcome)),
)
HEARD = ["words", "old words", "grave words", "old grave words"]
HAPPENINGS = st.one_of(ACTS, st.sampled_from(["opening", "silence", *HEARD]))
LIVES = st.lists(st.tuples(HAPPENINGS, st.integers(0, 30)), max_size=30)
PEOPLE = st.sampled_from([DIRECTOR, "plumber", "colleague"])
LIVES_OF_MANY = st.lists(st.tuples(HAPPENINGS, st.integers(0, 30), PEOPLE), max_size=30)


def _event(state: CaseState, happening: Happening, now: datetime, *, by: str = DIRECTOR) -> Event:
    match happening:
        case "opening":
            return Opened(now)
        case "words":
            return words(submitted_at=now)
        case "old words":
            return words(submitted_at=MONDAY - HOUR, at=now)
        case "grave words":
            return words(submitted_at=now, topic=TOPIC)
        case "old grave words":
            return words(submitted_at=MONDAY - HOUR, at=now, topic="press")
        case str():
            return silence(state if state.rungs else opened())
        case act:
            return did(act, at=now, by=by)


def _is_sound(before: CaseState, move: Move) -> None:
    then = committed(move)
    assert then.seq == before.seq + 1
    assert then.stage is before.stage or then.stage in ALLOWED[before.stage]
    assert move.entries
    if then.closed:
        assert then.outcome is not None
        assert not then.rungs
        return
    assert AWAITS[then.stage]
    assert then.owner
    assert then.rungs
    assert next_turn(then)
    assert move.clock is None or move.clock.target is AWAITS[then.stage]
    assert (then.stage is Stage.REPAIRING) <= bool(then.open_actions)
    assert (then.stage is Stage.CONFIRMING) <= (not then.to_accept)
    assert (then.stage is Stage.CONFIRMING) <= (then.remedied and then.reached_at is not None)


@settings(max_examples=300, deadline=None)
@given(LIVES_OF_MANY)
def test_any_order_of_events_is_a_sound_move_or_a_wrong_one(
    life: list[tuple[Happening, int, str]],
) -> None:
    state, now = committed(apply(minted(), Opened(MONDAY))), MONDAY
    for happening, hours, person in life:
        now += hours * HOUR
        try:
            move = apply(state, _event(state, happening, now, by=person))
        except WrongMove:
            continue
        _is_sound(state, move)
        state = committed(move)


@settings(max_examples=100, deadline=None)
@given(LIVES, st.builds(Attempt, st.sampled_from(Reached)))
def test_an_attempt_taken_back_leaves_nothing_but_its_place_on_the_timeline(
    life: list[tuple[Happening, int]], attempt: Attempt
) -> None:
    state, now = opened(), MONDAY
    for happening, hours in life:
        now += hours * HOUR
        with suppress(WrongMove):
            state = committed(apply(state, _event(state, happening, now)))
    try:
        tried = committed(apply(state, did(attempt, at=now)))
        back = committed(apply(tried, did(TakeBack(), at=now)))
    except WrongMove:
        return

    assert replace(back, seq=0) == replace(state, seq=0, before=None)


@settings(max_examples=100, deadline=None)
@given(LIVES)
def test_silence_moves_every_open_case_that_a_life_can_leave_behind(
    life: list[tuple[Happening, int]],
) -> None:
    state, now = opened(), MONDAY
    for happening, hours in life:
        now += hours * HOUR
        try:
            state = committed(apply(state, _event(state, happening, now)))
        except WrongMove:
            continue

    if not state.closed:
        assert apply(state, silence(state)).state.seq == state.seq + 1
