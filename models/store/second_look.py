"""Just before a letter leaves its case is looked at again. Called inside the unit that claims it.

The letter is locked by then, and a commit locks the case first: so a case that a commit has in hand is
not waited for, the letter is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.allowance import LONGEST, next_turn
from models.hours import next_open
from models.mailing import Mailing
from models.notices import Audience, Message
from models.obsolescence import Meanwhile, Unsent, Written, why_unsent
from models.people import Channel
from models.posting import Posting
from models.store.absences import absences_at
from models.store.casebook import append_entry, state_of
from models.store.organisations import OrganisationBook
from models.store.sharers import Sharer, is_misdialled, sharers_of
from models.store.tallies import answers_of
from models.tables import ActRow, CaseRow, IntentRow, KeyRow
from models.timeline import CUSTOMER, Entry, EntryKind
from models.vault import Vault
from models.workday import hours_at_work

HELD_UP = timedelta(minutes=5)
"""So late a letter may have missed the hours for which it was written."""
A_MOMENT = timedelta(seconds=5)
NEVER_HANDED_OVER = (Posting.PENDING, Posting.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SecondLook:
    book: OrganisationBook
    vault: Vault

    async def lets_leave(self, session: AsyncSession, letter: IntentRow, now: datetime) -> bool:
        """Else it is withdrawn or put off by now, and the timeline of its case says why."""
        case = await self._case_of(session, letter)
        if case is None:
            unsent = await self._why_not_alone(session, letter)
        else:
            unsent = await self.why_not(session, letter, case, now)
        if unsent is not None:
            return await self._withdraw(session, letter, unsent, now)
        if case and _is_held_up(letter, now):
            until = await self.opening(session, letter, case, now)
            if until > now:
                return await self._wait_for_opening(session, letter, until, now)
        turn = await _turn(session, letter, case, now)
        if turn > now:
            letter.not_before = await self.opening(session, letter, case, turn) if case else turn
        return turn <= now

    async def why_not(
        self, session: AsyncSession, letter: IntentRow, case: CaseRow, now: datetime
    ) -> Unsent | None:
        if await session.get(KeyRow, letter.key_id) is None:
            return Unsent.FORGOTTEN
        state = state_of(case)
        if state is None or letter.message == Message.RESURVEY:
            return None
        written = Written(
            letter.message,
            letter.audience,
            letter.seq,
            Channel(letter.channel),
            letter.person,
            letter.action,
        )
        away = frozenset(absence.person for absence in await absences_at(session, now))
        reader = await self._reader(session, letter, case)
        meanwhile = Meanwhile(
            state,
            now,
            acted=letter.nags and await _has_acted(session, letter),
            away=away,
            consents=reader is None or reader.consents,
            misdialled=reader is not None and is_misdialled(reader, case, state),
        )
        return why_unsent(written, meanwhile)

    async def _case_of(self, session: AsyncSession, letter: IntentRow) -> CaseRow | None:
        return await session.get(CaseRow, letter.case_id) if letter.case_id else None

    async def _why_not_alone(self, session: AsyncSession, letter: IntentRow) -> Unsent | None:
        """What is about no case has nothing that could pass, but that cases wait."""
        if letter.message != Mailing.BUNDLE:
            return None
        his = select(CaseRow.id).where(col(CaseRow.open), CaseRow.owner == letter.person).limit(1)
        return None if (await session.exec(his)).first() else Unsent.NOTHING_WAITS

    async def _reader(
        self, session: AsyncSession, letter: IntentRow, case: CaseRow
    ) -> Sharer | None:
        """Of a letter to a customer: which one."""
        if letter.audience != Audience.CUSTOMER:
            return None
        sharers = await sharers_of(session, self.vault, case, await answers_of(session, case.id))
        return next((each for each in sharers if each.row.key_id == letter.key_id), None)

    async def opening(
        self, session: AsyncSession, letter: IntentRow, case: CaseRow, at: datetime
    ) -> datetime:
        """When it may leave, from `at` on, by the hours of who gets it."""
        state = state_of(case)
        if state is None:
            return at
        versions = await self.book.versions(session, pinned=case.version, at=at)
        to_the_top = letter.audience == Audience.OWNER and state.raised
        if to_the_top and versions.rings_at_night(state.topic):
            return at
        hours = hours_at_work(versions.pinned, versions.today, letter.person, region=case.region)
        reader = await self._reader(session, letter, case)
        return next_open(hours.on_clocks_of(reader.row.zone) if reader else hours, at)

    async def _wait_for_opening(
        self, session: AsyncSession, letter: IntentRow, until: datetime, now: datetime
    ) -> bool:
        facts: dict[str, str | int] = {"message": letter.message, "until": until.isoformat()}
        entry = Entry(EntryKind.WAITS_FOR_OPENING, now, facts=facts)
        noted = await note_on_case(session, letter, entry)
        letter.not_before = until if noted else now + A_MOMENT
        return False

    async def _withdraw(
        self, session: AsyncSession, letter: IntentRow, unsent: Unsent, now: datetime
    ) -> bool:
        if letter.case_id and not await note_unsent(session, letter, unsent, now):
            letter.not_before = now + A_MOMENT
        else:
            letter.status, letter.reason = Posting.WITHDRAWN, unsent
        return False


async def note_unsent(
    session: AsyncSession, letter: IntentRow, unsent: Unsent, now: datetime
) -> bool:
    """False where a commit has the case in hand."""
    case = await session.get(CaseRow, letter.case_id)
    facts: dict[str, str | int] = {"message": letter.message, "why": unsent}
    if case is not None:
        facts["stage"] = case.stage
    if case is not None and unsent is Unsent.CLOSED and case.closed_at:
        facts["closed_at"] = case.closed_at.isoformat()
    return await note_on_case(session, letter, Entry(EntryKind.NOT_SENT, now, facts=facts))


async def note_on_case(session: AsyncSession, letter: IntentRow, entry: Entry) -> bool:
    locked = select(CaseRow).where(CaseRow.id == letter.case_id).with_for_update(skip_locked=True)
    case = (await session.exec(locked.execution_options(populate_existing=True))).first()
    if case is not None:
        await append_entry(session, case.id, case.seq, entry)
        await session.flush()
    return case is not None


def _is_held_up(letter: IntentRow, now: datetime) -> bool:
    """The hour for which it was written may be over: also where a carrier gave it back every half minute."""
    again = letter.claimed_at is not None or letter.retry_of is not None
    return again or now - letter.not_before >= HELD_UP


async def _turn(
    session: AsyncSession, letter: IntentRow, case: CaseRow | None, now: datetime
) -> datetime:
    """Of a customer nothing is counted; a zero-tolerance topic, and what he asked for himself, pass ahead."""
    asked_for = letter.message in {Mailing.SIGN_IN, Mailing.TEXT_ANSWER}
    ahead = asked_for or (case is not None and case.topic is not None)
    if letter.person is None or ahead:
        return now
    his = col(IntentRow.person) == letter.person, col(IntentRow.channel) == letter.channel
    lately = select(IntentRow.claimed_at).where(
        *his,
        col(IntentRow.claimed_at) > now - LONGEST,
        col(IntentRow.status).not_in(NEVER_HANDED_OVER),
    )
    sent = [at for at in (await session.exec(lately)).all() if at is not None]
    return next_turn(Channel(letter.channel), sent, now)


async def _has_acted(session: AsyncSession, letter: IntentRow) -> bool:
    acts = select(ActRow.id).where(
        ActRow.case_id == letter.case_id,
        col(ActRow.seq) > letter.seq,
        ActRow.actor != CUSTOMER,
    )
    return (await session.exec(acts.limit(1))).first() is not None
