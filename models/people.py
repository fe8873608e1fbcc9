"""Who works on cases, and what a person may see and do. One home for rights: `may`, `may_enter`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models.opening_hours import OpeningHours


class Role(StrEnum):
    DIRECTOR = "director"
    DEPUTY = "deputy"
    PARTNER = "partner"
    NATIONAL_OWNER = "national_owner"
    EXECUTIVE = "executive"
    OPERATOR = "operator"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Person:
    """`regions` and `trades` say whose cases a director sees; an empty `trades` means all trades.

    `deputises_for` holds the ids of the people who name this one as their deputy. `hours` are his own
    where they differ from those of his region. `referent_of` names the trades in which others turn to him.
    `ceiling` is the most open cases that a team gives him. `prefers` is a way that he has.
    """

    id: str
    name: str
    role: Role
    language: str
    phone: str | None = None
    email: str | None = None
    deputy: str | None = None
    regions: frozenset[str] = frozenset()
    trades: frozenset[str] = frozenset()
    deputises_for: frozenset[str] = frozenset()
    hours: OpeningHours | None = None
    referent_of: frozenset[str] = frozenset()
    ceiling: int | None = None
    prefers: Channel | None = None

    @property
    def takes_cases(self) -> bool:
        """An operator sees no customer's words, so he can own no case."""
        return self.role is not Role.OPERATOR

    @property
    def channel(self) -> Channel:
        """The text message, unless he prefers mail or has no phone."""
        by_mail = self.email is not None and self.prefers is Channel.EMAIL
        return Channel.SMS if self.phone and not by_mail else Channel.EMAIL

    @property
    def address(self) -> str:
        """The phone in E.164, or the e-mail; an organisation where both are missing is refused."""
        return self.address_by(self.channel) or ""

    @property
    def other_channel(self) -> Channel | None:
        """By which he is told what did not reach him by the first."""
        other = Channel.EMAIL if self.channel is Channel.SMS else Channel.SMS
        return other if self.address_by(other) else None

    def address_by(self, channel: Channel) -> str | None:
        return self.phone if channel is Channel.SMS else self.email


class Right(StrEnum):
    READ = "read"
    """Everything that stands on the case, the customer's name and words included."""
    READ_ANONYMOUS = "read_anonymous"
    ACT = "act"
    TAKE = "take"
    """Hand the case to oneself."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What rights depend on."""

    owner: str | None
    region: str | None
    trade: str | None


class Room(StrEnum):
    """A part of the house that a person enters as a whole, whatever case he looks at there."""

    INBOX = "inbox"
    """The cases that wait for him."""
    BOARD = "board"
    """The figures of all regions, and the cases behind them without their customers."""
    OPERATIONS = "operations"
    """Sources, quarantine, outbox and health: nobody's words."""
    ACCOUNT = "account"
    """His own sessions."""


_OPEN_TO: Mapping[Role, tuple[Room, ...]] = MappingProxyType(
    {
        Role.DIRECTOR: (Room.INBOX, Room.ACCOUNT),
        Role.DEPUTY: (Room.INBOX, Room.ACCOUNT),
        Role.PARTNER: (Room.INBOX, Room.ACCOUNT),
        Role.NATIONAL_OWNER: (Room.BOARD, Room.INBOX, Room.OPERATIONS, Room.ACCOUNT),
        Role.EXECUTIVE: (Room.BOARD, Room.INBOX, Room.ACCOUNT),
        Role.OPERATOR: (Room.OPERATIONS, Room.ACCOUNT),
    }
)


def rooms_of(person: Person) -> tuple[Room, ...]:
    """In the order in which he needs them: the first one is where he arrives."""
    return _OPEN_TO[person.role]


def may_enter(person: Person, room: Room) -> bool:
    return room in rooms_of(person)


def may_review(person: Person) -> bool:
    """Gestures, afterwards: whoever owns the rules they are given by."""
    return person.role is Role.NATIONAL_OWNER


def may_merge(person: Person) -> bool:
    """Customers who are one person: whoever sees the cases of both, wherever they are."""
    return person.role is Role.NATIONAL_OWNER


def may(person: Person, right: Right, case: CaseFacts) -> bool:
    if not person.takes_cases:
        return False
    if case.owner == person.id:
        return True
    match person.role:
        case Role.NATIONAL_OWNER:
            return True
        case Role.EXECUTIVE:
            return right in {Right.READ_ANONYMOUS, Right.TAKE}
        case Role.DIRECTOR | Role.DEPUTY:
            return case.owner in person.deputises_for or _answers_for(person, case)
        case Role.PARTNER | Role.OPERATOR:
            return False


def _answers_for(person: Person, case: CaseFacts) -> bool:
    return case.region in person.regions and (not person.trades or case.trade in person.trades)


@dataclass(frozen=True, slots=True)
class Said:
    """Where something that a customer said belongs, and the case that came of it, if one did."""

    region: str | None
    trade: str | None
    case: CaseFacts | None = None


def may_hear(person: Person, right: Right, said: Said, people: Mapping[str, Person]) -> bool:
    """READ and READ_ANONYMOUS: what a customer said, whatever came of it, and nothing that says who he is.

    The director of the region hears it, the referent of the trade, and each one's deputy; else whoever
    may read the case. `people` are those of the organisation, by id.
    """
    place = CaseFacts(None, said.region, said.trade)
    if may(person, right, place) or (said.case is not None and may(person, right, said.case)):
        return True
    return any(
        _answers_for(each, place) or said.trade in each.referent_of
        for each in hearing_for(person, people)
    )


def hearing_for(person: Person, people: Mapping[str, Person]) -> tuple[Person, ...]:
    """Whose regions and trades he hears of: his own, and of those whose deputy he is."""
    if person.role not in {Role.DIRECTOR, Role.DEPUTY}:
        return ()
    others = (people.get(each) for each in sorted(person.deputises_for))
    return (person, *(each for each in others if each is not None))
