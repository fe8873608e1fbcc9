"""When silence is broken: the rungs of each target, in opening hours."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import AWAITS
from models.errors import Misconfigured
from models.ladder import CallPolicy, Clock, Level, Policy, Post, Rung, RungKind, Span, Target
from models.opening_hours import OpeningHours
from models.plan import plan_rungs
from tests.models.calendars import ALWAYS, OFFICE, paris

POLICY = Policy(
    targets={
        Target.ACKNOWLEDGE: Span(time=timedelta(hours=4)),
        Target.CONTACT: Span(days=1),
        Target.PLAN: Span(days=2),
        Target.REPAIR: Span(days=5),
        Target.CONFIRMATION: Span(days=5),
    },
    levels=(
        Level(Post.ASSIGNEE, (0.9, 0.5)),
        Level(Post.DEPUTY, (0.5,)),
        Level(Post.NATIONAL_OWNER, (0.5,), Span(days=1)),
    ),
    calls=CallPolicy(3, timedelta(hours=3)),
)
HOUR = timedelta(hours=1)
LAST = len(POLICY.levels) - 1
FRIDAY = paris("2026-11-20 16:30")
INSTANTS = st.timedeltas(timedelta(), timedelta(days=60)).map(lambda later: FRIDAY + later)
CLOCKS = st.builds(
    Clock,
    target=st.sampled_from(tuple(AWAITS.values())),
    start=INSTANTS,
    by=st.none() | INSTANTS,
    again=st.booleans(),
    quiet_until=st.none() | INSTANTS,
)


def rungs(clock: Clock, *, level: int = 0) -> tuple[tuple[RungKind, datetime], ...]:
    plan = plan_rungs(POLICY, OFFICE, clock, level=level)
    return tuple((rung.kind, rung.at) for rung in plan.rungs)


def test_reminders_come_at_shares_of_the_working_time_and_then_it_goes_up() -> None:
    assert rungs(Clock(Target.ACKNOWLEDGE, FRIDAY)) == (
        (RungKind.REMIND, paris("2026-11-20 18:30")),
        (RungKind.REMIND, paris("2026-11-23 10:36")),
        (RungKind.HAND_UP, paris("2026-11-23 11:00")),
    )


def test_shares_of_working_days_are_measured_in_opening_hours() -> None:
    assert rungs(Clock(Target.CONTACT, FRIDAY), level=1) == (
        (RungKind.REMIND, paris("2026-11-23 11:00")),
        (RungKind.HAND_UP, paris("2026-11-23 16:30")),
    )


def test_nobody_is_reminded_of_a_call_before_he_may_make_it() -> None:
    """Nor a rung more: what would ring too early waits."""
    quiet = Clock(Target.CONTACT, FRIDAY, quiet_until=paris("2026-11-23 14:00"))

    assert rungs(quiet) == (
        (RungKind.REMIND, paris("2026-11-23 14:00")),
        (RungKind.REMIND, paris("2026-11-23 15:42")),
        (RungKind.HAND_UP, paris("2026-11-23 18:00")),
    )


def test_a_target_that_ends_before_the_next_call_is_allowed_moves_nobody_yet() -> None:
    """Who tried in vain keeps the case for an acknowledgement's time from then on."""
    grave = replace(POLICY, targets={**POLICY.targets, Target.CONTACT: Span(time=2 * HOUR)})
    tried = Clock(Target.CONTACT, FRIDAY, quiet_until=FRIDAY + 3 * HOUR)

    plan = plan_rungs(grave, ALWAYS, tried, level=0)

    assert plan.due == FRIDAY + 2 * HOUR
    assert plan.rungs == (
        Rung(RungKind.REMIND, FRIDAY + 3 * HOUR),
        Rung(RungKind.HAND_UP, FRIDAY + 7 * HOUR),
    )


