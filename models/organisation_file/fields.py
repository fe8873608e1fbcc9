"""The kinds of words that the organisation's file is written in, each with its sentence for what is none."""

import unicodedata
from datetime import date, timedelta
from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
)

from models import labels, topics
from models.actions import Outcome
from models.ladder import Span, Target
from models.money import CURRENCIES
from models.opening_hours import Window
from models.organisation_file.grammar import (
    DAYS,
    one_of,
    read_calendar_time,
    read_days,
    read_limit,
    read_part,
    read_phrase,
    read_share,
    read_span,
    read_weekdays,
    read_windows,
    read_zone,
)
from models.people import Role
from models.public_holidays import known_calendar
from models.resurvey_policy import SPOKEN_TO
from models.spelling import did_you_mean
from models.survey import SCALES, Metric
from models.timeline import CUSTOMER, SYSTEM

SOURCE_KINDS = (
    "generic",
    "typeform",
    "formbricks",
    "qualtrics",
    "surveymonkey",
    "tally",
    "zendesk",
)
STRICT = ConfigDict(extra="forbid", frozen=True)
"""Of every section: a key that nobody knows is a fault."""
EVERYWHERE = "*"
"""The language of a label written as one plain word: it is the same in all languages."""


def _not_reserved(name: str) -> str:
    """On a timeline these words stand for nobody of the organisation."""
    if name in {CUSTOMER, SYSTEM}:
        raise ValueError(f"the id {name!r} is reserved")
    return name


def _for_every_language(written: object) -> object:
    return {EVERYWHERE: written} if isinstance(written, str) else written


def _around_the_clock(written: object) -> object:
    return {"mon-sun": "00:00-24:00"} if written == "24/7" else written


def _opening(
    week: dict[tuple[int, ...], tuple[Window, ...]],
) -> dict[tuple[int, ...], tuple[Window, ...]]:
    days = [day for run in week for day in run]
    if not days:
        raise ValueError("this calendar never opens; write 24/7 or at least one day")
    for day in days:
        if days.count(day) > 1:
            raise ValueError(f"{DAYS[day - 1]!r} is in more than one line of these hours")
    return week


def one_or_many(written: object) -> object:
    return written if isinstance(written, list) else [written]


def _case_workers_role(written: object) -> Role:
    role = one_of(Role)(written)
    if role is Role.OPERATOR:
        raise ValueError("an operator takes no cases")
    return role


def _currency(written: object) -> str:
    code = str(written)
    if code not in CURRENCIES:
        meant = did_you_mean(code, CURRENCIES)
        raise ValueError(
            f"{code!r} is no currency with cents; write its ISO 4217 code, as EUR{meant}"
        )
    return code


def owners_target(written: object) -> Target:
    target = one_of(Target)(written)
    if target is Target.CONFIRMATION:
        raise ValueError("the customer's time to answer is the same on all levels")
    return target


def _asked_again(written: object) -> Outcome:
    outcome = one_of(Outcome)(written)
    if outcome not in SPOKEN_TO:
        raise ValueError(f"nobody is asked again after {str(outcome)!r}: he is left in peace")
    return outcome


def within(metric: Metric) -> object:
    low, high = SCALES[metric]
    return Field(strict=True, ge=low, le=high)


def _on_one_line(text: str) -> str:
    """It stands in subjects, headings and SMS."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text):
        raise ValueError("write it on one line, without tabs and other control characters")
    return text


Text: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_on_one_line)
]
Id: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60),
    AfterValidator(_not_reserved),
]
SourceId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Language: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Phrase: TypeAlias = Annotated[topics.Phrase, PlainValidator(read_phrase)]
CaseWorkersRole: TypeAlias = Annotated[Role, PlainValidator(_case_workers_role)]
Currency: TypeAlias = Annotated[str, PlainValidator(_currency)]
Duration: TypeAlias = Annotated[Span, PlainValidator(read_span)]
Limit: TypeAlias = Annotated[int | None, PlainValidator(read_limit)]
Part: TypeAlias = Annotated[float, PlainValidator(read_part)]
AskedAgain: TypeAlias = Annotated[Outcome, PlainValidator(_asked_again)]
CalendarTime: TypeAlias = Annotated[timedelta, PlainValidator(read_calendar_time)]
Share: TypeAlias = Annotated[float, PlainValidator(read_share)]
Zone: TypeAlias = Annotated[str, PlainValidator(read_zone)]
Label: TypeAlias = Annotated[dict[str, Text], BeforeValidator(_for_every_language)]
Week: TypeAlias = Annotated[
    dict[
        Annotated[tuple[int, ...], PlainValidator(read_weekdays)],
        Annotated[tuple[Window, ...], PlainValidator(read_windows)],
    ],
    BeforeValidator(_around_the_clock),
    AfterValidator(_opening),
]
Times: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=20)]
Ceiling: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=1000)]
"""Open cases at once."""
Calendar: TypeAlias = Annotated[str, AfterValidator(known_calendar)]
Days: TypeAlias = list[Annotated[frozenset[date], PlainValidator(read_days)]]
"""Each is a day, or the days of another list."""


def label_of(written: labels.Label, languages: tuple[str, ...]) -> labels.Label:
    return {each: written.get(each) or written[EVERYWHERE] for each in languages}
