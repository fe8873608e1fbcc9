"""Who leaves the organisation while cases are his: somebody is named who gets them, or he stays."""

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.absence import Absence
from models.errors import Misconfigured
from models.organisation import Organisation
from models.store.absences import keep_absence
from models.tables import CaseRow
from models.timeline import SYSTEM

HANDING_ON = timedelta(days=1)
"""So long the roster looks for cases that were on their way to him when he left."""


async def hand_on(session: AsyncSession, after: Organisation, *, number: int, at: datetime) -> None:
    """As of an absence of somebody who does not come back, the workflow of which moves the cases.

    Raises Misconfigured for everybody who owns open cases and neither stays nor has a successor.
    """
    gone = {
        person: n for person, n in (await _owners(session)).items() if person not in after.people
    }
    lost = sorted(gone.keys() - after.successors.keys())
    if lost:
        raise Misconfigured("\n".join(_refusal(person, gone[person]) for person in lost))
    for person in sorted(gone):
        left = Absence(str(uuid7()), person, at, at + HANDING_ON, gives_back=False)
        keep_absence(session, left, by=SYSTEM, key=f"left/{number}/{person}", at=at)


async def _owners(session: AsyncSession) -> Counter[str]:
    """How many open cases are whose, those that somebody keeps for him included."""
    found = Counter[str]()
    for whose in (col(CaseRow.owner), col(CaseRow.stands_for)):
        counts = select(whose, func.count()).where(col(CaseRow.open), whose.is_not(None))
        found.update({str(who): n for who, n in await session.exec(counts.group_by(whose))})
    return found


def _refusal(person: str, cases: int) -> str:
    return (
        f"{person} is in the organisation no more, and {cases} open case(s) are his: "
        f"name who gets them under `successors`, as in `{person}: somebody_who_stays`."
    )