def test_on_the_last_level_it_repeats_instead_of_going_up() -> None:
    assert rungs(Clock(Target.ACKNOWLEDGE, FRIDAY), level=LAST)[-1] == (
        RungKind.REPEAT,
        paris("2026-11-23 11:00"),
    )


def test_what_repeats_again_has_no_more_reminders() -> None:
    assert rungs(Clock(Target.ACKNOWLEDGE, FRIDAY, again=True), level=LAST) == (
        (RungKind.REPEAT, paris("2026-11-23 16:30")),
    )


def test_an_overdue_promise_repeats_too() -> None:
    missed = Clock(Target.REPAIR, FRIDAY, by=paris("2026-11-19 12:00"), again=True)

    assert rungs(missed, level=LAST) == ((RungKind.REPEAT, paris("2026-11-23 16:30")),)


def test_a_customer_who_says_nothing_lets_the_case_close_unconfirmed() -> None:
    assert rungs(Clock(Target.CONFIRMATION, FRIDAY)) == (
        (RungKind.CLOSE_UNCONFIRMED, paris("2026-11-27 16:30")),
    )


def test_a_promised_date_is_not_nagged_about_before_it_comes() -> None:
    promised = Clock(Target.REPAIR, FRIDAY, by=paris("2026-11-26 12:00"))

    assert rungs(promised) == (
        (RungKind.REMIND, paris("2026-11-26 12:00")),
        (RungKind.HAND_UP, paris("2026-11-26 17:30")),
    )


def test_a_promise_for_the_night_is_asked_about_at_the_next_opening() -> None:
    promised = Clock(Target.REPAIR, FRIDAY, by=paris("2026-11-26 23:00"))

    plan = plan_rungs(POLICY, OFFICE, promised, level=0)

    assert plan.due == paris("2026-11-26 23:00")
    assert plan.rungs[0] == Rung(RungKind.REMIND, paris("2026-11-27 09:00"))


def test_a_date_that_is_watched_by_itself_is_not_reminded_of_twice() -> None:
    promised = Clock(Target.REPAIR, FRIDAY, by=paris("2026-11-26 16:00"), watched=True)

    assert [kind for kind, _ in rungs(promised)] == [RungKind.HAND_UP]


def test_a_promise_already_missed_goes_up_without_a_reminder() -> None:
    promised = Clock(Target.REPAIR, FRIDAY, by=paris("2026-11-19 12:00"))

    assert rungs(promised) == ((RungKind.HAND_UP, paris("2026-11-23 11:00")),)


def test_after_a_missed_promise_the_next_level_has_the_time_of_an_acknowledgement() -> None:
    assert rungs(Clock(Target.REPAIR, FRIDAY), level=1) == rungs(
        Clock(Target.ACKNOWLEDGE, FRIDAY), level=1
    )


@pytest.mark.parametrize("target", [Target.ACKNOWLEDGE, Target.CONTACT, Target.PLAN])
def test_the_due_instant_is_the_breach(target: Target) -> None:
    plan = plan_rungs(POLICY, OFFICE, Clock(target, FRIDAY), level=0)

    assert plan.due == plan.rungs[-1].at


def test_a_ladder_whose_last_level_does_not_repeat_is_refused() -> None:
    endless = Policy(POLICY.targets, POLICY.levels[:1], POLICY.calls)

    with pytest.raises(Misconfigured):
        plan_rungs(endless, OFFICE, Clock(Target.PLAN, FRIDAY, again=True), level=0)


@given(CLOCKS, st.integers(0, LAST), st.sampled_from([OFFICE, ALWAYS]))
def test_every_plan_has_an_end_and_is_in_order_of_time(
    clock: Clock, level: int, hours: OpeningHours
) -> None:
    found = plan_rungs(POLICY, hours, clock, level=level).rungs

    assert found[-1].kind is not RungKind.REMIND
    assert all(rung.kind is RungKind.REMIND for rung in found[:-1])
    assert [rung.at for rung in found] == sorted({rung.at for rung in found})
    assert found[0].at > clock.start
