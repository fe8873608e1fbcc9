"""The outbox: intents on their way to a carrier. `models.posting` has what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from models.enclosure_tables import EnclosureRow
from models.errors import Misconfigured
from models.notices import Message
from models.obsolescence import Unsent
from models.people import Channel
from models.posting import LOST, TAKEN, Posting
from models.reconciliation import FIRST_LOOK_ACCEPTED, FIRST_LOOK_UNCLEAR
from models.resurvey_policy import Withheld
from models.store.claims import Looking, leaves, oldest_ready
from models.store.copies import note_given_back, withdraw_copies
from models.store.database import Database, box_of
from models.store.resurveys import note_asked, note_withheld
from models.store.suppressions import silence_of, suppress_after
from models.tables import IntentRow
from models.vault import Box

GIVEN_UP = "process_died"
SOME = 20
"""Letters that are looked at in one unit of work."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture inside a letter; its HTML names it `cid:<name>`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered message for a carrier. `repr` shows neither the address nor the words.

    `html` is the same words for a mail reader, with its pictures.
    """

    intent: str
    message: str
    audience: str
    channel: Channel
    language: str
    address: str
    subject: str | None
    body: str
    html: str | None = None
    enclosures: tuple[Enclosure, ...] = ()

    def __repr__(self) -> str:
        return f"Letter({self.intent}, {self.message}, {self.channel})"


@dataclass(frozen=True, slots=True)
class Look:
    """`again`: none of those that were looked at leaves, and there may be more."""

    letter: Letter | None = None
    again: bool = False


class Outbox:
    """Who hands letters out has a `second_look` at each; who only reads them needs none."""

    def __init__(self, database: Database, second_look: Looking | None = None) -> None:
        self._database = database
        self._second_look = second_look

    async def claim(self, now: datetime, channel: Channel | None = None) -> Letter | None:
        """Look until there is a letter, or nothing that may leave."""
        while (look := await self.look(now, channel)).again:
            continue
        return look.letter

    async def look(self, now: datetime, channel: Channel | None = None) -> Look:
        """Take the oldest intent that may leave now, by that channel or by any.

        One at a time: a withdrawal can still win till then. However many should not leave any more, the
        database is let go after a few of them.
        """
        return await self._database.write_again(partial(self._look, now=now, channel=channel))

    async def _look(self, session: AsyncSession, *, now: datetime, channel: Channel | None) -> Look:
        for _ in range(SOME):
            row = await oldest_ready(session, now, channel)
            if row is None:
                return Look()
            if await leaves(session, row, now, self._second_look):
                letter = await self._take(session, row, now)
                if letter is not None:
                    return Look(letter)
        return Look(again=True)

    async def _take(self, session: AsyncSession, row: IntentRow, now: datetime) -> Letter | None:
        """None where it does not leave after all; the row says why."""
        row.claimed_at = now
        session.add(row)
        try:
            letter = await self._whole(session, row)
        except Misconfigured:
            row.status, row.reason = Posting.FAILED, "unreadable"
            return None
        if letter is None:
            row.status, row.reason = Posting.WITHDRAWN, Unsent.FORGOTTEN
            return None
        sms = letter.channel is Channel.SMS
        silence = (
            await silence_of(session, self._database.vault, letter.address, now) if sms else None
        )
        if silence is not None:
            row.status, row.reason, row.posted_at = Posting.FAILED, silence, now
            await _note_failed(session, row, at=now)
            return None
        row.status, row.reason = Posting.SENDING, None
        if row.case_id and row.message == Message.RESURVEY:
            await note_asked(session, row.case_id, at=now)
        return letter

    async def settle(
        self,
        intent: str,
        status: Posting,
        *,
        at: datetime,
        reason: str | None = None,
        sid: str | None = None,
        code: int = 0,
    ) -> None:
        """News that came before the carrier's answer stays: it knows more."""
        changes = {
            "status": status,
            "posted_at": at,
            "reason": reason,
            "sid": sid,
            "code": code,
            "look_at": _first_look(status, sid, at),
        }

        async def settle(session: AsyncSession) -> None:
            settled = await session.exec(update(IntentRow).where(*_in_hand(intent)).values(changes))
            if not settled.rowcount:
                return
            row = await session.get_one(IntentRow, intent)
            if status in TAKEN:
                await withdraw_copies(session, row)
            if status in LOST:
                await suppress_after(session, self._database.vault, row, at=at)
                await _note_failed(session, row, at=at)

        await self._database.write_again(settle)

    async def put_back(self, intent: str, *, not_before: datetime) -> None:
        """Only after a carrier said that it did not process the message. One that was given up and is
        written again meanwhile stays as it is.
        """
        again = aliased(IntentRow)
        untold = ~exists().where(col(again.retry_of) == intent)
        pending = {"status": Posting.PENDING, "reason": None, "look_at": None}
        putting = update(IntentRow).where(*_in_hand(intent), untold)
        putting = putting.values(pending | {"not_before": not_before})

        async def put_back(session: AsyncSession) -> None:
            if (await session.exec(putting)).rowcount:
                await note_given_back(session, intent)

        await self._database.write_again(put_back)

    async def give_up_claims(self, claimed_before: datetime) -> int:
        """What a dead process had in hand may have left: it becomes unknown and is never posted again.

        One that was only slow still tells what became of it.
        """
        stale = (
            col(IntentRow.status) == Posting.SENDING,
            col(IntentRow.claimed_at) < claimed_before,
        )
        changes = {
            "status": Posting.UNKNOWN,
            "reason": GIVEN_UP,
            "look_at": _first_look(Posting.UNKNOWN, None, claimed_before),
        }
        giving_up = update(IntentRow).where(*stale).values(changes)
        result = await self._database.write_again(lambda session: session.exec(giving_up))
        return result.rowcount

    async def page(
        self, session: AsyncSession, *, limit: int, before: str | None = None
    ) -> Sequence[tuple[IntentRow, Letter | None]]:
        """Newest first, as text only; the letter is None where its key was deleted."""
        newest = select(IntentRow).order_by(
            col(IntentRow.created_at).desc(), col(IntentRow.id).desc()
        )
        if before and (last := await session.get(IntentRow, before)):
            newest = newest.where(
                (col(IntentRow.created_at) < last.created_at)
                | ((col(IntentRow.created_at) == last.created_at) & (col(IntentRow.id) < last.id))
            )
        rows = (await session.exec(newest.limit(limit))).all()
        return [(row, await self._plain(session, row)) for row in rows]

    async def whole_letter(self, session: AsyncSession, intent: str) -> Letter | None:
        """With its HTML and pictures; None where it never was or its key was deleted."""
        row = await session.get(IntentRow, intent)
        return await self._whole(session, row) if row else None

    async def _whole(self, session: AsyncSession, row: IntentRow) -> Letter | None:
        box = await box_of(session, self._database.vault, row.key_id)
        if box is None:
            return None
        html = box.open_if_any(f"intents.{row.id}.html", row.html_sealed)
        enclosures = await _enclosures(session, box, row.id) if html else ()
        return replace(_letter(row, box), html=html, enclosures=enclosures)

    async def _plain(self, session: AsyncSession, row: IntentRow) -> Letter | None:
        box = await box_of(session, self._database.vault, row.key_id)
        return _letter(row, box) if box else None


