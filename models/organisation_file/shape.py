"""The organisation's file as it is written, section by section: which keys, with which words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)

from models.fallback import PATIENCE
from models.ladder import Post, Span, Target
from models.money import EURO
from models.organisation import CALLED
from models.organisation_file.authority import WrittenAuthority
from models.organisation_file.causes import WrittenCause
from models.organisation_file.customers import WrittenCustomers
from models.organisation_file.faults import Place
from models.organisation_file.fields import (
    STRICT,
    AskedAgain,
    Calendar,
    CalendarTime,
    Ceiling,
    Currency,
    Days,
    Duration,
    Id,
    Label,
    Language,
    Phrase,
    Share,
    Text,
    Times,
    Week,
    Zone,
    one_or_many,
    owners_target,
    within,
)
from models.organisation_file.grammar import (
    one_of,
    read_email,
    read_phone,
    read_spacing,
)
from models.organisation_file.pauses import WrittenPauses
from models.organisation_file.sources import WrittenSource
from models.organisation_file.teams import WrittenTeam
from models.people import Channel, Role
from models.resurvey_policy import SPOKEN_TO
from models.survey import Metric, Origin


class Written(BaseModel):
    model_config = STRICT


class WrittenHouse(Written):
    name: Text
    motto: Label
    languages: Annotated[list[Language], Field(min_length=1)]
    currency: Currency = EURO


class WrittenOffice(Written):
    """Closed on public holidays but for the days in `open`, and on the days in `closed`."""

    time_zone: Zone
    hours: Week
    public_holidays: Calendar | None = None
    closed: Days = []
    open: Days = []


class WrittenCalendar(Written):
    """An office's calendar, as far as it differs from another one's."""

    time_zone: Zone | None = None
    hours: Week | None = None
    public_holidays: Calendar | None = None
    closed: Days | None = None
    open: Days | None = None

    @property
    def told(self) -> dict[str, object]:
        own = {key: getattr(self, key) for key in WrittenCalendar.model_fields}
        return {key: word for key, word in own.items() if word is not None}


class WrittenRegion(WrittenCalendar):
    """What is left out of the calendar is the head office's."""

    id: Id
    name: Label
    neighbours: list[Id] = []


class WrittenName(Written):
    id: Id
    name: Label


class WrittenPerson(WrittenCalendar):
    """Who writes nothing of a calendar works when his region does; of what he leaves out, the same."""

    id: Id
    name: Text
    role: Annotated[Role, PlainValidator(one_of(Role))]
    language: Language
    phone: Annotated[str, PlainValidator(read_phone)] | None = None
    email: Annotated[str, PlainValidator(read_email)] | None = None
    deputy: Id | None = None
    regions: list[Id] = []
    trades: list[Id] = []
    referent_of: list[Id] = []
    ceiling: Ceiling | None = None
    prefers: Annotated[Channel, PlainValidator(one_of(Channel))] | None = None


class WrittenRoute(Written):
    to: Id
    region: Id | None = None
    trade: Id | None = None
    touchpoint: Id | None = None
    language: Language | None = None
    raises: Label | None = None


OfTarget = Annotated[Target, PlainValidator(one_of(Target))]


class WrittenTargets(Written):
    """`by_channel` has those that differ where the customer was heard by that channel."""

    acknowledge: Duration
    attempt: Duration | None = None
    contact: Duration
    plan: Duration
    repair: Duration
    confirmation: Duration
    closure: Duration | None = None
    by_channel: dict[
        Annotated[Origin, PlainValidator(one_of(Origin))], dict[OfTarget, Duration]
    ] = {}
    raises: Label | None = None

    @property
    def lengths(self) -> dict[Target, Span]:
        written = {target: getattr(self, target) for target in Target}
        return {target: length for target, length in written.items() if length is not None}


class WrittenLevel(Written):
    level: Annotated[Post, PlainValidator(one_of(Post))]
    remind_at: Annotated[list[Share], BeforeValidator(one_or_many)] = []
    repeat_every: Duration | None = None
    person: Id | None = None
    targets: dict[Annotated[Target, PlainValidator(owners_target)], Duration] = {}
    raises: Label | None = None


class WrittenLadder(Written):
    """For the cases that fit its conditions."""

    id: Id
    region: Id | None = None
    trade: Id | None = None
    touchpoint: Id | None = None
    language: Language | None = None
    levels: Annotated[list[WrittenLevel], Field(min_length=1)]
    raises: Label | None = None


