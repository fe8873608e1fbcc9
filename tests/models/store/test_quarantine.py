"""What was not understood stays until a better mapping understands it, and then opens what it would have."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlmodel import select

from models.errors import NotKnown, NotUnderstood
from models.mappings import Source
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake, Taken
from models.store.organisations import apply_organisation
from models.store.quarantine import (
    GRAVEST_FIRST,
    Problem,
    Quarantine,
    count_problems,
    list_quarantined,
    open_quarantined,
)
from models.survey import Told
from models.tables import CaseRow, DeliveryRow, ResponseRow
from surveys.adapters import hear_kept
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework

MAPPED = SMALL.read_text().replace(
    "  - {id: survey, kind: generic}",
    """  - id: survey
    kind: generic
    surveys:
      - id: s-1
        metric: nps
        score: SCORE
        fields: {response_id: id, customer.email: mail, comment: words}""",
)
BY_THE_WRONG_NAME = MAPPED.replace("SCORE", "recommendation")
BY_ITS_NAME = MAPPED.replace("SCORE", "recommend")
SENT = {"id": "r-7", "recommend": 2, "mail": "odile@client.example", "words": "Nobody came."}
Row = TypeVar("Row", DeliveryRow, ResponseRow, CaseRow)
SOON = MONDAY_MORNING + timedelta(days=3)


async def send(casework: Casework, *, source: str = "survey", **changes: object) -> str:
    """Quarantined, as the door does. Returns the delivery's id."""
    body = json.dumps({**SENT, **changes}).encode()
    async with casework.database.write() as session:
        delivery = Delivery(source, body, MONDAY_MORNING)
        return await intake(casework).quarantine(session, delivery, "recommendation")


def intake(casework: Casework) -> Intake:
    return Intake(casework.database.vault, casework.book)


def quarantine(casework: Casework) -> Quarantine:
    return Quarantine(casework.database, casework.book, intake(casework), hear_kept)


async def bring(casework: Casework, organisation: str) -> None:
    await apply_organisation(casework.database, organisation, name="tests.yaml", at=SOON)


async def rows(casework: Casework, table: type[Row]) -> list[Row]:
    async with casework.database.read() as session:
        return list((await session.exec(select(table))).all())


