"""The numbers to which nothing is sent. Called inside a unit of work."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_errors import Silence, silence_after
from models.people import Channel
from models.store.database import box_of
from models.suppression_tables import SuppressionRow
from models.tables import IntentRow
from models.vault import Vault

DEAD_FOR = timedelta(days=90)
"""Then it is tried again: networks give numbers away. Who asked for silence is left alone for ever."""


async def silence_of(
    session: AsyncSession, vault: Vault, number: str, now: datetime
) -> Silence | None:
    """`number` is E.164. None where something may be sent to it."""
    row = await session.get(SuppressionRow, _index(vault, number))
    if row is None or (row.reason == Silence.DEAD_NUMBER and now - row.at >= DEAD_FOR):
        return None
    return Silence(row.reason)


async def suppress_after(
    session: AsyncSession, vault: Vault, row: IntentRow, *, at: datetime
) -> None:
    """Where the code of a message that failed says so. One that is silent for ever stays so."""
    silence = silence_after(row.code)
    box = await box_of(session, vault, row.key_id)
    if silence is None or box is None or row.channel != Channel.SMS:
        return
    number = _index(vault, box.open(f"intents.{row.id}.address", row.address_sealed))
    known = await session.get(SuppressionRow, number, with_for_update=True)
    if known is None:
        session.add(SuppressionRow(number=number, reason=silence, code=row.code, at=at))
        await session.flush()
    elif known.reason != Silence.OPTED_OUT:
        known.reason, known.code, known.at = silence, row.code, at
        session.add(known)


async def opt_out(session: AsyncSession, vault: Vault, number: str, *, at: datetime) -> None:
    """Whoever has the number asked for silence himself."""
    known = await session.get(SuppressionRow, _index(vault, number), with_for_update=True)
    row = known or SuppressionRow(number=_index(vault, number), reason="", code=0, at=at)
    if row.reason != Silence.OPTED_OUT:
        row.reason, row.code, row.at = Silence.OPTED_OUT, 0, at
        session.add(row)
        await session.flush()


async def opt_in(session: AsyncSession, vault: Vault, number: str) -> None:
    """Whoever has the number wants to hear from us again."""
    await _lift(session, vault, number, *Silence)


async def note_alive(session: AsyncSession, vault: Vault, number: str) -> None:
    """Somebody has written from there. Whether he wants to hear from us is another matter."""
    await _lift(session, vault, number, Silence.DEAD_NUMBER)


async def _lift(session: AsyncSession, vault: Vault, number: str, *silences: Silence) -> None:
    known = await session.get(SuppressionRow, _index(vault, number), with_for_update=True)
    if known is not None and known.reason in silences:
        await session.delete(known)


def _index(vault: Vault, number: str) -> str:
    return vault.index("suppressed", number)
