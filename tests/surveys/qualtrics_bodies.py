"""What Qualtrics sends and answers, with invented people, for tests to spoil."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

SECRET = "a-shared-key-of-the-tests"
SURVEY, RESPONSE = "SV_0handover12345", "R_1vaugrenier98765"
MESSAGE: Mapping[str, object] = {
    "Status": "Complete",
    "SurveyID": SURVEY,
    "ResponseID": RESPONSE,
    "CompletedDate": "2026-11-21 10:28:11",
    "BrandID": "a house",
}


def message(**changes: object) -> str:
    return json.dumps({**MESSAGE, **changes}, separators=(",", ":"))


def event(msg: str | None = None, *, secret: str = SECRET) -> bytes:
    """The form, signed over what stands in MSG once it is decoded."""
    told = message() if msg is None else msg
    code = hmac.new(secret.encode(), told.encode(), hashlib.sha512).hexdigest()
    topic = f"house.surveyengine.completedResponse.{SURVEY}"
    return urlencode({"MSG": told, "HMAC": code, "Topic": topic, "undefined": ""}).encode()


VALUES: Mapping[str, object] = {
    "startDate": "2026-11-21T17:20:00Z",
    "endDate": "2026-11-21T17:28:11Z",
    "recordedDate": "2026-11-21T17:28:12.345Z",
    "status": 0,
    "finished": 1,
    "_recordId": RESPONSE,
    "distributionChannel": "email",
    "userLanguage": "FR",
    "QID1": 2,
    "QID1_NPS_GROUP": 1,
    "QID2_TEXT": "Personne ne répond depuis trois semaines.",
    "QID3": 1,
    "recipientEmail": "renee@customer.example",
    "recipientFirstName": "Renée",
    "recipientLastName": "Vaugrenier",
    "ContractNo": "C-4711",
}


def fetched(**changes: object) -> dict[str, object]:
    """The vendor's answer to who asks for the response; None takes a value away."""
    values = {key: value for key, value in {**VALUES, **changes}.items() if value is not None}
    labels = {"QID1_NPS_GROUP": "Detractor", "QID3": "Yes, call me"}
    return {
        "result": {"responseId": RESPONSE, "surveyId": SURVEY, "values": values, "labels": labels},
        "meta": {"httpStatus": "200 - OK", "requestId": "0f1e"},
    }
