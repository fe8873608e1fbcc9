"""Texts that came in: kept once, read in their order, and whose they are."""

import asyncio
from datetime import timedelta
from functools import partial

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import HandOver
from models.carrier_errors import Silence
from models.notices import Audience
from models.obsolescence import Unsent
from models.posting import Posting
from models.replies import Keyword
from models.store.database import box_of
from models.store.questions import LATELY, asked_of, cases_of, chosen_by, offer
from models.store.suppressions import silence_of
from models.store.texts import (
    CLAIM,
    KEPT,
    Text,
    belong,
    claim_text,
    customers_at,
    drop_old_texts,
    index_of,
    keep_text,
    lock_text,
    may_answer,
    open_text,
    put_off,
)
from models.suppression_tables import SuppressionRow
from models.survey import Identity
from models.tables import CustomerRow, IntentRow, KeyRow
from models.text_tables import TextRow
from tests.casework import MONDAY_MORNING, Casework, another

ODILE, YANN = "+33639981234", "+33639985678"
SECOND = timedelta(seconds=1)


async def kept(
    casework: Casework,
    sid: str,
    sender: str,
    *,
    after: timedelta = timedelta(),
    keyword: Keyword | None = None,
) -> TextRow | None:
    text, at = Text(sid, sender, "Bonjour"), MONDAY_MORNING + after
    keeping = partial(keep_text, vault=casework.database.vault, text=text, keyword=keyword, at=at)
    return await casework.database.write_again(keeping)


async def claimed(casework: Casework, after: timedelta) -> str | None:
    now = MONDAY_MORNING + after
    return await casework.database.write_again(partial(claim_text, now=now))


async def sent(casework: Casework) -> None:
    """All that waits has left."""
    async with casework.database.write() as session:
        for row in (await session.exec(select(IntentRow))).all():
            row.status = Posting.ACCEPTED
            session.add(row)


async def test_a_text_that_is_brought_twice_at_once_is_kept_once(casework: Casework) -> None:
    rows = await asyncio.gather(*(kept(casework, "SM1", ODILE) for _ in range(2)))
    assert sorted(row is None for row in rows) == [False, True]
    async with casework.database.read() as session:
        assert len((await session.exec(select(TextRow))).all()) == 1


async def test_texts_of_one_number_are_read_in_their_order(casework: Casework) -> None:
    await kept(casework, "SM9", ODILE)
    await kept(casework, "SM1", ODILE, after=SECOND)
    await kept(casework, "SM2", YANN, after=2 * SECOND)

    assert await claimed(casework, 3 * SECOND) == "SM9"
    assert await claimed(casework, 3 * SECOND) == "SM2"
    assert await claimed(casework, 3 * SECOND) is None
    assert await claimed(casework, 4 * SECOND + CLAIM) == "SM9", "whoever had it is dead"
    async with casework.database.write() as session:
        (await lock_text(session, "SM9")).take_after = None
    assert await claimed(casework, 5 * SECOND + CLAIM) == "SM1"


async def test_what_could_not_be_recorded_waits_as_long_again(casework: Casework) -> None:
    await kept(casework, "SM1", ODILE)
    async with casework.database.write() as session:
        row = await lock_text(session, "SM1")
        put_off(row, now=MONDAY_MORNING + 60 * SECOND)
    assert row.take_after == MONDAY_MORNING + 120 * SECOND


async def test_a_text_becomes_its_customers_and_its_own_key_is_gone(casework: Casework) -> None:
    await casework.open()
    row = await kept(casework, "SM1", ODILE)
    assert row is not None
    vault = casework.database.vault
    async with casework.database.write() as session:
        [customer] = await customers_at(session, vault, row.number)
        found = await lock_text(session, "SM1")
        own = await box_of(session, vault, found.key_id)
        assert own is not None
        text = open_text(found, own)
        await belong(session, vault, found, text, customer)
        await belong(session, vault, found, text, customer)
    async with casework.database.read() as session:
        again = await session.get_one(TextRow, "SM1")
        box = await box_of(session, vault, again.key_id)
        assert await session.get(KeyRow, row.key_id) is None
    assert again.customer_id == customer.id
    assert box is not None
    assert open_text(again, box) == Text("SM1", ODILE, "Bonjour")


async def test_who_is_forgotten_is_nobody_at_that_number(casework: Casework) -> None:
    await casework.open()
    vault = casework.database.vault
    async with casework.database.write() as session:
        customer = (await session.exec(select(CustomerRow))).one()
        await session.delete(await session.get_one(KeyRow, customer.key_id))
        await session.flush()
        assert await customers_at(session, vault, index_of(vault, ODILE)) == []


async def test_who_writes_from_a_number_shows_that_it_lives_and_not_that_he_opted_in(
    casework: Casework,
) -> None:
    vault = casework.database.vault

    async def silence(number: str) -> Silence | None:
        async with casework.database.read() as session:
            return await silence_of(session, vault, number, MONDAY_MORNING)

    for number, reason in ((ODILE, Silence.DEAD_NUMBER), (YANN, Silence.OPTED_OUT)):
        index = vault.index("suppressed", number)
        async with casework.database.write() as session:
            row = SuppressionRow(number=index, reason=reason, code=30006, at=MONDAY_MORNING)
            session.add(row)
        await kept(casework, f"SM-{reason}", number)
    assert (await silence(ODILE), await silence(YANN)) == (None, Silence.OPTED_OUT)


