"""What becomes of a message that does not arrive: the other way, or each letter that a bundle stood for.

Called inside a unit of work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.breaker import LONGEST_REST
from models.errors import Misconfigured
from models.fallback import ON_ITS_WAY, Next, Sent, other_id, what_next
from models.fallback_tables import FallbackRow
from models.hours import next_open
from models.mailing import Mailing
from models.notices import Audience
from models.obsolescence import Unsent
from models.people import Channel
from models.postage import segments_of
from models.posting import Posting
from models.store.copies import ARRIVED, SAME
from models.store.second_look import SecondLook, note_on_case
from models.tables import CaseRow, IntentRow
from models.timeline import Entry, EntryKind
from models.vault import Box
from models.workday import hours_of


@dataclass(frozen=True, slots=True)
class OtherWay:
    """The same message for its reader's other channel. `repr` shows neither the address nor the words."""

    channel: Channel
    address: str
    subject: str | None
    body: str

    def __repr__(self) -> str:
        return f"OtherWay({self.channel})"


def keep_fallback(session: AsyncSession, box: Box, intent: str, other: OtherWay | None) -> None:
    """`box` is of the key by which the intent is sealed. None is for a bundle, which stands for others."""
    row, place = FallbackRow(intent_id=intent), f"intents.{other_id(intent)}"
    if other is not None:
        row.channel = other.channel
        row.segments = segments_of(other.channel, other.body)
        row.address_sealed = box.seal(f"{place}.address", other.address)
        row.subject_sealed = box.seal_if_any(f"{place}.subject", other.subject)
        row.body_sealed = box.seal(f"{place}.body", other.body)
    session.add(row)


async def stop_watching(session: AsyncSession, intents: Collection[str]) -> None:
    """What has arrived stays so: nothing more is to be done for it."""
    if intents:
        await session.exec(delete(FallbackRow).where(col(FallbackRow.intent_id).in_(intents)))


@dataclass(frozen=True, slots=True)
class Watched:
    """`latest` is what said the `first` once more, if something did."""

    row: FallbackRow
    first: IntentRow
    latest: IntentRow

    def next(self, now: datetime, patience: timedelta) -> Next:
        """What waits for longer than any carrier rests waits for an opening."""
        told = self.latest
        waits = told.not_before > now + LONGEST_REST
        sent = Sent(
            Posting(told.status),
            told.posted_at or told.claimed_at or told.created_at,
            asked_after=told.sid is not None,
            to_customer=told.audience == Audience.CUSTOMER,
            other_way=self.row.channel is not None,
            given_back_at=None if waits else self.row.given_back_at,
        )
        return what_next(sent, now, patience)

    def other(self, now: datetime) -> IntentRow:
        """The same for the other channel, as it would lie in the outbox: its words are sealed for it."""
        row = self.row
        kept = self.first.model_dump(include={*SAME})
        kept |= {"channel": row.channel, "segments": row.segments}
        return IntentRow(
            **kept,
            id=other_id(row.intent_id),
            status=Posting.PENDING,
            not_before=now,
            created_at=now,
            fallback_of=row.intent_id,
            address_sealed=row.address_sealed or b"",
            subject_sealed=row.subject_sealed,
            body_sealed=row.body_sealed or b"",
        )


async def watched(session: AsyncSession, intent: str | None = None) -> Sequence[Watched]:
    """Those that have left, never will, or were given back; or only that one."""
    again = aliased(IntentRow)
    status = func.coalesce(again.status, IntentRow.status)
    given_back = and_(status == Posting.PENDING, col(FallbackRow.given_back_at).is_not(None))
    left = (
        select(FallbackRow, IntentRow, again)
        .join(IntentRow, col(IntentRow.id) == col(FallbackRow.intent_id))
        .outerjoin(again, col(again.retry_of) == col(IntentRow.id))
        .where(or_(status.not_in(ON_ITS_WAY), given_back))
    )
    if intent is not None:
        left = left.where(col(FallbackRow.intent_id) == intent)
    rows = (await session.exec(left)).all()
    return [Watched(row, first, _latest(first, again)) for row, first, again in rows]


def _latest(first: IntentRow, again: IntentRow | None) -> IntentRow:
    if again is None or first.status == Posting.DELIVERED or again.reason == ARRIVED:
        return first
    return again


