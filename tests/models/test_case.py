"""The table of stages: every allowed way is gone in some life, and no other way is ever gone."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from models.absorbing import absorb
from models.actions import (
    Acknowledge,
    Act,
    CallMe,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    Outcome,
    TakeBack,
)
from models.case import ALLOWED, AWAITS, CaseState, Event, Opened, Stage, advance, next_due
from models.errors import WrongMove
from models.handling import DropAction
from models.ladder import Rung, RungKind
from models.moves import apply
from tests.models.rehearsal import (
    CAUSE,
    HOUR,
    MONDAY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    committed,
    did,
    minted,
    silence,
    words,
)

ACTS: tuple[Act, ...] = (
    Acknowledge(),
    REACHED,
    NO_ANSWER,
    TakeBack(),
    CAUSE,
    REPAIR,
    FinishAction(1),
    FinishAction(2),
    DropAction(1),
    HandOver("colleague"),
    Confirm(solved=True),
    Confirm(solved=False),
    CallMe(),
    CallMe(unasked=True),
    *(Close(outcome) for outcome in Outcome),
)


def _events(state: CaseState) -> Iterator[Event]:
    yield Opened(MONDAY)
    yield words(submitted_at=MONDAY + HOUR)
    yield from (did(act) for act in ACTS)
    if state.rungs:
        yield silence(state)


def _outlook(state: CaseState) -> tuple[object, ...]:
    """What of a state decides about its future, so that the walk over all lives comes to an end."""
    done = tuple((a.done_at is not None, a.is_open) for a in state.actions)
    undone = state.before.stage if state.before else None
    reached = state.reached_at is not None
    return state.stage, reached, state.cause, done, state.remedied, state.level, undone


@cache
def _ways_gone() -> frozenset[tuple[Stage, Stage]]:
    """All changes of stage in all lives with at most two actions."""
    waiting, known, gone = [minted()], set[object](), set[tuple[Stage, Stage]]()
    while waiting:
        state = waiting.pop()
        with suppress(WrongMove):
            absorbed = absorb(state, into="older", by="national", at=MONDAY)
            gone.add((state.stage, absorbed.state.stage))
        for event in _events(state):
            try:
                then = committed(apply(state, event))
            except WrongMove:
                continue
            gone.add((state.stage, then.stage))
            if _outlook(then) not in known and len(then.actions) <= 2:
                known.add(_outlook(then))
                waiting.append(then)
    return frozenset(gone)


@pytest.mark.parametrize(("start", "to"), [p for p in product(Stage, Stage) if p[0] is not p[1]])
def test_a_stage_follows_another_in_some_life_exactly_where_the_table_allows_it(
    start: Stage, to: Stage
) -> None:
    assert ((start, to) in _ways_gone()) is (to in ALLOWED[start])


@pytest.mark.parametrize(("start", "to"), list(product(Stage, Stage)))
def test_advance_goes_along_the_table_and_refuses_the_rest(start: Stage, to: Stage) -> None:
    state = replace(minted(), stage=start)

    if to is start or to in ALLOWED[start]:
        assert advance(state, to).stage is to
    else:
        with pytest.raises(WrongMove) as refused:
            advance(state, to)
        assert refused.value.rule == "stage"


def test_every_stage_of_an_open_case_awaits_something() -> None:
    assert set(AWAITS) == set(Stage) - {Stage.HEARD, Stage.CLOSED}


def test_the_first_rung_is_due_next_and_a_case_without_rungs_has_nothing_due() -> None:
    rungs = (Rung(RungKind.REMIND, MONDAY), Rung(RungKind.HAND_UP, MONDAY + HOUR))

    assert next_due(replace(minted(), rungs=rungs)) == MONDAY
    assert next_due(minted()) is None
