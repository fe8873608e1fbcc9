"""Typeform: what each kind of answer becomes, and which deliveries are complete, partial or a test."""

import json
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.submissions import Progress, Trial
from surveys import typeform
from tests.surveys.mapped import said

FORM: dict[str, object] = {
    "form_id": "hY7kLm2Q",
    "token": "f0e1d2c3b4a5",
    "landed_at": "2026-11-21T17:28:00Z",
    "submitted_at": "2026-11-21T17:30:00Z",
    "hidden": {"contract": "V-1207", "region": "alsace"},
    "calculated": {"score": 3},
    "variables": [
        {"key": "lot", "type": "number", "number": 12},
        {"key": "trade", "type": "text", "text": "works"},
    ],
    "definition": {"fields": [{"id": "old1", "ref": "recommend", "type": "nps"}]},
    "answers": [
        {
            "type": "number",
            "number": 2,
            "field": {"id": "q1", "ref": "recommend", "type": "opinion_scale"},
        },
        {"type": "text", "text": "Personne ne répond.", "field": {"id": "q2", "ref": "why"}},
    ],
}


def delivery(event: str = "form_response", **changes: object) -> dict[str, object]:
    """None takes a key of the form away."""
    form = {key: value for key, value in {**FORM, **changes}.items() if value is not None}
    return {"event_id": "01HZ", "event_type": event, "form_response": form}


def value_of(answer: dict[str, object]) -> object:
    asked = {"id": "q1", "ref": "asked"}
    return said("typeform", delivery(answers=[{**answer, "field": asked}])).values.get("asked")


def test_an_answer_is_known_by_its_token_and_its_form() -> None:
    heard = said("typeform", delivery())

    assert (heard.response_id, heard.survey_id) == ("f0e1d2c3b4a5", "hY7kLm2Q")
    assert heard.submitted_at == datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    assert (heard.progress, heard.trial) == (Progress.COMPLETED, None)


def test_answers_hidden_fields_and_variables_have_their_references() -> None:
    assert said("typeform", delivery()).values == {
        "recommend": 2,
        "why": "Personne ne répond.",
        "hidden.contract": "V-1207",
        "hidden.region": "alsace",
        "calculated.score": 3,
        "variables.lot": 12,
        "variables.trade": "works",
    }


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"type": "text", "text": "Trop long."}, "Trop long."),
        ({"type": "number", "number": 0}, 0),
        ({"type": "boolean", "boolean": False}, False),
        ({"type": "email", "email": "odile@customer.example"}, "odile@customer.example"),
        ({"type": "url", "url": "https://customer.example"}, "https://customer.example"),
        ({"type": "phone_number", "phone_number": "+33639980061"}, "+33639980061"),
        ({"type": "date", "date": "2026-11-20"}, "2026-11-20"),
        ({"type": "file_url", "file_url": "https://files.example/1"}, "https://files.example/1"),
        ({"type": "choice", "choice": {"id": "c1", "label": "Peinture"}}, "Peinture"),
        ({"type": "choice", "choice": {"other": "Le jardin"}}, "Le jardin"),
        ({"type": "choice", "choice": {"label": None, "other": "Le jardin"}}, "Le jardin"),
        ({"type": "choices", "choices": {"labels": ["Murs", "Sols"]}}, ["Murs", "Sols", None]),
        (
            {"type": "choices", "choices": {"labels": ["Murs"], "other": "Toit"}},
            ["Murs", "Toit"],
        ),
        ({"type": "choices", "choices": {"other": "Toit"}}, "Toit"),
        ({"type": "payment", "payment": {"amount": "12", "last4": "1111"}}, "12"),
        ({"type": "hologram", "hologram": 1.5}, 1.5),
        ({"type": "text"}, None),
    ],
)
def test_each_kind_of_answer_is_one_plain_value(answer: dict[str, object], value: object) -> None:
    assert value_of(answer) == value


def test_a_kind_with_several_parts_has_a_reference_for_each() -> None:
    answer = {"type": "multi_format", "multi_format": {"video_url": "https://v.example"}}
    heard = said("typeform", delivery(answers=[{**answer, "field": {"ref": "asked"}}]))

    assert heard.values["asked.video_url"] == "https://v.example"


@pytest.mark.parametrize(("known", "reference"), [("old1", "recommend"), ("old2", "old2")])
def test_an_answer_without_a_reference_has_that_of_the_definition(
    known: str, reference: str
) -> None:
    answer = {"type": "number", "number": 4, "field": {"id": known}}

    assert said("typeform", delivery(answers=[answer])).values[reference] == 4


def test_a_partial_answer_is_older_than_the_complete_one_of_the_same_token() -> None:
    partial = said("typeform", delivery("form_response_partial", submitted_at=None))
    complete = said("typeform", delivery())

    assert (partial.progress, partial.submitted_at) == (Progress.PARTIAL, None)
    assert partial.response_id == complete.response_id
    assert partial.changed_at is not None
    assert complete.changed_at is not None
    assert partial.changed_at < complete.changed_at


FILLED_IN = {"type": "text", "text": "Lorem ipsum dolor", "field": {"ref": "why"}}
ADDRESS = {"type": "email", "email": "an_account@example.com", "field": {"ref": "mail"}}
TYPED = {"type": "text", "text": "Rien ne va.", "field": {"ref": "more"}}
SCORE = {"type": "number", "number": 1, "field": {"ref": "recommend"}}


@pytest.mark.parametrize(
    ("answers", "trial"),
    [
        ([SCORE, FILLED_IN, ADDRESS], Trial.TEST),
        ([SCORE, ADDRESS], Trial.TEST),
        ([SCORE, FILLED_IN, TYPED], None),
        ([SCORE], None),
    ],
)
def test_a_test_of_the_builder_is_told_by_what_it_fills_in(
    answers: list[dict[str, object]], trial: Trial | None
) -> None:
    assert said("typeform", delivery(answers=answers)).trial is trial


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"event_type": "form_closed"}, "event_type"),
        ({}, "event_type"),
        (delivery(token=None), "form_response.token"),
        (delivery(form_id=None), "form_response.form_id"),
        ({"event_type": "form_response", "form_response": "x"}, "form_response.token"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(sent: dict[str, object], place: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        typeform.read(json.dumps(sent).encode())
    assert refused.value.place == place
