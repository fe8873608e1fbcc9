"""A carrier that refuses is left alone, ever longer, and tried by one message at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.breaker import (
    FAULTS_IN_A_ROW,
    LATELY,
    LONGEST_REST,
    LOOKS_AT,
    NEVER_RESTED,
    RELAPSE,
    TOO_MANY,
    TRY_LIFE,
    Answered,
    Cause,
    Rest,
    Said,
    Standing,
    admit,
    after,
    compare,
    forgotten,
    judged,
    judges_from,
    read_refusal,
    try_now,
)
from tests.casework import MONDAY_MORNING as NOW

MINUTE = timedelta(minutes=1)
REFUSED = Answered(Said.ACCOUNT, 20003)
OURS, FILTERED, DEAD = ("operator", 21606), ("blocked", 30007), ("fix_number", 30006)
ABROAD = ("operator", 21408)
UNKNOWN = ("operator", 30410)
SUSPENDED = ("break", 30002)


def opened(cause: Cause = Cause.ACCOUNT) -> Rest:
    """Just now."""
    return Rest(cause, 1, NOW, NOW + 5 * MINUTE, times=1)


def tried(rest: Rest) -> Rest:
    """By the first message that may."""
    assert rest.until is not None
    entered = admit(rest, rest.until)
    assert isinstance(entered, Rest)
    return entered


def test_a_refused_account_is_left_alone_ever_longer() -> None:
    rest, now = NEVER_RESTED, NOW
    lasts: list[float] = []
    for _ in range(7):
        rest = after(rest, REFUSED, now)
        until = rest.until or now
        lasts.append((until - now) / MINUTE)
        rest, now = tried(rest), until
    assert lasts == [5, 10, 20, 40, 60, 60, 60]
    assert rest.since == NOW


def test_while_it_is_left_alone_everybody_waits_as_long_as_it_lasts() -> None:
    rest = after(NEVER_RESTED, REFUSED, NOW)
    assert admit(rest, NOW + MINUTE) == 4 * MINUTE
    assert rest.standing(NOW + MINUTE) is Standing.OPEN


def test_then_one_message_is_tried_and_the_others_wait_for_it() -> None:
    rest = tried(opened())
    later = NOW + 5 * MINUTE
    assert rest.standing(later) is Standing.HALF_OPEN
    assert admit(rest, later) == TRY_LIFE


def test_who_died_while_he_tried_holds_nobody_up() -> None:
    assert isinstance(admit(tried(opened()), NOW + 5 * MINUTE + TRY_LIFE), Rest)


@pytest.mark.parametrize("cause", [Cause.ACCOUNT, Cause.SETTINGS, Cause.FAULTS])
def test_what_is_taken_closes_it(cause: Cause) -> None:
    rest = after(tried(opened(cause)), Answered(Said.TAKEN), NOW + 6 * MINUTE)
    assert rest.standing(NOW + 6 * MINUTE) is Standing.CLOSED


@pytest.mark.parametrize(
    ("cause", "said", "standing"),
    [
        (Cause.ACCOUNT, Said.OTHER, Standing.CLOSED),
        (Cause.ACCOUNT, Said.SETTINGS, Standing.CLOSED),
        (Cause.ACCOUNT, Said.FAULT, Standing.OPEN),
        (Cause.ACCOUNT, Said.PATIENCE, Standing.OPEN),
        (Cause.ACCOUNT, Said.NOT_REACHED, Standing.OPEN),
        (Cause.SETTINGS, Said.OTHER, Standing.HALF_OPEN),
        (Cause.SETTINGS, Said.SETTINGS, Standing.OPEN),
        (Cause.SETTINGS, Said.ACCOUNT, Standing.OPEN),
        (Cause.FAULTS, Said.OTHER, Standing.CLOSED),
        (Cause.FAULTS, Said.SETTINGS, Standing.CLOSED),
        (Cause.FAULTS, Said.FAULT, Standing.OPEN),
        (Cause.ACCOUNT, Said.CALLED, Standing.CLOSED),
        (Cause.FAULTS, Said.CALLED, Standing.CLOSED),
    ],
)
def test_what_a_try_tells_depends_on_what_was_wrong(
    cause: Cause, said: Said, standing: Standing
) -> None:
    now = NOW + 5 * MINUTE
    assert after(tried(opened(cause)), Answered(said), now).standing(now) is standing


def test_a_call_tells_nothing_of_the_sender_and_lets_no_second_message_be_tried() -> None:
    now, rest = NOW + 5 * MINUTE, tried(opened(Cause.SETTINGS))
    assert after(rest, Answered(Said.CALLED), now) == rest
    assert admit(rest, now) == TRY_LIFE


@pytest.mark.parametrize("said", [Said.PATIENCE, Said.NOT_REACHED])
def test_a_try_that_tells_nothing_makes_the_rest_no_longer(said: Said) -> None:
    rest = after(tried(opened()), Answered(said, 429, MINUTE), NOW + 5 * MINUTE)
    assert (rest.cause, rest.times, rest.until) == (Cause.ACCOUNT, 1, NOW + 6 * MINUTE)


def test_who_asks_for_patience_is_given_it_and_is_no_trouble() -> None:
    rest = after(NEVER_RESTED, Answered(Said.PATIENCE, 20429, MINUTE), NOW)
    assert admit(rest, NOW) == MINUTE
    assert (rest.trouble(NOW), rest.times, rest.refuses_calls(NOW)) == (None, 0, False)
    assert admit(rest, NOW + MINUTE) == rest
    assert after(rest, REFUSED, NOW + MINUTE).times == 1


def test_three_faults_in_a_row_open_it_and_a_good_answer_between_forgives_them() -> None:
    fault, rest = Answered(Said.FAULT, 503), NEVER_RESTED
    for _ in range(FAULTS_IN_A_ROW - 1):
        rest = after(rest, fault, NOW)
    assert after(after(rest, Answered(Said.TAKEN), NOW), fault, NOW).cause is None
    assert after(rest, fault, NOW).cause is Cause.FAULTS


def test_what_was_on_its_way_before_changes_nothing() -> None:
    for said in (Said.TAKEN, Said.ACCOUNT, Said.FAULT):
        assert after(opened(), Answered(said), NOW + MINUTE) == opened()


def test_a_refused_account_outweighs_a_smaller_trouble() -> None:
    assert after(opened(Cause.FAULTS), REFUSED, NOW).cause is Cause.ACCOUNT


@pytest.mark.parametrize(
    ("latest", "cause"),
    [
        ([OURS] * TOO_MANY, Cause.SETTINGS),
        ([FILTERED] * TOO_MANY, Cause.SETTINGS),
        ([OURS] * (TOO_MANY - 1), None),
        ([ABROAD] * LOOKS_AT, None),
        ([DEAD] * LOOKS_AT, None),
        ([UNKNOWN] * LOOKS_AT, None),
        ([("operator", 0)] * LOOKS_AT, None),
        ([UNKNOWN] * (LOOKS_AT - TOO_MANY) + [OURS] * TOO_MANY, Cause.SETTINGS),
        ([(None, 0)] * (LOOKS_AT - TOO_MANY) + [OURS] * TOO_MANY, Cause.SETTINGS),
        ([(None, 0)] * (LOOKS_AT - TOO_MANY + 1) + [OURS] * TOO_MANY, None),
    ],
)
def test_half_of_the_latest_ten_that_fail_by_our_settings_open_it(
    latest: list[tuple[str | None, int]], cause: Cause | None
) -> None:
    assert judged(NEVER_RESTED, latest, NOW).cause is cause


def test_one_message_that_fails_later_because_the_account_is_refused_opens_it() -> None:
    rest = judged(NEVER_RESTED, [(None, 0), SUSPENDED, (None, 0)], NOW)
    assert (rest.cause, rest.code, rest.refuses_calls(NOW)) == (Cause.ACCOUNT, 30002, True)
    assert judged(rest, [SUSPENDED] * LOOKS_AT, NOW + MINUTE) == rest


@pytest.mark.parametrize("rest", [opened(Cause.SETTINGS), tried(opened(Cause.FAULTS))])
def test_an_account_that_is_refused_later_outweighs_a_smaller_trouble(rest: Rest) -> None:
    assert judged(rest, [SUSPENDED], NOW).cause is Cause.ACCOUNT


def test_what_closed_it_is_forgotten_with_it() -> None:
    """The message that closed it counts: news of it may come before its answer is kept."""
    rest = after(tried(opened(Cause.SETTINGS)), Answered(Said.TAKEN), NOW + 6 * MINUTE)
    assert judges_from(rest, NOW + 7 * MINUTE) == NOW + 5 * MINUTE
    assert judges_from(rest, NOW + LATELY * 2) == NOW + LATELY


def test_what_opens_again_soon_goes_on_where_it_was() -> None:
    closed_at = NOW + 5 * MINUTE
    rest = after(tried(opened(Cause.SETTINGS)), Answered(Said.TAKEN), closed_at)
    soon, late = closed_at + RELAPSE - MINUTE, closed_at + RELAPSE
    assert judged(rest, [FILTERED] * TOO_MANY, soon).times == 2
    assert judged(rest, [FILTERED] * TOO_MANY, late).times == 1


@pytest.mark.parametrize("cause", [Cause.ACCOUNT, Cause.SETTINGS, Cause.FAULTS])
def test_somebody_who_has_seen_to_it_has_it_tried_at_once(cause: Cause) -> None:
    rest = try_now(replace(opened(cause), times=5), NOW)
    assert isinstance(admit(rest, NOW), Rest)
    assert after(tried(rest), REFUSED, NOW).until == NOW + 5 * MINUTE


def test_nobody_shortens_the_patience_that_was_asked_for() -> None:
    rest = after(NEVER_RESTED, Answered(Said.PATIENCE, 20429, MINUTE), NOW)
    assert try_now(rest, NOW) == rest


def test_what_another_account_was_told_is_forgotten() -> None:
    assert forgotten(NOW).standing(NOW) is Standing.CLOSED
    assert judges_from(forgotten(NOW), NOW + MINUTE) == NOW


@pytest.mark.parametrize(
    ("cause", "refused"),
    [(Cause.ACCOUNT, True), (Cause.SETTINGS, False), (Cause.FAULTS, False)],
)
def test_only_a_refused_account_holds_up_calls(cause: Cause, refused: bool) -> None:  # noqa: FBT001
    assert opened(cause).refuses_calls(NOW) is refused
    assert not opened(cause).refuses_calls(NOW + 5 * MINUTE)


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (401, 20003, Said.ACCOUNT),
        (403, 0, Said.ACCOUNT),
        (429, 20429, Said.PATIENCE),
        (400, 21611, Said.OTHER),
        (400, 21610, Said.OTHER),
        (400, 21606, Said.SETTINGS),
        (400, 21408, Said.OTHER),
        (400, 30410, Said.OTHER),
        (400, 0, Said.OTHER),
        (503, 0, Said.FAULT),
    ],
)
def test_an_answer_tells_of_the_carrier_whatever_it_tells_of_the_message(
    status: int, code: int, said: Said
) -> None:
    assert read_refusal(status, code) == Answered(said, code or status)


def test_each_change_is_told_once() -> None:
    rest = after(NEVER_RESTED, REFUSED, NOW)
    trying, later = tried(rest), NOW + 5 * MINUTE
    closed = after(trying, Answered(Said.TAKEN), later)
    steps = [(NEVER_RESTED, rest, NOW), (rest, trying, later), (trying, closed, later)]
    told = [compare(*step) for step in steps]
    assert [each.event for each in told if each] == [
        "carrier_rests",
        "carrier_is_tried",
        "carrier_is_back",
    ]
    assert [compare(each, each, later) for each in (NEVER_RESTED, rest, trying)] == [None] * 3


ANSWERS = st.builds(
    Answered,
    st.sampled_from(Said),
    st.just(1),
    st.none() | st.integers(1, 15).map(lambda n: n * MINUTE),
)


@given(st.lists(st.tuples(ANSWERS, st.integers(0, 90)), max_size=30))
def test_whatever_is_answered_nobody_waits_longer_than_an_hour_and_one_tries_at_a_time(
    answers: list[tuple[Answered, int]],
) -> None:
    rest, now = NEVER_RESTED, NOW
    for answered, minutes in answers:
        now += minutes * MINUTE
        entered = admit(rest, now)
        if isinstance(entered, timedelta):
            assert timedelta(0) < entered <= LONGEST_REST
            continue
        if entered.trying:
            assert isinstance(admit(entered, now), timedelta)
        rest = after(entered, answered, now)
        if answered.said is Said.ACCOUNT:
            assert rest.refuses_calls(now)
        if answered.said is Said.TAKEN:
            assert rest.trouble(now) is None
