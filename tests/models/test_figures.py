"""The figures, from rows small enough to count by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.actions import Outcome
from models.case import Confirmation
from models.figures import CaseCourse, Figures, Lateness, Measured, TargetRun, UnhappyResponse
from models.ladder import Target
from models.measuring import measure
from models.rates import rate
from models.targets import Fate

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEN_DAYS_AGO = NOW - 10 * DAY
OPEN = CaseCourse()
RECOVERED = CaseCourse(
    closed_at=TEN_DAYS_AGO + 3 * DAY,
    outcome=Outcome.RECOVERED,
    confirmation=Confirmation.CONFIRMED,
    last_contact=TEN_DAYS_AGO + DAY,
)


def response(
    case: CaseCourse | None = OPEN,
    *,
    at: datetime = TEN_DAYS_AGO,
    region: str | None = "north",
    reason: str | None = None,
    opened: bool = True,
) -> UnhappyResponse:
    return UnhappyResponse(at, region, reason, case, opened)


UNREACHABLE = response(None, reason="no_way_to_reach", opened=False)


def all_of(*responses: UnhappyResponse, days: int = 7) -> Figures:
    return measure(responses, days=days, now=NOW, zone=ZoneInfo("Europe/Paris"))


def overall(*responses: UnhappyResponse, days: int = 7) -> Measured:
    return all_of(*responses, days=days).overall


def closed(outcome: Outcome, *, after: timedelta = 3 * DAY) -> UnhappyResponse:
    return response(replace(RECOVERED, outcome=outcome, closed_at=TEN_DAYS_AGO + after))


def test_nothing_heard_gives_figures_without_values() -> None:
    found = all_of()

    assert (found.by_region, found.by_period) == ((), ())
    assert found.overall.responses == 0
    assert found.overall.contact == found.overall.coverage.covered == rate(0, 0)
    assert found.overall.lateness == Lateness(0, None, None, None)


def test_coverage_counts_joined_responses_and_lists_the_others_by_reason() -> None:
    joined = response(opened=False)
    forgotten = response(None, opened=False)

    found = overall(response(), joined, UNREACHABLE, UNREACHABLE, forgotten)

    assert found.coverage.covered == rate(2, 5)
    assert found.coverage.others == {"no_way_to_reach": 2, "unexplained": 1}
    assert (found.responses, found.reachable, found.cases) == (5, 3, 1)


def test_contact_counts_after_the_response_and_open_cases_stay_in_the_denominator() -> None:
    contacted = replace(OPEN, last_contact=TEN_DAYS_AGO + DAY)
    joined_after_the_call = response(contacted, at=TEN_DAYS_AGO + 2 * DAY, opened=False)

    found = overall(response(contacted), joined_after_the_call, response(), UNREACHABLE)

    assert found.contact == rate(1, 3)


@pytest.mark.parametrize(
    "outcome",
    [Outcome.RECOVERED, Outcome.NOT_RECOVERED, Outcome.DECLINED, Outcome.UNREACHABLE],
)
def test_a_loop_is_closed_with_contact_or_exhausted_attempts(outcome: Outcome) -> None:
    assert overall(closed(outcome), response()).closed_loop.closed == rate(1, 2)


def test_a_withdrawn_case_closes_no_loop_and_is_counted_apart() -> None:
    found = overall(closed(Outcome.WITHDRAWN), response()).closed_loop

    assert found.closed == rate(0, 2)
    assert found.withdrawn == rate(1, 2)


def test_confirmed_and_unreachable_stand_beside_the_closed_loops() -> None:
    silent = replace(RECOVERED, confirmation=Confirmation.UNCONFIRMED)
    unreachable = replace(RECOVERED, outcome=Outcome.UNREACHABLE, confirmation=None)

    found = overall(*map(response, (RECOVERED, silent, unreachable, OPEN))).closed_loop

    assert found.closed == rate(3, 4)
    assert found.confirmed == rate(1, 4)
    assert found.unreachable == rate(1, 4)


@pytest.mark.parametrize(("days", "n"), [(2, 0), (3, 1), (7, 1)])
def test_a_loop_closed_too_late_is_not_closed(days: int, n: int) -> None:
    assert overall(response(RECOVERED), days=days).closed_loop.closed == rate(n, 1)


def test_a_response_younger_than_d_days_is_not_judged_yet() -> None:
    young = response(RECOVERED, at=NOW - 7 * DAY + timedelta(seconds=1))
    just_old_enough = response(OPEN, at=NOW - 7 * DAY)

    assert overall(young, just_old_enough).closed_loop.closed == rate(0, 1)


@pytest.mark.parametrize(
    ("course", "reopened"),
    [
        (replace(OPEN, said_no=True), True),
        (replace(RECOVERED, followed_at=TEN_DAYS_AGO + 33 * DAY), True),
        (replace(RECOVERED, followed_at=TEN_DAYS_AGO + 34 * DAY), False),
        (RECOVERED, False),
    ],
    ids=["said no", "30 days after the end", "31 days after the end", "never"],
)
def test_reopened_is_a_no_or_a_new_case_soon_after_the_end(
    course: CaseCourse, *, reopened: bool
) -> None:
    assert overall(response(course)).closed_loop.reopened == rate(int(reopened), 1)


def test_attainment_counts_what_is_past_due_as_missed_and_leaves_out_what_is_not_due() -> None:
    runs = (
        TargetRun(Target.ACKNOWLEDGE, TEN_DAYS_AGO, Fate.MET),
        TargetRun(Target.ACKNOWLEDGE, TEN_DAYS_AGO, Fate.MISSED),
        TargetRun(Target.ACKNOWLEDGE, TEN_DAYS_AGO, Fate.DROPPED),
        TargetRun(Target.CONTACT, NOW - timedelta(seconds=1), None),
        TargetRun(Target.CONTACT, NOW + timedelta(seconds=1), None),
        TargetRun(Target.PLAN, TEN_DAYS_AGO, Fate.MET),
    )

    found = overall(response(replace(OPEN, targets=runs))).attainment

    assert found.overall == rate(2, 4)
    assert found.by_target[Target.ACKNOWLEDGE] == rate(1, 2)
    assert found.by_target[Target.CONTACT] == rate(0, 1)
    assert found.by_target[Target.REPAIR] == rate(0, 0)


def test_escalation_counts_each_case_once_on_every_level_it_climbed_over() -> None:
    twice_up, once_up = replace(OPEN, highest_level=2), replace(OPEN, highest_level=1)
    joined = response(twice_up, opened=False)

    found = overall(response(twice_up), joined, response(once_up), response(), response())

    assert [(e.level, e.reached) for e in found.escalation] == [(1, rate(2, 4)), (2, rate(1, 4))]


def test_every_region_shows_the_same_levels() -> None:
    found = all_of(response(region="south"), response(replace(OPEN, highest_level=1)))

    assert [len(of.measured.escalation) for of in found.by_region] == [1, 1]


def test_lateness_is_of_all_fired_steps() -> None:
    steps = tuple(timedelta(seconds=s) for s in (9, 1, 2))
    cases = replace(OPEN, lateness=steps), replace(OPEN, lateness=(timedelta(seconds=0.5),))

    assert overall(*map(response, cases)).lateness == Lateness(4, 1.0, 9.0, 9.0)


def test_regions_stand_by_name_and_the_unknown_one_first() -> None:
    found = all_of(*(response(region=name) for name in ("south", None, "alsace", "south")))

    assert [(of.region, of.measured.responses) for of in found.by_region] == [
        (None, 1),
        ("alsace", 1),
        ("south", 2),
    ]


@pytest.mark.parametrize(("count", "small"), [(29, True), (30, False)])
def test_a_region_is_small_below_thirty_responses(count: int, *, small: bool) -> None:
    assert all_of(*[response()] * count).by_region[0].small is small


def test_a_month_is_that_of_the_head_office() -> None:
    before_midnight = datetime(2026, 10, 31, 22, 59, tzinfo=UTC)
    responses = [response(at=before_midnight), response(at=before_midnight + timedelta(minutes=1))]

    assert _months(all_of(*responses)) == [("2026-10", 1), ("2026-11", 1)]


def test_a_case_belongs_to_the_month_of_the_response_that_opened_it() -> None:
    course = replace(OPEN, highest_level=1)
    opening = response(course, at=datetime(2026, 10, 20, tzinfo=UTC))
    joined = response(course, at=datetime(2026, 11, 2, tzinfo=UTC), opened=False)

    found = all_of(joined, opening)

    assert [of.measured.cases for of in found.by_period] == [1, 0]


def _months(found: Figures) -> Sequence[tuple[str, int]]:
    return [(of.period, of.measured.responses) for of in found.by_period]
