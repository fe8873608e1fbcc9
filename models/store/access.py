"""One-time links and sessions. Only hashes of tokens are stored: a copy of the database opens nothing."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.access_tables import LinkRow, SessionRow
from models.links import COLLEAGUE_LINK_LIFE

SESSION_LIFE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
HANDLE = 16


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: a case or one of its actions, or nothing but the house.

    `person` None means the customer, whom it `asks` about his open case or for the re-survey.
    """

    case_id: str | None
    person: str | None
    asks: str | None = None
    action: int | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`handle` names it to its person: the beginning of a hash, which opens nothing."""

    person: str
    handle: str
    device: str | None
    since: datetime
    seen_at: datetime


def new_link(
    session: AsyncSession,
    case_id: str | None,
    *,
    person: str | None,
    at: datetime,
    life: timedelta = COLLEAGUE_LINK_LIFE,
    asks: str | None = None,
    action: int | None = None,
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
            asks=asks,
            action=action,
        )
    )
    return token


async def find_link(session: AsyncSession, token: str, *, at: datetime) -> Link | None:
    """None when it never was, is spent, or is out of date. Looking does not spend it."""
    row = await session.get(LinkRow, _hash(token))
    return _opening(row, at)


async def known_link(session: AsyncSession, token: str) -> Link | None:
    """What a link once opened, be it spent or out of date."""
    row = await session.get(LinkRow, _hash(token))
    return Link(row.case_id, row.person, row.asks, row.action) if row else None


async def spend_link(session: AsyncSession, token: str, *, at: datetime) -> Link | None:
    """None also to the slower of two: he looks at the row only once it is his."""
    found = select(LinkRow).where(LinkRow.token_hash == _hash(token)).with_for_update()
    newest = found.execution_options(populate_existing=True)
    row = (await session.exec(newest)).first()
    link = _opening(row, at)
    if row is not None and link is not None:
        row.spent_at = at
    return link


def open_session(
    session: AsyncSession, person: str, *, at: datetime, device: str | None = None
) -> str:
    """Returns the cookie's token."""
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            token_hash=_hash(token),
            person=person,
            created_at=at,
            expires_at=at + SESSION_LIFE,
            seen_at=at,
            device=device,
        )
    )
    return token


async def find_session(session: AsyncSession, token: str, *, at: datetime) -> OpenSession | None:
    """None when it never was, has ended, or is out of date."""
    row = await session.get(SessionRow, _hash(token))
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        return None
    return _opened(row)


async def sessions_of(session: AsyncSession, person: str, *, at: datetime) -> Sequence[OpenSession]:
    """Those that still open the house, the one last seen first."""
    theirs = _open(person), col(SessionRow.expires_at) > at
    rows = (await session.exec(select(SessionRow).where(*theirs))).all()
    return sorted(map(_opened, rows), key=lambda each: each.seen_at, reverse=True)


async def note_seen(session: AsyncSession, known: OpenSession, *, at: datetime) -> None:
    await session.exec(update(SessionRow).where(_named(known.handle)).values(seen_at=at))


async def end_session(session: AsyncSession, person: str, handle: str, *, at: datetime) -> None:
    """One of the person's own; of somebody else's nothing happens."""
    this = _open(person), _named(handle)
    await session.exec(update(SessionRow).where(*this).values(revoked_at=at))


async def end_other_sessions(session: AsyncSession, known: OpenSession, *, at: datetime) -> None:
    others = _open(known.person), ~_named(known.handle)
    await session.exec(update(SessionRow).where(*others).values(revoked_at=at))


async def revoke_access(session: AsyncSession, people: Collection[str], *, at: datetime) -> None:
    """End their sessions and their links: somebody else stands behind the id now, or holds the phone."""
    theirs = col(SessionRow.person).in_(people), col(SessionRow.revoked_at).is_(None)
    await session.exec(update(SessionRow).where(*theirs).values(revoked_at=at))
    unspent = col(LinkRow.person).in_(people), col(LinkRow.spent_at).is_(None)
    await session.exec(update(LinkRow).where(*unspent).values(spent_at=at))


def _opening(row: LinkRow | None, at: datetime) -> Link | None:
    if row is None or row.spent_at is not None or row.expires_at <= at:
        return None
    return Link(row.case_id, row.person, row.asks, row.action)


def _opened(row: SessionRow) -> OpenSession:
    seen_at = row.seen_at or row.created_at
    return OpenSession(row.person, row.token_hash[:HANDLE], row.device, row.created_at, seen_at)


def _open(person: str) -> ColumnElement[bool]:
    return (col(SessionRow.person) == person) & col(SessionRow.revoked_at).is_(None)


def _named(handle: str) -> ColumnElement[bool]:
    return func.substr(col(SessionRow.token_hash), 1, HANDLE) == handle


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
