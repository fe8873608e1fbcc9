"""The weekly letters: to whom they go, from when, what they tell, and that each is written once."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from activities.digest import Digest
from models.digest import DigestAsked, DigestPlan, LetterAsked, LetterFate
from models.enclosure_tables import EnclosureRow
from models.people import Channel
from models.store.access import find_link
from models.store.outbox import Letter, Outbox
from models.tables import IntentRow
from tests.casework import Casework

DUE = datetime.fromisoformat("2027-03-08T07:00+01:00")
OPENING = datetime.fromisoformat("2027-03-08T09:00+01:00")
WEEK = "2027-W09"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What differs between databases is tested with the store."""
    return sqlite_url


@pytest.fixture
def digest(casework: Casework) -> Digest:
    return Digest(
        casework.database,
        casework.book,
        public_url="https://rappel.example",
        written=lambda: None,
    )


def asked(person: str) -> LetterAsked:
    return LetterAsked(WEEK, person, DUE)


async def letter(casework: Casework, person: str) -> Letter:
    async with casework.database.read() as session:
        found = await Outbox(casework.database).whole_letter(session, f"digest:{WEEK}:{person}")
    assert found is not None
    return found


async def rows(casework: Casework) -> list[IntentRow]:
    async with casework.database.read() as session:
        letters = select(IntentRow).where(IntentRow.audience == "colleague")
        return list((await session.exec(letters)).all())


async def test_a_run_that_was_missed_is_not_lost_and_tells_of_no_other_week(digest: Digest) -> None:
    plans = [await digest.plan(DigestAsked(DUE + timedelta(days=late))) for late in (0, 4)]
    assert plans == [DigestPlan(WEEK, ("dora", "denis", "nora"))] * 2


async def test_one_person_can_be_asked_for(digest: Digest) -> None:
    plan = await digest.plan(DigestAsked(DUE, "2027-W01", "nora"))
    assert plan == DigestPlan("2027-W01", ("nora",))


async def test_a_letter_is_written_once_however_often_it_is_asked_for(
    casework: Casework, digest: Digest
) -> None:
    await casework.open()
    again = [await digest.write(asked("nora")) for _ in range(2)]
    assert [receipt.fate for receipt in again] == [LetterFate.WRITTEN, LetterFate.KNOWN]


async def test_nobody_gets_a_letter_that_says_nothing(casework: Casework, digest: Digest) -> None:
    await casework.open()
    receipts = [await digest.write(asked(person)) for person in ("denis", "gone")]
    assert [receipt.fate for receipt in receipts] == [LetterFate.EMPTY] * 2
    assert await rows(casework) == []


async def test_a_letter_leaves_when_its_reader_begins_to_work(
    casework: Casework, digest: Digest
) -> None:
    await casework.open()
    for person in ("dora", "nora"):
        await digest.write(asked(person))
    leaves = {row.person: row.not_before for row in await rows(casework)}
    assert leaves == {"dora": OPENING, "nora": DUE}, "the head office is always open"


async def test_a_director_learns_which_cases_wait_and_of_no_customer(
    casework: Casework, digest: Digest
) -> None:
    await casework.open()
    await digest.write(asked("dora"))
    found = await letter(casework, "dora")
    assert found.address == "dora@small.example"
    assert "NPS 2, Works, North" in found.body
    assert found.enclosures == ()
    for personal in ("Kerverne", "Odile", "639981234", "Nobody calls back"):
        assert personal not in f"{found.subject} {found.body} {found.html}"


async def test_each_link_opens_its_case_or_the_house_for_its_reader_alone(
    casework: Casework, digest: Digest
) -> None:
    state = await casework.open()
    await digest.write(asked("dora"))
    tokens = re.findall(r"https://rappel\.example/l/(\S+)", (await letter(casework, "dora")).body)
    async with casework.database.read() as session:
        links = [await find_link(session, token, at=OPENING) for token in tokens]
    assert [(link.case_id, link.person) for link in links if link] == [
        (state.case_id, "dora"),
        (None, "dora"),
    ]


async def test_who_has_a_phone_only_gets_one_text_message(
    casework: Casework, digest: Digest
) -> None:
    state = await casework.open()
    while state.owner != "denis":
        state = await casework.stay_silent(state)
    await digest.write(asked("denis"))
    found = await letter(casework, "denis")
    assert (found.channel, found.address) == (Channel.SMS, "+33639980042")
    assert (found.subject, found.html) == (None, None)
    assert found.body.count("https://") == 1


async def test_the_owner_gets_the_week_with_its_picture(casework: Casework, digest: Digest) -> None:
    await casework.open()
    await digest.write(asked("nora"))
    found = await letter(casework, "nora")
    assert "1 réponse insatisfaite est arrivée, sur 1 en tout" in found.body
    [picture] = found.enclosures
    assert picture.name == "closed_loop.png"
    assert picture.content.startswith(b"\x89PNG")
    assert 'src="cid:closed_loop.png"' in (found.html or "")


async def test_words_and_pictures_lie_sealed(casework: Casework, digest: Digest) -> None:
    await casework.open()
    await digest.write(asked("nora"))
    [row] = await rows(casework)
    async with casework.database.read() as session:
        [enclosure] = (await session.exec(select(EnclosureRow))).all()
    sealed = (row.address_sealed, row.body_sealed, row.html_sealed or b"", enclosure.content_sealed)
    assert not [each for each in sealed if b"PNG" in each or b"nora" in each or b"http" in each]
