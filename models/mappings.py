"""How a source is read: which of its references is the score, the comment, the e-mail. Never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from models.survey import Metric, Origin

ANY_SURVEY = "*"
EACH = "[*]"
"""In a reference: of each element of that list, which is a response of its own."""


class Auth(StrEnum):
    """How a delivery shows whose it is, where the kind of the source leaves it open."""

    STANDARD_WEBHOOKS = "standard_webhooks"
    BEARER = "bearer"
    BASIC = "basic"


class Role(StrEnum):
    """What a reference of a survey system may stand for, beside the score."""

    COMMENT = "comment"
    LANGUAGE = "language"
    CUSTOMER_ID = "customer.id"
    CUSTOMER_NAME = "customer.name"
    CUSTOMER_EMAIL = "customer.email"
    CUSTOMER_PHONE = "customer.phone"
    CUSTOMER_ZONE = "customer.zone"
    CONTRACT = "contract"
    REGION = "region"
    TRADE = "trade"
    TOUCHPOINT = "touchpoint"
    TOPIC = "topic"
    CHANNEL = "channel"
    RESURVEY_OF = "resurvey_of"
    RESPONSE_ID = "response_id"
    SUBMITTED_AT = "submitted_at"
    CHANGED_AT = "changed_at"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Scale:
    """From the worst answer to the best; `worst` is the greater number where 1 is the best one."""

    worst: int
    best: int

    def holds(self, number: int) -> bool:
        return min(self.worst, self.best) <= number <= max(self.worst, self.best)


@dataclass(frozen=True, slots=True)
class Consent:
    """The customer may be contacted where the answer to `reference` is one of `words`, in any case."""

    reference: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What is answered so is kept and counted, and nobody is called: our own staff, for example."""

    reference: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """Of one survey, or of all that no other mapping names (ANY_SURVEY).

    `words` are answers in words with the number that each stands for on `scale`. Of several references
    the first one that has an answer counts; of comments and names all. `always` are roles that are the
    same in each answer, `facts` the references shown under a name of ours. `zone` (IANA) is that of instants
    that do not say their own. `words` are case-folded, here and below.
    """

    survey: str
    metric: Metric
    score: str
    scale: Scale
    words: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    always: Mapping[Role, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    consent: Consent | None = None
    exclusions: tuple[Exclusion, ...] = ()
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one source may send: bytes a delivery, deliveries a minute."""

    largest: int = 1024 * 1024
    per_minute: int = 6000


@dataclass(frozen=True, slots=True)
class Fetching:
    """How much we may ask a vendor's API on behalf of one source, and where it is: None is where that API
    is for most. A day is one of UTC.
    """

    host: str | None = None
    per_day: int = 500
    per_minute: int = 100


@dataclass(frozen=True, slots=True)
class Source:
    """`channel` is that of its answers where they name none themselves. `mappings` is empty where the
    deliveries are written in our own words. A partial answer that is not completed within `settle`
    counts as it stands. `survey` is where a generic body says its survey.
    """

    id: str
    kind: str
    channel: Origin = Origin.SURVEY
    auth: Auth | None = None
    mappings: tuple[SurveyMapping, ...] = ()
    settle: timedelta = timedelta(minutes=30)
    survey: str | None = None
    allowance: Allowance = field(default_factory=Allowance)
    fetching: Fetching = field(default_factory=Fetching)

    @property
    def each(self) -> str | None:
        """Where the list stands whose elements are responses of their own; it is empty where the body itself
        is the list, None where a body is one response.
        """
        scores = (mapping.score.partition(EACH) for mapping in self.mappings)
        return next((place for place, each, _ in scores if each), None)

    @property
    def first_alone(self) -> str | None:
        """The list of which a mapping reads one element by its number, score and id alike, and no other."""
        for mapping in self.mappings:
            place, _, number = mapping.score.partition("[")
            ids = mapping.roles.get(Role.RESPONSE_ID, ())
            within = [each.startswith(f"{place}[") for each in ids]
            if number[:1].isdigit() and within and all(within):
                return place
        return None

    def mapping(self, survey_id: str) -> SurveyMapping | None:
        own = (each for each in self.mappings if each.survey == survey_id)
        of_any = (each for each in self.mappings if each.survey == ANY_SURVEY)
        return next(own, None) or next(of_any, None)
