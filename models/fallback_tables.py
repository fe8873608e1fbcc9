"""What is to be done where a message does not arrive. Columns named `*_sealed`: see `models.tables`."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class FallbackRow(SQLModel, table=True):
    """Kept until the message is known to have arrived, or was told otherwise.

    The same words for the reader's other `channel`, sealed for the intent that they become
    (`models.fallback.other_id`) by the key of the first. Without a channel there is no other way: then
    what a bundle stands for is told again. `given_back_at` is when its carrier first said that it took
    nothing now.
    """

    __tablename__: ClassVar[Any] = "fallbacks"
    intent_id: str = Field(primary_key=True, max_length=64)
    channel: str | None = Field(default=None, max_length=8)
    segments: int | None = None
    address_sealed: bytes | None = None
    subject_sealed: bytes | None = None
    body_sealed: bytes | None = None
    given_back_at: datetime | None = None
