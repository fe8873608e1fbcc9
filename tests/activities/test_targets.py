"""Targets are met or missed by timestamps, and a voicemail restarts none."""

from datetime import timedelta

from models.actions import Acknowledge, Attempt, HandOver, Reached, TakeBack
from tests.casework import MONDAY_MORNING, Casework


async def test_an_acknowledgement_in_time_meets_its_target(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Acknowledge(), MONDAY_MORNING + timedelta(minutes=29))
    assert await casework.targets(state.case_id) == [("acknowledge", "met"), ("contact", None)]


async def test_an_act_that_comes_late_before_anybody_looked_is_not_counted_as_met(
    casework: Casework,
) -> None:
    """Although no rung had fired yet: the timestamps decide, not a check that happened to run."""
    state = await casework.open()
    await casework.act(state, Acknowledge(), MONDAY_MORNING + timedelta(minutes=31))
    assert (await casework.targets(state.case_id))[0] == ("acknowledge", "missed")


async def test_a_voicemail_does_not_count_as_a_conversation(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Acknowledge(), MONDAY_MORNING)
    later = MONDAY_MORNING + timedelta(hours=1)
    called = await casework.act(state, Attempt(Reached.VOICEMAIL), later)
    assert called.rungs[-1].at > state.rungs[-1].at
    assert await casework.targets(state.case_id) == [("acknowledge", "met"), ("contact", None)]


async def test_a_hand_up_misses_the_target_and_starts_one_for_the_next_level(
    casework: Casework,
) -> None:
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)
    assert (state.owner, state.level) == ("denis", 1)
    assert await casework.targets(state.case_id) == [
        ("acknowledge", "missed"),
        ("acknowledge", None),
    ]


async def test_a_hand_over_by_hand_drops_the_running_target(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, HandOver("denis"), MONDAY_MORNING + timedelta(minutes=1))
    assert await casework.targets(state.case_id) == [
        ("acknowledge", "dropped"),
        ("acknowledge", None),
    ]


async def test_the_last_level_repeats_without_a_new_target(casework: Casework) -> None:
    state = await casework.open()
    for _ in range(8):
        state = await casework.stay_silent(state)
    assert (state.owner, state.level) == ("nora", 2)
    fates = [fate for _, fate in await casework.targets(state.case_id)]
    assert fates == ["missed", "missed", "missed"]


async def test_a_time_that_the_customer_named_is_a_new_target(casework: Casework) -> None:
    """Missed once its owner had the time of an acknowledgement from then on, not at its very minute."""
    state = await casework.open()
    state = await casework.act(state, Acknowledge(), MONDAY_MORNING)
    at = MONDAY_MORNING + timedelta(days=2)
    later = Attempt(Reached.LATER, again_at=at)
    state = await casework.act(state, later, MONDAY_MORNING + timedelta(hours=1))
    assert [rung.at for rung in state.rungs] == [at, at + timedelta(minutes=30)]
    assert await casework.targets(state.case_id) == [
        ("acknowledge", "met"),
        ("contact", "dropped"),
        ("contact", None),
    ]

    await casework.act(state, Attempt(Reached.REACHED), at + timedelta(minutes=5))
    assert (await casework.targets(state.case_id))[2:] == [("contact", "met"), ("plan", None)]


async def test_an_attempt_taken_back_leaves_the_targets_as_they_were(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Acknowledge(), MONDAY_MORNING)
    then = await casework.target_rows(state.case_id)
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING)
    assert await casework.targets(state.case_id) == [
        ("acknowledge", "met"),
        ("contact", "met"),
        ("plan", None),
    ]

    await casework.act(state, TakeBack(), MONDAY_MORNING)
    assert await casework.target_rows(state.case_id) == then


async def test_every_ending_says_by_which_commit(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Acknowledge(), MONDAY_MORNING)
    assert [row.ended_seq for row in await casework.target_rows(state.case_id)] == [2, None]
