"""Whether a message has arrived, is waited for, or is told otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.fallback import Next, Sent, what_next
from models.posting import Posting
from models.reconciliation import GRACE, LAST_LOOK

POSTED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)
A_MOMENT = timedelta(seconds=1)
SMS = Sent(Posting.ACCEPTED, POSTED, asked_after=True)
MAIL = replace(SMS, asked_after=False)


def after(age: timedelta, sent: Sent, status: Posting, patience: timedelta = PATIENCE) -> Next:
    return what_next(replace(sent, status=status), POSTED + age, patience)


@pytest.mark.parametrize("to_customer", [False, True])
@pytest.mark.parametrize(
    ("status", "what"),
    [
        (Posting.PENDING, Next.WAIT),
        (Posting.SENDING, Next.WAIT),
        (Posting.DELIVERED, Next.ENOUGH),
        (Posting.WITHDRAWN, Next.ENOUGH),
        (Posting.FAILED, Next.OTHERWISE),
    ],
)
@pytest.mark.parametrize("age", [timedelta(0), LAST_LOOK])
def test_what_is_certain_needs_no_patience(
    age: timedelta, status: Posting, what: Next, *, to_customer: bool
) -> None:
    assert after(age, replace(SMS, to_customer=to_customer), status) is what


def test_a_mail_that_its_server_took_has_arrived() -> None:
    assert after(timedelta(0), MAIL, Posting.ACCEPTED) is Next.ENOUGH


@pytest.mark.parametrize("status", [Posting.ACCEPTED, Posting.UNKNOWN])
def test_a_colleague_is_told_otherwise_what_may_not_have_arrived_in_time(status: Posting) -> None:
    assert after(PATIENCE - A_MOMENT, SMS, status) is Next.WAIT
    assert after(PATIENCE, SMS, status) is Next.OTHERWISE


@pytest.mark.parametrize("status", [Posting.ACCEPTED, Posting.UNKNOWN])
def test_a_customer_is_never_told_twice_what_may_arrive_yet(status: Posting) -> None:
    hers = replace(SMS, to_customer=True)
    assert after(LAST_LOOK - A_MOMENT, hers, status) is Next.WAIT
    assert after(LAST_LOOK, hers, status) is Next.ENOUGH


def test_what_is_undelivered_may_be_a_part_of_what_arrives() -> None:
    hers = replace(SMS, to_customer=True)
    assert after(PATIENCE - A_MOMENT, hers, Posting.UNDELIVERED) is Next.WAIT
    assert after(PATIENCE, hers, Posting.UNDELIVERED) is Next.OTHERWISE
    assert after(timedelta(0), SMS, Posting.UNDELIVERED) is Next.OTHERWISE


def test_what_has_left_is_not_sent_again_by_the_only_way() -> None:
    bundle = replace(SMS, other_way=False)
    assert after(PATIENCE, bundle, Posting.ACCEPTED) is Next.WAIT
    assert after(LAST_LOOK, bundle, Posting.ACCEPTED) is Next.ENOUGH
    assert after(PATIENCE, bundle, Posting.UNKNOWN) is Next.OTHERWISE


def test_what_may_have_left_is_looked_for_before_all() -> None:
    assert after(GRACE - A_MOMENT, SMS, Posting.UNKNOWN, timedelta(0)) is Next.WAIT
    assert after(GRACE, SMS, Posting.UNKNOWN, timedelta(0)) is Next.OTHERWISE


@pytest.mark.parametrize("to_customer", [False, True])
def test_what_was_given_back_has_not_left_and_goes_the_other_way_in_time(
    *, to_customer: bool
) -> None:
    held = replace(SMS, to_customer=to_customer, given_back_at=POSTED)
    assert after(PATIENCE - A_MOMENT, held, Posting.PENDING) is Next.WAIT
    assert after(PATIENCE, held, Posting.PENDING) is Next.OTHERWISE
    assert after(PATIENCE, held, Posting.SENDING) is Next.WAIT
    assert after(PATIENCE, replace(held, other_way=False), Posting.PENDING) is Next.WAIT
