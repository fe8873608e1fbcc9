"""The generic kind: our own body, for every system that lets its owner write what is sent."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

import phonenumbers

from models.errors import NotUnderstood
from models.resurvey_policy import LAST
from models.spelling import did_you_mean, nearest
from models.survey import SCALES, Identity, Metric, Origin, SurveyResponse
from surveys.json_body import read_object

REQUIRED = ("response_id", "survey_id", "submitted_at", "metric", "score")
OPTIONAL = ("comment", "language", "customer", "context")
IDENTITY = ("id", "name", "email", "phone")
PLACES = ("region", "trade", "touchpoint")
LONGEST_WORD = 200
LONGEST_COMMENT = 8_000
MOST_FACTS = 40
LONGEST_FACT_NAME = 60
LONGEST_FACT = 300
LONGEST_NAME = 64
"""Of a region, a trade or a touchpoint."""
CLOCKS_DIFFER = timedelta(days=1)
FIRST_SURVEY = datetime(2000, 1, 1, tzinfo=UTC)
HOME = "FR"
"""The country (ISO 3166) in which a phone without + is read."""
EMAIL = re.compile(r"[^@\s<>,;?&%]+@[^@\s<>,;?&%]+\.[^@\s<>,;?&%.]+")
"""Nothing that would say more than an address in a `mailto:`."""
WHOLE_NUMBER = re.compile(r"-?\d{1,9}(\.0{1,9})?", re.ASCII)


def parse(body: bytes, *, received_at: datetime) -> SurveyResponse:
    """Raises NotUnderstood at the first fault. A phone or an e-mail that is none becomes a fact.

    What a customer wrote is never too long to be heard: it is cut.
    """
    sent = read_object(body)
    required = {key: _required(sent, key) for key in REQUIRED}
    customer, context = _mapping(sent, "customer"), _mapping(sent, "context")
    metric = _metric(required["metric"])
    identity = Identity(
        id=_word(customer.get("id"), "customer.id"),
        name=_cut(_text(customer.get("name"), "customer.name"), LONGEST_WORD) or None,
        email=_email(customer.get("email")),
        phone=read_phone(customer.get("phone")),
    )
    return SurveyResponse(
        response_id=_id(required["response_id"], "response_id"),
        survey_id=_id(required["survey_id"], "survey_id"),
        submitted_at=_instant(required["submitted_at"], received_at),
        metric=metric,
        score=_score(required["score"], metric),
        comment=_comment(sent.get("comment")),
        language=_language(sent.get("language")),
        customer=identity,
        region=_place(context, "region"),
        trade=_place(context, "trade"),
        touchpoint=_place(context, "touchpoint"),
        topic=_topic(context.get("topic")),
        resurvey_of=_resurvey_of(context.get("resurvey_of")),
        origin=_origin(context.get("channel")),
        facts=_facts(context, customer, identity),
    )


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


def _text(value: object, place: str) -> str:
    """A number is taken for its digits, nothing for an empty text."""
    match value:
        case None:
            return ""
        case bool() | float() | list() | dict():
            raise NotUnderstood(f"{place} must be a text.", place=place)
    return str(value).strip()


def _word(value: object, place: str, *, longest: int = LONGEST_WORD) -> str | None:
    """A text by which something is found again: cut, it would be another one."""
    word = _text(value, place)
    if len(word) > longest:
        raise NotUnderstood(f"{place} has more than {longest} characters.", place=place)
    return word or None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _place(context: Mapping[str, object], key: str) -> str | None:
    return _word(context.get(key), f"context.{key}", longest=LONGEST_NAME)


def _topic(value: object) -> str | None:
    """It stays among the facts, whatever it is: a topic that nobody knows must not hold up a call."""
    return value.strip()[:LONGEST_NAME] or None if isinstance(value, str) else None


def _resurvey_of(value: object) -> str | None:
    """Our case, or `true`: the customer's last one. What is neither stays a fact and is passed over."""
    if value is True or (isinstance(value, str) and value.strip().lower() in {"true", LAST}):
        return LAST
    return value.strip()[:LONGEST_NAME] or None if isinstance(value, str) else None


