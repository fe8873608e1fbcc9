"""Qualtrics' API, version 3: one response, and the export of all that were recorded since an instant.

An export is begun, waited for and read: `next` is `progress/<id>` and then `file/<id>`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from models.errors import NotUnderstood
from surveys.asking import Api, Ask, Document, Listed, Page
from surveys.json_parts import each_object, object_at, text_at


def headers(token: str) -> Mapping[str, str]:
    return {"X-API-TOKEN": token}


def one(survey: str, response: str) -> Ask:
    return Ask(f"{_survey(survey)}/responses/{quote(response, safe='')}")


def read_one(document: Document, survey: str, response: str) -> Document:
    """Raises NotUnderstood."""
    result = object_at(document, "result")
    if text_at(result, "responseId") != response or not object_at(result, "values"):
        raise NotUnderstood("The answer tells of another response.", place="result.responseId")
    return {"result": {**result, "surveyId": survey}}


def page(survey: str, since: datetime, at: str | None) -> Ask:
    exports = f"{_survey(survey)}/export-responses"
    kind, _, name = (at or "").partition("/")
    match kind:
        case "progress":
            return Ask(f"{exports}/{quote(name, safe='')}")
        case "file":
            return Ask(f"{exports}/{quote(name, safe='')}/file")
    start = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Ask(exports, sends={"format": "json", "compress": False, "startDate": start})


def read_page(document: Document, survey: str, at: str | None) -> Page:
    """Raises NotUnderstood where the export failed."""
    if at is not None and at.startswith("file/"):
        responses = each_object(document, "responses")
        return Page([{"result": {**each, "surveyId": survey}} for each in responses])
    result = object_at(document, "result")
    if at is None:
        return Page(next=f"progress/{_named(result, 'progressId')}", ready=False)
    match text_at(result, "status"):
        case "complete":
            return Page(next=f"file/{_named(result, 'fileId')}")
        case "failed":
            raise NotUnderstood("The export failed.", place="result.status")
    return Page(next=at, ready=False)


def surveys(at: str | None) -> Ask:
    return Ask("/API/v3/surveys", dict(parse_qsl(at or "")))


def read_surveys(document: Document, _at: str | None) -> Listed:
    """The vendor says the whole address of the next page: only its query is taken."""
    result = object_at(document, "result")
    found = [text_at(each, "id") for each in each_object(result, "elements")]
    following = text_at(result, "nextPage").partition("?")[2]
    return Listed(found, following if found and following else None)


def _survey(survey: str) -> str:
    return f"/API/v3/surveys/{quote(survey, safe='')}"


def _named(result: Document, key: str) -> str:
    name = text_at(result, key)
    if not name:
        raise NotUnderstood(f"The answer has no {key}.", place=f"result.{key}")
    return name


API = Api(None, headers, page, read_page, surveys, read_surveys, one, read_one)
