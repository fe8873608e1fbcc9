"""The tables of gestures: those that wait for a yes, and those that are drawn to be looked at afterwards."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class WaitingGestureRow(SQLModel, table=True):
    """`number` is that of the case's action. `approver` is asked, and the next level after `until`.

    Its row goes as soon as somebody has answered.
    """

    __tablename__: ClassVar[Any] = "waiting_gestures"
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    approver: str = Field(max_length=64, index=True)
    until: datetime


class GestureReviewRow(SQLModel, table=True):
    """`cents` are as it was promised. `verdict` is None until somebody has looked at it."""

    __tablename__: ClassVar[Any] = "gesture_reviews"
    __table_args__ = (
        Index(
            "ix_gesture_reviews_waiting",
            "drawn_at",
            sqlite_where=text("verdict IS NULL"),
            postgresql_where=text("verdict IS NULL"),
        ),
    )
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    cents: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    drawn_at: datetime
    verdict: str | None = Field(default=None, max_length=16)
    reviewed_at: datetime | None = None
    reviewed_by: str | None = Field(default=None, max_length=64)
    note_sealed: bytes | None = None
