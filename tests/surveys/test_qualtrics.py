"""Qualtrics: whose an event is, what it points at, and what was fetched."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadCredential, NotUnderstood
from models.mappings import Auth, Role, Scale, Source, SurveyMapping
from models.submissions import Heard, Ping, Pointer, Progress, Submission, Trial
from models.survey import Metric, SurveyResponse
from surveys.adapters import hear, verify
from surveys.qualtrics import read, read_fetched
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.qualtrics_bodies import (
    MESSAGE,
    RESPONSE,
    SECRET,
    SURVEY,
    event,
    fetched,
    message,
)

MAPPING = SurveyMapping(
    SURVEY,
    Metric.NPS,
    "QID1",
    Scale(0, 10),
    roles={
        Role.COMMENT: ("QID2_TEXT",),
        Role.CUSTOMER_EMAIL: ("recipientEmail",),
        Role.CUSTOMER_NAME: ("recipientFirstName", "recipientLastName"),
        Role.CONTRACT: ("ContractNo",),
    },
    facts={"call": "QID3.label"},
)
SIGNED = Source("hall", "qualtrics", mappings=(MAPPING,))
UNSIGNED = Source("hall", "qualtrics", auth=Auth.BEARER, mappings=(MAPPING,))


def told_by(body: bytes) -> Heard:
    [heard] = read(body)
    return heard


def assert_refused(body: bytes, source: Source = SIGNED) -> None:
    with pytest.raises(BadCredential):
        verify(source, {}, body, [SECRET], now=RECEIVED_AT)


def test_a_signed_event_points_at_its_response() -> None:
    verify(SIGNED, {}, event(), [SECRET], now=RECEIVED_AT)

    assert told_by(event()) == Pointer(
        RESPONSE, SURVEY, Progress.COMPLETED, mark="2026-11-21 10:28:11"
    )


def test_the_signature_is_over_the_decoded_message_with_its_blanks() -> None:
    assert b"2026-11-21+10" in event()
    spaced = event().replace(b"2026-11-21+10", b"2026-11-21%2010")

    verify(SIGNED, {}, spaced, [SECRET], now=RECEIVED_AT)


def test_one_of_two_secrets_is_enough() -> None:
    verify(SIGNED, {}, event(), ["the-new-one", SECRET], now=RECEIVED_AT)


@pytest.mark.parametrize("place", range(0, len(event()) - len("&undefined="), 7))
def test_another_byte_is_refused_or_changes_nothing_that_is_signed(place: int) -> None:
    body = bytearray(event())
    body[place] ^= 1
    try:
        verify(SIGNED, {}, bytes(body), [SECRET], now=RECEIVED_AT)
    except BadCredential:
        return
    assert told_by(bytes(body)) == told_by(event())


def test_a_field_of_the_signature_that_stands_twice_is_refused() -> None:
    other = urlencode({"MSG": message(ResponseID="R_other")}).encode()

    assert_refused(event() + b"&" + other)
    assert_refused(other + b"&" + event())
    assert_refused(event() + b"&HMAC=00")


def test_without_a_signature_nothing_passes_unless_the_source_says_so() -> None:
    flat = urlencode({**MESSAGE, "Topic": "house.surveyengine"}).encode()

    assert_refused(flat)
    assert_refused(b"")
    assert_refused(flat, UNSIGNED)
    verify(UNSIGNED, {"authorization": f"Bearer {SECRET}"}, flat, [SECRET], now=RECEIVED_AT)
    assert told_by(flat) == Pointer(RESPONSE, SURVEY, mark="2026-11-21 10:28:11")


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_are_refused_in_order(body: bytes) -> None:
    assert_refused(body)
    try:
        read(body)
    except NotUnderstood:
        return


def test_an_event_of_no_response_is_a_ping_and_one_of_an_unfinished_one_says_so() -> None:
    activated = json.dumps({"SurveyID": SURVEY, "StartDate": "2026-11-21"})

    assert told_by(event(activated)) == Ping()
    partial = told_by(event(message(Status="Partial")))
    assert isinstance(partial, Pointer)
    assert partial.progress is Progress.PARTIAL


@pytest.mark.parametrize("bad", ["../../whoami", "R_1/..", "", "R_" + "x" * 80])
def test_an_id_that_would_lead_to_another_address_is_not_understood(bad: str) -> None:
    with pytest.raises(NotUnderstood) as fault:
        told_by(event(message(ResponseID=bad)))

    assert fault.value.place == "ResponseID"


def test_an_event_of_a_survey_that_nobody_mapped_is_not_fetched() -> None:
    [told] = hear(SIGNED, event(message(SurveyID="SV_other")), received_at=RECEIVED_AT)

    assert isinstance(told, NotUnderstood)
    assert told.place == "survey"


def test_what_the_customer_writes_himself_is_read_by_his_mapping() -> None:
    body = {"ResponseID": RESPONSE, "SurveyID": SURVEY, "QID1": "3", "QID2_TEXT": "Too late"}
    [told] = hear(UNSIGNED, json.dumps(body).encode(), received_at=RECEIVED_AT)
    [by_form] = hear(UNSIGNED, urlencode(body).encode(), received_at=RECEIVED_AT)

    assert isinstance(told, SurveyResponse)
    assert (told.response_id, told.score, told.comment) == (RESPONSE, 3, "Too late")
    assert by_form == told


def test_what_was_fetched_is_a_response() -> None:
    kept = json.dumps(fetched()).encode()
    [told] = hear(SIGNED, kept, received_at=RECEIVED_AT)

    assert isinstance(told, SurveyResponse)
    assert (told.response_id, told.survey_id, told.score) == (RESPONSE, SURVEY, 2)
    assert (told.customer.name, told.customer.email) == (
        "Renée Vaugrenier",
        "renee@customer.example",
    )
    assert (told.language, told.contract, told.facts) == ("fr", "C-4711", {"call": "Yes, call me"})
    assert told.submitted_at == datetime(2026, 11, 21, 17, 28, 12, 345000, tzinfo=UTC)
    assert told.progress is Progress.COMPLETED
    assert told.trial is None


def read_with(**changes: object) -> Submission:
    return read_fetched(fetched(**changes))


def test_previews_and_tests_are_told_apart() -> None:
    assert read_with(distributionChannel="preview").trial is Trial.PREVIEW
    assert read_with(status=1).trial is Trial.PREVIEW
    assert read_with(status=2).trial is Trial.TEST


def test_what_is_not_finished_is_partial() -> None:
    assert read_with(finished=0).progress is Progress.PARTIAL
    assert read_with(finished="False").progress is Progress.PARTIAL
    assert read_with(finished=None).progress is Progress.COMPLETED


def test_a_signature_seen_elsewhere_covers_no_json_around_it() -> None:
    forged = {"a": f"&{event().decode()}&", "result": {"responseId": "R_1", "values": {"QID1": 0}}}
    assert_refused(json.dumps(forged).encode())


def test_a_zero_byte_in_a_form_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        read(b"ResponseID=R_1%00&QID1=2")
