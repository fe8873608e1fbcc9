"""Instants that are moved on purpose, by a pause or by other rules, in any zone and on any day."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from models.assignment import Circumstances
from models.case import CaseState, Stage, next_turn
from models.conditions import About
from models.decision import plan_of
from models.hours import add, between
from models.ladder import Clock, Rung, RungKind, Span, Target
from models.opening_hours import OpeningHours, Window
from models.organisation import Organisation, Region
from models.organisation_file.reading import read_organisation
from models.paused_time import gone_on
from models.pauses import Pause, PauseOver
from models.reach import Reach
from models.replanning import Course, Rules, plan_anew
from models.versions import Versions
from models.watching import with_deadlines
from tests.casework import SMALL
from tests.models.calendars import situations

Situation: TypeAlias = tuple[OpeningHours, datetime]

TODAY = read_organisation(SMALL.read_text(), name=SMALL.name)
NIGHT = timedelta(hours=10, minutes=19)
MINUTES = st.integers(1, 60 * 60).map(lambda n: timedelta(minutes=n))
SHARES = st.floats(0, 1)
LENGTHS = st.one_of(
    st.integers(1, 4000).map(lambda n: Span(time=timedelta(minutes=n))),
    st.integers(1, 12).map(lambda n: Span(days=n)),
)


def kept_by(hours: OpeningHours, contact: Span, closure: Span) -> Organisation:
    """Everybody works then, and has these targets."""
    targets = {**TODAY.policy.targets, Target.CONTACT: contact, Target.CLOSURE: closure}
    return replace(
        TODAY,
        head_office=hours,
        regions={"north": Region("north", {"en": "North"}, hours)},
        people={each.id: replace(each, hours=None) for each in TODAY.people.values()},
        policy=replace(TODAY.policy, targets=targets),
    )


def circumstances(organisation: Organisation, at: datetime) -> Circumstances:
    return Circumstances(About("north"), today=organisation, policy=organisation.policy, at=at)


def taken(organisation: Organisation, start: datetime) -> tuple[CaseState, Course]:
    """A case that was taken at `start`, with all that is planned for it."""
    versions = Versions(organisation, organisation)
    clock = Clock(Target.CONTACT, start)
    calls = organisation.policy.calls
    state = CaseState(
        "case-1",
        start,
        seq=2,
        stage=Stage.ACKNOWLEDGED,
        assignee="dora",
        owner="dora",
        unreachable_after=calls.at_most,
        reach=Reach(write_after=calls.write_after),
    )
    plan = plan_of(clock, state, circumstances(organisation, start), versions=versions)
    state = replace(state, rungs=plan.rungs, clock=clock)
    policy = organisation.policy
    return (
        with_deadlines(state, versions, policy, region="north", at=start),
        Course(start, plan.due),
    )


def at_share(start: datetime, end: datetime, share: float) -> datetime:
    return start + (end - start) * share


@settings(max_examples=60, deadline=None)
@given(situations(), MINUTES, SHARES, MINUTES)
def test_a_pause_moves_what_is_due_by_exactly_the_working_time_that_it_took(
    situation: Situation, length: timedelta, share: float, rest: timedelta
) -> None:
    hours, start = situation
    due = add(hours, start, Span(time=length))
    since = at_share(start, due, share)
    over = PauseOver(Pause("customer_away", since, since + rest, "dora"), since + rest)
    clock = Clock(Target.CONTACT, start)
    state = CaseState("case-1", start, rungs=(Rung(RungKind.HAND_UP, due),), clock=clock)

    after = gone_on(state, over, hours, anew=False)

    paused = between(hours, since, since + rest)
    assert between(hours, start, after.rungs[0].at) == length + paused
    assert after.paused == paused
    assert paused or after.rungs[0].at == max(due, over.at)


def test_what_was_due_as_a_night_s_rest_began_is_due_when_it_ends() -> None:
    """The act came first, and the rest took no working time."""
    monday = datetime(2027, 3, 1, 18, tzinfo=UTC)
    hours = OpeningHours("UTC", {day: (Window(time(9), time(18)),) for day in range(1, 6)})
    over = PauseOver(Pause("customer_away", monday, monday + NIGHT, "dora"), monday + NIGHT)
    state = CaseState("case-1", monday, rungs=(Rung(RungKind.REPEAT, monday),))

    after = gone_on(state, over, hours, anew=False)

    assert after.rungs[0].at == over.at


@settings(max_examples=60, deadline=None)
@given(situations(), MINUTES, SHARES, MINUTES, SHARES)
def test_two_pauses_move_it_as_one_that_is_as_long(
    situation: Situation, length: timedelta, share: float, rest: timedelta, cut: float
) -> None:
    hours, start = situation
    due = add(hours, start, Span(time=length))
    since = at_share(start, due, share)
    middle = at_share(since, since + rest, cut)
    whole = CaseState("case-1", start, rungs=(Rung(RungKind.HAND_UP, due),))
    halves = whole
    for begin, end in ((since, middle), (middle, since + rest)):
        pause = PauseOver(Pause("customer_away", begin, end, "dora"), end)
        halves = gone_on(halves, pause, hours, anew=False)
    one = PauseOver(Pause("customer_away", since, since + rest, "dora"), since + rest)
    assert halves.rungs == gone_on(whole, one, hours, anew=False).rungs


@settings(max_examples=60, deadline=None)
@given(situations(), LENGTHS, LENGTHS, SHARES)
def test_the_same_rules_change_nothing(
    situation: Situation, contact: Span, closure: Span, share: float
) -> None:
    hours, start = situation
    organisation = kept_by(hours, contact, closure)
    state, course = taken(organisation, start)
    now = at_share(start, course.due_at, share)
    state = replace(state, rungs=tuple(r for r in state.rungs if r.at >= now))
    versions = Versions(organisation, organisation)

    anew = plan_anew(state, course, circumstances(organisation, now), Rules(versions, versions))

    assert anew.changes_nothing(state, course)


@settings(max_examples=60, deadline=None)
@given(situations(), st.tuples(LENGTHS, LENGTHS), st.tuples(LENGTHS, LENGTHS), SHARES)
def test_nobody_is_late_by_decree_and_nobody_gets_more_than_either_rule_gives(
    situation: Situation, before: tuple[Span, Span], after: tuple[Span, Span], share: float
) -> None:
    hours, start = situation
    old, new = kept_by(hours, *before), kept_by(hours, *after)
    state, course = taken(old, start)
    now = at_share(start, course.due_at, share)
    state = replace(state, rungs=tuple(r for r in state.rungs if r.at > now))
    if course.due_at <= now or state.deadlines[0].due <= now:
        return

    rules = Rules(Versions(old, old), Versions(new, new))
    anew = plan_anew(state, course, circumstances(new, now), rules)

    wanted = add(hours, start, after[0])
    assert anew.due
    assert anew.due > now or course.due_at <= now
    assert anew.due <= max(course.due_at, wanted)
    assert all(rung.at > now for rung in anew.state.rungs)
    assert next_turn(anew.state)
