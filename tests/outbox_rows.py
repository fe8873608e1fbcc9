"""Messages as they lie in the outbox, written by hand: nobody reads their words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from models.breaker import Cause
from models.breaker_tables import CarrierRestRow
from models.posting import Posting
from models.store.database import Database
from models.tables import IntentRow
from tests.casework import MONDAY_MORNING


def letter(name: str, status: Posting = Posting.ACCEPTED, **told: Any) -> IntentRow:
    """A text that was written and posted on Monday morning, and that Twilio took."""
    usual: dict[str, Any] = {
        "seq": 0,
        "message": "ask",
        "audience": "owner",
        "channel": "sms",
        "language": "fr",
        "nags": False,
        "not_before": MONDAY_MORNING,
        "created_at": MONDAY_MORNING,
        "posted_at": MONDAY_MORNING,
        "claimed_at": MONDAY_MORNING,
        "sid": f"SM{name}" if status in {Posting.ACCEPTED, Posting.DELIVERED} else None,
        "segments": 1,
        "key_id": "no-key",
        "address_sealed": b"",
        "body_sealed": b"",
    }
    return IntentRow(id=name, status=status, **usual | told)


def letters(
    n: int, status: Posting, *, first: datetime = MONDAY_MORNING, **told: Any
) -> Sequence[IntentRow]:
    """One a second."""
    names = [f"{status}-{told.get('code', 0)}-{first:%d%H%M}-{number}" for number in range(n)]
    return [
        letter(name, status, **{"posted_at": first + timedelta(seconds=number), **told})
        for number, name in enumerate(names)
    ]


def resting(since: datetime, until: datetime, cause: Cause = Cause.ACCOUNT) -> CarrierRestRow:
    """What is kept of a carrier that is left alone, for an account that nobody here has."""
    return CarrierRestRow(
        carrier="twilio",
        account="of-nobody-here",
        cause=cause,
        code=20003,
        since=since,
        until=until,
        times=3,
    )


async def keep(database: Database, *rows: SQLModel) -> None:
    async with database.write() as session:
        for row in rows:
            session.add(row)
            await session.flush()
