"""Answers to ask for, and how much each source was asked."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

WAITING = text("fate = 'waiting'")


class FetchRow(SQLModel, table=True):
    """One answer to ask for, once for each `change` that was told of it.

    `not_before` is when it is asked for next, `missing_since` when the vendor did not know it for the first
    time. `engine` is the id of the Temporal namespace that was given it, `delivery_id` what told of it.
    """

    __tablename__: ClassVar[Any] = "fetches"
    __table_args__ = (
        UniqueConstraint("source", "response_id", "change"),
        Index("ix_fetches_fate", "fate", "source", "response_id", "asked_at"),
        Index("ix_fetches_waiting", "not_before", sqlite_where=WAITING, postgresql_where=WAITING),
    )
    id: str = Field(primary_key=True, max_length=36)
    source: str = Field(max_length=64)
    survey_id: str = Field(max_length=200)
    response_id: str = Field(max_length=200)
    change: str = Field(max_length=64)
    delivery_id: str = Field(max_length=36)
    asked_at: datetime
    not_before: datetime
    attempts: int = 0
    missing_since: datetime | None = None
    fate: str = Field(max_length=16)
    problem: str | None = Field(default=None, max_length=32)
    engine: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = None


class GateRow(SQLModel, table=True):
    """Calls to one source's vendor today and in this minute; all workers share them."""

    __tablename__: ClassVar[Any] = "fetch_gates"
    source: str = Field(primary_key=True, max_length=64)
    day: datetime
    day_calls: int = 0
    minute: datetime
    minute_calls: int = 0
    resting_until: datetime | None = None
    trouble: str | None = Field(default=None, max_length=32)
