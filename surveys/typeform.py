"""Typeform: one delivery is one answer to a form, complete or as far as the customer came."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from models.errors import BadCredential, NotUnderstood
from models.submissions import Heard, Progress, Submission, Trial
from surveys.json_body import read_object
from surveys.json_parts import each_object, instant_of, object_at, text_at
from surveys.mac import verify_mac
from surveys.understanding import flattened
from surveys.values import read_id

EVENTS: Mapping[str, Progress] = {
    "form_response": Progress.COMPLETED,
    "form_response_partial": Progress.PARTIAL,
}
PREFIX = "sha256="
FILLED_IN = frozenset({"Lorem ipsum dolor", "an_account@example.com"})
"""What the button *Send test request* writes into each text and each e-mail."""

NOT_GIVEN = "xxxxx"
"""What stands for each hidden field in the link that the builder shows: many a customer came by it."""


def verify(headers: Mapping[str, str], body: bytes, secret: str, _now: datetime) -> None:
    """There is no time in the signature, so a delivery never is too old. Raises BadCredential."""
    given = headers.get("typeform-signature", "").strip()
    if not given.startswith(PREFIX):
        raise BadCredential(f"The header Typeform-Signature must begin with {PREFIX}.")
    verify_mac(given.removeprefix(PREFIX), body, secret)


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. An answer has the `ref` of its field as its reference, a hidden field
    `hidden.<name>`, a variable `variables.<key>`, the sum of a quiz `calculated.score`.
    """
    sent = read_object(body)
    progress = EVENTS.get(text_at(sent, "event_type"))
    if progress is None:
        known = " or ".join(EVENTS)
        raise NotUnderstood(f"event_type must be {known}.", place="event_type")
    form = object_at(sent, "form_response")
    submitted_at = instant_of(form, "submitted_at")
    return (
        Submission(
            read_id(form.get("token"), "form_response.token"),
            read_id(form.get("form_id"), "form_response.form_id"),
            progress,
            submitted_at,
            changed_at=submitted_at or instant_of(form, "landed_at"),
            values=dict((*_beside(form), *_answers(form))),
            trial=Trial.TEST if _is_filled_in(form) else None,
        ),
    )


def _answers(form: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Older deliveries name a field by its id alone; which `ref` that has, the definition says."""
    fields = each_object(object_at(form, "definition"), "fields")
    refs = {text_at(field, "id"): text_at(field, "ref") for field in fields}
    for answer in each_object(form, "answers"):
        field = object_at(answer, "field")
        known = text_at(field, "id")
        reference = text_at(field, "ref") or refs.get(known) or known
        if reference:
            yield from flattened({reference: _value(answer)}).items()


def _value(answer: Mapping[str, object]) -> object:
    match answer.get(text_at(answer, "type")):
        case {"labels": [*labels], **rest}:
            return [*labels, rest.get("other")]
        case {"label": str(value)} | {"other": value} | {"amount": value}:
            return value
        case value:
            return value


def _beside(form: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name in ("hidden", "calculated"):
        for reference, value in flattened({name: form.get(name)}).items():
            if value != NOT_GIVEN:
                yield reference, value
    for variable in each_object(form, "variables"):
        value = variable.get(text_at(variable, "type"))
        yield from flattened({f"variables.{text_at(variable, 'key')}": value}).items()


def _is_filled_in(form: Mapping[str, object]) -> bool:
    """A test of the builder says so nowhere. Where it has texts or e-mails, these tell it."""
    answers = list(each_object(form, "answers"))
    typed = {text_at(answer, kind) for answer in answers for kind in ("text", "email")} - {""}
    return bool(typed) and typed <= FILLED_IN
