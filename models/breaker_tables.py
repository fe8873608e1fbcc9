"""How each carrier stands, for all processes alike."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class CarrierRestRow(SQLModel, table=True):
    """As `models.breaker.Rest`. `account` is the blind index of what we say to it of who we are: what was
    said to another one does not concern this one.
    """

    __tablename__: ClassVar[Any] = "carrier_rests"
    carrier: str = Field(primary_key=True, max_length=16)
    account: str = Field(max_length=64)
    cause: str | None = Field(default=None, max_length=16)
    code: int = 0
    since: datetime | None = None
    until: datetime | None = None
    trying: bool = False
    times: int = 0
    faults: int = 0
    closed_at: datetime | None = None
