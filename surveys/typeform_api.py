"""Typeform's API: the responses that were submitted since an instant. Its deliveries hold their answers."""

from datetime import UTC, datetime
from urllib.parse import quote

from surveys.asking import Api, Ask, Document, Page, bearer
from surveys.json_parts import each_object, text_at

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


API = Api("api.typeform.com", bearer, page, read_page)
