"""The pictures inside letters."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class EnclosureRow(SQLModel, table=True):
    """A picture inside a letter, sealed with the letter's key; the HTML names it `cid:<name>`."""

    __tablename__: ClassVar[Any] = "enclosures"
    intent_id: str = Field(primary_key=True, max_length=64, foreign_key="intents.id")
    name: str = Field(primary_key=True, max_length=32)
    media_type: str = Field(max_length=32)
    content_sealed: bytes
