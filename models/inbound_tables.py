"""Tables of the calls that came to our number, of who was rung for them, and of what was told of each ring.

No number stands in them: a customer's is his row's, of any other there is a blind index.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

WAITS = "settle_at IS NOT NULL"


class InboundCallRow(SQLModel, table=True):
    """A call, once for Twilio's id of it (`sid`). `number_index` finds the calls of one number that no
    customer has; None for who hid it. `case_id` is the one that it is about.

    `wants`: nobody having taken it, he may be called back. `settle_at` stands until it is known what became
    of it, its `fate`.
    """

    __tablename__: ClassVar[Any] = "inbound_calls"
    __table_args__ = (
        Index(
            "ix_inbound_calls_settle_at",
            "settle_at",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    sid: str = Field(max_length=64, unique=True)
    came_at: datetime = Field(index=True)
    number_index: str | None = Field(default=None, max_length=64, index=True)
    customer_id: str | None = Field(default=None, max_length=36, foreign_key="customers.id")
    case_id: str | None = Field(default=None, max_length=36, foreign_key="cases.id", index=True)
    wants: bool = True
    settle_at: datetime | None = None
    fate: str | None = Field(default=None, max_length=16)


class RingRow(SQLModel, table=True):
    """A colleague who was rung for a call, the `n`th: none is twice."""

    __tablename__: ClassVar[Any] = "inbound_rings"
    __table_args__ = (UniqueConstraint("call_id", "person"),)
    id: str = Field(primary_key=True, max_length=36)
    call_id: str = Field(max_length=36, foreign_key="inbound_calls.id")
    n: int
    person: str = Field(max_length=64)
    rung_at: datetime


class RingEventRow(SQLModel, table=True):
    """What was told of a ring, once for each key. `event` is as `models.call_forms.written`."""

    __tablename__: ClassVar[Any] = "inbound_events"
    ring_id: str = Field(primary_key=True, max_length=36, foreign_key="inbound_rings.id")
    key: str = Field(primary_key=True, max_length=100)
    told_at: datetime
    event: dict[str, Any] = Field(sa_type=JSON)