async def test_a_corrected_mapping_understands_what_was_kept(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept = await send(casework)

    taken = await quarantine(casework).replay(kept)

    [response], [case] = await rows(casework, ResponseRow), await rows(casework, CaseRow)
    assert taken == Taken(DeliveryFate.UNDERSTOOD, response.id, case.id)
    assert (response.received_at, case.opened_at) == (MONDAY_MORNING, MONDAY_MORNING)
    [row] = await rows(casework, DeliveryRow)
    assert (row.id, row.fate, row.problem) == (kept, "understood", None)
    assert (row.response_row, row.customer_id) == (response.id, response.customer_id)


async def test_what_is_still_not_understood_stays_with_today_s_problem(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept = await send(casework, recommend="very much")

    taken = await quarantine(casework).replay(kept)

    assert taken == Taken(DeliveryFate.QUARANTINED, problem="recommend")
    [row] = await rows(casework, DeliveryRow)
    assert (row.fate, row.problem) == ("quarantined", "recommend")


async def test_of_a_source_that_is_gone_it_stays(casework: Casework) -> None:
    kept = await send(casework, source="gone")

    assert (await quarantine(casework).replay(kept)).problem == "source"


async def test_replayed_twice_it_says_what_became_of_it(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept = await send(casework)
    first = await quarantine(casework).replay(kept)

    again = await quarantine(casework).replay(kept)

    assert again == replace(first, case_id=None)
    assert len(await rows(casework, ResponseRow)) == 1


async def test_replayed_by_two_at_once_it_opens_one_case(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept = await send(casework)

    taken = await asyncio.gather(*(quarantine(casework).replay(kept) for _ in range(4)))

    assert {each.fate for each in taken} == {DeliveryFate.UNDERSTOOD}
    assert len(await rows(casework, CaseRow)) == len(await rows(casework, ResponseRow)) == 1


async def test_a_response_that_was_told_meanwhile_is_a_repeat(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    first, second = await send(casework), await send(casework, mail="ODILE@client.example")
    await quarantine(casework).replay(first)

    assert (await quarantine(casework).replay(second)).fate is DeliveryFate.REPEAT
    assert len(await rows(casework, CaseRow)) == 1


async def test_what_came_first_and_is_understood_last_is_older(casework: Casework) -> None:
    """Neither telling is dated."""
    await bring(casework, BY_ITS_NAME)
    kept = await send(casework)
    later = replace(UNHAPPY, response_id="r-7", score=9, submitted_at=SOON)
    await casework.hear(later)

    assert (await quarantine(casework).replay(kept)).fate is DeliveryFate.REPEAT

    [response] = await rows(casework, ResponseRow)
    assert (response.score, response.case_id) == (9, None)


def test_every_fate_has_its_place_among_the_gravest() -> None:
    assert sorted(GRAVEST_FIRST) == sorted(DeliveryFate)


async def test_of_several_responses_those_that_were_taken_stay_as_they_are(
    casework: Casework,
) -> None:
    """A batch that the small organisation's kinds do not have: heard by hand."""
    first, second = UNHAPPY, replace(UNHAPPY, response_id="r-2")
    await casework.hear(first)
    kept = await send(casework)
    batch = Quarantine(
        casework.database,
        casework.book,
        intake(casework),
        lambda _source, _body, _at: (first, second),
    )

    taken = await batch.replay(kept)

    assert taken.fate is DeliveryFate.UNDERSTOOD
    found = {row.response_id: row.id for row in await rows(casework, ResponseRow)}
    assert found.keys() == {"r-1", "r-2"}
    [row] = [row for row in await rows(casework, DeliveryRow) if row.id == kept]
    assert row.response_row == taken.response_id == found["r-2"]


async def test_all_are_replayed_in_parts_the_oldest_first(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept = [await send(casework, id=f"r-{n}") for n in range(3)]
    await send(casework, recommend="never")
    other = await send(casework, source="elsewhere")

    first = await quarantine(casework).replay_some(source="survey", limit=2)
    rest = await quarantine(casework).replay_some(source="survey", after=first.next or "", limit=2)

    assert (first.understood, first.still, first.next) == (2, 0, kept[1])
    assert (rest.understood, rest.still, rest.next) == (1, 1, None)
    waiting = {row.id for row in await rows(casework, DeliveryRow) if row.fate == "quarantined"}
    assert len(waiting) == 2
    assert other in waiting


async def test_one_that_cannot_be_heard_holds_up_no_other_and_is_told(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    first, second = await send(casework), await send(casework, id="r-8")

    def hear(source: Source, body: bytes, at: datetime) -> Sequence[Told | NotUnderstood]:
        if b"r-7" in body:
            raise RuntimeError("a fault of ours")
        return hear_kept(source, body, at)

    faulty = Quarantine(casework.database, casework.book, intake(casework), hear)

    done = await faulty.replay_some(limit=9)

    assert (done.understood, done.still, done.tried) == (1, 0, 2)
    assert done.failed == {first: "RuntimeError"}
    fates = {row.id: row.fate for row in await rows(casework, DeliveryRow)}
    assert fates == {first: "quarantined", second: "understood"}


async def test_it_is_listed_the_newest_first_and_counted_by_problem(casework: Casework) -> None:
    kept = [await send(casework), await send(casework, id="r-8")]
    kept.append(await send(casework, source="elsewhere"))
    async with casework.database.read() as session:
        listed = await list_quarantined(session, limit=2)
        of_survey = await list_quarantined(session, source="survey", limit=9)
        problems = await count_problems(session)

    assert [each.id for each in listed] == kept[:0:-1]
    assert [each.id for each in of_survey] == kept[1::-1]
    assert problems == [
        Problem("elsewhere", "recommendation", 1),
        Problem("survey", "recommendation", 2),
    ]
    assert listed[0].size == len(json.dumps(SENT))


async def test_one_is_opened_only_while_it_is_in_quarantine(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    kept, vault = await send(casework), casework.database.vault
    async with casework.database.read() as session:
        opened = await open_quarantined(session, vault, kept)
    assert json.loads(opened.body) == SENT

    await quarantine(casework).replay(kept)

    async with casework.database.read() as session:
        with pytest.raises(NotKnown):
            await open_quarantined(session, vault, kept)


async def test_what_was_never_delivered_is_not_replayed(casework: Casework) -> None:
    with pytest.raises(NotKnown):
        await quarantine(casework).replay("nothing")


async def test_the_very_same_delivery_waits_once(casework: Casework) -> None:
    await bring(casework, BY_THE_WRONG_NAME)
    first, again, other = await send(casework), await send(casework), await send(casework, id="r-8")
    assert (first == again, first == other) == (True, False)
