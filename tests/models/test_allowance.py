"""How many messages somebody gets within a time, and when many are told as one."""

from datetime import timedelta

import pytest

from models.allowance import FLOOD, LIMITS, is_flood, next_turn
from models.people import Channel
from tests.casework import MONDAY_MORNING as NOW

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "waits"),
    [
        ((), 0),
        ((1,), 0),
        ((0,), 1),
        ((2, 4, 6, 8), 0),
        ((2, 4, 6, 8, 10), 5),
        ((5, 10, 14, 20, 25, 30, 35, 40, 45, 50), 0),
        ((5, 10, 14, 20, 25, 30, 35, 40, 45, 50, 55), 5),
    ],
)
def test_a_phone_gets_one_a_minute_five_a_quarter_and_eleven_an_hour(
    minutes: tuple[int, ...], waits: int
) -> None:
    sent = [NOW - each * MINUTE for each in minutes]

    assert next_turn(Channel.SMS, sent, NOW) == NOW + waits * MINUTE


def test_the_longest_wait_counts() -> None:
    sent = [NOW - each * MINUTE for each in (0, 1, 2, 3, 4)]

    assert next_turn(Channel.SMS, sent, NOW) == NOW + 11 * MINUTE


def test_a_mailbox_takes_several_at_once() -> None:
    assert next_turn(Channel.EMAIL, [NOW] * 4, NOW) == NOW
    assert next_turn(Channel.EMAIL, [NOW] * 5, NOW) == NOW + 15 * MINUTE


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_limits(channel: Channel) -> None:
    assert LIMITS[channel]


@pytest.mark.parametrize(
    ("cases", "bundles", "flooded"),
    [(FLOOD - 1, 0, False), (FLOOD, 0, True), (1, 1, True), (0, 2, False)],
)
def test_many_cases_are_a_flood_and_what_comes_after_one_joins_it(
    cases: int, bundles: int, *, flooded: bool
) -> None:
    assert is_flood(cases, bundles) is flooded
