"""Each letter leaves once, whatever the carrier answers and whoever dies."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.post_office import CLAIM_LIFE, PATIENCE, PostOffice
from activities.rounds import go_round
from models.carrier_errors import Silence
from models.errors import CarrierBusy, CarrierRefused
from models.people import Channel
from models.posting import Posting
from models.store.outbox import SOME, Letter, Outbox
from models.store.suppressions import count_silenced
from models.survey import Identity
from models.tables import IntentRow
from tests.casework import MONDAY_MORNING, Casework, another
from tests.waiting import until


@dataclass(slots=True)
class Pillar:
    """A carrier that keeps what it is given, and answers with the errors it was told to."""

    errors: list[Exception] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def post(self, letter: Letter) -> None:
        self.taken.append(letter.intent)
        if self.errors:
            raise self.errors.pop(0)


@dataclass(slots=True)
class Nothing:
    """A second look that withdraws all but what comes to that name."""

    but: str
    looks: int = 0

    async def lets_leave(self, session: AsyncSession, letter: IntentRow, now: datetime) -> bool:
        self.looks += 1
        if letter.id != self.but:
            letter.status = Posting.WITHDRAWN
        return letter.id == self.but


@dataclass(slots=True)
class Clock:
    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now


async def statuses(casework: Casework, case_id: str) -> list[str]:
    return [m.status for m in (await casework.view(case_id)).messages]


async def run_until_taken(office: PostOffice, pillar: Pillar, count: int) -> None:
    """Cancelling lets the letter in hand be settled first."""
    running = asyncio.create_task(office.run())
    await until(lambda: len(pillar.taken) >= count)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_letter_is_posted_once(casework: Casework) -> None:
    state = await casework.open()
    pillar = Pillar()
    await run_until_taken(PostOffice(Outbox(casework.database), pillar, Clock()), pillar, 1)
    assert await statuses(casework, state.case_id) == ["accepted"]
    assert await Outbox(casework.database).claim(MONDAY_MORNING) is None


async def test_two_post_offices_have_one_winner(casework: Casework) -> None:
    await casework.open()
    outbox = Outbox(casework.database)
    claims = await asyncio.gather(*(outbox.claim(MONDAY_MORNING) for _ in range(4)))
    assert len([letter for letter in claims if letter]) == 1


async def test_a_letter_does_not_leave_before_its_hour(casework: Casework) -> None:
    await casework.open()
    assert await Outbox(casework.database).claim(MONDAY_MORNING - timedelta(seconds=1)) is None


async def test_a_busy_carrier_is_tried_again_later(casework: Casework) -> None:
    await casework.open()
    pillar, clock = Pillar([CarrierBusy("later")]), Clock()
    office = PostOffice(Outbox(casework.database), pillar, clock)
    await run_until_taken(office, pillar, 1)
    clock.now += PATIENCE
    await run_until_taken(office, pillar, 2)
    assert len(set(pillar.taken)) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [(CarrierRefused("no such number"), "failed"), (ConnectionResetError(), "unknown")],
)
async def test_what_may_have_left_is_not_posted_again(
    casework: Casework, error: Exception, status: str
) -> None:
    state = await casework.open()
    pillar, clock = Pillar([error]), Clock()
    await run_until_taken(PostOffice(Outbox(casework.database), pillar, clock), pillar, 1)
    clock.now += CLAIM_LIFE * 2
    assert await Outbox(casework.database).claim(clock.now) is None
    assert await statuses(casework, state.case_id) == [status]


async def test_a_message_lost_with_its_process_is_not_taken_for_sent(casework: Casework) -> None:
    state = await casework.open()
    outbox = Outbox(casework.database)
    await outbox.claim(MONDAY_MORNING)
    later = MONDAY_MORNING + CLAIM_LIFE + timedelta(seconds=1)
    assert await outbox.give_up_claims(later - CLAIM_LIFE) == 1
    assert await statuses(casework, state.case_id) == ["unknown"]
    assert await outbox.claim(later) is None


async def test_what_a_slow_process_learns_after_its_claim_was_given_up_still_counts(
    casework: Casework,
) -> None:
    state = await casework.open()
    outbox = Outbox(casework.database)
    letter = await given_up(outbox)
    await outbox.settle(letter, Posting.ACCEPTED, at=MONDAY_MORNING + 3 * CLAIM_LIFE, sid="SM1")
    assert await statuses(casework, state.case_id) == ["accepted"]


async def test_what_was_not_processed_leaves_later_although_its_claim_was_given_up(
    casework: Casework,
) -> None:
    state = await casework.open()
    outbox = Outbox(casework.database)
    letter = await given_up(outbox)
    later = MONDAY_MORNING + 4 * CLAIM_LIFE
    await outbox.put_back(letter, not_before=later)
    assert await statuses(casework, state.case_id) == ["pending"]
    assert await outbox.claim(later) is not None


async def test_what_a_carrier_left_unclear_stays_so(casework: Casework) -> None:
    state = await casework.open()
    outbox = Outbox(casework.database)
    letter = await outbox.claim(MONDAY_MORNING)
    assert letter is not None
    await outbox.settle(letter.intent, Posting.UNKNOWN, at=MONDAY_MORNING, reason="no_answer")
    await outbox.put_back(letter.intent, not_before=MONDAY_MORNING)
    assert await statuses(casework, state.case_id) == ["unknown"]


async def test_a_number_that_says_stop_to_several_at_once_is_silent_and_all_is_settled(
    casework: Casework,
) -> None:
    """On PostgreSQL they meet where each writes that it is silent."""
    outbox = Outbox(casework.database)
    for number in range(4):
        await casework.open(another(f"r-{number}", customer=Identity(f"c-{number}")))
    letters = [await outbox.claim(MONDAY_MORNING, Channel.SMS) for _ in range(4)]
    settling = partial(
        outbox.settle, status=Posting.FAILED, at=MONDAY_MORNING, reason="opted_out", code=21610
    )

    await asyncio.gather(*(settling(letter.intent) for letter in letters if letter))

    async with casework.database.read() as session:
        told = (await session.exec(select(IntentRow.status))).all()
        silenced = await count_silenced(session, MONDAY_MORNING)
    assert (told, silenced) == (["failed"] * 4, {Silence.OPTED_OUT: 1})


async def test_a_fault_that_nobody_thought_of_stops_no_loop(casework: Casework) -> None:
    state = await casework.open()
    pillar, faults = Pillar(), [ZeroDivisionError() for _ in Channel]

    async def gather(now: datetime) -> None:
        if faults:
            raise faults.pop()

    office = PostOffice(Outbox(casework.database), pillar, Clock(), gather)
    running = asyncio.create_task(office.run())
    await until(lambda: running.done() or not faults)
    office.wake()
    await until(lambda: running.done() or pillar.taken)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await statuses(casework, state.case_id) == ["accepted"]


async def test_what_goes_round_goes_on_after_a_fault() -> None:
    looks: list[int] = []

    async def look() -> None:
        looks.append(1)
        raise ZeroDivisionError

    going = asyncio.create_task(go_round(look, timedelta(0), waits="nothing_waits"))
    await until(lambda: going.done() or len(looks) > 1)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going


async def behind_much(casework: Casework) -> str:
    """The letter that leaves, behind more of those that do not than are looked at together."""
    await casework.open()
    async with casework.database.write() as session:
        row = (await session.exec(select(IntentRow))).one()
        for number in range(SOME + 1):
            kept = row.model_dump(exclude={"id", "not_before"})
            before = MONDAY_MORNING - timedelta(minutes=1)
            session.add(IntentRow(**kept, id=f"before-{number}", not_before=before))
    return row.id


async def test_few_letters_are_looked_at_in_one_unit(casework: Casework) -> None:
    second_look = Nothing(await behind_much(casework))
    look = await Outbox(casework.database, second_look).look(MONDAY_MORNING)
    assert (look.letter, look.again, second_look.looks) == (None, True, SOME)
    async with casework.database.read() as session:
        withdrawn = select(IntentRow.id).where(IntentRow.status == Posting.WITHDRAWN)
        assert len((await session.exec(withdrawn)).all()) == SOME


async def test_what_lies_behind_many_that_do_not_leave_leaves_at_once(casework: Casework) -> None:
    intent = await behind_much(casework)
    pillar = Pillar()
    office = PostOffice(Outbox(casework.database, Nothing(intent)), pillar, Clock())
    await office.empty()
    assert pillar.taken == [intent]


async def given_up(outbox: Outbox) -> str:
    letter = await outbox.claim(MONDAY_MORNING)
    assert letter is not None
    assert await outbox.give_up_claims(MONDAY_MORNING + timedelta(seconds=1)) == 1
    return letter.intent
