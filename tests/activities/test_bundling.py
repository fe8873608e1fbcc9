"""A flood of cases for one colleague is told in one message, once, and each case says so."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from activities.bundling import Bundling
from activities.fallbacks import Fallbacks
from activities.post_office import PostOffice
from models.actions import Acknowledge, Close, Outcome
from models.case import CaseState
from models.fallback_tables import FallbackRow
from models.mailing import Mailing
from models.people import Channel
from models.posting import Posting
from models.store.access import find_link
from models.store.outbox import Letter, Outbox
from models.store.second_look import SecondLook
from models.store.unreachable import unreachable_people
from models.tables import IntentRow
from models.timeline import EntryKind
from templates.messages import MessageTemplates
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.grave import have_topics

MINUTE = timedelta(minutes=1)
URL = "https://rappel.example"


def looking(casework: Casework) -> SecondLook:
    return SecondLook(casework.book, casework.database.vault)


def bundling_of(casework: Casework) -> Bundling:
    return Bundling(casework.database, looking(casework), MessageTemplates(), URL)


async def flood(
    casework: Casework,
    *numbers: int,
    at: datetime = MONDAY_MORNING,
    comment: str = "No call.",
    region: str = "north",
) -> list[CaseState]:
    """Of as many customers, all of them dora's; those of the south are nora's, who has an e-mail only."""
    return [
        await casework.open(
            another(
                f"r-{n}",
                customer=replace(
                    UNHAPPY.customer, id=f"c-{n}", email=f"{n}@client.example", phone=None
                ),
                submitted_at=at,
                comment=comment,
                region=region,
            )
        )
        for n in numbers
    ]


async def leaving(casework: Casework, at: datetime) -> list[Letter]:
    outbox, left = Outbox(casework.database, looking(casework)), []
    while (letter := await outbox.claim(at)) is not None:
        await outbox.settle(letter.intent, Posting.ACCEPTED, at=at)
        left.append(letter)
    return left


async def bundles(casework: Casework) -> list[IntentRow]:
    async with casework.database.read() as session:
        of_many = select(IntentRow).where(IntentRow.message == Mailing.BUNDLE)
        return list((await session.exec(of_many)).all())


async def unsent(casework: Casework, state: CaseState) -> list[Mapping[str, str | int]]:
    timeline = (await casework.view(state.case_id)).timeline
    return [entry.facts for entry in timeline if entry.kind is EntryKind.NOT_SENT]


async def test_many_cases_are_told_in_one_message(casework: Casework) -> None:
    states = await flood(casework, *range(7))

    await bundling_of(casework).gather(MONDAY_MORNING)
    [letter] = await leaving(casework, MONDAY_MORNING)

    assert (letter.message, letter.channel, letter.address) == ("bundle", "sms", "+33639980041")
    assert "7 rappels vous attendent" in letter.body
    for state in states:
        told = {"message": "ask", "why": "bundled", "stage": "asked"}
        assert await unsent(casework, state) == [told]
        messages = (await casework.view(state.case_id)).messages
        assert [m.status for m in messages] == ["withdrawn"]


async def test_its_one_link_leads_to_the_inbox_and_names_no_case(casework: Casework) -> None:
    await flood(casework, 1, 2, 3)
    await bundling_of(casework).gather(MONDAY_MORNING)
    [letter] = await leaving(casework, MONDAY_MORNING)

    [link] = [word for word in letter.body.split() if word.startswith(URL)]
    async with casework.database.read() as session:
        found = await find_link(session, link.rpartition("/")[2], at=MONDAY_MORNING)

    assert found is not None
    assert (found.person, found.case_id) == ("dora", None)


async def test_two_cases_are_two_messages(casework: Casework) -> None:
    await flood(casework, 1, 2)

    await bundling_of(casework).gather(MONDAY_MORNING)

    assert await bundles(casework) == []


async def test_a_flood_is_told_once_however_often_it_is_looked_for(casework: Casework) -> None:
    await flood(casework, 1, 2, 3)
    for _ in range(3):
        await bundling_of(casework).gather(MONDAY_MORNING)

    assert len(await bundles(casework)) == 1


async def test_a_process_that_dies_before_the_message_is_kept_leaves_all_as_it_was(
    casework: Casework,
) -> None:
    states = await flood(casework, 1, 2, 3)

    class Dying(MessageTemplates):
        def say(self, *_: object) -> None:  # type: ignore[override]
            raise KeyboardInterrupt

    dying = replace(bundling_of(casework), templates=Dying())
    with pytest.raises(KeyboardInterrupt):
        await dying.gather(MONDAY_MORNING)

    assert await bundles(casework) == []
    assert [await unsent(casework, state) for state in states] == [[], [], []]
    await bundling_of(casework).gather(MONDAY_MORNING)
    assert len(await bundles(casework)) == 1


async def test_what_comes_after_the_flood_is_told_with_what_of_it_has_not_left(
    casework: Casework,
) -> None:
    await flood(casework, 1, 2, 3)
    await bundling_of(casework).gather(MONDAY_MORNING)
    await flood(casework, 4)
    await bundling_of(casework).gather(MONDAY_MORNING)

    [letter] = await leaving(casework, MONDAY_MORNING)

    assert "4 rappels" in letter.body


async def test_what_must_wait_its_turn_is_told_together_when_it_comes(casework: Casework) -> None:
    """The first one leaves at once; three more come within its minute."""
    await flood(casework, 1)
    assert len(await leaving(casework, MONDAY_MORNING)) == 1
    await flood(casework, 2, 3, 4)
    assert await leaving(casework, MONDAY_MORNING) == []

    later = MONDAY_MORNING + MINUTE
    await bundling_of(casework).gather(later)
    [letter] = await leaving(casework, later)

    assert letter.message == "bundle"
    assert "4 rappels" in letter.body, "what waits for him, the first one included"


async def test_a_zero_tolerance_case_is_never_told_among_others(casework: Casework) -> None:
    await have_topics(casework)
    await flood(casework, 1, 2, 3, comment="My lawyer will write.")

    await bundling_of(casework).gather(MONDAY_MORNING)

    assert await bundles(casework) == []
    assert len(await leaving(casework, MONDAY_MORNING)) == 6


async def test_who_has_acted_meanwhile_is_not_told_of_that_case(casework: Casework) -> None:
    states = await flood(casework, 1, 2, 3, 4)
    await casework.act(states[0], Acknowledge(), MONDAY_MORNING)

    await bundling_of(casework).gather(MONDAY_MORNING)

    assert [facts.get("why") for facts in await unsent(casework, states[0])] == [None]
    assert [facts["why"] for facts in await unsent(casework, states[1])] == ["bundled"]


async def test_a_bundle_that_waited_until_nothing_does_is_not_sent(casework: Casework) -> None:
    states = await flood(casework, 1, 2, 3)
    await bundling_of(casework).gather(MONDAY_MORNING)
    for state in states:
        declined = await casework.act(state, Acknowledge(), MONDAY_MORNING)
        await casework.act(declined, Close(Outcome.WITHDRAWN), MONDAY_MORNING)

    assert await leaving(casework, MONDAY_MORNING) == []
    assert [(row.status, row.reason) for row in await bundles(casework)] == [
        ("withdrawn", "nothing_waits")
    ]


async def test_the_post_office_makes_one_of_many_before_it_takes_any(casework: Casework) -> None:
    await flood(casework, *range(5))
    posted: list[str] = []

    class Pillar:
        async def post(self, letter: Letter) -> None:
            posted.append(letter.message)

    outbox = Outbox(casework.database, looking(casework))
    gather = bundling_of(casework).gather
    await PostOffice(outbox, Pillar(), lambda: MONDAY_MORNING, gather).empty()

    assert posted == ["bundle"]


async def test_a_customer_never_gets_a_bundle(casework: Casework) -> None:
    await flood(casework, *range(5))
    await bundling_of(casework).gather(MONDAY_MORNING)

    assert {row.person for row in await bundles(casework)} == {"dora"}
    assert {row.audience for row in await bundles(casework)} == {"colleague"}


async def lose(
    casework: Casework, at: datetime = MONDAY_MORNING, status: Posting = Posting.FAILED
) -> Letter:
    """What leaves next: its carrier refuses it."""
    outbox = Outbox(casework.database, looking(casework))
    letter = await outbox.claim(at)
    assert letter is not None
    await outbox.settle(letter.intent, status, at=at, reason="refused")
    return letter


async def look_after(casework: Casework, at: datetime = MONDAY_MORNING) -> None:
    ways = [*Channel]
    looking_after = Fallbacks(
        casework.database, looking(casework), ways=ways, clock=lambda: at, written=lambda: None
    )
    await looking_after.look_after_all()


async def told(casework: Casework, state: CaseState) -> list[tuple[EntryKind, str]]:
    timeline = (await casework.view(state.case_id)).timeline
    kinds = {EntryKind.TOLD_ALONE, EntryKind.TOLD_OTHERWISE}
    return [(e.kind, str(e.facts["message"])) for e in timeline if e.kind in kinds]


async def lost_bundle(casework: Casework, *numbers: int) -> list[CaseState]:
    """To nora, who has no other way."""
    states = await flood(casework, *numbers, region="south")
    await bundling_of(casework).gather(MONDAY_MORNING)
    assert (await lose(casework)).message == "bundle"
    return states


async def test_what_a_lost_bundle_told_is_told_of_each_case(casework: Casework) -> None:
    states = await lost_bundle(casework, 1, 2, 3)
    await asyncio.gather(*(look_after(casework) for _ in range(3)))

    for state in states:
        assert await told(casework, state) == [(EntryKind.TOLD_ALONE, "ask")]
    await bundling_of(casework).gather(MONDAY_MORNING)
    left = await leaving(casework, MONDAY_MORNING)
    assert [letter.message for letter in left] == ["ask"] * 3
    assert len(await bundles(casework)) == 1


async def test_what_came_back_once_does_not_come_back_again(casework: Casework) -> None:
    await lost_bundle(casework, 1, 2, 3)
    await look_after(casework)
    for _ in range(3):
        await lose(casework)
    await look_after(casework, MONDAY_MORNING + 15 * MINUTE)

    assert await leaving(casework, MONDAY_MORNING + 15 * MINUTE) == []


async def test_a_lost_bundle_and_a_lost_letter_are_two_messages_lost(casework: Casework) -> None:
    await lost_bundle(casework, 1, 2, 3)
    await look_after(casework)
    async with casework.database.read() as session:
        assert await unreachable_people(session, MONDAY_MORNING) == frozenset()
    await lose(casework)
    async with casework.database.read() as session:
        assert await unreachable_people(session, MONDAY_MORNING) == {"nora"}


async def test_of_a_case_that_somebody_acted_on_nothing_is_told_again(casework: Casework) -> None:
    states = await lost_bundle(casework, 1, 2, 3)
    await casework.act(states[0], Acknowledge(), MONDAY_MORNING)
    await look_after(casework)

    assert await told(casework, states[0]) == []
    assert len(await leaving(casework, MONDAY_MORNING)) == 2


async def test_what_a_bundle_held_of_one_before_it_comes_back_too(casework: Casework) -> None:
    await flood(casework, 1, 2, 3, region="south")
    await bundling_of(casework).gather(MONDAY_MORNING)
    await lost_bundle(casework, 4)
    await look_after(casework)

    assert len(await leaving(casework, MONDAY_MORNING)) == 4


async def test_a_bundle_that_may_have_left_is_waited_for(casework: Casework) -> None:
    await flood(casework, 1, 2, 3, region="south")
    await bundling_of(casework).gather(MONDAY_MORNING)
    await lose(casework, status=Posting.UNKNOWN)
    await look_after(casework, MONDAY_MORNING + 9 * MINUTE)
    assert await leaving(casework, MONDAY_MORNING + 9 * MINUTE) == []

    later = MONDAY_MORNING + 10 * MINUTE
    await look_after(casework, later)
    assert len(await leaving(casework, later)) == 3


async def test_a_bundle_that_arrived_leaves_nothing_to_look_after(casework: Casework) -> None:
    await flood(casework, 1, 2, 3, region="south")
    await bundling_of(casework).gather(MONDAY_MORNING)
    await leaving(casework, MONDAY_MORNING)
    await look_after(casework, MONDAY_MORNING)

    assert await leaving(casework, MONDAY_MORNING + 24 * 60 * MINUTE) == []
    async with casework.database.read() as session:
        assert (await session.exec(select(FallbackRow))).all() == []


async def test_a_lost_bundle_goes_the_other_way_and_then_by_each_case(casework: Casework) -> None:
    states = await flood(casework, 1, 2, 3)
    await bundling_of(casework).gather(MONDAY_MORNING)
    assert (await lose(casework)).channel == "sms"
    await look_after(casework)
    assert await told(casework, states[0]) == [(EntryKind.TOLD_OTHERWISE, "ask")]

    mail = await lose(casework)
    assert (mail.message, mail.channel, mail.address) == ("bundle", "email", "dora@small.example")
    assert "3 rappels" in mail.body
    await look_after(casework)

    left = []
    for minute in range(1, 4):
        left += await leaving(casework, MONDAY_MORNING + minute * MINUTE)
    assert [(letter.message, letter.channel) for letter in left] == [("ask", "sms")] * 3
    assert len(await told(casework, states[0])) == 2
