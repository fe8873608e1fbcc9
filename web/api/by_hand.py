"""The JSON API: a case opened by hand, from what a customer told one of us."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from models.by_hand import WrittenDown
from models.errors import NotUnderstood
from models.survey import Identity, Origin
from surveys.values import (
    LONGEST_COMMENT,
    LONGEST_WORD,
    read_email,
    read_language,
    read_phone,
    read_zone,
)
from web.api.acts import Key
from web.api.bodies import ActBody, Name
from web.api.schemas import ResponseStatus
from web.by_hand import write_down
from web.permits import acting_person
from web.provided import InHouse

router = APIRouter(tags=["responses"])

Word = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD)]


class CustomerBody(BaseModel):
    """Whatever is known of him. `id` is the one by which surveys know him; a phone without + is French.
    `zone` (IANA) is that of his own clock, where it is not that of his phone.
    """

    model_config = ConfigDict(extra="forbid")
    id: Word | None = None
    name: Word | None = None
    email: Word | None = None
    phone: Word | None = None
    zone: Word | None = None

    @property
    def identity(self) -> Identity:
        """Raises NotUnderstood for what is no address or no number."""
        email, phone, zone = read_email(self.email), read_phone(self.phone), read_zone(self.zone)
        if self.email and email is None:
            raise NotUnderstood("This is no e-mail address.", place="customer.email")
        if self.phone and phone is None:
            raise NotUnderstood("This is no phone number.", place="customer.phone")
        if self.zone and zone is None:
            raise NotUnderstood(
                "This is no time zone, as Indian/Reunion is.", place="customer.zone"
            )
        return Identity(self.id, self.name, email, phone, zone)


class HeardBody(ActBody):
    """`by` is who heard it, and `words` are the customer's. Without a customer it is somebody unknown.

    Region, trade, touchpoint and zero-tolerance topic are those of the organisation's file.
    """

    channel: Literal[Origin.PHONE, Origin.MAIL, Origin.SOCIAL, Origin.MEETING]
    words: Annotated[str, Field(min_length=1, max_length=LONGEST_COMMENT)]
    customer: CustomerBody = CustomerBody()
    region: Name | None = None
    trade: Name | None = None
    touchpoint: Name | None = None
    topic: Name | None = None
    language: Annotated[str, Field(pattern="^[A-Za-z]{2}")] | None = None

    @property
    def told(self) -> WrittenDown:
        return WrittenDown(
            self.channel,
            self.words.strip(),
            self.customer.identity,
            self.region,
            self.trade,
            self.touchpoint,
            self.topic,
            read_language(self.language),
        )


@router.post("/responses")
async def write_down_response(body: HeardBody, key: Key, house: InHouse) -> ResponseStatus:
    """What somebody heard in a meeting, in a letter or an e-mail, on the phone or on a social network: it
    opens a case, or joins the one that the customer has, as an unhappy answer to a survey does.
    """
    async with house.database.read() as session:
        me = acting_person((await house.book.in_force(session)).organisation, body.by)
    return ResponseStatus.of(await write_down(house, me, body.told, key=key))
