"""What SurveyMonkey sends and answers, with invented people, for tests to spoil."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

SECRET = "an_id_of_the_tests&a_secret_of_the_tests"
SURVEY, RESPONSE = "510001", "880001"
SCORE, WHY, WISHES = "71001", "71002", "71003"
EVENT: Mapping[str, object] = {
    "name": "Rappel",
    "filter_type": "survey",
    "filter_id": SURVEY,
    "event_type": "response_completed",
    "event_id": "990001",
    "object_type": "response",
    "object_id": RESPONSE,
    "event_datetime": "2026-11-21T17:28:11.182613+00:00",
    "resources": {"collector_id": "610001", "survey_id": SURVEY, "user_id": "620001"},
}


def event(**changes: object) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    code = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha1)).decode()
    return {
        "sm-signature": code,
        "sm-apikey": "an_id_of_the_tests",
        "content-type": "application/vnd.surveymonkey.response.v1+json",
    }


def details(**changes: object) -> dict[str, object]:
    """The vendor's answer to who asks for the response and its details."""
    rated = {
        "choice_id": "81002",
        "row_id": "82001",
        "choice_metadata": {"weight": "2"},
        "simple_text": "Not at all likely - 2",
    }
    wishes = [
        {"choice_id": "81011", "simple_text": "A call"},
        {"choice_id": "81012", "simple_text": "A visit"},
        {"other_id": "81013", "text": "On a Tuesday"},
    ]
    questions = [
        {"id": SCORE, "answers": [rated]},
        {"id": WHY, "answers": [{"text": "Personne ne répond depuis trois semaines."}]},
        {"id": WISHES, "answers": wishes},
    ]
    told: dict[str, object] = {
        "id": RESPONSE,
        "survey_id": SURVEY,
        "collector_id": "610001",
        "recipient_id": "630001",
        "collection_mode": "default",
        "response_status": "completed",
        "date_created": "2026-11-21T17:20:00+00:00",
        "date_modified": "2026-11-21T17:28:11+00:00",
        "custom_variables": {"contract": "C-4711", "empty": ""},
        "metadata": {
            "contact": {
                "email": {"type": "string", "value": "renee@customer.example"},
                "first_name": {"type": "string", "value": "Renée"},
                "last_name": "Vaugrenier",
            }
        },
        "pages": [{"id": "640001", "questions": questions}],
    }
    return {**told, **changes}
