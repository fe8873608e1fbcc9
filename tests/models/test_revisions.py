"""What a later telling of a response is, and that the order of arrival does not matter."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.revisions import Change, Known, change_of
from models.submissions import Progress

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COMPLETED = Known(Progress.COMPLETED, NOON)


@pytest.mark.parametrize(
    ("progress", "changed_at", "older"),
    [
        (Progress.UPDATED, NOON - MINUTE, True),
        (Progress.PARTIAL, NOON + MINUTE, False),
        (Progress.PARTIAL, NOON, True),
        (Progress.UPDATED, NOON, False),
        (Progress.COMPLETED, NOON, False),
        (Progress.PARTIAL, None, True),
        (Progress.COMPLETED, None, False),
    ],
)
def test_a_telling_is_older_by_its_date_else_by_how_far_the_customer_had_come(
    progress: Progress,
    changed_at: datetime | None,
    older: bool,  # noqa: FBT001
) -> None:
    assert (COMPLETED.told(progress, changed_at) is None) is older


def test_a_telling_without_a_date_leaves_the_date_of_what_stood() -> None:
    assert COMPLETED.told(Progress.UPDATED, None) == Known(Progress.UPDATED, NOON)


def test_a_response_is_withdrawn_until_it_is_answered_anew_later_than_that() -> None:
    gone = COMPLETED.taken_back(NOON + MINUTE)
    assert gone is not None
    assert gone.withdrawn

    late = gone.told(Progress.UPDATED, NOON + MINUTE / 2)
    undated = gone.told(Progress.UPDATED, None)
    anew = gone.told(Progress.UPDATED, NOON + 2 * MINUTE)

    assert late is not None
    assert late.withdrawn
    assert undated is not None
    assert undated.withdrawn
    assert anew is not None
    assert not anew.withdrawn


def test_a_withdrawal_older_than_the_answer_or_told_before_says_nothing() -> None:
    assert COMPLETED.taken_back(NOON - MINUTE) is None
    assert Known(Progress.COMPLETED, NOON, NOON).taken_back(NOON) is None


@given(
    st.lists(st.tuples(st.sampled_from(Progress), st.booleans()), min_size=1, max_size=5),
)
def test_in_whatever_order_dated_tellings_arrive_the_same_stands(
    told: list[tuple[Progress, bool]],
) -> None:
    """Each telling says its own number; a withdrawal says nothing but that."""
    tellings = [(n, progress, back) for n, (progress, back) in enumerate(told)]
    ends = {_end(order) for order in permutations(tellings)}
    assert len(ends) == 1


def _end(order: tuple[tuple[int, Progress, bool], ...]) -> tuple[int | None, bool]:
    """Which telling stands in the end, and whether it is taken back."""
    said: int | None = None
    known: Known | None = None
    kept: datetime | None = None
    for n, progress, back in order:
        at = NOON + n * MINUTE
        if back and known is None:
            kept = max(at, kept or at)
        elif back and known is not None:
            known = known.taken_back(at) or known
        elif known is None:
            known, said = Known(progress, at, kept), n
        elif after := known.told(progress, at):
            known, said = after, n
    return said, known is not None and known.withdrawn


@pytest.mark.parametrize(
    ("heard", "score", "change"),
    [
        (None, 2, Change.JOINED),
        (2, 2, Change.WORDS),
        (2, 1, Change.WORSE),
        (2, 9, Change.BETTER),
    ],
)
def test_a_case_hears_what_changed_since_it_heard_last(
    heard: int | None, score: int, change: Change
) -> None:
    assert change_of(heard, score, withdrawn=False, alone=True) is change


def test_a_withdrawal_ends_what_has_no_other_answer() -> None:
    assert change_of(2, 2, withdrawn=True, alone=True) is Change.ALL_WITHDRAWN
    assert change_of(2, 2, withdrawn=True, alone=False) is Change.WITHDRAWN
