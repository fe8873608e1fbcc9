"""Qualtrics: an event that only points at a response, a web service task, and what was fetched."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote_to_bytes

from models.errors import BadCredential, NotUnderstood
from models.submissions import Heard, Ping, Pointer, Progress, Submission, Trial
from surveys.json_body import NO_CHARACTER, read_object
from surveys.json_parts import instant_of, object_at, text_at
from surveys.understanding import flattened

SURVEY = re.compile(r"SV_[A-Za-z0-9]{1,60}", re.ASCII)
RESPONSE = re.compile(r"(R|FS)_[A-Za-z0-9]{1,60}", re.ASCII)
"""They become parts of an address."""
SIGNED = ("HMAC", "MSG")
EVENT = frozenset({"Topic", "Status", "SurveyID", "ResponseID", "CompletedDate", "BrandID"})
"""All that an event has; what has more was written by the customer himself."""
MOST_FIELDS = 200
LONGEST_MARK = 32
COMPLETE = frozenset({"complete", "completed", ""})
PREVIEW = "preview"
TRIALS: Mapping[str, Trial] = {"1": Trial.PREVIEW, "2": Trial.TEST, "17": Trial.PREVIEW}
"""By the number that the vendor gives the status of a response."""


def verify(_headers: Mapping[str, str], body: bytes, secret: str, _now: datetime) -> None:
    """The signature is a field of the body, over another one of its fields; a body that would be read as
    JSON has none. Raises BadCredential.
    """
    if _is_json(body):
        raise BadCredential("What is signed is a form, with HMAC and MSG.")
    fields = list(_fields(body))
    if any(sum(name == each for each, _ in fields) != 1 for name in SIGNED):
        raise BadCredential("The body must hold HMAC and MSG, each once.")
    sent = dict(fields)
    expected = hmac.new(secret.encode(), sent["MSG"], hashlib.sha512).hexdigest()
    if not hmac.compare_digest(sent["HMAC"].strip().lower(), expected.encode()):
        raise BadCredential("The HMAC of MSG is not good.")


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. What was fetched and kept is read again in the same way."""
    if _is_json(body):
        sent = read_object(body)
        if isinstance(object_at(sent, "result").get("values"), dict):
            return (read_fetched(sent),)
        if {"SurveyID", "ResponseID"} <= sent.keys() <= EVENT:
            return (_event(sent),)
        return (_written(flattened(sent)),)
    fields = {name: value.decode(errors="replace").strip() for name, value in _fields(body)}
    if "MSG" in fields:
        return (_event(read_object(fields["MSG"].encode())),)
    if any(NO_CHARACTER.search(value) for value in fields.values()):
        raise NotUnderstood("The body holds a zero byte.")
    return (_event(fields) if "Topic" in fields else _written(fields),)


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _event(sent: Mapping[str, object]) -> Pointer | Ping:
    """Its date is a wall clock of nobody knows where: the fetched response has a better one."""
    if "ResponseID" not in sent:
        return Ping()
    complete = text_at(sent, "Status").lower() in COMPLETE
    return Pointer(
        _id(sent, "ResponseID", RESPONSE),
        _id(sent, "SurveyID", SURVEY),
        Progress.COMPLETED if complete else Progress.PARTIAL,
        mark=text_at(sent, "CompletedDate")[:LONGEST_MARK],
    )


def _written(values: Mapping[str, object]) -> Submission:
    """By the customer himself, in a web service task: the names of the event are taken where he uses them."""
    return Submission(text_at(values, "ResponseID"), text_at(values, "SurveyID"), values=values)


def read_fetched(document: Mapping[str, object]) -> Submission:
    """Of the vendor's answer to who asks for one response. Raises NotUnderstood.

    The references are those of `values`, be they questions or embedded data; `<reference>.label` is the
    answer in words. The vendor does not say the survey: who asked for it writes it into `surveyId`.
    """
    result = object_at(document, "result") or document
    values, labels = object_at(result, "values"), object_at(result, "labels")
    in_words = {f"{name}.label": label for name, label in labels.items()}
    return Submission(
        text_at(result, "responseId") or text_at(values, "_recordId"),
        text_at(result, "surveyId") or text_at(values, "surveyId"),
        Progress.COMPLETED if _finished(values) else Progress.PARTIAL,
        submitted_at=instant_of(values, "recordedDate") or instant_of(values, "endDate"),
        changed_at=instant_of(values, "recordedDate"),
        language=text_at(values, "userLanguage") or None,
        values={**in_words, **values},
        trial=_trial(values),
    )


def _finished(values: Mapping[str, object]) -> bool:
    return values.get("finished", True) in (True, 1, "1", "true", "True")


def _trial(values: Mapping[str, object]) -> Trial | None:
    if text_at(values, "distributionChannel").lower() == PREVIEW:
        return Trial.PREVIEW
    return TRIALS.get(text_at(values, "status"))


def _fields(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and decoded values of a form; what a signature covers must stay bytes."""
    for pair in body.split(b"&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = (
            unquote_to_bytes(part.replace(b"+", b" ")) for part in pair.partition(b"=")
        )
        yield name.decode(errors="replace").strip(), value


def _id(sent: Mapping[str, object], key: str, shape: re.Pattern[str]) -> str:
    found = text_at(sent, key)
    if not shape.fullmatch(found):
        raise NotUnderstood(f"{key} must be an id of Qualtrics.", place=key)
    return found
