"""To whom the letters of a commit go: a colleague, or whoever of the customers lets us, by the way he has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from models.case import CaseState
from models.notices import Message
from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.people import Channel, Person
from models.store.sharers import Sharer, is_misdialled
from models.tables import CaseRow, ResponseRow
from models.versions import Versions
from models.workday import hours_at_work

Way: TypeAlias = tuple[Channel, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """`person` is None for the customer. `other` is a further way, for what does not arrive."""

    person: str | None
    name: str
    channel: Channel
    address: str
    language: str
    other: Way | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What is at hand while the letters of one commit are written."""

    row: CaseRow
    state: CaseState
    former: str | None
    at: datetime
    versions: Versions
    keeper: Sharer
    """By whose key letters to colleagues are sealed."""
    to: Sharer | None
    """To whom the customer's letters go."""
    latest: ResponseRow
    what: Mapping[int, str]
    """What is promised, by the number of its action, as it was typed for the customer."""
    refused: frozenset[str] = frozenset()
    """Addresses of the customer to which a carrier brings nothing."""

    def hours_of(self, person: str | None) -> OpeningHours:
        """When somebody may be written to; a customer when his region works, on his own clock."""
        pinned, today = self.versions.pinned, self.versions.today
        hours = hours_at_work(pinned, today, person, region=self.row.region)
        return hours if person else hours.on_clocks_of(self._his.row.zone)

    @property
    def may_call(self) -> bool:
        """Whom the customer's letters go to; of the case's own customer it knows before his row does."""
        own = self._his.row.id == self.row.customer_id
        since = self.state.reach.no_calls_since if own else self._his.row.no_calls_since
        return since is None

    @property
    def is_misdialled(self) -> bool:
        return is_misdialled(self._his, self.row, self.state)

    @property
    def why_not(self) -> str:
        """Why nothing goes to the customer."""
        if self.to is None:
            return "no_consent"
        wrong = "wrong_number" if self.is_misdialled else "unknown"
        return "refused" if self.refused else wrong

    @property
    def _his(self) -> Sharer:
        return self.to or self.keeper

    @property
    def zone(self) -> ZoneInfo:
        """Of the region: a day that was promised there is over when it is over there."""
        return ZoneInfo(self.versions.pinned.hours_of(self.row.region).zone)


def colleague(person: Person, message: Message) -> Recipient:
    """What only informs goes one way."""
    other = None if message.informs else person.other_channel
    way = (other, person.address_by(other) or "") if other else None
    return Recipient(person.id, person.name, person.channel, person.address, person.language, way)


def customer(desk: Desk, today: Organisation, message: Message) -> Recipient | None:
    """By the way that is left, where one was refused; what only says that we tried goes no such way twice.

    A re-survey is asked once, by one way.
    """
    if desk.to is None:
        return None
    row, box = desk.to.row, desk.to.box
    place = f"customers.{row.id}"
    name = box.open_if_any(f"{place}.name", row.name_sealed) or ""
    known = box.open_if_any(f"{place}.phone", row.phone_sealed)
    phone = None if desk.is_misdialled else known  # somebody else reads there
    email = box.open_if_any(f"{place}.email", row.email_sealed)
    ways = [(c, a) for c, a in ((Channel.SMS, phone), (Channel.EMAIL, email)) if a]
    left = [way for way in ways if way[1] not in desk.refused]
    if not left and (not ways or message is Message.TRIED):
        return None
    channel, address = (left or ways)[0]
    other = left[1] if len(left) > 1 and message is not Message.RESURVEY else None
    return Recipient(None, name, channel, address, today.speaks(desk.row.language), other)
