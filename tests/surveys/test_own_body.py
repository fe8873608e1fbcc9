"""Our own body: what is understood, what is refused and where, what is kept all the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotUnderstood
from models.survey import SCALES, Identity, Metric, SurveyResponse
from surveys import own_body
from tests.surveys.deliveries import GOOD, RECEIVED_AT, delivery


def parse(body: bytes) -> SurveyResponse:
    response = own_body.parse(body, received_at=RECEIVED_AT)
    assert isinstance(response, SurveyResponse)
    return response


def refusal(body: bytes) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refused:
        parse(body)
    return refused.value


def test_a_full_delivery_is_one_response() -> None:
    assert parse(delivery()) == SurveyResponse(
        response_id="r-1",
        survey_id="handover",
        submitted_at=datetime(2026, 11, 21, 17, 30, tzinfo=UTC),
        metric=Metric.NPS,
        score=2,
        comment="Personne ne répond depuis trois semaines.",
        language="fr",
        customer=Identity("c-7", "Renée Vaugrenier", "renee@customer.example", "+33639980099"),
        region="alsace",
        trade="works",
        touchpoint="keys",
        facts={"lot": "12"},
        raw_score="2",
    )


def test_the_zone_of_a_customer_is_one_by_name_or_a_fact() -> None:
    told = parse(delivery(customer={"id": "c-7", "zone": "Indian/Reunion"}, context=None))
    wrong = parse(delivery(customer={"id": "c-7", "zone": "GMT plus 4"}, context=None))

    assert (told.customer.zone, told.facts) == ("Indian/Reunion", {})
    assert (wrong.customer.zone, wrong.facts) == (None, {"customer.zone": "GMT plus 4"})


def test_only_the_five_required_keys_are_needed() -> None:
    response = parse(delivery(comment=None, language=None, customer=None, context=None))

    assert (response.comment, response.language, response.customer) == ("", None, Identity())
    assert (response.region, response.facts) == (None, {})


@pytest.mark.parametrize("key", ["response_id", "survey_id", "submitted_at", "metric", "score"])
def test_a_missing_key_is_named(key: str) -> None:
    refused = refusal(delivery(**{key: None}))

    assert (refused.place, refused.detail) == (key, f"{key} is missing.")


@pytest.mark.parametrize(
    ("changes", "place", "detail"),
    [
        ({"metric": "NSP"}, "metric", "metric must be one of nps, csat, ces; did you mean 'nps'?"),
        ({"metric": 3}, "metric", "metric must be one of nps, csat, ces."),
        ({"score": 2.5}, "score", "score must be a whole number from 0 to 10."),
        ({"score": True}, "score", "score must be a whole number from 0 to 10."),
        ({"score": "two"}, "score", "score must be a whole number from 0 to 10."),
        ({"score": 11}, "score", "score is outside the scale: nps goes from 0 to 10."),
        ({"score": "-1"}, "score", "score is outside the scale: nps goes from 0 to 10."),
        (
            {"submitted_at": "2026-11-21T18:30:00"},
            "submitted_at",
            "submitted_at does not say its zone: end it with Z or +02:00.",
        ),
        (
            {"submitted_at": "yesterday"},
            "submitted_at",
            "submitted_at must be an instant in ISO 8601, as 2026-11-21T18:30:00+01:00.",
        ),
        (
            {"submitted_at": "0001-01-01T00:00:00+10:00"},
            "submitted_at",
            "submitted_at must be an instant in ISO 8601, as 2026-11-21T18:30:00+01:00.",
        ),
        (
            {"submitted_at": "2026-11-22T18:00:01Z"},
            "submitted_at",
            "submitted_at lies more than a day in the future.",
        ),
        ({"response_id": "  "}, "response_id", "response_id is empty."),
        ({"response_id": "r" * 201}, "response_id", "response_id has more than 200 characters."),
        ({"survey_id": ["a"]}, "survey_id", "survey_id must be a text."),
        ({"comment": ["x"]}, "comment", "comment must be a text."),
        ({"customer": "Renée"}, "customer", "customer must be an object."),
        ({"customer": {"name": {}}}, "customer.name", "customer.name must be a text."),
        ({"context": {"region": []}}, "context.region", "context.region must be a text."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    changes: dict[str, object], place: str, detail: str
) -> None:
    refused = refusal(delivery(**changes))

    assert (refused.place, refused.detail) == (place, detail)


def test_a_misspelt_key_is_pointed_at() -> None:
    refused = refusal(delivery(submitted_at=None, submited_at="2026-11-21T18:30:00Z"))

    assert refused.detail == "submitted_at is missing; is it what you sent as 'submited_at'?"


def test_a_null_is_not_a_missing_key() -> None:
    refused = refusal(json.dumps({**GOOD, "score": None}).encode())

    assert refused.detail == "score is null, and it is needed."


def test_further_keys_are_let_pass() -> None:
    assert parse(delivery(webhook_version=3)) == parse(delivery())


@pytest.mark.parametrize("written", [2, 2.0, "2", " 2 ", "2.0"])
def test_a_whole_number_may_be_written_in_several_ways(written: object) -> None:
    assert parse(delivery(score=written)).score == 2


@pytest.mark.parametrize("metric", list(Metric))
def test_both_ends_of_a_scale_belong_to_it(metric: Metric) -> None:
    for score in SCALES[metric]:
        assert parse(delivery(metric=metric.upper(), score=score)).score == score


def test_a_number_is_an_id_too() -> None:
    assert parse(delivery(response_id=4711)).response_id == "4711"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("FR", "fr"),
        ("fr-CA", "fr"),
        ("en_GB", "en"),
        ("English", None),
        ("", None),
        ("42", None),
        (7, None),
    ],
)
def test_a_language_is_a_code_of_two_letters(written: object, language: str | None) -> None:
    assert parse(delivery(language=written)).language == language


@pytest.mark.parametrize("written", ["06 39 98 00 99", "0033639980099", "+33 (0)6 39 98 00 99"])
def test_a_phone_is_kept_in_international_form(written: str) -> None:
    assert parse(delivery(customer={"phone": written})).customer.phone == "+33639980099"


@pytest.mark.parametrize("written", ["call me", "12", "+999 1234567"])
def test_a_phone_that_is_none_becomes_a_fact_and_loses_nothing(written: str) -> None:
    response = parse(delivery(customer={"id": "c-7", "phone": written}))

    assert response.customer == Identity(id="c-7")
    assert response.facts["customer.phone"] == written


def test_an_email_that_is_none_becomes_a_fact_and_loses_nothing() -> None:
    response = parse(delivery(customer={"id": "c-7", "email": "renee at home"}))

    assert response.customer == Identity(id="c-7")
    assert response.facts["customer.email"] == "renee at home"


@pytest.mark.parametrize("sign", ["?subject=", "&", "%0A", " ", "\x01", "\x85", "\u202e"])
def test_an_address_is_nothing_but_an_address(sign: str) -> None:
    written = f"renee{sign}x@customer.example"
    response = parse(delivery(customer={"id": "c-7", "email": written}))

    assert response.customer == Identity(id="c-7")
    assert response.facts["customer.email"] == written


def test_an_extension_is_dialled_by_a_person_who_reads_it() -> None:
    written = "06.39.98.92.99 ext 12"
    response = parse(delivery(customer={"phone": written}))

    assert response.customer.phone == "+33639989299"
    assert response.facts["customer.phone"] == written


def test_a_long_complaint_is_cut_and_heard() -> None:
    response = parse(delivery(comment="x" * 8001, customer={"name": "é" * 201}))

    assert response.comment == "x" * 7999 + "…"
    assert response.customer.name == "é" * 199 + "…"


def test_what_just_fits_is_not_cut() -> None:
    response = parse(
        delivery(
            comment=" " + "x" * 8000,
            customer={"name": "é" * 200},
            context={"n" * 60: "v" * 300},
        )
    )

    assert (response.comment, response.customer.name) == ("x" * 8000, "é" * 200)
    assert response.facts == {"n" * 60: "v" * 300}


def test_facts_have_a_bound_and_what_tells_how_to_reach_him_comes_first() -> None:
    context = {f"{number:02}" + "n" * 90: ["v" * 9000] for number in range(60)}
    customer = {"phone": "call me", "email": "at home", "flat": "B"}
    facts = parse(delivery(customer=customer, context=context)).facts
    first = "00" + "n" * 57 + "…"

    assert list(facts)[:4] == ["customer.email", "customer.phone", "customer.flat", first]
    assert len(facts) == 40
    assert facts[first] == '["' + "v" * 297 + "…"


def test_other_context_is_kept_as_facts() -> None:
    context = {"lot": 12, "floor": 2.5, "paid": False, "keys": {"à": [1]}, "none": None}

    assert parse(delivery(context=context)).facts == {
        "lot": "12",
        "floor": "2.5",
        "paid": "false",
        "keys": '{"à": [1]}',
    }


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "The body is no JSON: Expecting value at line 1, column 1."),
        (b'{"a": 1,\n "b" 2}', "The body is no JSON: Expecting ':' delimiter at line 2, column 6."),
        (b'{"a": "\xe9"}', "The body is not UTF-8 from byte 7 on."),
        (b"[]", "The body must be one JSON object."),
        (b'{"a": 1, "a": 2}', "The key 'a' stands twice."),
        (b'{"a": NaN}', "NaN is no number that JSON knows."),
        (b'{"a": ' + b"9" * 5000 + b"}", "The body holds a number of too many digits."),
        (b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", "The body is nested too deeply."),
        (b"[" * 100_000, "The body is nested too deeply."),
        (b'{"a": "\\u0000"}', "The body holds an escape that stands for no character."),
        (b'{"\\ud800": 1}', "The body holds an escape that stands for no character."),
    ],
)
def test_what_is_no_plain_json_object_is_refused(body: bytes, detail: str) -> None:
    assert refusal(body).detail == detail


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse(b"\xef\xbb\xbf" + delivery()) == parse(delivery())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary())
def test_noise_is_never_more_than_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        parse(body)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, min_size=1))
def test_any_value_in_any_place_is_read_or_refused(changes: dict[str, object]) -> None:
    try:
        response = parse(json.dumps({**GOOD, **changes}).encode())
    except NotUnderstood:
        return
    assert response.metric is not None
    assert response.score is not None
    low, high = SCALES[response.metric]
    assert low <= response.score <= high
    assert response.submitted_at.tzinfo is UTC


@given(st.dictionaries(st.sampled_from(["id", "name", "email", "phone", "other"]), JSON), JSON)
def test_any_customer_is_read_or_refused(customer: dict[str, object], lot: object) -> None:
    try:
        response = parse(delivery(customer=customer, context={"lot": lot}))
    except NotUnderstood:
        return
    assert all(isinstance(value, str) for value in response.facts.values())


@pytest.mark.parametrize(
    ("sent", "topic"),
    [
        (" legal_threat ", "legal_threat"),
        ("", None),
        (7, None),
        (["press"], None),
        ("x" * 70, "x" * 64),
    ],
)
def test_a_topic_that_is_odd_never_holds_up_the_answer(sent: object, topic: str | None) -> None:
    response = parse(delivery(context={"topic": sent}))

    assert response.topic == topic
    assert ("topic" in response.facts) is bool(sent)


@pytest.mark.parametrize(
    ("sent", "of"),
    [
        (" 0192-our-case ", "0192-our-case"),
        (True, "last"),
        ("TRUE", "last"),
        ("last", "last"),
        (False, None),
        ("", None),
        (7, None),
        (["case"], None),
    ],
)
def test_a_survey_says_which_case_it_asks_about_again(sent: object, of: str | None) -> None:
    assert parse(delivery(context={"resurvey_of": sent})).resurvey_of == of


def test_what_was_never_filled_in_is_no_customer_and_no_id() -> None:
    assert parse(delivery(customer={"id": "{{contact.id}}"})).customer.id is None
    with pytest.raises(NotUnderstood) as refused:
        parse(delivery(response_id="${e://Field/ResponseID}"))
    assert refused.value.place == "response_id"
