"""The plan of a year is pure: the same for the same seed, and as lively as a year is."""

from dataclasses import replace

from demo.answers import Answer
from year.lives import PRACTICE, WORTH
from year.plan import MINUTE, SPRING, YEAR, Leave, Loss, Reform, plan_of, starts_at


def test_the_same_seed_plans_the_same() -> None:
    assert plan_of(SPRING) == plan_of(SPRING)


def test_another_seed_plans_another_year() -> None:
    assert plan_of(SPRING).things != plan_of(replace(SPRING, seed=2)).things


def test_everything_lies_on_a_whole_minute() -> None:
    """Else a quick machine and a slow one could tell different digests."""
    instants = [starts_at(thing) for thing in plan_of(YEAR).things]
    assert [at for at in instants if at.second or at.microsecond] == []
    assert all(one - instants[0] >= 0 * MINUTE for one in instants)


def test_a_year_holds_fifteen_hundred_responses_and_some_that_come_twice() -> None:
    answers = [thing for thing in plan_of(YEAR).things if isinstance(thing, Answer)]
    names = {str(answer.body["response_id"]) for answer in answers}
    assert 1450 < len(names) < 1510
    assert len(answers) > len(names)


def test_in_a_year_people_go_away_leave_for_good_and_workflows_are_lost() -> None:
    things = plan_of(YEAR).things
    assert sum(isinstance(thing, Leave) for thing in things) > 80
    assert sum(isinstance(thing, Reform) for thing in things) == 4
    assert sum(isinstance(thing, Loss) for thing in things) == 12


def test_in_a_year_gestures_are_given_playbooks_followed_and_what_helped_is_shared() -> None:
    answers = [thing for thing in plan_of(YEAR).things if isinstance(thing, Answer)]
    steps = [step for answer in answers for step in answer.life]
    worth = {step.said["cost"]["cents"] for step in steps if "cost" in step.said}
    assert worth == set(WORTH)
    assert sum("suggested" in step.said for step in steps) > 20
    assert sum(step.act == PRACTICE for step in steps) > 50
    assert sum(step.asked_of is not None for step in steps) > 20