async def look_after(
    session: AsyncSession,
    second_look: SecondLook,
    intent: str,
    *,
    now: datetime,
    patience: timedelta,
    ways: Collection[Channel],
) -> bool:
    """Whether something is told otherwise now: once, whoever looks and however often.

    `ways` are those by which something really leaves: what only a screen shows reaches nobody.
    """
    row = await session.get(FallbackRow, intent, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    if row.channel not in ways:
        row.channel = None
        session.add(row)
    for each in await watched(session, intent):
        match each.next(now, patience):
            case Next.WAIT:
                continue
            case Next.ENOUGH:
                await session.delete(each.row)
            case Next.OTHERWISE:
                return await _tell_otherwise(session, second_look, each, now)
    return False


async def _tell_otherwise(
    session: AsyncSession, second_look: SecondLook, lost: Watched, now: datetime
) -> bool:
    """What another key has sealed is left as it is; what a carrier gets just now is not told twice."""
    waits = lost.latest.status == Posting.PENDING
    if waits and not await _hold(session, lost.latest):
        return False
    of_many = lost.first.message == Mailing.BUNDLE
    try:
        told = await (_tell_of_each if of_many else _go_the_other_way)(
            session, second_look, lost, now
        )
    except Misconfigured:
        await session.delete(lost.row)
        return False
    if told and waits:
        lost.latest.status, lost.latest.reason = Posting.WITHDRAWN, Unsent.HELD_UP
        session.add(lost.latest)
    return told


async def _hold(session: AsyncSession, letter: IntentRow) -> bool:
    """It does not leave before the end of this unit, unless a post office has it in hand."""
    mine = select(IntentRow).where(IntentRow.id == letter.id, IntentRow.status == Posting.PENDING)
    return (await session.exec(mine.with_for_update(skip_locked=True))).first() is not None


async def _go_the_other_way(
    session: AsyncSession, second_look: SecondLook, lost: Watched, now: datetime
) -> bool:
    """Where a commit has the case in hand, or nobody is to be told any more: not, or not yet."""
    other = lost.other(now)
    case = await session.get(CaseRow, other.case_id) if lost.row.channel else None
    if (
        case is None
        or await _is_said_since(session, other)
        or await second_look.why_not(session, other, case, now) is not None
    ):
        await session.delete(lost.row)
        return False
    if not await note_on_case(session, other, _told_otherwise(other, other.channel, now)):
        return False
    other.not_before = await second_look.opening(session, other, case, now)
    session.add(other)
    await session.delete(lost.row)
    return True


async def _is_said_since(session: AsyncSession, letter: IntentRow) -> bool:
    """The same to the same person, by a later commit: he was tried again, or it was the next reminder."""
    same = select(IntentRow.id).where(
        IntentRow.case_id == letter.case_id,
        IntentRow.message == letter.message,
        col(IntentRow.person).is_not_distinct_from(letter.person),
        col(IntentRow.action).is_not_distinct_from(letter.action),
        col(IntentRow.seq) > letter.seq,
        IntentRow.status != Posting.WITHDRAWN,
    )
    return (await session.exec(same.limit(1))).first() is not None


async def _tell_of_each(
    session: AsyncSession, second_look: SecondLook, lost: Watched, now: datetime
) -> bool:
    """A bundle was lost: it goes the other way, or each letter that it told goes by itself."""
    letters = await _letters_of(session, lost.first)
    if letters is None:
        return False
    wanted = []
    for letter, case in letters:
        unsent = await second_look.why_not(session, letter, case, now)
        if unsent is None:
            wanted.append((letter, case))
        else:
            letter.reason = unsent
            session.add(letter)
    if wanted and lost.row.channel is not None:
        await _bundle_the_other_way(session, second_look, lost, [each for each, _ in wanted], now)
    elif wanted:
        await _bring_back(session, second_look, wanted, now)
    await session.delete(lost.row)
    return bool(wanted)


async def _bundle_the_other_way(
    session: AsyncSession,
    second_look: SecondLook,
    lost: Watched,
    letters: Sequence[IntentRow],
    now: datetime,
) -> None:
    other = lost.other(now)
    today = (await second_look.book.in_force(session)).organisation
    person = today.people.get(other.person or "")
    other.not_before = next_open(hours_of(today, person), now) if person else now
    session.add(other)
    session.add(FallbackRow(intent_id=other.id))
    for letter in letters:
        await note_on_case(session, letter, _told_otherwise(letter, other.channel, now))


async def _bring_back(
    session: AsyncSession,
    second_look: SecondLook,
    letters: Sequence[tuple[IntentRow, CaseRow]],
    now: datetime,
) -> None:
    """No bundle takes them a second time: they would come back for ever."""
    for letter, case in letters:
        letter.status, letter.reason = Posting.PENDING, None
        letter.not_before = await second_look.opening(session, letter, case, now)
        session.add(letter)
        facts: dict[str, str | int] = {"message": letter.message}
        await note_on_case(session, letter, Entry(EntryKind.TOLD_ALONE, now, facts=facts))


async def _letters_of(
    session: AsyncSession, bundle: IntentRow
) -> Sequence[tuple[IntentRow, CaseRow]] | None:
    """What it stood for, each with its case, which is locked; None where a commit has one in hand."""
    told = select(IntentRow).where(
        col(IntentRow.bundled_in) == (bundle.fallback_of or bundle.id),
        IntentRow.status == Posting.WITHDRAWN,
        IntentRow.reason == Unsent.BUNDLED,
    )
    letters = (await session.exec(told.order_by(col(IntentRow.id)))).all()
    wanted = {letter.case_id for letter in letters}
    free = (
        select(CaseRow)
        .where(col(CaseRow.id).in_(wanted))
        .order_by(col(CaseRow.id))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    cases = {case.id: case for case in (await session.exec(free)).all()}
    if len(cases) < len(wanted):
        return None
    return [(letter, cases[letter.case_id or ""]) for letter in letters]


def _told_otherwise(letter: IntentRow, channel: str, now: datetime) -> Entry:
    facts: dict[str, str | int] = {"message": letter.message, "channel": channel}
    return Entry(EntryKind.TOLD_OTHERWISE, now, facts=facts)
