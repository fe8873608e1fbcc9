"""Many messages to one colleague that wait to leave at once: found, and withdrawn in favour of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.allowance import is_flood
from models.mailing import Mailing
from models.obsolescence import Unsent
from models.people import Channel
from models.posting import Posting
from models.store.second_look import SecondLook, note_unsent
from models.tables import CaseRow, IntentRow


@dataclass(frozen=True, slots=True)
class Flood:
    person: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Bundled:
    """The id of the message that tells of so many cases, made of one of those that were withdrawn."""

    id: str
    cases: int


async def find_floods(session: AsyncSession, now: datetime) -> Sequence[Flood]:
    is_bundle = col(IntentRow.message) == Mailing.BUNDLE
    person, channel = col(IntentRow.person), col(IntentRow.channel)
    waiting = (
        select(
            person,
            channel,
            func.count(col(IntentRow.case_id).distinct()),
            func.count().filter(is_bundle),
        )
        .outerjoin(CaseRow, col(CaseRow.id) == col(IntentRow.case_id))
        .where(_told_together(now))
        .group_by(person, channel)
    )
    rows = (await session.exec(waiting)).all()
    return [
        Flood(who or "", Channel(by))
        for who, by, cases, bundles in rows
        if is_flood(cases, bundles)
    ]


async def take_together(
    session: AsyncSession, flood: Flood, second_look: SecondLook, now: datetime
) -> Bundled | None:
    """Withdraw what one message may tell, and say so on each case; None where there is no flood any more.

    The cases are locked before their letters, as a commit does; one that a commit has in hand stays out.
    """
    letters = [
        letter
        for letter, case in await _waiting(session, flood, now)
        if case is None or await second_look.why_not(session, letter, case, now) is None
    ]
    cases = {letter.case_id for letter in letters if letter.case_id}
    if not is_flood(len(cases), sum(not letter.case_id for letter in letters)):
        return None
    first = next(letter for letter in letters if letter.case_id)
    bundled = Bundled(f"{Mailing.BUNDLE}:{first.id}", len(cases))
    for letter in letters:
        letter.status, letter.reason = Posting.WITHDRAWN, Unsent.BUNDLED
        session.add(letter)
        if letter.case_id:
            letter.bundled_in = bundled.id
            await note_unsent(session, letter, Unsent.BUNDLED, now)
    await _take_over(session, [letter for letter in letters if not letter.case_id], bundled.id)
    return bundled


async def _take_over(session: AsyncSession, bundles: Sequence[IntentRow], by: str) -> None:
    """What they stood for."""
    theirs = {bundle.fallback_of or bundle.id for bundle in bundles}
    held = update(IntentRow).where(col(IntentRow.bundled_in).in_(theirs))
    await session.exec(held.values(bundled_in=by))


async def _waiting(
    session: AsyncSession, flood: Flood, now: datetime
) -> Sequence[tuple[IntentRow, CaseRow | None]]:
    """The oldest first."""
    his = col(IntentRow.person) == flood.person, col(IntentRow.channel) == flood.channel
    of_cases = (
        select(CaseRow)
        .join(IntentRow, col(CaseRow.id) == col(IntentRow.case_id))
        .where(_told_together(now), *his)
        .order_by(col(CaseRow.id))
        .with_for_update(of=CaseRow, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    cases = {case.id: case for case in (await session.exec(of_cases)).all()}
    mine = or_(col(IntentRow.case_id).is_(None), col(IntentRow.case_id).in_(cases))
    letters = (
        select(IntentRow)
        .outerjoin(CaseRow, col(CaseRow.id) == col(IntentRow.case_id))
        .where(_told_together(now), *his, mine)
        .order_by(col(IntentRow.not_before), col(IntentRow.id))
        .with_for_update(of=IntentRow, skip_locked=True)
    )
    rows = (await session.exec(letters)).all()
    return [(letter, cases.get(letter.case_id or "")) for letter in rows]


def _told_together(now: datetime) -> ColumnElement[bool]:
    """What asks a colleague to turn to a case, unless it touches a zero-tolerance topic, or came back from a
    bundle that was lost.
    """
    once = col(IntentRow.bundled_in).is_(None)
    asks = and_(col(IntentRow.nags), col(CaseRow.topic).is_(None), once)
    return and_(
        col(IntentRow.status) == Posting.PENDING,
        col(IntentRow.not_before) <= now,
        col(IntentRow.person).is_not(None),
        or_(asks, col(IntentRow.message) == Mailing.BUNDLE),
    )
