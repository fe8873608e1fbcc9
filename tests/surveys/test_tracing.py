"""Who writes a mapping sees from which reference each thing was understood."""

import json
from collections.abc import Mapping

from models.mappings import ANY_SURVEY, Consent, Role, Scale, Source, SurveyMapping
from models.survey import Metric, SurveyResponse
from surveys.tracing import Trace, trace
from tests.surveys.deliveries import RECEIVED_AT, delivery

MAPPING = SurveyMapping(
    ANY_SURVEY,
    Metric.NPS,
    "answers.recommend",
    Scale(0, 10),
    roles={
        Role.RESPONSE_ID: ("id",),
        Role.COMMENT: ("why", "what_else"),
        Role.CUSTOMER_EMAIL: ("mail", "second_mail"),
        Role.CUSTOMER_PHONE: ("fone",),
        Role.CONTRACT: ("contract",),
    },
    always={Role.TRADE: "works"},
    facts={"Lot": "lot"},
    consent=Consent("call_me", frozenset({"yes"})),
)
MAPPED = Source("survey", "generic", mappings=(MAPPING,), survey="form")
SENT = {
    "id": "r-1",
    "form": "handover",
    "answers": {"recommend": 2},
    "why": "Late.",
    "what_else": "Rude.",
    "second_mail": "renee@customer.example",
    "phone": "0639980099",
    "lot": 12,
    "call_me": "No",
}


def traces(source: Source, body: bytes) -> Mapping[str, Trace]:
    [traced] = trace(source, body, received_at=RECEIVED_AT)
    assert isinstance(traced.told, SurveyResponse)
    return {each.name: each for each in traced.traces}


def test_each_thing_names_its_reference() -> None:
    found = traces(MAPPED, json.dumps(SENT).encode())

    assert found["score"] == Trace("score", "nps 2 (given as 2)", "answers.recommend")
    assert found["comment"] == Trace("comment", "Late.\n\nRude.", "why, what_else")
    assert found["customer.email"].where == "second_mail"
    assert found["trade"] == Trace("trade", "works", "always, by the mapping")
    assert found["fact 'Lot'"] == Trace("fact 'Lot'", "12", "lot")
    assert found["consent"] == Trace("consent", "not given", "call_me")


def test_what_is_not_found_says_where_it_was_looked_for() -> None:
    found = traces(MAPPED, json.dumps(SENT).encode())

    assert found["customer.phone"] == Trace("customer.phone", "", "fone; did you mean 'phone'?")
    assert found["region"] == Trace("region", "", "")


def test_an_address_that_is_none_says_where_it_stands() -> None:
    found = traces(MAPPED, json.dumps({**SENT, "mail": "none"}).encode())

    assert found["customer.email"] == Trace("customer.email", "", "mail, which is none")


def test_of_our_own_body_the_places_are_named() -> None:
    found = traces(Source("survey", "generic"), delivery())

    assert found["region"] == Trace("region", "alsace", "context.region")
    assert found["customer.id"] == Trace("customer.id", "c-7", "customer.id")
