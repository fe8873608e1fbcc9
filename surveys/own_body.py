"""Our own body, for every system that lets its owner write what is sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from models.errors import NotUnderstood
from models.spelling import did_you_mean, nearest
from models.submissions import Progress, Trial
from models.survey import Identity, SurveyResponse, Withdrawal
from surveys.json_body import read_object
from surveys.values import (
    LONGEST_FACT,
    LONGEST_FACT_NAME,
    LONGEST_NAME,
    LONGEST_WORD,
    MOST_FACTS,
    cut,
    fact_of,
    phone_number,
    read_comment,
    read_email,
    read_id,
    read_instant,
    read_language,
    read_metric,
    read_origin,
    read_phone,
    read_resurvey,
    read_score,
    read_text,
    read_topic,
    read_word,
    read_zone,
)

REQUIRED = ("response_id", "survey_id", "submitted_at", "metric", "score")
OPTIONAL = ("comment", "language", "customer", "context", "event", "changed_at", "consent", "test")
IDENTITY = ("id", "name", "email", "phone", "zone")
PLACES = ("region", "trade", "touchpoint")


def parse(body: bytes, *, received_at: datetime) -> SurveyResponse | Withdrawal:
    """Raises NotUnderstood at the first fault. A phone, an e-mail or a zone that is none becomes a fact.

    What a customer wrote is never too long to be heard: it is cut. Of what was withdrawn only its ids are
    needed.
    """
    sent = read_object(body)
    progress = _progress(sent.get("event"))
    changed_at = sent.get("changed_at")
    changed = None if changed_at is None else read_instant(changed_at, received_at, "changed_at")
    if progress is Progress.WITHDRAWN:
        response, survey = (
            read_id(_required(sent, key), key) for key in ("response_id", "survey_id")
        )
        return Withdrawal(response, survey, changed)
    return replace(_answer(sent, received_at), progress=progress, changed_at=changed)


def _answer(sent: Mapping[str, object], received_at: datetime) -> SurveyResponse:
    required = {key: _required(sent, key) for key in REQUIRED}
    customer, context = _mapping(sent, "customer"), _mapping(sent, "context")
    metric, identity = read_metric(required["metric"]), _identity(customer)
    return SurveyResponse(
        response_id=read_id(required["response_id"], "response_id"),
        survey_id=read_id(required["survey_id"], "survey_id"),
        submitted_at=read_instant(required["submitted_at"], received_at, "submitted_at"),
        metric=metric,
        score=read_score(required["score"], metric),
        comment=read_comment(sent.get("comment")),
        language=read_language(sent.get("language")),
        customer=identity,
        region=_place(context, "region"),
        trade=_place(context, "trade"),
        touchpoint=_place(context, "touchpoint"),
        topic=read_topic(context.get("topic")),
        resurvey_of=read_resurvey(context.get("resurvey_of")),
        origin=read_origin(context.get("channel")),
        facts=_facts(context, customer, identity),
        contract=_place(context, "contract"),
        raw_score=cut(str(required["score"]).strip(), LONGEST_NAME),
        consent=_truth(sent, "consent", otherwise=True),
        trial=Trial.TEST if _truth(sent, "test", otherwise=False) else None,
    )


def _identity(customer: Mapping[str, object]) -> Identity:
    return Identity(
        id=read_word(customer.get("id"), "customer.id"),
        name=cut(read_text(customer.get("name"), "customer.name"), LONGEST_WORD) or None,
        email=read_email(customer.get("email")),
        phone=read_phone(customer.get("phone")),
        zone=read_zone(customer.get("zone")),
    )


def _progress(value: object) -> Progress:
    """A response that is told of without a word has been completed."""
    if value is None:
        return Progress.COMPLETED
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in set(Progress):
        hint = did_you_mean(word, Progress) or "."
        raise NotUnderstood(f"event must be one of {', '.join(Progress)}{hint}", place="event")
    return Progress(word)


def _truth(sent: Mapping[str, object], key: str, *, otherwise: bool) -> bool:
    match sent.get(key):
        case None:
            return otherwise
        case bool() as value:
            return value
    raise NotUnderstood(f"{key} must be true or false.", place=key)


def _required(sent: Mapping[str, object], key: str) -> object:
    value = sent.get(key)
    if value is not None:
        return value
    if key in sent:
        raise NotUnderstood(f"{key} is null, and it is needed.", place=key)
    misspelt = nearest(key, sent.keys() - {*REQUIRED, *OPTIONAL})
    hint = f"; is it what you sent as {misspelt!r}?" if misspelt else "."
    raise NotUnderstood(f"{key} is missing{hint}", place=key)


def _mapping(sent: Mapping[str, object], key: str) -> Mapping[str, object]:
    match sent.get(key):
        case None:
            return {}
        case dict() as value:
            return value
    raise NotUnderstood(f"{key} must be an object.", place=key)


def _place(context: Mapping[str, object], key: str) -> str | None:
    return read_word(context.get(key), f"context.{key}", longest=LONGEST_NAME)


def _facts(
    context: Mapping[str, object], customer: Mapping[str, object], identity: Identity
) -> Mapping[str, str]:
    """What we have no field for, in the order in which it was sent, as far as there is room.

    First comes what was sent for a phone, an e-mail or a zone but is none, or says more than one.
    """
    understood = {key for key in IDENTITY if getattr(identity, key) is not None}
    number = phone_number(customer.get("phone"))
    if number and number.extension:
        understood.remove("phone")
    own = [key for key in (*IDENTITY, *customer) if key in customer.keys() - understood]
    found = {f"customer.{key}": customer[key] for key in own}
    found |= {key: context[key] for key in context if key not in {*PLACES, *found}}
    told = ((key, value) for key, value in found.items() if value not in (None, ""))
    return {
        cut(key, LONGEST_FACT_NAME): cut(fact_of(value), LONGEST_FACT)
        for key, value in islice(told, MOST_FACTS)
    }
