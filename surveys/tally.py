"""Tally: one delivery is one answer to a form, with all its fields, those left empty too."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from models.errors import NotUnderstood
from models.submissions import Heard, Submission, Trial
from surveys.json_body import read_object
from surveys.json_parts import each_object, instant_of, object_at, text_at
from surveys.mac import verify_mac
from surveys.understanding import flattened
from surveys.values import read_id

EVENT = "FORM_RESPONSE"
BY_NAME: Mapping[str, str] = {"HIDDEN_FIELDS": "hidden", "CALCULATED_FIELDS": "calculated"}
"""Types of fields that nobody is asked: their label is the name that the form's owner gave them."""


def verify(headers: Mapping[str, str], body: bytes, secret: str, _now: datetime) -> None:
    """There is no time in the signature, so a delivery never is too old. Raises BadCredential."""
    verify_mac(headers.get("tally-signature", "").strip(), body, secret)


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. A field has its `key` as its reference, never its label, which is reworded and
    translated; one row of a matrix is `<key>.<row id>`, a hidden field also `hidden.<name>`, a calculated
    one `calculated.<name>`. Choices are their texts, files their addresses.
    """
    sent = read_object(body)
    event = text_at(sent, "eventType")
    if event not in (EVENT, ""):
        raise NotUnderstood(f"eventType must be {EVENT}.", place="eventType")
    data = object_at(sent, "data")
    return (
        Submission(
            read_id(data.get("responseId"), "data.responseId"),
            read_id(data.get("formId"), "data.formId"),
            submitted_at=instant_of(data, "createdAt"),
            changed_at=instant_of(sent, "createdAt"),
            values=dict(_answers(data)),
            # Only what Tally makes up for a test has no event.
            trial=None if event else Trial.TEST,
        ),
    )


def _answers(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for field in each_object(data, "fields"):
        references = [text_at(field, "key")]
        if of := BY_NAME.get(text_at(field, "type")):
            references.append(f"{of}.{text_at(field, 'label')}")
        for reference in filter(None, references):
            yield from flattened({reference: _value(field)}).items()


def _value(field: Mapping[str, object]) -> object:
    texts = {
        text_at(option, "id"): text_at(option, "text")
        for options in ("options", "columns")
        for option in each_object(field, options)
    }

    def said(value: object) -> object:
        match value:
            case str():
                return texts.get(value) or value
            case list():
                return [said(each) for each in value]
            case {"url": str(address)}:
                return address
            case dict():
                return {row: said(each) for row, each in value.items()}
        return value

    return said(field.get("value"))
