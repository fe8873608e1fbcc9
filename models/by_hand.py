"""What one of us heard from a customer, in a meeting, a letter, a call or a post, and writes down.

It goes the way of a survey's answer and is counted with them, and it is told apart wherever it is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.labels import Label
from models.organisation import Organisation, known_as
from models.spelling import did_you_mean
from models.survey import Identity, Origin, SurveyResponse

BY_HAND = "rappel:by_hand"
"""The source of all of it: none of an organisation's file can be called so."""
CHANNELS = tuple(origin for origin in Origin if origin is not Origin.SURVEY)


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """The customer's own words, and what is known of him, which may be nothing.

    It has no score: a number that somebody gives for a customer is not the customer's.
    """

    channel: Origin
    words: str
    customer: Identity = field(default_factory=Identity)
    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    topic: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands at `place` is not of this organisation."""

    place: str
    said: str
    hint: str


def unknown_in(told: WrittenDown, today: Organisation) -> Unknown | None:
    """The first id or label that nobody knows: whoever types it can still choose the right one."""
    known: Mapping[str, tuple[str | None, Mapping[str, Label]]] = {
        "region": (told.region, today.region_labels()),
        "trade": (told.trade, today.trades),
        "touchpoint": (told.touchpoint, today.touchpoints),
        "topic": (told.topic, today.topic_labels()),
    }
    for place, (said, labels) in known.items():
        if said is not None and known_as(said, labels) not in labels:
            return Unknown(place, said, did_you_mean(said, labels) or ".")
    return None


def response_of(told: WrittenDown, *, by: str, response_id: str, at: datetime) -> SurveyResponse:
    """As if a survey system had sent it, at the instant at which it is written down."""
    return SurveyResponse(
        response_id,
        BY_HAND,
        at,
        None,
        None,
        comment=told.words,
        language=told.language,
        customer=told.customer,
        region=told.region,
        trade=told.trade,
        touchpoint=told.touchpoint,
        topic=told.topic,
        origin=told.channel,
        heard_by=by,
    )
