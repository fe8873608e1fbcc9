"""Any JSON by a mapping of its places, as a system sends it whose owner may not write the body."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.mappings import Role, Scale, Source, SurveyMapping
from models.submissions import Submission
from models.survey import Identity, Metric, SurveyResponse
from surveys.adapters import hear
from surveys.generic import read
from tests.surveys.deliveries import RECEIVED_AT

MAPPING = SurveyMapping(
    "visits",
    Metric.NPS,
    "question.score",
    Scale(0, 10),
    roles={
        Role.RESPONSE_ID: ("question.id",),
        Role.SUBMITTED_AT: ("question.responded",),
        Role.COMMENT: ("question.comment",),
        Role.CUSTOMER_EMAIL: ("people[1].email", "people[0].email"),
        Role.TRADE: ("tags",),
    },
)
SENT: dict[str, object] = {
    "question": {"id": 123, "score": "2", "responded": "1795111200", "comment": "Rien ne va."},
    "people": [{"email": "odile@customer.example"}, {"email": None}],
    "tags": ["works"],
}


def told(sent: dict[str, object], *mappings: SurveyMapping, survey: str | None = None) -> object:
    source = Source("crm", "generic", mappings=mappings, survey=survey)
    [found] = hear(source, json.dumps(sent).encode(), received_at=RECEIVED_AT)
    return found


def test_places_however_deep_have_their_roles() -> None:
    assert told(SENT, MAPPING) == SurveyResponse(
        "123",
        "visits",
        datetime.fromtimestamp(1795111200, UTC),
        Metric.NPS,
        2,
        comment="Rien ne va.",
        customer=Identity(email="odile@customer.example"),
        trade="works",
        raw_score="2",
    )


@pytest.mark.parametrize("survey", ["visits", "repairs"])
def test_of_several_surveys_the_body_says_which(survey: str) -> None:
    found = told(
        {**SENT, "form": {"id": survey}},
        MAPPING,
        replace(MAPPING, survey="repairs"),
        survey="form.id",
    )

    assert isinstance(found, SurveyResponse)
    assert found.survey_id == survey


def test_what_lies_too_deep_to_be_named_is_passed_over() -> None:
    long = "k" * 300
    [heard] = read(json.dumps({long: {"a": 1}, "b": {"c": 2}}).encode())

    assert isinstance(heard, Submission)
    assert heard.values == {"b.c": 2}
