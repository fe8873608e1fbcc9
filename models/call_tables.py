"""Tables of the calls that we put through, and of what was told of them. No number stands in either."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

ON_THE_LINE = "ended_at IS NULL"


class CallRow(SQLModel, table=True):
    """A call that `person` asked for once, by `key`. Nobody is on two at a time: until `ended_at` it is his.

    `sid` is Twilio's id of it, None until its answer came; `look_at` is when Twilio is asked what became
    of it, None once that is known. `fault` is why it could not be started, in a
    word.
    """

    __tablename__: ClassVar[Any] = "calls"
    __table_args__ = (
        UniqueConstraint("case_id", "person", "key"),
        Index(
            "uq_calls_on_the_line",
            "person",
            unique=True,
            sqlite_where=text(ON_THE_LINE),
            postgresql_where=text(ON_THE_LINE),
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(max_length=36, foreign_key="cases.id", index=True)
    customer_id: str = Field(max_length=36, foreign_key="customers.id")
    person: str = Field(max_length=64)
    key: str = Field(max_length=200)
    started_at: datetime
    ended_at: datetime | None = None
    sid: str | None = Field(default=None, max_length=64)
    fault: str | None = Field(default=None, max_length=32)
    look_at: datetime | None = Field(default=None, index=True)


class CallEventRow(SQLModel, table=True):
    """What was told of a call, once for each key. `event` is as `models.call_forms.written`."""

    __tablename__: ClassVar[Any] = "call_events"
    call_id: str = Field(primary_key=True, max_length=36, foreign_key="calls.id")
    key: str = Field(primary_key=True, max_length=100)
    told_at: datetime
    event: dict[str, Any] = Field(sa_type=JSON)
