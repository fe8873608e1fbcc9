"""What a survey system tells us, whichever system it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from models.recognition import WithoutAddress
from models.submissions import Progress, Trial


class Metric(StrEnum):
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"


class Origin(StrEnum):
    """The channel by which a customer was heard."""

    SURVEY = "survey"
    PHONE = "phone"
    MAIL = "mail"
    """A letter or an e-mail."""
    SOCIAL = "social"
    MEETING = "meeting"


class Feeling(StrEnum):
    """How the customer feels by the score alone. Only `UNHAPPY` is called back."""

    UNHAPPY = "unhappy"
    PASSIVE = "passive"
    PROMOTER = "promoter"
    SATISFIED = "satisfied"


class Reason(StrEnum):
    """Why a response opened nothing. Every response has a case or one of these."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    SATISFIED = "satisfied"
    NO_WAY_TO_REACH = "no_way_to_reach"
    NO_CONSENT = "no_consent"
    EXCLUDED = "excluded"
    """By a rule of its source."""
    UNFINISHED = "unfinished"
    """The customer may still be answering: it counts as it stands once its source's time has passed."""
    WITHDRAWN = "withdrawn"
    TOO_OLD = "too_old"
    """It was heard long after it was given, from a back-file."""


SCALES: Mapping[Metric, tuple[int, int]] = MappingProxyType(
    {Metric.NPS: (0, 10), Metric.CSAT: (1, 5), Metric.CES: (1, 7)}
)
UNHAPPY_UP_TO: Mapping[Metric, int] = MappingProxyType(
    {Metric.NPS: 6, Metric.CSAT: 2, Metric.CES: 3}
)
PROMOTER_FROM = 9
"""On the NPS scale; below it and above the unhappy threshold a customer is passive."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A customer as the survey system knows him. `phone` is E.164, `zone` (IANA) where he told it."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    zone: str | None = None

    @property
    def reachable(self) -> bool:
        """An external id counts: with it the company's own files tell how to reach the customer."""
        return bool(self.id or self.email or self.phone)


@dataclass(frozen=True, slots=True)
class SurveyResponse:
    """One answer. `submitted_at` is aware and in UTC; `facts` is the context we have no name for.

    `topic` is a zero-tolerance topic that an answer of the survey names; `resurvey_of` the closed case
    that the customer was asked about again, or LAST. `origin` None is its source's. `raw_score` is the
    answer as it was given, on whatever scale. `changed_at` orders what is told of one response; None is
    the order of arrival. Who was heard by one of us (`heard_by`, a person's id) gave no score: then it is
    None, as the metric is. `too_old`: nobody is called back for it any more.
    """

    response_id: str
    survey_id: str
    submitted_at: datetime
    metric: Metric | None
    score: int | None
    comment: str = ""
    language: str | None = None
    customer: Identity = field(default_factory=Identity)
    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    topic: str | None = None
    resurvey_of: str | None = None
    origin: Origin | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    contract: str | None = None
    raw_score: str = ""
    consent: bool = True
    excluded: bool = False
    progress: Progress = Progress.COMPLETED
    changed_at: datetime | None = None
    trial: Trial | None = None
    heard_by: str | None = None
    too_old: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The customer, or the system for him, takes a response back."""

    response_id: str
    survey_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unscored:
    """A response on its way, whose customer has not come to the score yet."""

    response_id: str
    survey_id: str


def feeling(metric: Metric, score: int, unhappy_up_to: Mapping[Metric, int]) -> Feeling:
    """Raises ValueError outside the metric's scale: such an answer is refused, never bent."""
    low, high = SCALES[metric]
    if not low <= score <= high:
        raise ValueError(f"{metric} goes from {low} to {high}, not {score}")
    if score <= unhappy_up_to[metric]:
        return Feeling.UNHAPPY
    if metric is not Metric.NPS:
        return Feeling.SATISFIED
    return Feeling.PROMOTER if score >= PROMOTER_FROM else Feeling.PASSIVE


def feeling_of(response: SurveyResponse, unhappy_up_to: Mapping[Metric, int]) -> Feeling:
    """Nobody writes down by hand what needs no call. Raises as `feeling` does."""
    if response.metric is None or response.score is None:
        return Feeling.UNHAPPY
    return feeling(response.metric, response.score, unhappy_up_to)


def reason_for_no_case(
    response: SurveyResponse,
    felt: Feeling,
    without_address: WithoutAddress = WithoutAddress.REASON,
) -> Reason | None:
    """None means: this response has a case. So has who was heard by one of us, be he known or not."""
    if response.heard_by is not None:
        return None
    if response.excluded:
        return Reason.EXCLUDED
    if felt is not Feeling.UNHAPPY:
        return Reason(felt.value)
    if not response.consent:
        return Reason.NO_CONSENT
    if not response.customer.reachable and without_address is WithoutAddress.REASON:
        return Reason.NO_WAY_TO_REACH
    if response.too_old:
        return Reason.TOO_OLD
    return Reason.UNFINISHED if response.progress is Progress.PARTIAL else None
