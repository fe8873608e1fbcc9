"""Practices are found by their cause and what is below it, by words, region and trade."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.practices import Practice
from models.store.practices import (
    Sought,
    change_practice,
    find_practice,
    keep_practice,
    practice_of,
    search_practices,
    withdraw_practice,
)
from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another

LATER = MONDAY_MORNING + timedelta(hours=1)


@pytest.fixture
async def plumber(casework: Casework) -> Practice:
    case = (await casework.open()).case_id
    return await kept(
        casework,
        Practice(
            *("p-1", case, "delay", "north", "works"),
            *("Le plombier d'abord", "Un rendez-vous à 100 % tenu."),
            *("dora", MONDAY_MORNING),
        ),
    )


@pytest.fixture
async def bill(casework: Casework, plumber: Practice) -> Practice:
    case = (await casework.open(another("r-2", customer=Identity("c-2")))).case_id
    other = replace(
        plumber,
        id="p-2",
        case_id=case,
        cause="late_works",
        title="The bill, line by line",
        helped="Sell nothing.",
        region="south",
        trade=None,
    )
    return await kept(casework, other)


async def kept(casework: Casework, practice: Practice) -> Practice:
    async with casework.database.write() as session:
        await keep_practice(session, practice, key=practice.id)
    return practice


async def found(casework: Casework, sought: Sought, **page: str) -> list[str]:
    async with casework.database.read() as session:
        return [
            each.practice.id for each in await search_practices(session, sought, limit=9, **page)
        ]


@pytest.mark.usefixtures("bill")
@pytest.mark.parametrize(
    ("sought", "ids"),
    [
        (Sought(), ["p-2", "p-1"]),
        (Sought(causes={"late_works"}), ["p-2"]),
        (Sought(causes=frozenset()), []),
        (Sought(words="RENDEZ vous a"), ["p-1"]),
        (Sought(words="line bill"), ["p-2"]),
        (Sought(words="plombier bill"), []),
        (Sought(words="%"), ["p-2", "p-1"]),
        (Sought(region="south"), ["p-2"]),
        (Sought(trade="works"), ["p-1"]),
    ],
)
async def test_a_search_keeps_to_what_was_asked(
    casework: Casework, sought: Sought, ids: list[str]
) -> None:
    assert await found(casework, sought) == ids


@pytest.mark.usefixtures("bill")
async def test_the_next_page_goes_on_behind_the_last_one(casework: Casework) -> None:
    assert await found(casework, Sought(), before="p-2") == ["p-1"]


async def test_a_changed_one_is_found_by_its_new_words_and_says_who_changed_it(
    casework: Casework, plumber: Practice
) -> None:
    async with casework.database.write() as session:
        await change_practice(
            session, plumber.id, title="Un geste", helped="Des fleurs.", by="nora", at=LATER
        )

    assert await found(casework, Sought(words="fleurs")) == ["p-1"]
    assert await found(casework, Sought(words="plombier")) == []
    assert await changed(casework, plumber) == ("nora", LATER)


async def test_the_same_words_again_change_nothing(casework: Casework, plumber: Practice) -> None:
    told = {"title": plumber.title, "helped": plumber.helped}
    async with casework.database.write() as session:
        await change_practice(session, plumber.id, **told, by="nora", at=LATER)

    assert await changed(casework, plumber) == (None, None)


async def test_a_withdrawn_one_is_shown_no_more_and_the_case_can_be_shared_anew(
    casework: Casework, plumber: Practice
) -> None:
    async with casework.database.write() as session:
        await withdraw_practice(session, plumber.id, by="dora", at=LATER)
        again = LATER + timedelta(hours=1)
        gone = await withdraw_practice(session, plumber.id, by="nora", at=again)

    assert (gone.withdrawn_by, gone.withdrawn_at) == ("dora", LATER)
    assert await found(casework, Sought()) == []
    await kept(casework, replace(plumber, id="p-9"))
    async with casework.database.read() as session:
        assert await practice_of(session, plumber.case_id) == replace(plumber, id="p-9")


async def test_a_case_is_shared_once(casework: Casework, plumber: Practice) -> None:
    with pytest.raises(IntegrityError):
        await kept(casework, replace(plumber, id="p-9"))


async def changed(casework: Casework, practice: Practice) -> tuple[str | None, datetime | None]:
    async with casework.database.read() as session:
        found = await find_practice(session, practice.id)
    return found.changed_by, found.changed_at
