"""Tally: fields by their keys, choices by their texts, and the event that is only a test."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.submissions import Progress, Trial
from surveys import tally
from tests.surveys.mapped import said

TRADES = [{"id": "o1", "text": "Peinture"}, {"id": "o2", "text": "Sols"}]
DATA: dict[str, object] = {
    "responseId": "w9Xy1z",
    "submissionId": "w9Xy1z",
    "respondentId": "p1",
    "formId": "n0Ab12",
    "formName": "Remise des clés",
    "createdAt": "2026-11-21T17:30:00.000Z",
    "fields": [{"key": "question_nps", "label": "Note", "type": "LINEAR_SCALE", "value": 2}],
}


def delivery(*fields: Mapping[str, object], **changes: object) -> dict[str, object]:
    data = {**DATA, **({"fields": list(fields)} if fields else {}), **changes}
    return {
        "eventId": "e-1",
        "eventType": "FORM_RESPONSE",
        "createdAt": "2026-11-21T17:30:01.000Z",
        "data": data,
    }


def test_an_answer_is_known_by_its_response_and_its_form() -> None:
    heard = said("tally", delivery())

    assert (heard.response_id, heard.survey_id) == ("w9Xy1z", "n0Ab12")
    assert (heard.progress, heard.trial) == (Progress.COMPLETED, None)
    assert heard.submitted_at == datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    assert heard.values == {"question_nps": 2}


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("TEXTAREA", "Rien ne va.", "Rien ne va."),
        ("TEXTAREA", None, None),
        ("RATING", 4, 4),
        ("INPUT_PHONE_NUMBER", "+33639980061", "+33639980061"),
        ("MULTIPLE_CHOICE", "o1", "Peinture"),
        ("MULTIPLE_CHOICE", ["o2"], ["Sols"]),
        ("CHECKBOXES", ["o1", "o2"], ["Peinture", "Sols"]),
        ("CHECKBOXES", True, True),
        ("DROPDOWN", ["gone"], ["gone"]),
        ("FILE_UPLOAD", [{"name": "a.png", "url": "https://f.example/a"}], ["https://f.example/a"]),
    ],
)
def test_each_kind_of_field_is_one_plain_value(kind: str, sent: object, value: object) -> None:
    field = {"key": "question_a", "label": "?", "type": kind, "value": sent, "options": TRADES}

    assert said("tally", delivery(field)).values == {"question_a": value}


def test_a_matrix_has_a_reference_for_each_row() -> None:
    field = {
        "key": "question_m",
        "type": "MATRIX",
        "value": {"r1": ["c2"], "r2": ["c1"]},
        "rows": [{"id": "r1", "text": "Délai"}],
        "columns": [{"id": "c1", "text": "bon"}, {"id": "c2", "text": "mauvais"}],
    }

    assert said("tally", delivery(field)).values == {
        "question_m.r1": ["mauvais"],
        "question_m.r2": ["bon"],
    }


def test_hidden_and_calculated_fields_can_be_named_as_their_owner_named_them() -> None:
    hidden = {"key": "question_h_1", "label": "contract", "type": "HIDDEN_FIELDS", "value": "V-12"}
    sums = {"key": "question_c_1", "label": "total", "type": "CALCULATED_FIELDS", "value": 20}

    assert said("tally", delivery(hidden, sums)).values == {
        "question_h_1": "V-12",
        "hidden.contract": "V-12",
        "question_c_1": 20,
        "calculated.total": 20,
    }


def test_a_label_of_a_question_is_no_reference() -> None:
    assert "Note" not in said("tally", delivery()).values


def test_an_event_without_its_kind_is_what_tally_makes_up_for_a_test() -> None:
    sent = delivery()
    del sent["eventType"]

    assert said("tally", sent).trial is Trial.TEST


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"eventType": "FORM_DELETED"}, "eventType"),
        ({}, "data.responseId"),
        (delivery(formId=None), "data.formId"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(sent: dict[str, object], place: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        tally.read(json.dumps(sent).encode())
    assert refused.value.place == place
