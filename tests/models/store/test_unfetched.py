"""Answers that are told of and not had: shown, counted beside the coverage, and asked for again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models.errors import NotKnown
from models.fetch_tables import FetchRow, GateRow
from models.fetching import FetchFate, Trouble, Unread
from models.figures import Asked
from models.store.deliveries import Delivery, DeliveryFate
from models.store.fetches import (
    Wanted,
    claim_fetches,
    end_fetches,
    give_up,
    mark_given,
    put_off,
    wanted,
)
from models.store.figures import read_figures
from models.store.gates import rest
from models.store.received import keep_received
from models.store.unfetched import (
    Held,
    ask_again,
    count_unfetched,
    list_unfetched,
    unfetched_ids,
)
from models.submissions import Pointer, Progress
from models.tables import DeliveryRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.databases import ENGINES
from tests.models.store.test_quarantine import intake

HOUR = timedelta(hours=1)
LATER = MONDAY_MORNING + 6 * HOUR


async def told(
    casework: Casework, response: str, *, progress: Progress = Progress.COMPLETED
) -> Wanted:
    async with casework.database.write() as session:
        delivery = Delivery("keys", b"{}", MONDAY_MORNING)
        pointer = Pointer(response, "s-1", progress)
        await intake(casework).keep_pointer(session, delivery, pointer)
    async with casework.database.read() as session:
        ids = select(FetchRow.id).where(FetchRow.response_id == response)
        newest = (await session.exec(ids.order_by(FetchRow.id.desc()))).first()  # type: ignore[attr-defined]
        found = await wanted(session, newest or "")
    assert isinstance(found, Wanted)
    return found


async def given_up(casework: Casework, response: str) -> Wanted:
    fetch = await told(casework, response)
    async with casework.database.write() as session:
        await give_up(session, fetch, Trouble.NOT_READABLE, fate=DeliveryFate.QUARANTINED)
    return fetch


async def put_off_until_later(casework: Casework, response: str) -> Wanted:
    fetch = await told(casework, response)
    async with casework.database.write() as session:
        await mark_given(session, [fetch.fetch_id], "engine")
        await put_off(session, fetch, until=LATER, problem=Trouble.AWAY, missing=None)
    return fetch


async def unread(casework: Casework, asked: Asked | None = None) -> dict[Unread, int]:
    async with casework.database.read() as session:
        found = await read_figures(
            session, asked or Asked(), now=MONDAY_MORNING + 2 * HOUR, book=casework.book
        )
    return dict(found.overall.coverage.unread)


async def test_those_that_are_given_up_are_shown_before_those_that_wait(casework: Casework) -> None:
    await put_off_until_later(casework, "r-1")
    await given_up(casework, "r-2")

    async with casework.database.read() as session:
        first, second = await list_unfetched(session, limit=10)
        held = await count_unfetched(session)

    assert (first.response_id, first.fate, first.next_at) == ("r-2", FetchFate.GIVEN_UP, None)
    assert (second.response_id, second.problem, second.next_at) == ("r-1", Trouble.AWAY, LATER)
    assert held == [
        Held("keys", FetchFate.GIVEN_UP, "not_readable", 1, MONDAY_MORNING),
        Held("keys", FetchFate.WAITING, "away", 1, MONDAY_MORNING),
    ]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_waits_for_its_fetch_stands_beside_the_coverage(casework: Casework) -> None:
    await told(casework, "r-1")
    await told(casework, "r-1", progress=Progress.UPDATED)
    await given_up(casework, "r-2")

    assert await unread(casework) == {Unread.WAITING_FOR_FETCH: 1, Unread.FETCH_GIVEN_UP: 1}
    assert await unread(casework, Asked("2027-03", "2027-03")) == await unread(casework)
    assert await unread(casework, Asked("2027-04")) == {}
    assert await unread(casework, Asked(region="north")) == {}


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_a_pressed_door_kept_stands_beside_the_coverage_until_it_is_taken(
    casework: Casework,
) -> None:
    delivery = Delivery("survey", b"{}", MONDAY_MORNING)
    async with casework.database.write() as session:
        await keep_received(session, casework.database.vault, [delivery])

    assert await unread(casework) == {Unread.RECEIVED: 1}
    assert await unread(casework, Asked("2027-04")) == {}


async def test_a_known_answer_whose_change_is_not_had_counts_as_it_stands(
    casework: Casework,
) -> None:
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        answer = replace(UNHAPPY, response_id="r-1")
        await intake(casework).take(session, Delivery("keys", b"{}", MONDAY_MORNING), answer, by=by)
    await told(casework, "r-1", progress=Progress.UPDATED)

    assert await unread(casework) == {}


async def test_what_is_had_waits_no_more(casework: Casework) -> None:
    fetch = await told(casework, "r-1")
    async with casework.database.write() as session:
        await end_fetches(session, fetch.answered, fate=DeliveryFate.PREVIEW, response="")

    assert await unread(casework) == {}
    async with casework.database.write() as session:
        assert await ask_again(session, fetch.fetch_id, now=LATER) is None


async def test_what_was_given_up_leaves_the_quarantine_when_it_is_asked_for_again(
    casework: Casework,
) -> None:
    fetch = await given_up(casework, "r-1")
    async with casework.database.read() as session:
        assert list(await unfetched_ids(session, source="keys", limit=9)) == [fetch.fetch_id]

    async with casework.database.write() as session:
        again = await ask_again(session, fetch.fetch_id, now=LATER)

    assert again is not None
    assert (again.fate, again.next_at, again.attempts) == (FetchFate.WAITING, LATER, 0)
    async with casework.database.read() as session:
        assert (await session.exec(select(DeliveryRow.fate))).one() == "to_fetch"
        assert list(await unfetched_ids(session, source="keys", limit=9)) == []


async def test_what_waits_for_its_next_try_begins_anew(casework: Casework) -> None:
    fetch = await put_off_until_later(casework, "r-1")
    async with casework.database.write() as session:
        assert await claim_fetches(session, "engine", now=MONDAY_MORNING, limit=9) == []
        await ask_again(session, fetch.fetch_id, now=MONDAY_MORNING)
    async with casework.database.write() as session:
        [claimed] = await claim_fetches(session, "engine", now=MONDAY_MORNING, limit=9)

    assert (claimed.id, claimed.anew) == (fetch.fetch_id, True)


@pytest.mark.parametrize(("trouble", "until"), [(Trouble.REFUSED, None), (Trouble.BUSY, LATER)])
async def test_a_mended_token_is_tried_at_once_and_a_busy_vendor_is_not(
    casework: Casework, trouble: Trouble, until: object
) -> None:
    fetch = await put_off_until_later(casework, "r-1")
    async with casework.database.write() as session:
        await rest(session, "keys", until=LATER, trouble=trouble, now=MONDAY_MORNING)
        await ask_again(session, fetch.fetch_id, now=MONDAY_MORNING)

    async with casework.database.read() as session:
        assert (await session.get_one(GateRow, "keys")).resting_until == until


async def test_nobody_asks_for_what_was_never_told(casework: Casework) -> None:
    async with casework.database.write() as session:
        with pytest.raises(NotKnown):
            await ask_again(session, "another", now=LATER)