def _origin(value: object) -> Origin | None:
    """A channel that nobody knows stays among the facts, and must not hold up a call."""
    word = value.strip().lower() if isinstance(value, str) else ""
    return Origin(word) if word in set(Origin) else None


def _id(value: object, place: str) -> str:
    word = _word(value, place)
    if word is None:
        raise NotUnderstood(f"{place} is empty.", place=place)
    return word


def _instant(value: object, received_at: datetime) -> datetime:
    place = "submitted_at"
    try:
        instant = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
        if instant.tzinfo is None:
            raise NotUnderstood(
                "submitted_at does not say its zone: end it with Z or +02:00.", place=place
            )
        submitted = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood(
            "submitted_at must be an instant in ISO 8601, as 2026-11-21T18:30:00+01:00.",
            place=place,
        ) from None
    if submitted < FIRST_SURVEY:
        raise NotUnderstood("submitted_at lies before the year 2000.", place=place)
    if submitted - received_at > CLOCKS_DIFFER:
        raise NotUnderstood("submitted_at lies more than a day in the future.", place=place)
    return submitted


def _metric(value: object) -> Metric:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in set(Metric):
        hint = did_you_mean(word, Metric) or "."
        raise NotUnderstood(f"metric must be one of {', '.join(Metric)}{hint}", place="metric")
    return Metric(word)


def _score(value: object, metric: Metric) -> int:
    low, high = SCALES[metric]
    score = _whole(value)
    if score is None:
        raise NotUnderstood(f"score must be a whole number from {low} to {high}.", place="score")
    if not low <= score <= high:
        raise NotUnderstood(
            f"score is outside the scale: {metric} goes from {low} to {high}.", place="score"
        )
    return score


def _whole(value: object) -> int | None:
    """2, 2.0, "2" and "2.0" are 2. True is no number, though Python thinks so."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case str() if WHOLE_NUMBER.fullmatch(value.strip()):
            return int(float(value))
    return None


def _comment(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotUnderstood("comment must be a text.", place="comment")
    return _cut(value.strip(), LONGEST_COMMENT)


def _language(value: object) -> str | None:
    """`fr`, `FR` and `fr-CA` are all French; what is no language is left out."""
    found = re.match(r"[A-Za-z]{2}", value.strip()) if isinstance(value, str) else None
    return found[0].lower() if found else None


def _email(value: object) -> str | None:
    email = value.strip() if isinstance(value, str) else ""
    plain = EMAIL.fullmatch(email) and email.isprintable() and len(email) <= LONGEST_WORD
    return email if plain else None


def read_phone(value: object) -> str | None:
    """In E.164, which knows no extension."""
    if (number := _number(value)) is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _number(value: object) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(str(value), HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _facts(
    context: Mapping[str, object], customer: Mapping[str, object], identity: Identity
) -> Mapping[str, str]:
    """What we have no field for, in the order in which it was sent, as far as there is room.

    First comes what was sent for a phone or an e-mail but is none, or says more than one.
    """
    understood = {key for key in IDENTITY if getattr(identity, key) is not None}
    number = _number(customer.get("phone"))
    if number and number.extension:
        understood.remove("phone")
    own = [key for key in (*IDENTITY, *customer) if key in customer.keys() - understood]
    found = {f"customer.{key}": customer[key] for key in own}
    found |= {key: context[key] for key in context if key not in {*PLACES, *found}}
    told = ((key, value) for key, value in found.items() if value not in (None, ""))
    return {
        _cut(key, LONGEST_FACT_NAME): _cut(_fact(value), LONGEST_FACT)
        for key, value in islice(told, MOST_FACTS)
    }


def _fact(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