async def test_five_answers_an_hour(casework: Casework) -> None:
    for n in range(5):
        await kept(casework, f"SM{n}", ODILE)
    number = index_of(casework.database.vault, ODILE)
    async with casework.database.write() as session:
        for row in (await session.exec(select(TextRow))).all():
            assert await may_answer(session, number, now=MONDAY_MORNING)
            row.answered_at = MONDAY_MORNING
            session.add(row)
            await session.flush()
        assert not await may_answer(session, number, now=MONDAY_MORNING)
        assert await may_answer(session, number, now=MONDAY_MORNING + timedelta(hours=1))


async def test_only_what_a_text_asked_and_he_still_has_is_a_question(casework: Casework) -> None:
    one = await casework.open()
    other = await casework.open(another("r-2", customer=Identity("c-2", "Yann", phone=YANN)))

    async def questions(after: timedelta = timedelta()) -> list[str]:
        async with casework.database.read() as session:
            rows = await asked_of(session, "dora", now=MONDAY_MORNING + after)
        return sorted(row.id for row in rows)

    assert await questions() == [], "nothing has left yet"
    await sent(casework)
    assert await questions() == sorted((one.case_id, other.case_id))
    assert await questions(LATELY + SECOND) == []
    await casework.act(other, HandOver("denis"), MONDAY_MORNING)
    assert await questions() == [one.case_id]


async def test_what_was_told_together_is_asked_once_that_message_has_left(
    casework: Casework,
) -> None:
    case = await casework.open()

    async def questions(bundle: Posting) -> list[str]:
        async with casework.database.write() as session:
            rows = (await session.exec(select(IntentRow))).all()
            [letter] = [row for row in rows if row.case_id]
            letter.status, letter.reason = Posting.WITHDRAWN, Unsent.BUNDLED
            letter.bundled_in = "bundle:1"
            told = next((row for row in rows if row.id == "bundle:1"), None)
            told = told or IntentRow(
                **letter.model_dump(exclude={"id", "case_id", "bundled_in", "nags"}),
                id="bundle:1",
                nags=False,
            )
            told.status, told.reason = bundle, None
            told.claimed_at = told.posted_at = MONDAY_MORNING + SECOND
            session.add(letter)
            session.add(told)
        async with casework.database.read() as session:
            asked = await asked_of(session, "dora", now=MONDAY_MORNING + SECOND)
            assert await asked_of(session, "dora", now=MONDAY_MORNING) == []
        return [case.id for case in asked]

    assert await questions(Posting.SENDING) == []
    assert await questions(Posting.ACCEPTED) == [case.case_id]
    assert await questions(Posting.FAILED) == []


async def test_a_number_stays_with_its_case_and_is_given_to_no_other(casework: Casework) -> None:
    async def offered(session: AsyncSession, *cases: str, after: timedelta) -> list[int]:
        now = MONDAY_MORNING + after
        return list(await offer(session, "dora", cases, now=now))

    day = timedelta(days=1)
    async with casework.database.write() as session:
        assert await offered(session, "a", "b", after=0 * day) == [1, 2]
        await session.flush()
        assert await offered(session, "c", "b", after=2 * day) == [3, 2]
        await session.flush()
        assert await chosen_by(session, "dora", 1, now=MONDAY_MORNING + 3 * day) == "a"
        assert await chosen_by(session, "dora", 1, now=MONDAY_MORNING + 8 * day) is None
        assert await chosen_by(session, "denis", 2, now=MONDAY_MORNING) is None
        assert await offered(session, "d", after=10 * day) == [1]


async def test_words_go_to_the_case_of_which_he_was_written_last(casework: Casework) -> None:
    one = await casework.open()
    other = await casework.open(another("r-2", customer=Identity("c-2", "Yann", phone=ODILE)))
    async with casework.database.read() as session:
        customers = [row.id for row in (await session.exec(select(CustomerRow))).all()]
        newest = [row.id for row in await cases_of(session, customers)]
    assert newest == [other.case_id, one.case_id]
    async with casework.database.write() as session:
        asked = select(IntentRow).where(IntentRow.case_id == one.case_id)
        row = (await session.exec(asked)).one()
        row.audience, row.status = Audience.CUSTOMER, Posting.ACCEPTED
        session.add(row)
    async with casework.database.read() as session:
        assert (await cases_of(session, customers))[0].id == one.case_id


async def test_a_text_of_no_case_and_its_key_are_deleted_after_ninety_days(
    casework: Casework,
) -> None:
    stranger = await kept(casework, "SM1", YANN)
    assert stranger is not None
    await kept(casework, "SM2", YANN, after=SECOND)
    await kept(casework, "SM3", YANN)
    await kept(casework, "SM4", YANN)
    async with casework.database.write() as session:
        for sid in ("SM1", "SM2", "SM3"):
            (await lock_text(session, sid)).take_after = None
        (await lock_text(session, "SM3")).case_id = "a case"

    for _ in range(2):
        dropping = partial(drop_old_texts, now=MONDAY_MORNING + KEPT)
        await casework.database.write_again(dropping)
    async with casework.database.read() as session:
        left = (await session.exec(select(TextRow).order_by(TextRow.sid))).all()
        assert [row.sid for row in left] == ["SM2", "SM3", "SM4"], "SM4 is still to be read"
        assert await session.get(KeyRow, stranger.key_id) is None
        assert all([await session.get(KeyRow, row.key_id) for row in left])


async def test_the_key_of_a_customer_outlives_his_old_texts(casework: Casework) -> None:
    await kept(casework, "SM1", ODILE)
    await casework.open()
    async with casework.database.write() as session:
        row = await lock_text(session, "SM1")
        row.take_after = None
        customer = (await session.exec(select(CustomerRow))).one()
        assert row.customer_id == customer.id
    dropping = partial(drop_old_texts, now=MONDAY_MORNING + KEPT)
    assert await casework.database.write_again(dropping) == 1
    async with casework.database.read() as session:
        assert await session.get(KeyRow, customer.key_id) is not None
