"""One breaker for all processes: what one is told the others know, and it outlives them all."""

from asyncio import gather
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models.breaker import LATELY, TRY_LIFE, Answered, Cause, Said, Standing
from models.breaker_tables import CarrierRestRow
from models.posting import Posting
from models.store.breaker import Breaker, forget_rest, read_rest, try_carrier_now
from models.store.database import Database
from models.tables import IntentRow
from models.twilio_account import TwilioAccount, read_twilio_account
from models.vault import Vault
from tests.casework import MONDAY_MORNING as NOW
from tests.outbox_rows import keep, letter, letters

MINUTE = timedelta(minutes=1)
REFUSED, TAKEN = Answered(Said.ACCOUNT, 20003), Answered(Said.TAKEN)


def account_with(token: str) -> TwilioAccount:
    told = {"account_sid": f"AC{'5e' * 16}", "auth_token": token, "sender": "BELVALLEE"}
    account = read_twilio_account(told)
    assert account is not None
    return account


ACCOUNT = account_with("an-invented-token")


@pytest.fixture
def breaker(database: Database) -> Breaker:
    return Breaker(database, ACCOUNT)


@pytest.fixture
async def neighbour(database_url: str, vault: Vault, database: Database) -> AsyncIterator[Breaker]:
    """Of another process, which has nothing in common but the database."""
    elsewhere = Database(database_url, vault)
    yield Breaker(elsewhere, ACCOUNT)
    await elsewhere.close()


async def rows(database: Database) -> list[CarrierRestRow]:
    async with database.read() as session:
        return list((await session.exec(select(CarrierRestRow))).all())


async def test_nothing_is_written_for_a_message_that_leaves_as_usual(breaker: Breaker) -> None:
    admission = await breaker.admit(NOW)
    assert admission.wait is None
    assert await breaker.note(TAKEN, NOW, admitted=admission.rest) is None
    assert await rows(breaker.database) == []


async def test_what_one_process_is_told_the_other_knows(
    breaker: Breaker, neighbour: Breaker
) -> None:
    change = await breaker.note(REFUSED, NOW)
    assert change is not None
    assert (change.event, change.told["code"]) == ("carrier_rests", 20003)
    assert (await neighbour.admit(NOW + MINUTE)).wait == 4 * MINUTE


async def test_of_two_processes_one_tries(breaker: Breaker, neighbour: Breaker) -> None:
    await breaker.note(REFUSED, NOW)
    first, second = [await each.admit(NOW + 5 * MINUTE) for each in (breaker, neighbour)]
    assert first.wait is None
    assert first.change is not None
    assert (second.wait, second.change) == (TRY_LIFE, None)

    back = await breaker.note(TAKEN, NOW + 5 * MINUTE, admitted=first.rest)

    assert back is not None
    assert back.event == "carrier_is_back"
    assert (await neighbour.admit(NOW + 5 * MINUTE)).wait is None


async def test_of_two_processes_that_come_at_once_one_tries_also_after_one_has_died(
    breaker: Breaker, neighbour: Breaker
) -> None:
    await breaker.note(REFUSED, NOW)
    for at in (NOW + 5 * MINUTE, NOW + 5 * MINUTE + TRY_LIFE):
        coming = [each.admit(at) for each in (breaker, neighbour) * 3]
        waits = [admission.wait for admission in await gather(*coming)]
        assert sorted(waits, key=bool) == [None] + [TRY_LIFE] * 5


async def test_faults_are_counted_across_processes(breaker: Breaker, neighbour: Breaker) -> None:
    for each in (breaker, neighbour, breaker):
        await each.note(Answered(Said.FAULT, 503), NOW)
    async with breaker.database.read() as session:
        assert (await read_rest(session)).cause is Cause.FAULTS


async def test_many_refused_for_our_settings_open_it_before_the_next_leaves(
    breaker: Breaker,
) -> None:
    refused = letters(5, Posting.FAILED, reason="operator", code=21606)
    silent = letters(9, Posting.FAILED, reason="opted_out", first=NOW + timedelta(seconds=10))
    await keep(breaker.database, *refused, *silent)
    admission = await breaker.admit(NOW + MINUTE)
    assert admission.wait == 5 * MINUTE
    assert admission.change is not None
    assert admission.change.told["cause"] == "settings"
    assert (await breaker.admit(NOW + MINUTE)).change is None


async def test_a_house_of_three_texts_an_hour_notices_after_five(breaker: Breaker) -> None:
    for number in range(5):
        at = NOW + 20 * number * MINUTE
        assert (await breaker.admit(at)).wait is None
        refused = letter(f"r-{number}", Posting.FAILED, reason="operator", code=21606, posted_at=at)
        await keep(breaker.database, refused)
    assert (await breaker.admit(NOW + 100 * MINUTE)).wait == 5 * MINUTE


async def test_once_somebody_has_mended_it_five_more_have_to_fail(breaker: Breaker) -> None:
    await keep(breaker.database, *letters(5, Posting.FAILED, reason="operator", code=21606))
    await breaker.admit(NOW + MINUTE)
    tried = await breaker.admit(NOW + 6 * MINUTE)
    await breaker.note(TAKEN, NOW + 6 * MINUTE, admitted=tried.rest)
    late = NOW + 120 * MINUTE
    await keep(
        breaker.database, *letters(4, Posting.FAILED, reason="operator", code=21606, first=late)
    )
    assert (await breaker.admit(late + MINUTE)).wait is None


async def test_what_we_never_tried_and_what_is_old_opens_nothing(breaker: Breaker) -> None:
    silent = letters(9, Posting.FAILED, reason="opted_out")
    old = letters(9, Posting.FAILED, reason="operator", code=21606, first=NOW - LATELY)
    by_mail = letters(9, Posting.FAILED, reason="operator", code=1, channel="email")
    await keep(breaker.database, *silent, *old, *by_mail)
    assert (await breaker.admit(NOW + MINUTE)).wait is None


