"""The breaker of a carrier as all processes see it: one row, read before a message leaves, written when an
answer changes something.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.breaker import (
    LOOKS_AT,
    NEVER_RESTED,
    Answered,
    Cause,
    Change,
    Rest,
    admit,
    after,
    compare,
    forgotten,
    judged,
    judges_from,
    try_now,
)
from models.breaker_tables import CarrierRestRow
from models.people import Channel
from models.posting import Posting
from models.store.database import Database
from models.store.suppressions import BY_A_CARRIER
from models.tables import IntentRow
from models.twilio_account import TwilioAccount

TWILIO = "twilio"
A_MOMENT = timedelta(minutes=1)
"""So much later than the end of a rest a letter may wait for it: it was put off after the rest was read."""


@dataclass(frozen=True, slots=True)
class Admission:
    """`wait` is None where the message may leave. `rest` is how the carrier stood then."""

    rest: Rest
    wait: timedelta | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Breaker:
    """Of Twilio, for who speaks to it with this account. A change is returned once, to who made it."""

    database: Database
    account: TwilioAccount

    async def recognise(self, now: datetime) -> Change | None:
        """At a start: what another account was told is forgotten, for somebody has changed the settings.

        Where nothing is kept nobody can say whose the messages before were.
        """
        return await self.database.write_again(partial(self._recognise, now=now))

    async def admit(self, now: datetime) -> Admission:
        """Nothing is written for a message that leaves as usual."""
        async with self.database.read() as session:
            row = await session.get(CarrierRestRow, TWILIO)
            before = _rest_of(row)
            rest = await _judged(session, before, now)
        if rest == before and self._is_ours(row):
            entered = admit(rest, now)
            if isinstance(entered, timedelta):
                return Admission(rest, entered)
            if entered == rest:
                return Admission(rest)
        return await self.database.write_again(partial(self._enter, now=now))

    async def note(
        self, answered: Answered, now: datetime, *, admitted: Rest | None = None
    ) -> Change | None:
        """`admitted` is how it stood before the question, where that is known."""
        if admitted is None:
            async with self.database.read() as session:
                admitted = await read_rest(session)
        if after(admitted, answered, now) == admitted:
            return None
        return await self.database.write_again(partial(self._note, answered, now))

    async def judge(self, now: datetime) -> Change | None:
        """Once a message was lost that the carrier had taken. The next one would notice; a call would not."""
        async with self.database.read() as session:
            rest = await read_rest(session)
            if await _judged(session, rest, now) == rest:
                return None
        return await self.database.write_again(partial(self._judge, now=now))

    async def _recognise(self, session: AsyncSession, *, now: datetime) -> Change | None:
        before, own = await self._read(session, now)
        rest = forgotten(now) if before == NEVER_RESTED else own
        await self._keep(session, rest)
        return compare(before, rest, now)

    async def _judge(self, session: AsyncSession, *, now: datetime) -> Change | None:
        before, own = await self._read(session, now)
        rest = await _judged(session, own, now)
        await self._keep(session, rest)
        return compare(before, rest, now)

    async def _enter(self, session: AsyncSession, *, now: datetime) -> Admission:
        before, own = await self._read(session, now)
        rest = await _judged(session, own, now)
        entered = admit(rest, now)
        wait = entered if isinstance(entered, timedelta) else None
        kept = entered if isinstance(entered, Rest) else rest
        await self._keep(session, kept)
        return Admission(kept, wait, compare(before, kept, now))

    async def _note(
        self, answered: Answered, now: datetime, session: AsyncSession
    ) -> Change | None:
        before, own = await self._read(session, now)
        rest = after(own, answered, now)
        await self._keep(session, rest)
        return compare(before, rest, now)

    async def _read(self, session: AsyncSession, now: datetime) -> tuple[Rest, Rest]:
        """As it is kept, and as far as it is our account's: what waited for another one leaves at once."""
        row = await session.get(
            CarrierRestRow, TWILIO, with_for_update=True, populate_existing=True
        )
        before = _rest_of(row)
        if self._is_ours(row):
            return before, before
        await _pull_forward(session, before.until, now)
        return before, forgotten(now)

    async def _keep(self, session: AsyncSession, rest: Rest) -> None:
        told = {each.name: getattr(rest, each.name) for each in fields(Rest)}
        await session.merge(CarrierRestRow(carrier=TWILIO, account=self._mark, **told))

    def _is_ours(self, row: CarrierRestRow | None) -> bool:
        return row is None or row.account == self._mark

    @property
    def _mark(self) -> str:
        """Another one where anything is told otherwise for which a message may be refused."""
        told = self.account.account_sid, *self.account.credentials, self.account.sender
        return self.database.vault.index(TWILIO, *told)


async def read_rest(session: AsyncSession) -> Rest:
    """As the last process to speak with Twilio left it, whatever its account."""
    return _rest_of(await session.get(CarrierRestRow, TWILIO))


async def forget_rest(session: AsyncSession) -> None:
    """Where no account is set any more, nothing can be wrong with one."""
    await session.exec(delete(CarrierRestRow))


async def try_carrier_now(session: AsyncSession, now: datetime) -> bool:
    """The next message is tried at once, and so is all that was put off until the rest ends; each is looked
    at once more as it leaves. False where the carrier is not in trouble.
    """
    row = await session.get(CarrierRestRow, TWILIO, with_for_update=True, populate_existing=True)
    before = _rest_of(row)
    rest = try_now(before, now)
    if row is None or rest == before:
        return False
    row.until, row.trying, row.times = rest.until, rest.trying, rest.times
    session.add(row)
    await _pull_forward(session, before.until, now)
    return True


async def _pull_forward(session: AsyncSession, until: datetime | None, now: datetime) -> None:
    """Only what a carrier gave back, until its rest ended: what was never claimed waits for another reason,
    and so does what waits for longer.
    """
    if until is None:
        return
    put_off = (
        col(IntentRow.channel) == Channel.SMS,
        col(IntentRow.status) == Posting.PENDING,
        col(IntentRow.claimed_at).is_not(None),
        col(IntentRow.not_before) > now,
        col(IntentRow.not_before) <= until + A_MOMENT,
    )
    await session.exec(update(IntentRow).where(*put_off).values(not_before=now))


async def _judged(session: AsyncSession, rest: Rest, now: datetime) -> Rest:
    latest = (
        select(IntentRow.reason, IntentRow.code)
        .where(
            IntentRow.channel == Channel.SMS,
            BY_A_CARRIER,
            col(IntentRow.posted_at) > judges_from(rest, now),
        )
        .order_by(col(IntentRow.posted_at).desc(), col(IntentRow.id).desc())
        .limit(LOOKS_AT)
    )
    return judged(rest, (await session.exec(latest)).all(), now)


def _rest_of(row: CarrierRestRow | None) -> Rest:
    if row is None:
        return NEVER_RESTED
    told = {each.name: getattr(row, each.name) for each in fields(Rest)}
    return Rest(**told | {"cause": Cause(row.cause) if row.cause else None})
