"""Where answers come from and how they are read: as it is written, and once it is known to be good."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    model_validator,
)

from models.mappings import (
    Allowance,
    Auth,
    Consent,
    Exclusion,
    Fetching,
    Role,
    Scale,
    Source,
    SurveyMapping,
)
from models.organisation_file.fields import (
    SOURCE_KINDS,
    STRICT,
    CalendarTime,
    SourceId,
    Text,
    Zone,
    one_or_many,
)
from models.organisation_file.grammar import known_word, one_of
from models.survey import SCALES, Metric, Origin

OWN_BODY = "generic"
"""The kind that is read in our own words where it has no surveys."""
UNSIGNED = ("generic", "qualtrics", "zendesk")
"""Kinds whose owner may write the body: it may be unsigned, and is to be told which survey it is."""
OF_ONE_ANSWER = (Role.RESPONSE_ID, Role.SUBMITTED_AT, Role.CHANGED_AT, Role.PROGRESS)
"""They cannot be the same in each."""
SIZE = re.compile(r"(\d{1,6})\s?(kB|MB)")
BYTES: Mapping[str, int] = {"kB": 1024, "MB": 1024 * 1024}
LARGEST = 8 * 1024 * 1024
FETCHED = ("qualtrics", "surveymonkey", "typeform")
"""Kinds whose vendor can be asked."""
HOST = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$"


def read_scale(written: object) -> Scale:
    found = re.fullmatch(r"\s*(-?\d{1,4})\s*[-\u2013]\s*(\d{1,4})\s*", str(written))
    if not found or found[1] == found[2]:
        raise ValueError(f"{written!r} is no scale; write 0-10, from the worst answer to the best")
    return Scale(int(found[1]), int(found[2]))


def _read_size(written: object) -> int:
    found = SIZE.fullmatch(str(written).strip())
    size = int(found[1]) * BYTES[found[2]] if found else 0
    if not 1024 <= size <= LARGEST:
        raise ValueError(f"{written!r} is no size from 1 kB to 8 MB; write 256kB or 1MB")
    return size


Reference: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
References: TypeAlias = Annotated[list[Reference], BeforeValidator(one_or_many)]
Words: TypeAlias = Annotated[list[Text], BeforeValidator(one_or_many), Field(min_length=1)]
RoleName: TypeAlias = Annotated[Role, PlainValidator(one_of(Role))]


def _same_in_each(role: Role) -> Role:
    if role in OF_ONE_ANSWER:
        raise ValueError(f"{role} cannot be the same in each answer")
    return role


class WrittenConsent(BaseModel):
    model_config = STRICT
    field: Reference
    given: Words


class WrittenExclusion(BaseModel):
    model_config = STRICT
    field: Reference
    answers: Words


class WrittenSurvey(BaseModel):
    """`scale` is the metric's own where it is left out."""

    model_config = STRICT
    id: Reference
    metric: Annotated[Metric, PlainValidator(one_of(Metric))]
    score: Reference
    scale: Annotated[Scale | None, PlainValidator(read_scale)] = None
    words: dict[Text, Annotated[int, Field(strict=True)]] = {}
    fields: dict[RoleName, References] = {}
    always: dict[Annotated[RoleName, AfterValidator(_same_in_each)], Text] = {}
    facts: dict[Text, Reference] = {}
    consent: WrittenConsent | None = None
    exclude: list[WrittenExclusion] = []
    zone: Zone | None = None


class WrittenAllowance(BaseModel):
    model_config = STRICT
    largest: Annotated[int, PlainValidator(_read_size)] = Allowance().largest
    per_minute: Annotated[int, Field(strict=True, ge=1, le=100_000)] = Allowance().per_minute


class WrittenFetching(BaseModel):
    """Where there is no host, it is that of most customers of the vendor."""

    model_config = STRICT
    host: Annotated[str | None, Field(pattern=HOST)] = None
    per_day: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = Fetching().per_day
    per_minute: Annotated[int, Field(strict=True, ge=1, le=10_000)] = Fetching().per_minute


class WrittenSource(BaseModel):
    """`channel` is that of its answers where they name none themselves."""

    model_config = STRICT
    id: SourceId
    kind: Annotated[str, PlainValidator(lambda kind: known_word(kind, SOURCE_KINDS))]
    channel: Annotated[Origin, PlainValidator(one_of(Origin))] = Origin.SURVEY
    auth: Annotated[Auth | None, PlainValidator(one_of(Auth))] = None
    settle: CalendarTime = timedelta(minutes=30)
    survey: Reference | None = None
    surveys: list[WrittenSurvey] = []
    limits: WrittenAllowance = WrittenAllowance()
    fetch: WrittenFetching | None = None

    @model_validator(mode="after")
    def _can_be_read(self) -> "WrittenSource":
        if self.kind != OWN_BODY and not self.surveys:
            raise ValueError(
                f"a source of the kind {self.kind} needs surveys: which answer is the score?"
            )
        if self.auth is not None and self.kind not in UNSIGNED:
            raise ValueError(f"a source of the kind {self.kind} signs by itself; leave out auth")
        if self.survey is not None and self.kind not in UNSIGNED:
            raise ValueError(f"a source of the kind {self.kind} says its survey by itself")
        if self.fetch is not None and self.kind not in FETCHED:
            raise ValueError(f"from a source of the kind {self.kind} nothing is fetched")
        if self.kind == "qualtrics" and self.auth is None and not (self.fetch and self.fetch.host):
            raise ValueError(
                "what Qualtrics points at is fetched: write fetch: {host: fra1.qualtrics.com}, with the "
                "data centre of your account"
            )
        return self

    @model_validator(mode="after")
    def _says_which_answer_it_is(self) -> "WrittenSource":
        if self.survey is not None and not self.surveys:
            raise ValueError(
                "a source without surveys is written in our own words; leave out survey"
            )
        if self.kind != OWN_BODY:
            return self
        if len(self.surveys) > 1 and self.survey is None:
            raise ValueError(
                "of several surveys the body must say which: name its place with survey"
            )
        for number, each in enumerate(self.surveys):
            if Role.RESPONSE_ID not in each.fields:
                raise ValueError(
                    f"surveys.{number} needs fields: response_id, which tells answers apart"
                )
        return self


def source_of(written: WrittenSource) -> Source:
    limits, fetch = written.limits, written.fetch or WrittenFetching()
    return Source(
        written.id,
        written.kind,
        written.channel,
        auth=written.auth,
        mappings=tuple(map(_mapping, written.surveys)),
        settle=written.settle,
        survey=written.survey,
        allowance=Allowance(limits.largest, limits.per_minute),
        fetching=Fetching(fetch.host, fetch.per_day, fetch.per_minute),
    )


def _mapping(written: WrittenSurvey) -> SurveyMapping:
    consent = written.consent
    return SurveyMapping(
        written.id,
        written.metric,
        written.score,
        written.scale or Scale(*SCALES[written.metric]),
        words={word.casefold(): number for word, number in written.words.items()},
        roles={role: tuple(references) for role, references in written.fields.items()},
        always=written.always,
        facts=written.facts,
        consent=Consent(consent.field, _folded(consent.given)) if consent else None,
        exclusions=tuple(Exclusion(e.field, _folded(e.answers)) for e in written.exclude),
        zone=written.zone,
    )


def _folded(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)
