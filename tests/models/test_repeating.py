"""Reminders that repeat on a level which is not the last, until the breach."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.hours import next_open
from models.ladder import Clock, Level, Post, RungKind, Span, Target
from models.plan import MOST_REPEATED, plan_rungs
from tests.models.calendars import OFFICE, paris
from tests.models.test_plan import POLICY

FRIDAY = paris("2026-11-20 16:30")
HOURLY = Span(time=timedelta(hours=1))


def reminders(
    level: Level, target: Target = Target.CONTACT, *, at: int = 0, by: datetime | None = None
) -> list[datetime]:
    levels = (*(level,) * (at + 1), Level(Post.NATIONAL_OWNER, repeat_every=Span(days=1)))
    plan = plan_rungs(replace(POLICY, levels=levels), OFFICE, Clock(target, FRIDAY, by), level=at)
    return [rung.at for rung in plan.rungs if rung.kind is RungKind.REMIND]


def test_a_reminder_repeats_after_the_last_share_until_the_breach() -> None:
    assert reminders(Level(Post.ASSIGNEE, (0.5,), HOURLY)) == [
        paris("2026-11-23 11:00"),
        paris("2026-11-23 12:00"),
        paris("2026-11-23 14:30"),
        paris("2026-11-23 15:30"),
    ]


def test_without_a_share_it_repeats_from_the_start() -> None:
    assert reminders(Level(Post.DEPUTY, (), HOURLY), Target.ACKNOWLEDGE, at=1) == [
        paris("2026-11-20 17:30"),
        paris("2026-11-23 09:00"),
        paris("2026-11-23 10:00"),
    ]


def test_after_a_named_date_it_repeats_until_the_breach() -> None:
    named = paris("2026-11-26 10:00")
    assert reminders(Level(Post.ASSIGNEE, (), HOURLY), by=named) == [
        named + timedelta(hours=n) for n in (0, 1, 2)
    ] + [paris("2026-11-26 14:30")]


def test_a_target_of_weeks_is_not_nagged_about_for_ever() -> None:
    minutely = Level(Post.ASSIGNEE, (0.5,), Span(time=timedelta(minutes=1)))
    assert len(reminders(minutely, Target.PLAN)) == 1 + MOST_REPEATED


@given(
    st.sampled_from([Target.ACKNOWLEDGE, Target.CONTACT, Target.PLAN]),
    st.timedeltas(timedelta(), timedelta(days=60)),
    st.integers(1, 600),
    st.lists(st.floats(0.1, 0.9), max_size=2),
)
def test_a_repeated_reminder_comes_in_working_time_and_before_the_breach(
    target: Target, later: timedelta, minutes: int, shares: list[float]
) -> None:
    level = Level(Post.ASSIGNEE, tuple(shares), Span(time=timedelta(minutes=minutes)))
    policy = replace(POLICY, levels=(level, POLICY.levels[-1]))
    start = FRIDAY + later

    plan = plan_rungs(policy, OFFICE, Clock(target, start), level=0)

    *reminded, end = plan.rungs
    alone = plan_rungs(
        replace(policy, levels=(replace(level, repeat_every=None), POLICY.levels[-1])),
        OFFICE,
        Clock(target, start),
        level=0,
    )
    assert end == alone.rungs[-1]
    assert set(alone.rungs) <= set(plan.rungs)
    repeated = [rung.at for rung in reminded if rung not in alone.rungs]
    assert all(start < at < end.at and next_open(OFFICE, at) == at for at in repeated)
