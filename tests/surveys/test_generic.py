"""Any JSON by a mapping of its places, as a system sends it whose owner may not write the body."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.mappings import Role, Scale, Source, SurveyMapping
from models.submissions import Progress, Submission
from models.survey import Identity, Metric, SurveyResponse, Told, Withdrawal
from surveys.adapters import hear
from surveys.generic import MOST_RESPONSES, alone, read, read_each
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


def test_what_happened_is_the_last_word_of_an_events_name() -> None:
    mapping = replace(MAPPING, roles={**MAPPING.roles, Role.PROGRESS: ("event",)})

    assert told({**SENT, "event": "survey-response-deleted"}, mapping) == Withdrawal(
        "123", "visits"
    )
    completed = told({**SENT, "event": "response.completed"}, mapping)
    assert isinstance(completed, SurveyResponse)
    assert completed.progress is Progress.COMPLETED


REVIEWS = SurveyMapping(
    "reviews",
    Metric.CSAT,
    "data.events[*].stars",
    Scale(1, 5),
    roles={
        Role.RESPONSE_ID: ("data.events[*].id",),
        Role.COMMENT: ("data.events[*].text",),
        Role.TRADE: ("house.trade",),
    },
)


def batch(*events: object, mapping: SurveyMapping = REVIEWS) -> Sequence[Told | NotUnderstood]:
    sent = {"id": "batch", "house": {"trade": "works"}, "data": {"events": events}}
    source = Source("crm", "generic", mappings=(mapping,))
    return hear(source, json.dumps(sent).encode(), received_at=RECEIVED_AT)


def review(name: str, stars: object = 1) -> dict[str, object]:
    return {"id": name, "stars": stars, "text": f"Text of {name}."}


def test_each_element_of_a_list_is_a_response_of_its_own() -> None:
    first, second = batch(review("a"), review("b", 4))

    assert isinstance(first, SurveyResponse)
    assert isinstance(second, SurveyResponse)
    assert [(r.response_id, r.score, r.comment, r.trade) for r in (first, second)] == [
        ("a", 1, "Text of a.", "works"),
        ("b", 4, "Text of b.", "works"),
    ]


def test_a_broken_element_is_told_by_its_place_and_the_others_are_taken() -> None:
    heard = batch(review("a"), review("b", 9), None, "x", {"stars": 2}, review("f"))

    faults = [each.place for each in heard if isinstance(each, NotUnderstood)]
    taken = [each.response_id for each in heard if isinstance(each, SurveyResponse)]
    assert taken == ["a", "f"]
    assert faults == [
        "data.events[1].stars",
        "data.events[3].response_id",
        "data.events[4].response_id",
    ]


def test_nothing_of_the_body_around_stands_in_for_what_an_element_lacks() -> None:
    [heard] = batch({"stars": 1})

    assert isinstance(heard, NotUnderstood)
    assert heard.place == "data.events[0].response_id"


def test_an_empty_list_tells_nothing() -> None:
    assert list(batch()) == []


@pytest.mark.parametrize("events", ["x", None, {"a": 1}, 5])
def test_what_is_no_list_is_refused_with_its_place(events: object) -> None:
    source = Source("crm", "generic", mappings=(REVIEWS,))
    with pytest.raises(NotUnderstood) as refused:
        read_each(json.dumps({"data": {"events": events}}).encode(), source.each or "")
    assert refused.value.place == "data.events"


def test_a_body_may_be_the_list_itself() -> None:
    mapping = replace(REVIEWS, score="[*].stars", roles={Role.RESPONSE_ID: ("[*].id",)})
    source = Source("crm", "generic", mappings=(mapping,))
    body = json.dumps([review("a"), review("b")]).encode()

    heard = hear(source, body, received_at=RECEIVED_AT)

    assert [each.response_id for each in heard if isinstance(each, SurveyResponse)] == ["a", "b"]


def test_each_response_is_kept_without_the_words_of_the_others() -> None:
    sent = {"n": 2, "events": [review("a"), None, review("c")]}
    bodies = alone(json.dumps(sent).encode(), "events")

    assert [json.loads(body) for body in bodies] == [
        {"n": 2, "events": [review("a")]},
        {"n": 2, "events": [None, None, review("c")]},
    ]
    [third] = read_each(bodies[1], "events")
    assert third.place == "events[2]"


@pytest.mark.parametrize("body", [b"{", b'{"events": 1}', b'{"events": [{"id": 1}]}'])
def test_what_tells_of_one_or_of_nothing_is_kept_as_it_came(body: bytes) -> None:
    assert list(alone(body, "events")) == [body]


def test_a_body_of_too_many_responses_is_refused() -> None:
    body = json.dumps({"events": [1] * (MOST_RESPONSES + 1)}).encode()
    with pytest.raises(NotUnderstood):
        read_each(body, "events")
    assert list(alone(body, "events")) == [body]
