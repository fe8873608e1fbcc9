"""Who leaves the organisation while cases are his: somebody is named who gets them, or he stays."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.absence import Absence
from models.action import Stand
from models.action_tables import ActionRow
from models.errors import Misconfigured
from models.organisation import Organisation
from models.store.absences import keep_absence
from models.tables import CaseRow
from models.timeline import SYSTEM

HANDING_ON = timedelta(days=1)
"""So long the roster looks for cases that were on their way to him when he left."""


async def hand_on(session: AsyncSession, after: Organisation, *, number: int, at: datetime) -> None:
    """As of an absence of somebody who does not come back, the workflow of which moves the cases.

    Raises Misconfigured for everybody who owns open cases, or has something to do on them, and neither
    stays nor has a successor.
    """
    gone = {
        person: n for person, n in (await _owners(session)).items() if person not in after.people
    }
    undone = await _doers(session)
    stay = after.people.keys() | after.successors.keys()
    lost = [
        *(_refusal(who, gone[who], "case(s)") for who in sorted(gone.keys() - stay)),
        *(_refusal(who, undone[who], "action(s)") for who in sorted(undone.keys() - stay)),
    ]
    if lost:
        raise Misconfigured("\n".join(lost))
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


async def _doers(session: AsyncSession) -> Mapping[str, int]:
    """How many actions on open cases who has to do."""
    counts = (
        select(ActionRow.owner, func.count())
        .join(CaseRow, col(CaseRow.id) == col(ActionRow.case_id))
        .where(col(CaseRow.open), col(ActionRow.stand) == Stand.TO_DO)
    )
    return dict((await session.exec(counts.group_by(col(ActionRow.owner)))).all())


def _refusal(person: str, number: int, of: str) -> str:
    return (
        f"{person} is in the organisation no more, and {number} open {of} are his: "
        f"name who gets them under `successors`, as in `{person}: somebody_who_stays`."
    )
