"""SurveyMonkey's API, version 3: one response with its details, and those that changed since an instant."""

from datetime import UTC, datetime
from urllib.parse import quote

from models.errors import NotUnderstood
from surveys.asking import Api, Ask, Document, Listed, Page, bearer
from surveys.json_parts import each_object, object_at, text_at

PER_PAGE = 100
"""As many as the vendor gives at once."""
MOST_SURVEYS = 1_000


def one(survey: str, response: str) -> Ask:
    return Ask(f"{_responses(survey)}/{quote(response, safe='')}/details", {"simple": "true"})


def read_one(document: Document, survey: str, response: str) -> Document:
    """Raises NotUnderstood."""
    if (text_at(document, "survey_id"), text_at(document, "id")) != (survey, response):
        raise NotUnderstood("The answer tells of another response.", place="id")
    return document


def page(survey: str, since: datetime, at: str | None) -> Ask:
    query = {
        "simple": "true",
        "per_page": str(PER_PAGE),
        "page": at or "1",
        "sort_by": "date_modified",
        "sort_order": "ASC",
        "start_modified_at": since.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return Ask(f"{_responses(survey)}/bulk", query)


def read_page(document: Document, survey: str, at: str | None) -> Page:
    found = tuple(each_object(document, "data"))
    more = text_at(object_at(document, "links"), "next")
    return Page(found, str(int(at or "1") + 1) if found and more else None)


def surveys(at: str | None) -> Ask:
    return Ask("/v3/surveys", {"per_page": str(MOST_SURVEYS), "page": at or "1"})


def read_surveys(document: Document, at: str | None) -> Listed:
    found = [text_at(each, "id") for each in each_object(document, "data")]
    more = text_at(object_at(document, "links"), "next")
    return Listed(found, str(int(at or "1") + 1) if found and more else None)


def _responses(survey: str) -> str:
    return f"/v3/surveys/{quote(survey, safe='')}/responses"


API = Api("api.surveymonkey.com", bearer, page, read_page, surveys, read_surveys, one, read_one)
