"""Why something is due then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.case import Stage
from models.deadlines import ATTEMPT, CLOSURE
from models.due_reason import due_reason
from models.ladder import Clock, Deadline, Rung, RungKind, Span, Target, Watch
from models.pauses import Pause
from tests.models.rehearsal import HOUR, MONDAY, opened
from tests.models.test_plan import POLICY

STATE = replace(opened(), clock=Clock(Target.CONTACT, MONDAY))


def test_a_target_runs_from_its_start_for_its_length() -> None:
    why = due_reason(STATE, POLICY)
    assert why
    assert (why.target, why.length, why.start) == (Target.CONTACT, Span(days=1), MONDAY)


def test_after_a_named_date_there_is_the_time_of_an_acknowledgement() -> None:
    why = due_reason(replace(STATE, clock=Clock(Target.REPAIR, MONDAY, by=MONDAY + HOUR)), POLICY)
    assert why
    assert (why.by, why.length) == (MONDAY + HOUR, Span(time=timedelta(hours=4)))


def test_a_repair_that_was_handed_up_must_be_taken_first() -> None:
    why = due_reason(replace(STATE, clock=Clock(Target.REPAIR, MONDAY)), POLICY)
    assert why
    assert why.length == Span(time=timedelta(hours=4))


def test_the_last_level_is_asked_again_as_often_as_it_says() -> None:
    why = due_reason(replace(STATE, clock=Clock(Target.PLAN, MONDAY, again=True)), POLICY)
    assert why
    assert (why.again, why.length) == (True, Span(days=1))


def test_a_case_that_rests_or_does_not_tell_has_no_reason() -> None:
    rests = replace(STATE, pause=Pause("customer_away", MONDAY, MONDAY + HOUR, "dora"))
    assert due_reason(rests, POLICY) is None
    assert due_reason(replace(STATE, clock=None), POLICY) is None


BESIDE = replace(
    POLICY,
    targets={
        **POLICY.targets,
        Target.ATTEMPT: Span(time=timedelta(minutes=1)),
        Target.CLOSURE: Span(days=30),
    },
)


@pytest.mark.parametrize(("watch", "target"), [(ATTEMPT, "attempt"), (CLOSURE, "closure")])
def test_a_deadline_beside_the_target_is_told_where_it_comes_first(
    watch: Watch, target: str
) -> None:
    due = MONDAY + HOUR
    rungs = (Rung(RungKind.HAND_UP, due, watch), Rung(RungKind.HAND_UP, due + HOUR))
    deadline = Deadline(watch, MONDAY - HOUR, due, "dora", paused=HOUR)
    called = replace(STATE, stage=Stage.ACKNOWLEDGED, owner="dora", rungs=rungs)

    why = due_reason(replace(called, deadlines=(deadline,)), BESIDE)

    assert why
    assert (why.target, why.length) == (target, BESIDE.targets[Target(target)])
    assert (why.start, why.paused) == (MONDAY - HOUR, HOUR)


def test_a_deadline_beside_the_target_that_comes_later_is_not_told() -> None:
    due = MONDAY + HOUR
    rungs = (Rung(RungKind.HAND_UP, due), Rung(RungKind.HAND_UP, due + HOUR, CLOSURE))
    deadline = Deadline(CLOSURE, MONDAY, due + HOUR, "dora")
    called = replace(STATE, stage=Stage.ACKNOWLEDGED, owner="dora", rungs=rungs)

    why = due_reason(replace(called, deadlines=(deadline,)), BESIDE)

    assert why
    assert why.target is Target.CONTACT