def _letter(row: IntentRow, box: Box) -> Letter:
    place = f"intents.{row.id}"
    return Letter(
        row.id,
        row.message,
        row.audience,
        Channel(row.channel),
        row.language,
        box.open(f"{place}.address", row.address_sealed),
        box.open_if_any(f"{place}.subject", row.subject_sealed),
        box.open(f"{place}.body", row.body_sealed),
    )


async def _enclosures(session: AsyncSession, box: Box, intent: str) -> tuple[Enclosure, ...]:
    inside = select(EnclosureRow).where(EnclosureRow.intent_id == intent)
    rows = (await session.exec(inside.order_by(col(EnclosureRow.name)))).all()
    place = f"enclosures.{intent}"
    return tuple(
        Enclosure(r.name, r.media_type, box.open_bytes(f"{place}.{r.name}", r.content_sealed))
        for r in rows
    )


def _in_hand(intent: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of whoever claimed it, although it may have been given up meanwhile."""
    given_up = and_(col(IntentRow.status) == Posting.UNKNOWN, col(IntentRow.reason) == GIVEN_UP)
    return col(IntentRow.id) == intent, or_(col(IntentRow.status) == Posting.SENDING, given_up)


def _first_look(
    status: Posting, sid: str | None, at: datetime
) -> ColumnElement[datetime] | datetime | None:
    """Only the carrier of an SMS can be asked what became of it."""
    match status:
        case Posting.ACCEPTED if sid:
            return at + FIRST_LOOK_ACCEPTED
        case Posting.UNKNOWN:
            is_sms = col(IntentRow.channel) == Channel.SMS
            return case((is_sms, literal(at + FIRST_LOOK_UNCLEAR, UTCDateTime())))
        case _:
            return None


async def _note_failed(session: AsyncSession, row: IntentRow, *, at: datetime) -> None:
    if row.case_id and row.message == Message.RESURVEY:
        await note_withheld(session, row.case_id, Withheld.REFUSED, at=at)


async def oldest_unsent(session: AsyncSession, now: datetime) -> datetime | None:
    """When the longest waiting intent could first have left."""
    waiting = select(func.min(IntentRow.not_before)).where(
        col(IntentRow.status) == Posting.PENDING, col(IntentRow.not_before) <= now
    )
    return (await session.exec(waiting)).one()
