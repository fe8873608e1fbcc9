"""What is counted for a bill, on both engines, beside a count by hand of the same rows."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from models.bridge import CallEvent, Dialled, Leg, LegTold, Status
from models.call_forms import read_written, written
from models.call_tables import CallEventRow, CallRow
from models.postage import Usage, latest_months
from models.posting import Posting
from models.store.postage import read_usage
from models.survey import Identity
from models.tables import CaseRow, IntentRow
from tests.casework import MONDAY_MORNING as NOW
from tests.casework import Casework, another
from tests.outbox_rows import keep, letter

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
MONTHS = latest_months(NOW, PARIS, 3)


async def used(casework: Casework) -> Mapping[tuple[str, str | None], Usage]:
    async with casework.database.read() as session:
        return {(each.month, each.region): each for each in await read_usage(session, MONTHS)}


async def call(casework: Casework, case_id: str, *events: CallEvent, **told: Any) -> None:
    async with casework.database.read() as session:
        case = await session.get_one(CaseRow, case_id)
        n = len((await session.exec(select(CallRow.id))).all())
    usual: dict[str, Any] = {"key": str(n), "person": "dora", "started_at": NOW, "ended_at": NOW}
    called: dict[str, Any] = {"case_id": case_id, "customer_id": case.customer_id}
    call_row = CallRow(id=f"call-{n}", **called, **usual | told)
    kept = [
        CallEventRow(call_id=call_row.id, key=str(number), told_at=NOW, event=written(event))
        for number, event in enumerate(events)
    ]
    await keep(casework.database, call_row, *kept)


async def test_texts_are_counted_in_segments_by_region_and_month(casework: Casework) -> None:
    north = (await casework.open()).case_id
    await keep(
        casework.database,
        letter("one", case_id=north),
        letter("two", case_id=north, segments=2, status=Posting.DELIVERED),
        letter("old", case_id=north, segments=None),
        letter("bundle", segments=2),
        letter("february", case_id=north, posted_at=NOW - 2 * DAY),
        letter("refused", Posting.FAILED, case_id=north, reason="operator"),
        letter("mail", case_id=north, channel="email"),
    )
    assert await used(casework) == {
        ("2027-03", "north"): Usage("2027-03", "north", 3, 3, 1),
        ("2027-03", None): Usage("2027-03", None, 1, 2),
        ("2027-02", "north"): Usage("2027-02", "north", 1, 1),
    }


async def test_of_a_call_both_legs_are_billed_by_started_minutes(casework: Casework) -> None:
    north = (await casework.open()).case_id
    await call(
        casework,
        north,
        LegTold(Leg.DIRECTOR, Status.ANSWERED),
        LegTold(Leg.DIRECTOR, Status.COMPLETED, 61),
        LegTold(Leg.CUSTOMER, Status.COMPLETED, 40),
        Dialled(Status.COMPLETED, bridged=True, seconds=40),
    )
    assert await used(casework) == {
        ("2027-03", "north"): Usage("2027-03", "north", calls=1, minutes=3)
    }


async def test_a_call_that_nobody_took_costs_nothing_and_one_not_made_is_none(
    casework: Casework,
) -> None:
    north = (await casework.open()).case_id
    await call(casework, north, LegTold(Leg.DIRECTOR, Status.NO_ANSWER, 0))
    await call(casework, north)
    await call(casework, north, fault="carrier_refused")
    assert await used(casework) == {("2027-03", "north"): Usage("2027-03", "north", calls=2)}


async def test_a_call_of_which_nobody_told_how_long_it_was_is_said_to_be_one(
    casework: Casework,
) -> None:
    north = (await casework.open()).case_id
    await call(casework, north, LegTold(Leg.DIRECTOR, Status.ANSWERED))
    found = (await used(casework))["2027-03", "north"]
    assert (found.calls, found.minutes, found.untold) == (1, 0, 1)


async def test_the_figures_are_those_of_a_count_by_hand(casework: Casework) -> None:
    chance = Random(7)  # noqa: S311 - to be repeated, not to be secret
    cases = [
        (await casework.open(another(f"r-{n}", customer=Identity(f"c-{n}"), region=region))).case_id
        for n, region in enumerate(("north", "south", "north"))
    ]
    for number in range(60):
        at = NOW - timedelta(hours=chance.randrange(24 * 100))
        row = letter(
            f"letter-{number}",
            chance.choice([Posting.ACCEPTED, Posting.DELIVERED, Posting.FAILED]),
            case_id=chance.choice([*cases, None]),
            segments=chance.choice([1, 2, None]),
            posted_at=at,
        )
        await keep(casework.database, row)
        seconds = chance.choice([0, 1, 59, 60, 61, 754])
        leg = chance.choice([Leg.DIRECTOR, Leg.CUSTOMER])
        events = LegTold(leg, Status.COMPLETED, seconds), Dialled(Status.BUSY)
        await call(casework, chance.choice(cases), *events, started_at=at)

    texts, minutes = await counted_by_hand(casework)

    found = await used(casework)
    assert len(found) > 5
    assert {key: each.segments for key, each in found.items() if each.segments} == texts
    assert {key: each.minutes for key, each in found.items() if each.minutes} == minutes


async def counted_by_hand(
    casework: Casework,
) -> tuple[dict[tuple[str, str | None], int], dict[tuple[str, str | None], int]]:
    """Row by row, with no SQL but to read them."""
    shown = {month.name for month in MONTHS}
    texts: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    minutes: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    async with casework.database.read() as session:
        regions = {row.id: row.region for row in await session.exec(select(CaseRow))}
        for row in await session.exec(select(IntentRow).where(IntentRow.channel == "sms")):
            if row.sid and row.posted_at and row.segments:
                place = f"{row.posted_at.astimezone(PARIS):%Y-%m}", regions.get(row.case_id or "")
                texts[place] += row.segments
        for call_row in await session.exec(select(CallRow)):
            of = CallEventRow.call_id == call_row.id
            told = [
                read_written(e.event) for e in await session.exec(select(CallEventRow).where(of))
            ]
            for leg in Leg:
                lasted = [e.seconds or 0 for e in told if isinstance(e, LegTold) and e.leg is leg]
                month = f"{call_row.started_at.astimezone(PARIS):%Y-%m}"
                minutes[month, regions[call_row.case_id]] += ceil(max(lasted, default=0) / 60)
    return (
        {key: n for key, n in texts.items() if n and key[0] in shown},
        {key: n for key, n in minutes.items() if n and key[0] in shown},
    )