async def test_news_that_the_account_is_suspended_holds_back_calls_as_well(
    breaker: Breaker, neighbour: Breaker
) -> None:
    lost = letter("lost", Posting.FAILED, reason="break", code=30002)
    await keep(breaker.database, lost, *letters(3, Posting.ACCEPTED, first=NOW + MINUTE))

    change = await breaker.judge(NOW + 2 * MINUTE)

    assert change is not None
    assert (change.event, change.told["code"]) == ("carrier_rests", 30002)
    async with breaker.database.read() as session:
        assert (await read_rest(session)).refuses_calls(NOW + 2 * MINUTE)
    assert (await neighbour.admit(NOW + 3 * MINUTE)).wait == 4 * MINUTE
    assert await neighbour.judge(NOW + 3 * MINUTE) is None


async def test_news_of_the_text_that_was_tried_counts_also_before_its_answer_is_kept(
    breaker: Breaker,
) -> None:
    await breaker.note(REFUSED, NOW)
    began, second = NOW + 5 * MINUTE, timedelta(seconds=1)
    tried = await breaker.admit(began)
    lost = letter("lost", Posting.FAILED, reason="break", code=30002, posted_at=began + second)
    await keep(breaker.database, lost)
    assert await breaker.judge(began + second) is None
    await breaker.note(TAKEN, began + 2 * second, admitted=tried.rest)
    assert (await breaker.admit(began + 3 * second)).wait == 10 * MINUTE


async def test_late_news_of_what_was_posted_before_it_was_mended_opens_nothing(
    breaker: Breaker,
) -> None:
    await breaker.note(REFUSED, NOW)
    tried = await breaker.admit(NOW + 5 * MINUTE)
    await breaker.note(TAKEN, NOW + 5 * MINUTE, admitted=tried.rest)
    await keep(breaker.database, letter("lost", Posting.FAILED, reason="break", code=30002))
    assert await breaker.judge(NOW + 6 * MINUTE) is None
    assert (await breaker.admit(NOW + 6 * MINUTE)).wait is None


@pytest.mark.parametrize("known", [True, False])
async def test_what_another_account_is_told_later_does_not_concern_this_one(
    breaker: Breaker,
    known: bool,  # noqa: FBT001
) -> None:
    if known:
        await breaker.recognise(NOW - MINUTE)
    await Breaker(breaker.database, account_with("another-token")).recognise(NOW + MINUTE)
    await keep(breaker.database, letter("lost", Posting.FAILED, reason="break", code=30002))
    mended = Breaker(breaker.database, account_with("another-token"))
    assert await mended.judge(NOW + 2 * MINUTE) is None


async def test_other_credentials_make_a_new_start(breaker: Breaker) -> None:
    await breaker.note(REFUSED, NOW)
    held = letter("held", Posting.PENDING, not_before=NOW + 5 * MINUTE)
    await keep(breaker.database, held)
    mended = Breaker(breaker.database, account_with("another-token"))

    change = await mended.recognise(NOW + MINUTE)

    assert change is not None
    assert change.event == "carrier_is_back"
    assert (await mended.admit(NOW + MINUTE)).wait is None
    async with breaker.database.read() as session:
        assert (await session.get_one(IntentRow, "held")).not_before == NOW + MINUTE


async def test_the_same_credentials_find_what_they_left(breaker: Breaker) -> None:
    await breaker.note(REFUSED, NOW)
    again = Breaker(breaker.database, replace(ACCOUNT))
    assert await again.recognise(NOW + MINUTE) is None
    assert (await again.admit(NOW + MINUTE)).wait == 4 * MINUTE


async def test_without_an_account_nothing_is_wrong_with_one(breaker: Breaker) -> None:
    await breaker.note(REFUSED, NOW)
    async with breaker.database.write() as session:
        await forget_rest(session)
    assert await rows(breaker.database) == []


async def test_the_table_holds_no_credential(breaker: Breaker) -> None:
    await breaker.note(REFUSED, NOW)
    [row] = await rows(breaker.database)
    told = row.model_dump_json()
    assert ACCOUNT.auth_token not in told
    assert ACCOUNT.account_sid not in told


async def test_once_somebody_has_seen_to_it_the_next_is_tried_and_what_was_put_off_too(
    breaker: Breaker,
) -> None:
    await breaker.note(REFUSED, NOW)
    put_off = letter("put-off", Posting.PENDING, not_before=NOW + 5 * MINUTE)
    later = letter("later", Posting.PENDING, not_before=NOW + 5 * MINUTE, claimed_at=None)
    opening = letter("opening", Posting.PENDING, not_before=NOW + 30 * MINUTE)
    await keep(breaker.database, put_off, later, opening)
    async with breaker.database.write() as session:
        assert await try_carrier_now(session, NOW + MINUTE)

    admission = await breaker.admit(NOW + MINUTE)

    assert admission.wait is None
    assert admission.rest.standing(NOW + MINUTE) is Standing.HALF_OPEN
    async with breaker.database.read() as session:
        names = "put-off", "later", "opening"
        found = [(await session.get_one(IntentRow, name)).not_before for name in names]
    assert found == [NOW + MINUTE, NOW + 5 * MINUTE, NOW + 30 * MINUTE]


async def test_where_nothing_is_wrong_there_is_nothing_to_try(breaker: Breaker) -> None:
    async with breaker.database.write() as session:
        assert not await try_carrier_now(session, NOW)
    await breaker.note(Answered(Said.PATIENCE, 20429, MINUTE), NOW)
    async with breaker.database.write() as session:
        assert not await try_carrier_now(session, NOW)
