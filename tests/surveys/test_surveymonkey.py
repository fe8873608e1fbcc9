"""SurveyMonkey: whose an event is, what it points at, and what was fetched."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadCredential, NotUnderstood
from models.mappings import Role, Scale, Source, SurveyMapping
from models.submissions import Heard, Ping, Pointer, Progress, Trial
from models.survey import Metric, SurveyResponse, Withdrawal
from surveys.adapters import hear, verify
from surveys.surveymonkey import read, read_fetched
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.surveymonkey_bodies import (
    RESPONSE,
    SCORE,
    SECRET,
    SURVEY,
    WHY,
    WISHES,
    details,
    event,
    signed,
)

MAPPING = SurveyMapping(
    SURVEY,
    Metric.NPS,
    SCORE,
    Scale(0, 10),
    roles={
        Role.COMMENT: (WHY,),
        Role.CUSTOMER_EMAIL: ("contact.email",),
        Role.CUSTOMER_NAME: ("contact.first_name", "contact.last_name"),
        Role.CONTRACT: ("custom_variables.contract",),
    },
    facts={"wishes": WISHES, "when": f"{WISHES}.other"},
)
SOURCE = Source("monkey", "surveymonkey", mappings=(MAPPING,))
AT = datetime(2026, 11, 21, 17, 28, 11, 182613, tzinfo=UTC)


def told_by(body: bytes) -> Heard:
    [heard] = read(body)
    return heard


def test_a_signed_event_points_at_its_response() -> None:
    verify(SOURCE, signed(event()), event(), [SECRET], now=RECEIVED_AT)

    assert told_by(event()) == Pointer(RESPONSE, SURVEY, Progress.COMPLETED, AT)


def test_another_byte_another_secret_and_no_signature_are_refused() -> None:
    for headers, body in (
        (signed(event()), event() + b" "),
        (signed(event(), "an_id_of_the_tests&another"), event()),
        ({}, event()),
        ({"sm-signature": "\udcff"}, event()),
    ):
        with pytest.raises(BadCredential):
            verify(SOURCE, headers, body, [SECRET], now=RECEIVED_AT)


@pytest.mark.parametrize(
    ("kind", "progress"),
    [("response_created", Progress.PARTIAL), ("response_updated", Progress.UPDATED)],
)
def test_the_event_says_how_far_the_customer_is(kind: str, progress: Progress) -> None:
    assert told_by(event(event_type=kind)) == Pointer(RESPONSE, SURVEY, progress, AT)


def test_what_was_deleted_is_withdrawn_and_never_fetched() -> None:
    [told] = hear(SOURCE, event(event_type="response_deleted"), received_at=RECEIVED_AT)

    assert told == Withdrawal(RESPONSE, SURVEY, AT)


@pytest.mark.parametrize(
    "other",
    [{"event_type": "collector_created"}, {"object_type": "survey"}, {"event_type": 7}],
)
def test_anything_else_is_a_ping(other: dict[str, object]) -> None:
    assert told_by(event(**other)) == Ping()


@pytest.mark.parametrize("bad", ["../../users/me", "", "88001?x=1"])
def test_an_id_that_would_lead_to_another_address_is_not_understood(bad: str) -> None:
    with pytest.raises(NotUnderstood):
        told_by(event(object_id=bad))
    with pytest.raises(NotUnderstood):
        told_by(event(resources={"survey_id": bad}))


@given(
    st.binary(max_size=200) | st.dictionaries(st.text(), st.none()).map(json.dumps).map(str.encode)
)
def test_whatever_the_bytes_are_they_are_refused_in_order(body: bytes) -> None:
    try:
        read(body)
    except NotUnderstood:
        return


def test_what_was_fetched_is_a_response() -> None:
    [told] = hear(SOURCE, json.dumps(details()).encode(), received_at=RECEIVED_AT)

    assert isinstance(told, SurveyResponse)
    assert (told.response_id, told.survey_id, told.score) == (RESPONSE, SURVEY, 2)
    assert told.customer.name == "Renée Vaugrenier"
    assert told.customer.email == "renee@customer.example"
    assert told.contract == "C-4711"
    assert told.facts == {"wishes": "A call, A visit", "when": "On a Tuesday"}
    assert told.submitted_at == told.changed_at == datetime(2026, 11, 21, 17, 28, 11, tzinfo=UTC)


def test_a_choice_is_found_by_its_weight_its_row_and_its_words() -> None:
    values = read_fetched(details()).values

    assert (values[SCORE], values[f"{SCORE}.82001"]) == ("2", "2")
    assert values[f"{SCORE}.label"] == "Not at all likely - 2"


def test_a_choice_that_weighs_nothing_in_particular_is_its_words_or_its_id() -> None:
    answers = [{"choice_id": "81011", "simple_text": "A call"}, {"choice_id": "81012"}]
    pages = [{"questions": [{"id": WISHES, "answers": answers}]}]

    assert read_fetched(details(pages=pages)).values[WISHES] == ["A call", "81012"]


@pytest.mark.parametrize("mode", ["preview", "survey_preview"])
def test_previews_are_told_apart(mode: str) -> None:
    assert read_fetched(details(collection_mode=mode)).trial is Trial.PREVIEW
    assert read_fetched(details()).trial is None


@pytest.mark.parametrize("status", ["partial", "overquota", "disqualified"])
def test_what_is_not_completed_is_partial(status: str) -> None:
    assert read_fetched(details(response_status=status)).progress is Progress.PARTIAL


def test_other_shapes_are_empty() -> None:
    odd = details(pages=[None, {"questions": "x"}], custom_variables=[], metadata={"contact": 1})

    assert read_fetched(odd).values == {"recipient": "630001", "collector": "610001"}
