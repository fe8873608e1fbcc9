"""Single values from strangers: what each may look like, and what it is then."""

import json
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import phonenumbers

from models.errors import NotUnderstood
from models.mappings import Scale
from models.resurvey_policy import LAST
from models.spelling import did_you_mean
from models.survey import SCALES, Metric, Origin
from models.zones import known_zones

LONGEST_WORD = 200
LONGEST_COMMENT = 8_000
LONGEST_FACT_NAME = 60
LONGEST_FACT = 300
MOST_FACTS = 40
LONGEST_NAME = 64
"""Of a region, a trade or a touchpoint."""
CLOCKS_DIFFER = timedelta(days=1)
FIRST_SURVEY = datetime(2000, 1, 1, tzinfo=UTC)
HOME = "FR"
"""The country (ISO 3166) in which a phone without + is read."""
EMAIL = re.compile(r"[^@\s<>,;?&%]+@[^@\s<>,;?&%]+\.[^@\s<>,;?&%.]+")
"""Nothing that would say more than an address in a `mailto:`."""
WHOLE_NUMBER = re.compile(r"-?\d{1,9}(\.0{1,9})?", re.ASCII)
UNIX_SECONDS = re.compile(r"\d{9,11}", re.ASCII)
UNIX_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2}(?![A-Za-z])", re.ASCII)
UNFILLED = re.compile(r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|\*\|[^|]*\|\*|%%[^%]+%%|\[\[[^][]*\]\]")
"""What a system sends where it should have put something, and had nothing."""


def read_text(value: object, place: str) -> str:
    """A number is taken for its digits, nothing for an empty text."""
    match value:
        case None:
            return ""
        case bool() | float() | list() | dict():
            raise NotUnderstood(f"{place} must be a text.", place=place)
    return str(value).strip()


def read_word(value: object, place: str, *, longest: int = LONGEST_WORD) -> str | None:
    """A text by which something is found again: cut, it would be another one. What was never filled in would
    make one customer of many.
    """
    word = read_text(value, place)
    if is_unfilled(word):
        return None
    if len(word) > longest:
        raise NotUnderstood(f"{place} has more than {longest} characters.", place=place)
    return word or None


def is_unfilled(text: str) -> bool:
    """`{{customer.id}}`, where nobody had put it in."""
    return UNFILLED.fullmatch(text.strip()) is not None


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def read_topic(value: object) -> str | None:
    """It stays among the facts, whatever it is: a topic that nobody knows must not hold up a call."""
    return value.strip()[:LONGEST_NAME] or None if isinstance(value, str) else None


def read_resurvey(value: object) -> str | None:
    """Our case, or `true`: the customer's last one. What is neither stays a fact and is passed over."""
    if value is True or (isinstance(value, str) and value.strip().lower() in {"true", LAST}):
        return LAST
    return value.strip()[:LONGEST_NAME] or None if isinstance(value, str) else None


def read_origin(value: object) -> Origin | None:
    """A channel that nobody knows stays among the facts, and must not hold up a call."""
    word = value.strip().lower() if isinstance(value, str) else ""
    return Origin(word) if word in set(Origin) else None


def read_id(value: object, place: str) -> str:
    word = read_word(value, place)
    if word is None:
        raise NotUnderstood(f"{place} is empty.", place=place)
    return word


def read_instant(
    value: object, received_at: datetime, place: str, *, zone: str | None = None
) -> datetime:
    """ISO 8601, or seconds or milliseconds since 1970; `zone` (IANA) is that of a wall clock that does not
    say its own.
    """
    text = str(value).strip() if isinstance(value, str | int) else ""
    try:
        if UNIX_SECONDS.fullmatch(text):
            instant = datetime.fromtimestamp(int(text), UTC)
        elif UNIX_MILLISECONDS.fullmatch(text):
            instant = datetime.fromtimestamp(int(text) / 1000, UTC)
        else:
            instant = datetime.fromisoformat(text)
        if instant.tzinfo is None and zone is None:
            raise NotUnderstood(
                f"{place} does not say its zone: end it with Z or +02:00.", place=place
            )
        if instant.tzinfo is None and zone is not None:
            instant = instant.replace(tzinfo=ZoneInfo(zone))
        return plausible(instant.astimezone(UTC), received_at, place)
    except (ValueError, OverflowError):
        raise NotUnderstood(
            f"{place} must be an instant in ISO 8601, as 2026-11-21T18:30:00+01:00.", place=place
        ) from None


def plausible(instant: datetime, received_at: datetime, place: str) -> datetime:
    """Raises NotUnderstood where the clock that made it must be wrong."""
    if instant < FIRST_SURVEY:
        raise NotUnderstood(f"{place} lies before the year 2000.", place=place)
    if instant - received_at > CLOCKS_DIFFER:
        raise NotUnderstood(f"{place} lies more than a day in the future.", place=place)
    return instant


def read_metric(value: object) -> Metric:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in set(Metric):
        hint = did_you_mean(word, Metric) or "."
        raise NotUnderstood(f"metric must be one of {', '.join(Metric)}{hint}", place="metric")
    return Metric(word)


def read_score(value: object, metric: Metric) -> int:
    low, high = SCALES[metric]
    score = read_whole(value)
    if score is None:
        raise NotUnderstood(f"score must be a whole number from {low} to {high}.", place="score")
    if not low <= score <= high:
        raise NotUnderstood(
            f"score is outside the scale: {metric} goes from {low} to {high}.", place="score"
        )
    return score


def read_whole(value: object) -> int | None:
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


def read_comment(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotUnderstood("comment must be a text.", place="comment")
    return cut(value.strip(), LONGEST_COMMENT)


def read_language(value: object) -> str | None:
    """`fr`, `FR` and `fr-CA` are all French. What is no code is left out: the name of a language begins with
    the code of another one.
    """
    found = LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return found[0].lower() if found else None


def read_email(value: object) -> str | None:
    email = value.strip() if isinstance(value, str) else ""
    plain = EMAIL.fullmatch(email) and email.isprintable() and len(email) <= LONGEST_WORD
    return email if plain else None


def read_phone(value: object) -> str | None:
    """In E.164, which knows no extension."""
    if (number := phone_number(value)) is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_number(value: object) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(str(value), HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def read_zone(value: object) -> str | None:
    """IANA, as `Indian/Reunion`."""
    zone = value.strip() if isinstance(value, str) else ""
    return zone if zone in known_zones() else None


def fact_of(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def on_scale(number: int, scale: Scale, metric: Metric, *, place: str) -> int:
    """The answer on the metric's own scale, at the same share of it. A half falls to the unhappier side.

    Raises NotUnderstood outside the scale: such an answer is refused, never bent.
    """
    if not scale.holds(number):
        bounds = f"{scale.worst} (worst) to {scale.best} (best)"
        raise NotUnderstood(f"The score is outside its scale, {bounds}.", place=place)
    low, high = SCALES[metric]
    share = Fraction(number - scale.worst, scale.best - scale.worst)
    return ceil(low + share * (high - low) - Fraction(1, 2))
