"""Text messages that came in, and the numbers by which colleagues name a case in theirs."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class TextRow(SQLModel, table=True):
    """A text, by Twilio's name for it: it counts once, however often it is brought.

    `number` is the blind index of who sent it, the same as of a customer's phone. It is sealed with a key of
    its own until it is a customer's: then with his. `take_after` stands as long as it waits to be read, or
    for what it says to be recorded; `meaning` is of `models.replies.Meaning`, and once it stands it is never
    judged again. `again_at` goes with a call at another time; `refusal` is why it could not be recorded.
    `answered_at` is when it was answered, by us.
    """

    __tablename__: ClassVar[Any] = "texts"
    __table_args__ = (
        Index("ix_texts_number_answered_at", "number", "answered_at"),
        Index(
            "ix_texts_take_after",
            "take_after",
            sqlite_where=text("take_after IS NOT NULL"),
            postgresql_where=text("take_after IS NOT NULL"),
        ),
        Index("ix_texts_meaning_received_at", "meaning", "received_at"),
    )
    sid: str = Field(primary_key=True, max_length=64)
    received_at: datetime
    number: str = Field(max_length=64)
    key_id: str = Field(max_length=36)
    sender_sealed: bytes
    body_sealed: bytes
    take_after: datetime | None = None
    meaning: str | None = Field(default=None, max_length=16)
    person: str | None = Field(default=None, max_length=64)
    customer_id: str | None = Field(default=None, max_length=36, index=True)
    case_id: str | None = Field(default=None, max_length=36)
    again_at: datetime | None = None
    refusal: str | None = Field(default=None, max_length=64)
    answered_at: datetime | None = None


class TextChoiceRow(SQLModel, table=True):
    """The number by which a colleague was last told that he may name a case."""

    __tablename__: ClassVar[Any] = "text_choices"
    person: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    case_id: str = Field(max_length=36)
    offered_at: datetime
