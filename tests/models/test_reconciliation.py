"""Which of the carrier's messages is ours, when to look again, and what may be said once more."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from models.posting import RANKS, News, Standing
from models.reconciliation import (
    FIRST_LOOK_ACCEPTED,
    GRACE,
    LAST_LOOK,
    SKEW,
    TOO_LATE,
    Listed,
    find_ours,
    may_repeat,
    may_resend,
    next_look,
)

POSTED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OURS = "Reminder for Dora: call back. https://rappel.example/l/abcDEF_123"


def listed(sid: str, body: str, *, after: timedelta = timedelta(seconds=1)) -> Listed:
    return Listed(News(sid, Standing(2)), body, POSTED + after)


def found(*messages: Listed, body: str = OURS, taken: frozenset[str] = frozenset()) -> str | None:
    news = find_ours(messages, body, since=POSTED, taken=taken)
    return news.sid if news else None


def test_the_one_with_our_link_is_ours() -> None:
    other = listed("SM1", OURS.replace("abcDEF_123", "another_one"))
    assert found(other, listed("SM2", OURS)) == "SM2"
    assert found(other) is None


def test_a_link_counts_whatever_the_carrier_made_of_the_words_around_it() -> None:
    assert found(listed("SM1", "Trial account - Rappel de Dora " + OURS[29:] + " ")) == "SM1"


def test_without_a_link_all_our_words_count() -> None:
    words = "We could not reach you.\nWe try again."
    assert found(listed("SM1", "We could not reach you. We try again."), body=words) == "SM1"
    assert found(listed("SM1", "We could not reach you."), body=words) is None


def test_what_was_there_before_is_not_ours() -> None:
    assert found(listed("SM1", OURS, after=-SKEW - timedelta(seconds=1))) is None
    assert found(listed("SM1", OURS, after=-SKEW)) == "SM1"


def test_what_is_known_as_another_message_is_not_ours() -> None:
    assert found(listed("SM1", OURS), taken=frozenset({"SM1"})) is None


def test_of_two_the_older_is_ours() -> None:
    assert found(listed("SM2", OURS, after=GRACE), listed("SM1", OURS)) == "SM1"


def test_it_is_looked_after_ever_less_often_and_then_no_more() -> None:
    looks = [POSTED + FIRST_LOOK_ACCEPTED]
    while (after := next_look(POSTED, looks[-1], clear=True)) is not None:
        looks.append(after)
    pauses = [after - before for before, after in pairwise(looks)]
    assert pauses[:-1] == sorted(pauses[:-1])
    assert looks[-1] == POSTED + LAST_LOOK
    assert len(looks) < 15


def test_what_is_unclear_is_looked_after_soon_and_as_the_grace_ends() -> None:
    looks = [POSTED + timedelta(seconds=50)]
    while (after := next_look(POSTED, looks[-1], clear=False)) is not None:
        looks.append(after)
    assert POSTED + GRACE in looks
    assert looks[-1] == POSTED + LAST_LOOK
    assert len(looks) < 20


@pytest.mark.parametrize(
    ("age", "to_customer", "resent", "again"),
    [
        (GRACE, False, False, True),
        (GRACE - timedelta(seconds=1), False, False, False),
        (TOO_LATE, False, False, False),
        (GRACE, False, True, False),
        (GRACE, True, False, False),
        (TOO_LATE - timedelta(seconds=1), True, False, False),
    ],
)
def test_only_a_colleague_is_told_again_once_and_in_time(
    age: timedelta, *, to_customer: bool, resent: bool, again: bool
) -> None:
    assert may_resend(POSTED, POSTED + age, to_customer=to_customer, resent=resent) is again


@pytest.mark.parametrize(
    ("word", "code", "to_customer", "resent", "again"),
    [
        ("failed", 30001, False, False, True),
        ("undelivered", 30001, False, False, True),
        ("failed", 30001, True, False, True),
        ("undelivered", 30001, True, False, False),
        ("failed", 30001, False, True, False),
        ("failed", 30007, False, False, False),
        ("failed", 0, False, False, False),
        ("sent", 0, False, False, False),
    ],
)
def test_what_a_full_queue_threw_out_is_said_again_once(
    word: str, code: int, *, to_customer: bool, resent: bool, again: bool
) -> None:
    stands = Standing(RANKS[word], code)
    assert may_repeat(stands, to_customer=to_customer, resent=resent) is again