class WrittenCalls(Written):
    windows: Week = {(day,): windows for day, windows in CALLED.items()}
    spacing: Annotated[timedelta, PlainValidator(read_spacing)] = timedelta(hours=3)
    at_most: Times = 3
    write_after: Annotated[list[Times], BeforeValidator(one_or_many)] = [1]
    raises: Label | None = None

    @field_validator("write_after")
    @classmethod
    def _after_attempts(cls, numbers: list[int], found: ValidationInfo) -> list[int]:
        """A message after an attempt that nobody makes would never be written."""
        at_most = found.data.get("at_most", max(numbers, default=0))
        for number in numbers:
            if number > at_most:
                raise ValueError(f"there is no attempt {number}: at_most is {at_most}")
        return numbers


class WrittenThresholds(Written):
    nps: Annotated[int | None, within(Metric.NPS)] = None
    csat: Annotated[int | None, within(Metric.CSAT)] = None
    ces: Annotated[int | None, within(Metric.CES)] = None
    raises: Label | None = None


class WrittenTopic(Written):
    """A target that is left out is the case's own."""

    id: Id
    name: Label
    words: dict[str, Annotated[list[Phrase], Field(min_length=1)]]
    targets: dict[OfTarget, Duration] = {}
    at_once: Annotated[bool, Field(strict=True)] = False
    raises: Label | None = None


class WrittenResurvey(Written):
    """Time here is that of the customer's calendar, not of anybody's work."""

    after: CalendarTime
    outcomes: Annotated[list[AskedAgain], Field(min_length=1)] = sorted(SPOKEN_TO)
    at_most_every: CalendarTime = timedelta(days=90)
    raises: Label | None = None


class WrittenSms(Written):
    transliterate: Annotated[bool, Field(strict=True)] = True
    fallback_after: CalendarTime = PATIENCE


class WrittenOrganisation(Written):
    organisation: WrittenHouse
    head_office: WrittenOffice
    regions: Annotated[list[WrittenRegion], Field(min_length=1)]
    trades: list[WrittenName]
    touchpoints: list[WrittenName]
    people: list[WrittenPerson]
    teams: list[WrittenTeam] = []
    routing: list[WrittenRoute]
    targets: WrittenTargets
    ladder: Annotated[list[WrittenLevel], Field(min_length=1)]
    ladders: list[WrittenLadder] = []
    calls: WrittenCalls = WrittenCalls()
    unreachable_after: Times | None = None
    unhappy_up_to: WrittenThresholds = WrittenThresholds()
    zero_tolerance: list[WrittenTopic] = []
    authority: WrittenAuthority = WrittenAuthority()
    pauses: WrittenPauses | None = None
    resurvey: WrittenResurvey | None = None
    customers: WrittenCustomers = WrittenCustomers()
    sms: WrittenSms = WrittenSms()
    sources: Annotated[list[WrittenSource], Field(min_length=1)]
    root_causes: Annotated[list[WrittenCause], Field(min_length=1)]
    successors: dict[Id, Id] = {}

    @property
    def offices(self) -> Iterator[tuple[WrittenRegion, WrittenOffice]]:
        """Each region with its calendar: what it leaves out is the head office's."""
        for region in self.regions:
            yield region, self.head_office.model_copy(update=region.told)

    @property
    def desks(self) -> Iterator[tuple[WrittenPerson, WrittenOffice]]:
        """Each person with a calendar of his own; the rest is his only region's, or the head office's."""
        offices = {region.id: office for region, office in self.offices}
        for person in self.people:
            if person.told:
                only = person.regions[0] if len(person.regions) == 1 else ""
                office = offices.get(only, self.head_office)
                yield person, office.model_copy(update=person.told)

    @property
    def calendars(self) -> frozenset[str]:
        """The public holidays that are named somewhere."""
        offices = (self.head_office, *(each for _, each in (*self.offices, *self.desks)))
        return frozenset(each.public_holidays for each in offices if each.public_holidays)


def keys_at(place: Place) -> list[str]:
    """The keys that may stand there. The place is one that the shape knows."""
    section: type[BaseModel] = WrittenOrganisation
    for key in (step for step in place if isinstance(step, str)):
        section = next(_sections_in(section.model_fields[key].annotation))
    return list(section.model_fields)


def _sections_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections_in(inner)
