"""Which answers are called back, and the reason for each that is not."""

from datetime import UTC, datetime

import pytest

from models.recognition import WithoutAddress
from models.survey import (
    SCALES,
    UNHAPPY_UP_TO,
    Feeling,
    Identity,
    Metric,
    Reason,
    SurveyResponse,
    feeling,
    reason_for_no_case,
)

MARIE = Identity(id="c-1")


def response(customer: Identity) -> SurveyResponse:
    return SurveyResponse(
        "r-1", "s-1", datetime(2026, 3, 2, tzinfo=UTC), Metric.NPS, 3, customer=customer
    )


@pytest.mark.parametrize(
    ("metric", "score", "felt"),
    [
        (Metric.NPS, 0, Feeling.UNHAPPY),
        (Metric.NPS, 6, Feeling.UNHAPPY),
        (Metric.NPS, 7, Feeling.PASSIVE),
        (Metric.NPS, 8, Feeling.PASSIVE),
        (Metric.NPS, 9, Feeling.PROMOTER),
        (Metric.NPS, 10, Feeling.PROMOTER),
        (Metric.CSAT, 1, Feeling.UNHAPPY),
        (Metric.CSAT, 2, Feeling.UNHAPPY),
        (Metric.CSAT, 3, Feeling.SATISFIED),
        (Metric.CES, 3, Feeling.UNHAPPY),
        (Metric.CES, 4, Feeling.SATISFIED),
        (Metric.CES, 7, Feeling.SATISFIED),
    ],
)
def test_the_score_says_how_the_customer_feels(metric: Metric, score: int, felt: Feeling) -> None:
    assert feeling(metric, score, UNHAPPY_UP_TO) is felt


@pytest.mark.parametrize("metric", Metric)
def test_a_score_outside_the_scale_is_refused(metric: Metric) -> None:
    low, high = SCALES[metric]
    for score in (low - 1, high + 1):
        with pytest.raises(ValueError, match=f"{metric} goes from {low} to {high}"):
            feeling(metric, score, UNHAPPY_UP_TO)


def test_the_organisation_may_draw_the_line_elsewhere() -> None:
    assert feeling(Metric.NPS, 7, {Metric.NPS: 7}) is Feeling.UNHAPPY


@pytest.mark.parametrize("felt", sorted(set(Feeling) - {Feeling.UNHAPPY}))
def test_whoever_is_not_unhappy_is_not_called_back_and_the_reason_says_so(felt: Feeling) -> None:
    assert reason_for_no_case(response(MARIE), felt) == felt.value


@pytest.mark.parametrize(
    "customer", [MARIE, Identity(email="marie@example.org"), Identity(phone="+15550100")]
)
def test_an_unhappy_customer_who_can_be_reached_is_called_back(customer: Identity) -> None:
    assert reason_for_no_case(response(customer), Feeling.UNHAPPY) is None


def test_an_unhappy_customer_known_by_name_only_cannot_be_reached() -> None:
    unreachable = response(Identity(name="Marie"))

    assert reason_for_no_case(unreachable, Feeling.UNHAPPY) is Reason.NO_WAY_TO_REACH
    assert reason_for_no_case(unreachable, Feeling.UNHAPPY, WithoutAddress.CASE) is None
