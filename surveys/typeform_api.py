"""Typeform's API: the responses that were submitted since an instant. Its deliveries hold their answers."""

from datetime import UTC, datetime
from urllib.parse import quote

from surveys.asking import Api, Ask, Document, Listed, Page, bearer
from surveys.json_parts import each_object, text_at
from surveys.values import read_whole

PER_PAGE = 200


def page(survey: str, since: datetime, at: str | None) -> Ask:
    """The newest come first; `before` is the token of the last one that is known."""
    query = {
        "page_size": str(PER_PAGE),
        "since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        **({"before": at} if at else {}),
    }
    return Ask(f"/forms/{quote(survey, safe='')}/responses", query)


def read_page(document: Document, survey: str, _at: str | None) -> Page:
    """An item is what a delivery calls its form_response, but for the form."""
    items = tuple(each_object(document, "items"))
    found = tuple(
        {"event_type": "form_response", "form_response": {"form_id": survey, **item}}
        for item in items
    )
    last = text_at(items[-1], "token") if items else ""
    return Page(found, last if last and len(items) == PER_PAGE else None)


def surveys(at: str | None) -> Ask:
    return Ask("/forms", {"page_size": str(PER_PAGE), "page": at or "1"})


def read_surveys(document: Document, at: str | None) -> Listed:
    found = [text_at(each, "id") for each in each_object(document, "items")]
    last, here = read_whole(document.get("page_count")) or 1, int(at or "1")
    return Listed(found, str(here + 1) if found and here < last else None)


API = Api("api.typeform.com", bearer, page, read_page, surveys, read_surveys)
