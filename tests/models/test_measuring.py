"""Figures read from tallies small enough to write down."""

from collections import Counter

import pytest

from models.figures import Escalation, Figures, Lateness, Measured, OfCause
from models.ladder import Target
from models.measuring import Tallied, figures_of
from models.rates import rate


def figures(days: int = 30, **tally: int) -> Figures:
    return figures_of(Tallied(Counter(tally)), days=days)


def overall(tally: dict[str, int], *, days: int = 30) -> Measured:
    return figures(days, **tally).overall


def test_nothing_heard_gives_figures_without_values() -> None:
    found = figures_of(Tallied(), days=30)

    assert (found.by_region, found.by_trade, found.by_period, found.causes) == ((), (), (), ())
    assert found.overall.contact == found.overall.coverage.covered == rate(0, 0)
    assert found.overall.waits.contact.wall.median is None
    assert found.overall.lateness == Lateness(0, None, None, None)


def test_coverage_lists_those_without_a_case_by_reason() -> None:
    found = overall({"responses": 5, "other:unexplained": 1, "other:no_way_to_reach": 2}).coverage

    assert found.covered == rate(2, 5)
    assert list(found.others.items()) == [("no_way_to_reach", 2), ("unexplained", 1)]


def test_quality_is_of_the_cases_that_are_closed() -> None:
    found = overall({"cases": 10, "open": 4, "good": 3})

    assert (found.quality, found.backlog) == (rate(3, 6), 4)


@pytest.mark.parametrize(("days", "closed"), [(7, 2), (14, 5), (30, 5), (60, 9)])
def test_a_loop_closed_sooner_is_closed_within_more_days_too(days: int, closed: int) -> None:
    loops = {"reachable": 10, "closed:7": 2, "closed:14": 3, "closed:60": 4}

    assert overall(loops, days=days).closed_loop.closed == rate(closed, 10)


def test_who_is_younger_than_the_days_is_in_no_closed_loop_yet() -> None:
    tally = {"reachable": 10, "closed:7": 4, "reopened": 3, "withdrawn:7": 1}
    young = {"young.reachable": 2, "young.closed": 1, "young.reopened": 1, "young.withdrawn": 1}

    found = overall(tally | young).closed_loop

    assert (found.closed, found.reopened, found.withdrawn) == (rate(3, 8), rate(2, 8), rate(0, 8))


def test_attainment_counts_what_is_past_due_as_missed() -> None:
    counts = {"met:contact": 5, "missed:contact": 2, "overdue:contact": 1, "met:plan": 1}
    found = overall(counts | {"behind": 1})

    assert found.attainment.by_target[Target.CONTACT] == found.service_level == rate(5, 8)
    assert found.attainment.by_target[Target.REPAIR] == rate(0, 0)
    assert found.attainment.overall == rate(6, 9)
    assert found.late == 1


def test_escalation_counts_each_case_on_every_level_it_climbed_over() -> None:
    found = overall({"cases": 4, "level:1": 1, "level:3": 1})

    assert found.escalation == (
        Escalation(1, rate(2, 4)),
        Escalation(2, rate(1, 4)),
        Escalation(3, rate(1, 4)),
    )


def test_every_group_shows_the_same_levels() -> None:
    climbed = Counter({"answers": 1, "cases": 1, "level:2": 1})
    regions = {"south": Counter({"answers": 1, "cases": 1}), "north": climbed}

    found = figures_of(Tallied(climbed, by_region=regions), days=30)

    assert [len(of.measured.escalation) for of in found.by_region] == [2, 2]


def test_waits_tell_what_happened_who_waits_and_who_is_lost() -> None:
    """Three of four by 120 minutes; the last one may still wait for ever."""
    waits = {"contact.wall:60": 1, "contact.wall:120": 2, "contact.wall.waiting:240": 1}

    found = overall(waits | {"contact.working.lost:60": 1}).waits.contact

    assert (found.wall.happened, found.wall.waiting) == (3, 1)
    assert (found.wall.median, found.wall.p90) == (7200.0, None)
    assert (found.working.happened, found.working.waiting, found.working.mean) == (0, 0, 3600.0)


def test_lateness_is_by_nearest_rank() -> None:
    assert overall({"late:0": 1, "late:2": 2, "late:10": 1}).lateness == Lateness(4, 2.0, 10, 10)


def test_the_most_frequent_cause_comes_first_and_the_one_not_named_has_no_name() -> None:
    causes = figures(**{"cause:rude": 1, "cause:delay": 1, "cause:": 3}).causes

    assert causes == (OfCause(None, 3), OfCause("delay", 1), OfCause("rude", 1))


def test_groups_stand_by_name_and_the_unknown_one_first() -> None:
    some = Counter({"answers": 1, "responses": 30})
    gone = Counter({"answers": 0})

    by_region = {"south": some, "": Counter({"answers": 1, "responses": 29}), "b": gone, "a": some}
    found = figures_of(Tallied(some, by_region=by_region), days=30).by_region

    assert [(of.region, of.small) for of in found] == [
        (None, True),
        ("a", False),
        ("south", False),
    ]
