"""Table of what somebody heard from a customer and has not sent yet."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class SheetRow(SQLModel, table=True):
    """What a person has typed on the page for writing down by hand: one sheet each, with a key of its own,
    for nobody knows yet whose words they are.
    """

    __tablename__: ClassVar[Any] = "sheets"
    person: str = Field(primary_key=True, max_length=64)
    saved_at: datetime
    key_id: str = Field(max_length=36)
    words_sealed: bytes
