"""The tables of who may come in: one-time links and sessions, of which only hashes are stored."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class LinkRow(SQLModel, table=True):
    """A one-time link: the hash of its token. `person` None means the customer.

    With an `action` it leads to the page of that one, which is the person's. Without a `case_id` it
    signs its person in and leads to his first page. `asks` is what a customer is asked behind it, where
    that is not his open case.
    """

    __tablename__: ClassVar[Any] = "links"
    token_hash: str = Field(primary_key=True, max_length=64)
    case_id: str | None = Field(default=None, max_length=36, foreign_key="cases.id")
    person: str | None = Field(default=None, max_length=64)
    created_at: datetime
    expires_at: datetime
    action: int | None = None
    spent_at: datetime | None = None
    asks: str | None = Field(default=None, max_length=16)


class SessionRow(SQLModel, table=True):
    """A signed-in person's session: the hash of the cookie's token.

    `device` is the browser and system as the person would name them, never the whole header.
    """

    __tablename__: ClassVar[Any] = "sessions"
    token_hash: str = Field(primary_key=True, max_length=64)
    person: str = Field(max_length=64, index=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    seen_at: datetime | None = None
    device: str | None = Field(default=None, max_length=64)
