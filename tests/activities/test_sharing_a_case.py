"""Two people of one contract share a case: each has his own consent, his own address and his own wish."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.actions import Attempt, Reached, TakeBack
from models.case import CaseState, Stage
from models.store.database import Database
from models.store.outbox import Outbox
from models.survey import Identity
from models.tables import CaseRow, CustomerRow, IntentRow, KeyRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of

HOUR = timedelta(hours=1)
LATER, EVENING = MONDAY_MORNING + HOUR, MONDAY_MORNING + 6 * HOUR
OWN, SPOUSE = "+33639981234", "+33639985678"
HERVE = Identity("c-2", "Hervé Kerverne", "herve@client.example", SPOUSE)


@pytest.fixture
async def office(database: Database, vault: Vault) -> Casework:
    """It writes after the first attempt in vain."""
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    text += "\ncustomers: {case_key: contract}\n"
    return await casework_of(text, database, vault)


@pytest.fixture
async def shared(office: Casework) -> CaseState:
    state = await office.open(replace(UNHAPPY, contract="K 12-7"))
    told = another("r-2", customer=HERVE, contract="K 12-7", submitted_at=LATER)
    await office.hear(told)
    return await office.listen(state, LATER)


async def spouse(office: Casework) -> str:
    return (await office.response("r-2")).customer_id


async def try_him(office: Casework, state: CaseState, reached: Reached) -> CaseState:
    return await office.act(state, Attempt(reached, whom=await spouse(office)), LATER)


async def written_to(office: Casework, message: str) -> list[str]:
    """The addresses of what leaves for customers of this kind."""
    outbox, found = Outbox(office.database), []
    while (letter := await outbox.claim(EVENING)) is not None:
        if letter.message == message:
            found.append(letter.address)
    return found


@pytest.mark.parametrize("whom", [OWN, SPOUSE])
async def test_that_we_tried_is_written_to_whom_we_tried(
    office: Casework, shared: CaseState, whom: str
) -> None:
    if whom == SPOUSE:
        await try_him(office, shared, Reached.NO_ANSWER)
    else:
        await office.act(shared, Attempt(Reached.NO_ANSWER), LATER)

    assert await written_to(office, "tried") == [whom]


async def test_what_is_written_to_him_is_forgotten_with_him(
    office: Casework, shared: CaseState
) -> None:
    await try_him(office, shared, Reached.NO_ANSWER)

    async with office.database.read() as session:
        tried = select(IntentRow.key_id).where(IntentRow.message == "tried")
        customer = await session.get_one(CustomerRow, await spouse(office))
        assert (await session.exec(tried)).all() == [customer.key_id]


async def test_a_talk_with_either_is_a_contact_and_the_timeline_tells_with_whom(
    office: Casework, shared: CaseState
) -> None:
    state = await try_him(office, shared, Reached.REACHED)

    assert (state.stage, state.reach.whom) == (Stage.CONTACTED, await spouse(office))
    timeline = (await office.view(state.case_id)).timeline
    told = [e.facts["customer"] for e in timeline if e.kind is EntryKind.ATTEMPTED]
    assert told == [await spouse(office)]


async def test_who_does_not_let_us_write_is_not_written_to(
    office: Casework, shared: CaseState
) -> None:
    mute = replace(UNHAPPY, contract="K 12-7", consent=False, changed_at=LATER)
    await office.hear(mute, at=LATER)
    await office.act(shared, Attempt(Reached.NO_ANSWER), LATER)

    assert await written_to(office, "tried") == [SPOUSE]


async def test_where_nobody_lets_us_the_timeline_says_why_nothing_was_sent(
    office: Casework,
) -> None:
    state = await office.open()
    await office.hear(replace(UNHAPPY, consent=False, changed_at=LATER), at=LATER)
    state = await office.act(state, Attempt(Reached.NO_ANSWER), LATER)

    [why] = [
        entry.facts["why"]
        for entry in (await office.view(state.case_id)).timeline
        if entry.kind is EntryKind.NO_ADDRESS
    ]
    assert why == "no_consent"


async def test_his_wish_not_to_be_called_is_his_own(office: Casework, shared: CaseState) -> None:
    state = await try_him(office, shared, Reached.REFUSED)

    wishes = await no_calls(office)
    assert wishes == {"own": None, "spouse": LATER}
    assert not state.refused
    assert state.reach.no_calls_since is None


async def test_what_is_taken_back_was_not_his_wish(office: Casework, shared: CaseState) -> None:
    state = await try_him(office, shared, Reached.REFUSED)
    await office.act(state, TakeBack(state.seq), LATER)

    assert await no_calls(office) == {"own": None, "spouse": None}


async def test_his_wrong_number_says_nothing_of_the_other(
    office: Casework, shared: CaseState
) -> None:
    state = await try_him(office, shared, Reached.WRONG_NUMBER)

    assert not state.reach.wrong_number


async def test_nothing_is_written_to_a_stranger_who_has_his_number(
    office: Casework, shared: CaseState
) -> None:
    """Until an answer tells another one."""
    state = await try_him(office, shared, Reached.WRONG_NUMBER)
    state = await office.act(state, Attempt(Reached.NO_ANSWER, whom=await spouse(office)), LATER)

    assert await written_to(office, "tried") == [HERVE.email]


async def test_where_one_is_forgotten_the_other_and_the_colleagues_are_written_to_all_the_same(
    office: Casework, shared: CaseState
) -> None:
    async with office.database.write() as session:
        case = await session.get_one(CaseRow, shared.case_id)
        own = await session.get_one(CustomerRow, case.customer_id)
        await session.delete(await session.get_one(KeyRow, own.key_id))
    await office.stay_silent(shared)

    async with office.database.read() as session:
        newest = select(IntentRow).order_by(col(IntentRow.seq).desc()).limit(1)
        letter = (await session.exec(newest)).one()
    assert (letter.message, letter.person) == ("reminder", "dora")


async def no_calls(office: Casework) -> dict[str, object]:
    async with office.database.read() as session:
        ids = {"own": "r-1", "spouse": "r-2"}
        return {
            who: (
                await session.get_one(CustomerRow, (await office.response(of)).customer_id)
            ).no_calls_since
            for who, of in ids.items()
        }
