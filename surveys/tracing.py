"""From which of its references each thing was understood, for whoever writes a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.errors import NotUnderstood
from models.mappings import ANY_SURVEY, Role, Scale, Source, SurveyMapping
from models.spelling import did_you_mean
from models.submissions import Heard, Submission
from models.survey import Metric, SurveyResponse, Told
from surveys.adapters import hear, submissions, understood
from surveys.generic import Element
from surveys.json_body import read_object
from surveys.understanding import flattened

OWN_WORDS = SurveyMapping(
    ANY_SURVEY,
    Metric.NPS,
    "score",
    Scale(0, 10),
    roles={
        **{role: (str(role),) for role in Role},
        **{
            role: (f"context.{role}",)
            for role in (
                *(Role.CONTRACT, Role.REGION, Role.TRADE, Role.TOUCHPOINT),
                *(Role.TOPIC, Role.CHANNEL, Role.RESURVEY_OF),
            )
        },
        Role.PROGRESS: ("event",),
    },
)
"""Where our own body says each thing."""
BY_ITSELF = frozenset({Role.RESPONSE_ID, Role.SUBMITTED_AT, Role.LANGUAGE, Role.CHANGED_AT})
"""What a survey system may say without any reference."""
ALL_COUNT = frozenset({Role.COMMENT, Role.CUSTOMER_NAME})


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing in our words; `told` is empty where there is none: then `where` is where it was
    looked for.
    """

    name: str
    told: str
    where: str


@dataclass(frozen=True, slots=True)
class Traced:
    """What one response of a delivery tells, and of an answer how each thing of it was found."""

    told: Told | NotUnderstood
    traces: Sequence[Trace] = ()


def trace(source: Source, body: bytes, *, received_at: datetime) -> Sequence[Traced]:
    """Raises NotUnderstood where the body itself is at fault."""
    if not source.mappings:
        own: Heard = Submission("", "", values=flattened(read_object(body)))
        return [
            _traced(told, own, OWN_WORDS) for told in hear(source, body, received_at=received_at)
        ]
    traced = []
    for found in submissions(source, body):
        told = understood(found, source, received_at)
        heard = found.heard if isinstance(found, Element) else found
        survey = told.survey_id if isinstance(told, SurveyResponse) else ""
        traced.append(_traced(told, heard, source.mapping(survey)))
    return traced


def _traced(told: Told | NotUnderstood, heard: Heard, mapping: SurveyMapping | None) -> Traced:
    match told, heard:
        case SurveyResponse(), Submission(values=values) if mapping is not None:
            return Traced(told, tuple(_traces(told, values, mapping)))
    return Traced(told)


def _traces(
    told: SurveyResponse, values: Mapping[str, object], mapping: SurveyMapping
) -> Iterator[Trace]:
    yield Trace("survey_id", told.survey_id, "")
    yield Trace("score", f"{told.metric} {told.score} (given as {told.raw_score})", mapping.score)
    for role, value in _by_role(told):
        yield Trace(str(role), value, _where(role, value, values, mapping))
    if mapping.consent is not None:
        yield Trace("consent", "given" if told.consent else "not given", mapping.consent.reference)
    if mapping.exclusions:
        where = ", ".join(each.reference for each in mapping.exclusions)
        yield Trace("excluded", "by a rule" if told.excluded else "", where)
    for name, value in told.facts.items():
        yield Trace(f"fact {name!r}", value, mapping.facts.get(name, ""))


def _by_role(told: SurveyResponse) -> Iterator[tuple[Role, str]]:
    customer = told.customer
    found: Mapping[Role, object] = {
        Role.RESPONSE_ID: told.response_id,
        Role.SUBMITTED_AT: told.submitted_at.isoformat(),
        Role.CHANGED_AT: told.changed_at.isoformat() if told.changed_at else None,
        Role.PROGRESS: told.progress,
        Role.COMMENT: told.comment,
        Role.LANGUAGE: told.language,
        Role.CUSTOMER_ID: customer.id,
        Role.CUSTOMER_NAME: customer.name,
        Role.CUSTOMER_EMAIL: customer.email,
        Role.CUSTOMER_PHONE: customer.phone,
        Role.CUSTOMER_ZONE: customer.zone,
        Role.CONTRACT: told.contract,
        Role.REGION: told.region,
        Role.TRADE: told.trade,
        Role.TOUCHPOINT: told.touchpoint,
        Role.TOPIC: told.topic,
        Role.CHANNEL: told.origin,
        Role.RESURVEY_OF: told.resurvey_of,
    }
    for role, value in found.items():
        yield role, str(value) if value else ""


def _where(role: Role, told: str, values: Mapping[str, object], mapping: SurveyMapping) -> str:
    references = mapping.roles.get(role, ())
    answered = [each for each in references if values.get(each) not in (None, "", [])]
    if answered and (told or role in ALL_COUNT):
        return ", ".join(answered if role in ALL_COUNT else answered[:1])
    if answered:
        return f"{answered[0]}, which is none"
    if role in mapping.always:
        return "always, by the mapping"
    if told:
        return "the delivery itself" if role in BY_ITSELF else ""
    near = "".join(did_you_mean(each, values) for each in references if each not in values)
    return ", ".join(references) + near
