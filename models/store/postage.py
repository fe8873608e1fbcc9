"""What left and was put through, by region and month, in the units that a carrier bills."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import Leg, Status
from models.call_tables import CallEventRow, CallRow
from models.postage import Month, Usage
from models.tables import CaseRow, IntentRow

MONTHS = 3
"""So many are shown: this one, and the two before it."""
BILLED = text("channel = 'sms' AND sid IS NOT NULL")
"""The words of the index. What a carrier refused at once it gave no name, and does not bill."""
TAKEN_UP = (Status.ANSWERED, Status.COMPLETED)


async def read_usage(session: AsyncSession, months: Sequence[Month]) -> Sequence[Usage]:
    """In the order of the months, then of the regions; what belongs to none stands last."""
    found: list[Usage] = []
    for month in months:
        of_month = {each.region: each for each in await _texts(session, month)}
        for calls in await _calls(session, month):
            known = of_month.get(calls.region, calls)
            of_month[calls.region] = replace(
                known, calls=calls.calls, minutes=calls.minutes, untold=calls.untold
            )
        found += sorted(of_month.values(), key=lambda each: (each.region is None, each.region))
    return found


async def _texts(session: AsyncSession, month: Month) -> Sequence[Usage]:
    segments, at = col(IntentRow.segments), col(IntentRow.posted_at)
    counted = (
        select(
            col(CaseRow.region),
            func.count(),
            func.sum(segments),
            func.count().filter(segments.is_(None)),
        )
        .select_from(IntentRow)
        .outerjoin(CaseRow, col(CaseRow.id) == col(IntentRow.case_id))
        .where(
            at >= month.begins,
            at < month.ends,
            BILLED,
        )
        .group_by(col(CaseRow.region))
    )
    rows = await (await session.connection()).execute(counted)
    return [
        Usage(month.name, region, texts, sum_ or 0, uncounted)
        for region, texts, sum_, uncounted in rows
    ]


async def _calls(session: AsyncSession, month: Month) -> Sequence[Usage]:
    """A call that was not made is none."""
    lengths, at = _lengths(month), col(CallRow.started_at)
    director, customer = lengths.c.director, lengths.c.customer
    untold = (lengths.c.taken_up > 0) & director.is_(None)
    counted = (
        select(
            col(CaseRow.region),
            func.count(),
            func.sum(_started(director) + _started(customer)),
            func.count().filter(untold),
        )
        .select_from(CallRow)
        .outerjoin(CaseRow, col(CaseRow.id) == col(CallRow.case_id))
        .outerjoin(lengths, lengths.c.call_id == col(CallRow.id))
        .where(at >= month.begins, at < month.ends, col(CallRow.fault).is_(None))
        .group_by(col(CaseRow.region))
    )
    rows = await (await session.connection()).execute(counted)
    return [
        Usage(month.name, region, calls=n, minutes=int(minutes), untold=unknown)
        for region, n, minutes, unknown in rows
    ]


def _lengths(month: Month) -> Subquery:
    """Of each of its calls, in seconds: how long the colleague was on the line from when he took up, with the
    ringing at the customer's, and how long the customer was.
    """
    at, event = col(CallRow.started_at), col(CallEventRow.event)
    of_month = at >= month.begins, at < month.ends
    seconds, leg = event["seconds"].as_integer(), event["leg"].as_string()
    of_customer = or_(leg == Leg.CUSTOMER, event["is"].as_string() == "dialled")
    taken_up = event["status"].as_string().in_(TAKEN_UP)
    return (
        select(
            col(CallEventRow.call_id).label("call_id"),
            func.max(case((leg == Leg.DIRECTOR, seconds))).label("director"),
            func.max(case((of_customer, seconds))).label("customer"),
            func.max(case((taken_up, 1), else_=0)).label("taken_up"),
        )
        .where(col(CallEventRow.call_id).in_(select(col(CallRow.id)).where(*of_month)))
        .group_by(col(CallEventRow.call_id))
        .subquery()
    )


def _started(seconds: ColumnElement[int]) -> ColumnElement[int]:
    """Minutes: one that has begun is billed whole."""
    return (func.coalesce(seconds, 0) + 59) // 60
