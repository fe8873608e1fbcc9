"""One-time links and sessions. Only hashes of tokens are stored: a copy of the database opens nothing."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import LinkRow, SessionRow

SESSION_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens. `person` None means the customer himself."""

    case_id: str
    person: str | None


def new_link(
    session: AsyncSession, case_id: str, *, person: str | None, at: datetime, life: timedelta
) -> str:
    """Returns the token: 22 characters, short enough for an SMS."""
    token = secrets.token_urlsafe(16)
    session.add(
        LinkRow(
            token_hash=_hash(token),
            case_id=case_id,
            person=person,
            created_at=at,
            expires_at=at + life,
        )
    )
    return token


async def find_link(session: AsyncSession, token: str, *, at: datetime) -> Link | None:
    """None when it never was, is spent, or is out of date. Looking does not spend it."""
    row = await session.get(LinkRow, _hash(token))
    if row is None or row.spent_at is not None or row.expires_at <= at:
        return None
    return Link(row.case_id, row.person)


async def known_link(session: AsyncSession, token: str) -> Link | None:
    """What a link once opened, be it spent or out of date: for who is signed in anyway."""
    row = await session.get(LinkRow, _hash(token))
    return Link(row.case_id, row.person) if row else None


async def spend_link(session: AsyncSession, token: str, *, at: datetime) -> Link | None:
    link = await find_link(session, token, at=at)
    row = await session.get(LinkRow, _hash(token), with_for_update=True)
    if link is None or row is None or row.spent_at is not None:
        return None
    row.spent_at = at
    session.add(row)
    return link


def open_session(session: AsyncSession, person: str, *, at: datetime) -> str:
    """Returns the cookie's token."""
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            token_hash=_hash(token), person=person, created_at=at, expires_at=at + SESSION_LIFE
        )
    )
    return token


async def person_of_session(session: AsyncSession, token: str, *, at: datetime) -> str | None:
    row = await session.get(SessionRow, _hash(token))
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        return None
    return row.person


async def revoke_access(session: AsyncSession, people: Collection[str], *, at: datetime) -> None:
    """End the sessions and the links of those behind whose ids somebody else stands now."""
    theirs = col(SessionRow.person).in_(people), col(SessionRow.revoked_at).is_(None)
    await session.exec(update(SessionRow).where(*theirs).values(revoked_at=at))
    unspent = col(LinkRow.person).in_(people), col(LinkRow.spent_at).is_(None)
    await session.exec(update(LinkRow).where(*unspent).values(spent_at=at))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
