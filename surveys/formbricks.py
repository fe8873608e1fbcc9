"""Formbricks: each event tells the whole response as far as it has come. Signed by Standard Webhooks."""

from collections.abc import Iterator, Mapping, Sequence

from models.errors import NotUnderstood
from models.submissions import Heard, Ping, Progress, Submission
from surveys.json_body import read_object
from surveys.json_parts import instant_of, object_at, text_at
from surveys.understanding import flattened
from surveys.values import read_id

PING = "testEndpoint"
FINISHED: Mapping[str, Progress] = {
    "responseCreated": Progress.COMPLETED,
    "responseUpdated": Progress.UPDATED,
    "responseFinished": Progress.COMPLETED,
}
"""By the event, what it tells of a response that is finished."""
BESIDE = ("contact", "contactAttributes", "variables", "meta", "survey", "tags", "endingId")
NO_LANGUAGE = "default"
"""The survey's first one, whichever that is."""


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. An element and a hidden field have their id as their reference, one part of
    an element `<id>[0]`, one row `<id>.<row>`; beside them stand `contact.userId`,
    `contactAttributes.<name>`, `variables.<name>`, `meta.<name>`, `survey.title`, `tags`.
    """
    sent = read_object(body)
    event = text_at(sent, "event")
    if event == PING:
        return (Ping(),)
    if event not in FINISHED:
        known = ", ".join(FINISHED)
        raise NotUnderstood(f"event must be one of {known}.", place="event")
    return (_response(object_at(sent, "data"), event),)


def _response(data: Mapping[str, object], event: str) -> Submission:
    """It has no time of its own for its end: a finished one was changed for the last time then."""
    finished = event == "responseFinished" or data.get("finished") is True
    changed_at = instant_of(data, "updatedAt")
    language = text_at(data, "language")
    return Submission(
        read_id(data.get("id"), "data.id"),
        read_id(data.get("surveyId"), "data.surveyId"),
        FINISHED[event] if finished else Progress.PARTIAL,
        submitted_at=changed_at if finished else instant_of(data, "createdAt"),
        changed_at=changed_at,
        language=None if language == NO_LANGUAGE else language or None,
        values=dict((*_elements(object_at(data, "data")), *_beside(data))),
    )


def _elements(answers: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Name, e-mail and phone of one element are one list; each part can be named by its place in it."""
    for reference, value in flattened(answers).items():
        yield reference, value
        if isinstance(value, list):
            yield from ((f"{reference}[{n}]", part) for n, part in enumerate(value))


def _beside(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield from flattened({name: data[name] for name in BESIDE if data.get(name)}).items()
