"""Zendesk: a rated ticket, what a trigger was told to send, and events that are no answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.mappings import Role, Scale, Source, SurveyMapping
from models.survey import Metric, SurveyResponse
from surveys import zendesk
from surveys.adapters import hear
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.mapped import said

RATED: dict[str, object] = {
    "type": "zen:event-type:ticket.csat_received",
    "id": "ev-1",
    "time": "2026-11-21T17:30:00Z",
    "subject": "zen:ticket:4711",
    "detail": {"id": "4711", "requester_id": "998"},
    "event": {"satisfaction_score": {"score": "BAD"}},
}
BY_TRIGGER = {
    "ticket": "4711",
    "rating": "Bad",
    "comment": "Trois\nsemaines",
    "mail": "o@c.example",
}
MAPPING = SurveyMapping(
    "ticket.csat_received",
    Metric.CSAT,
    "event.satisfaction_score.score",
    Scale(1, 5),
    words={"good": 5, "bad": 1},
    roles={Role.CUSTOMER_ID: ("detail.requester_id",)},
)
OF_TRIGGER = SurveyMapping(
    "support",
    Metric.CSAT,
    "rating",
    Scale(1, 5),
    words={"good": 5, "bad": 1},
    roles={Role.RESPONSE_ID: ("ticket",), Role.COMMENT: ("comment",)},
)


def told(sent: dict[str, object], mapping: SurveyMapping) -> SurveyResponse:
    source = Source("help", "zendesk", mappings=(mapping,))
    [response] = hear(source, json.dumps(sent).encode(), received_at=RECEIVED_AT)
    assert isinstance(response, SurveyResponse)
    return response


@pytest.mark.parametrize(("word", "score"), [("BAD", 1), ("GOOD", 5)])
def test_a_rating_is_a_word_that_the_mapping_weighs(word: str, score: int) -> None:
    response = told({**RATED, "event": {"satisfaction_score": {"score": word}}}, MAPPING)

    assert (response.score, response.raw_score) == (score, word)
    assert response.customer.id == "998"


def test_a_rating_is_known_by_its_ticket_for_it_may_be_changed() -> None:
    heard = said("zendesk", RATED)

    assert (heard.response_id, heard.survey_id) == ("4711", "ticket.csat_received")
    assert heard.changed_at == datetime(2026, 11, 21, 17, 30, tzinfo=UTC)


def test_what_a_trigger_sends_is_read_as_its_mapping_says() -> None:
    response = told(dict(BY_TRIGGER), OF_TRIGGER)

    assert (response.response_id, response.survey_id, response.score) == ("4711", "support", 1)
    assert response.comment == "Trois\nsemaines"


def test_a_line_that_ends_within_a_placeholder_spoils_nothing() -> None:
    body = json.dumps(BY_TRIGGER).replace("\\n", "\n").encode()
    source = Source("help", "zendesk", mappings=(OF_TRIGGER,))

    [response] = hear(source, body, received_at=RECEIVED_AT)

    assert isinstance(response, SurveyResponse)
    assert response.comment == "Trois\nsemaines"


def test_a_trigger_of_a_source_with_several_surveys_says_which_one_it_is() -> None:
    source = Source(
        "help", "zendesk", mappings=(MAPPING, replace(OF_TRIGGER, survey="chat")), survey="form"
    )
    body = json.dumps({**BY_TRIGGER, "form": "chat"}).encode()

    [response] = hear(source, body, received_at=RECEIVED_AT)

    assert isinstance(response, SurveyResponse)
    assert response.survey_id == "chat"


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({**RATED, "type": "zen:event-type:user.active_changed"}, "type"),
        ({**RATED, "type": "zen:event-type:ticket.csat_requested"}, "type"),
        ({**RATED, "detail": {}}, "detail.id"),
    ],
)
def test_an_event_that_is_no_answer_is_refused_with_its_place(
    sent: dict[str, object], place: str
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        zendesk.read(json.dumps(sent).encode())
    assert refused.value.place == place
