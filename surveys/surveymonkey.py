"""SurveyMonkey: a delivery only says that there is something to fetch; and how that is read."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from models.errors import BadCredential, NotUnderstood
from models.submissions import Heard, Ping, Pointer, Progress, Submission, Trial
from surveys.json_body import read_object
from surveys.json_parts import each_object, instant_of, object_at, text_at

EVENTS: Mapping[str, Progress] = {
    "response_created": Progress.PARTIAL,
    "response_completed": Progress.COMPLETED,
    "response_updated": Progress.UPDATED,
    "response_deleted": Progress.WITHDRAWN,
}
PREVIEWS = frozenset({"preview", "survey_preview"})
ID = re.compile(r"\d{1,30}", re.ASCII)
"""It becomes part of an address."""


def verify(headers: Mapping[str, str], body: bytes, secret: str, _now: datetime) -> None:
    """`secret` is `client_id&client_secret`, as the vendor joins them. Raises BadCredential."""
    given = headers.get("sm-signature", "").strip()
    expected = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha1))
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), expected):
        raise BadCredential("The header Sm-Signature is not good.")


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. What was fetched and kept is read again in the same way."""
    sent = read_object(body)
    return (read_fetched(sent) if "pages" in sent else _event(sent),)


def _event(sent: Mapping[str, object]) -> Pointer | Ping:
    progress = EVENTS.get(text_at(sent, "event_type"))
    if progress is None or text_at(sent, "object_type") != "response":
        return Ping()
    resources = object_at(sent, "resources")
    return Pointer(
        _id(sent, "object_id"),
        _id(resources, "survey_id", place="resources.survey_id"),
        progress,
        instant_of(sent, "event_datetime"),
    )


def read_fetched(document: Mapping[str, object]) -> Submission:
    """Of the vendor's response with its details. Raises NotUnderstood.

    `<question>` is what the answer weighs, else its text, its label or the id of the choice; of several
    answers all. `<question>.<row>` is that of one row, `.label` the words of the choice, `.other` what was
    typed beside the choices; `custom_variables.<name>`, `contact.<name>`, `recipient`, `custom_value`,
    `collector`.
    """
    done = text_at(document, "response_status") == "completed"
    return Submission(
        _id(document, "id"),
        _id(document, "survey_id"),
        Progress.COMPLETED if done else Progress.PARTIAL,
        submitted_at=instant_of(document, "date_modified"),
        changed_at=instant_of(document, "date_modified"),
        language=text_at(document, "language") or None,
        values={**_beside(document), **_gathered(_answers(document))},
        trial=Trial.PREVIEW if text_at(document, "collection_mode") in PREVIEWS else None,
    )


def _answers(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for page in each_object(document, "pages"):
        for question in each_object(page, "questions"):
            asked = text_at(question, "id")
            for answer in each_object(question, "answers"):
                yield from _one_answer(asked, answer)


def _one_answer(asked: str, answer: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    label, typed = text_at(answer, "simple_text"), text_at(answer, "text")
    weight = object_at(answer, "choice_metadata").get("weight")
    row, other = text_at(answer, "row_id"), text_at(answer, "other_id")
    if other:
        yield f"{asked}.other", typed or label
        return
    said = typed or label or text_at(answer, "choice_id")
    value = said if weight in (None, "") else weight
    yield asked, value
    if row:
        yield f"{asked}.{row}", value
    if label:
        yield f"{asked}.label", label


def _beside(document: Mapping[str, object]) -> dict[str, object]:
    """What came beside the answers. A field of a contact may be wrapped into its type and its value."""
    found: dict[str, object] = {
        "recipient": text_at(document, "recipient_id"),
        "collector": text_at(document, "collector_id"),
        "custom_value": text_at(document, "custom_value"),
        "contact.first_name": text_at(document, "first_name"),
        "contact.last_name": text_at(document, "last_name"),
        "contact.email": text_at(document, "email_address"),
    }
    for name, value in object_at(document, "custom_variables").items():
        found[f"custom_variables.{name}"] = value
    for name, value in object_at(object_at(document, "metadata"), "contact").items():
        found[f"contact.{name}"] = value.get("value") if isinstance(value, dict) else value
    return {name: value for name, value in found.items() if value not in (None, "")}


def _gathered(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Of one reference that is answered several times all."""
    found: dict[str, list[object]] = {}
    for reference, value in pairs:
        found.setdefault(reference, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _id(sent: Mapping[str, object], key: str, *, place: str = "") -> str:
    found = text_at(sent, key)
    if not ID.fullmatch(found):
        raise NotUnderstood(f"{place or key} must be an id of SurveyMonkey.", place=place or key)
    return found
