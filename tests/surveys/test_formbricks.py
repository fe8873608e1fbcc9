"""Formbricks: how far each event says that a response has come, and under which references."""

import json
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.submissions import Ping, Progress
from surveys import formbricks
from tests.surveys.mapped import said

DATA: dict[str, object] = {
    "id": "resp7",
    "surveyId": "surv1",
    "finished": True,
    "createdAt": "2026-11-21T17:28:00.000Z",
    "updatedAt": "2026-11-21T17:30:00.500Z",
    "language": "fr",
    "contact": {"id": "ct1", "userId": "C-77"},
    "contactAttributes": {"email": "odile@customer.example", "plan": "gold"},
    "variables": {"lot": 12},
    "meta": {"url": "https://forms.example/s/1", "userAgent": {"os": "iOS"}},
    "survey": {"title": "Remise des clés"},
    "tags": ["vip"],
    "data": {
        "nps": 3,
        "why": "Les clés manquaient.",
        "trades": ["Peinture", "Sols"],
        "contactInfo": ["Odile", "Sauvage", "", "0639980061", ""],
        "matrix": {"Délai": "mauvais"},
        "region": "alsace",
    },
}


def delivery(event: str = "responseFinished", **changes: object) -> dict[str, object]:
    return {"webhookId": "wh1", "event": event, "data": {**DATA, **changes}}


@pytest.mark.parametrize(
    ("event", "finished", "progress"),
    [
        ("responseCreated", False, Progress.PARTIAL),
        ("responseCreated", True, Progress.COMPLETED),
        ("responseUpdated", False, Progress.PARTIAL),
        ("responseUpdated", True, Progress.UPDATED),
        ("responseFinished", True, Progress.COMPLETED),
        ("responseFinished", False, Progress.COMPLETED),
    ],
)
def test_a_response_is_partial_until_it_is_finished(
    event: str, *, finished: bool, progress: Progress
) -> None:
    heard = said("formbricks", delivery(event, finished=finished))

    assert heard.progress is progress
    assert (heard.response_id, heard.survey_id) == ("resp7", "surv1")


def test_a_finished_response_was_submitted_when_it_was_changed_for_the_last_time() -> None:
    heard = said("formbricks", delivery())
    changed_at = datetime(2026, 11, 21, 17, 30, 0, 500_000, tzinfo=UTC)

    assert (heard.submitted_at, heard.changed_at) == (changed_at, changed_at)


def test_a_partial_response_was_submitted_when_it_was_begun() -> None:
    heard = said("formbricks", delivery("responseUpdated", finished=False))

    assert heard.submitted_at == datetime(2026, 11, 21, 17, 28, tzinfo=UTC)


def test_elements_and_what_came_beside_them_have_their_references() -> None:
    assert said("formbricks", delivery()).values == {
        "nps": 3,
        "why": "Les clés manquaient.",
        "trades": ["Peinture", "Sols"],
        "trades[0]": "Peinture",
        "trades[1]": "Sols",
        "contactInfo": ["Odile", "Sauvage", "", "0639980061", ""],
        "contactInfo[0]": "Odile",
        "contactInfo[1]": "Sauvage",
        "contactInfo[2]": "",
        "contactInfo[3]": "0639980061",
        "contactInfo[4]": "",
        "matrix.Délai": "mauvais",
        "region": "alsace",
        "contact.id": "ct1",
        "contact.userId": "C-77",
        "contactAttributes.email": "odile@customer.example",
        "contactAttributes.plan": "gold",
        "variables.lot": 12,
        "meta.url": "https://forms.example/s/1",
        "meta.userAgent.os": "iOS",
        "survey.title": "Remise des clés",
        "tags": ["vip"],
    }


def test_an_anonymous_response_is_heard_too() -> None:
    heard = said("formbricks", delivery(contact=None, contactAttributes=None, variables=None))

    assert heard.values["nps"] == 3
    assert not [reference for reference in heard.values if reference.startswith("contactA")]


@pytest.mark.parametrize(
    ("sent", "language"), [("fr", "fr"), ("default", None), (None, None), ("", None)]
)
def test_the_first_language_of_a_survey_has_no_name(sent: object, language: str | None) -> None:
    assert said("formbricks", delivery(language=sent)).language == language


def test_the_button_test_endpoint_is_no_answer() -> None:
    assert formbricks.read(b'{"event":"testEndpoint"}') == (Ping(),)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"event": "responseDeleted"}, "event"),
        ({}, "event"),
        ({"event": "responseFinished"}, "data.id"),
        (delivery(id=None), "data.id"),
        (delivery(surveyId=""), "data.surveyId"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(sent: dict[str, object], place: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        formbricks.read(json.dumps(sent).encode())
    assert refused.value.place == place
