"""Every fault on the way to Twilio, played by others: who is told, how often, and what the case does then."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from itertools import permutations

import pytest
from sqlmodel import select

from models.call_tables import CallRow
from models.errors import CarrierRefused
from models.people import Channel
from models.store.outbox import Letter
from tests.activities.sms_house import DORA
from tests.activities.twilio_server import Mood
from tests.carrier.house import NUMBER, SERVICE, VOICE, Carrier, CarrierHouse, carrier_in
from tests.carrier.scenes import SCENES, Came, Reader, Scene, browser_at, play, staged

pytestmark = pytest.mark.story

LETTER = Letter("c:1:0", "ask", "owner", Channel.SMS, "fr", DORA, None, "Bonjour")
ONCE = Came(1, (1,), ("delivered",), ("acknowledged",))
LATER = replace(ONCE, posts=3)
AGAIN = Came(2, (1,), ("unknown", "delivered"), ("acknowledged",))
UNSAID = Came(2, (), ("unknown", "unknown"), ("reminded",), spoken=1)
SILENCED = Came(1, (), ("failed",), ("reminded", "told_otherwise"))
"""Nothing more by SMS: the reminder goes by e-mail."""
CONFIRMED = Came(1, (1,), ("delivered",), ("confirmed", "closed"))
UNASKED = Came(1, (), ("unknown",), ("closed",))
COMES_TO: Mapping[tuple[Reader, tuple[Mood, ...]], Came] = {
    (Reader.COLLEAGUE, (Mood.TOO_MANY,) * 2): LATER,
    (Reader.COLLEAGUE, (Mood.AWAY,)): AGAIN,
    (Reader.COLLEAGUE, (Mood.AWAY,) * 2): UNSAID,
    (Reader.COLLEAGUE, (Mood.OPTED_OUT,)): SILENCED,
    (Reader.CUSTOMER, (Mood.TOO_MANY,) * 2): replace(CONFIRMED, posts=3),
    (Reader.CUSTOMER, (Mood.AWAY,)): UNASKED,
    (Reader.CUSTOMER, (Mood.AWAY,) * 2): UNASKED,
    (Reader.CUSTOMER, (Mood.OPTED_OUT,)): replace(UNASKED, fates=("failed",)),
}
"""Whatever else Twilio does, it has the message once, we know that, and the reader follows its link."""


@pytest.fixture(scope="session")
async def carrier(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Carrier]:
    async with carrier_in(tmp_path_factory.mktemp("carrier")) as carrier:
        yield carrier


@pytest.fixture
async def house(carrier: Carrier, sqlite_url: str) -> AsyncIterator[CarrierHouse]:
    """Fails where anything that was asked, or answered, is against Twilio's description."""
    async with staged(carrier, sqlite_url) as house:
        yield house
        assert house.faults.against == []


@pytest.mark.parametrize("scene", SCENES, ids=str)
async def test_what_a_fault_comes_to(carrier: Carrier, sqlite_url: str, scene: Scene) -> None:
    otherwise = ONCE if scene.reader is Reader.COLLEAGUE else CONFIRMED
    expected = COMES_TO.get((scene.reader, scene.moods), otherwise)
    assert await play(carrier, sqlite_url, scene) == expected


async def test_news_comes_before_the_answer_and_names_a_message_whose_answer_is_lost(
    house: CarrierHouse,
) -> None:
    house.faults.moods[DORA] = [Mood.LOST]
    await house.casework.open()
    await house.post.wait(0)
    row, [held] = await house.post.row(), await house.held_for(DORA)
    assert (row.status, row.sid) == ("accepted", held["sid"])


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_signed_news_in_any_order_and_twice_comes_to_the_same(
    house: CarrierHouse, order: tuple[int, ...]
) -> None:
    gate, desk = house.carrier.gate, house.carrier.desk
    gate.shut = True
    state = await house.casework.open()
    await house.post.wait(0)
    [held] = await house.held_for(DORA)
    for status in ("sent", "delivered"):
        await desk.move(held["sid"], status)

    for n in (*order, *order):
        await gate.let_in(gate.heard[n])

    assert gate.answered == [204] * 6
    assert (await house.post.row()).status == "delivered"
    assert await house.casework.state(state.case_id) == state


async def test_what_was_signed_for_other_words_is_not_heard(house: CarrierHouse) -> None:
    gate = house.carrier.gate
    gate.shut = True
    await house.casework.open()
    await house.post.wait(0)
    [heard] = gate.heard
    forged = replace(heard, body=heard.body.replace("queued", "delivered"))
    assert (await gate.let_in(forged)).status_code == 403
    assert (await house.post.row()).status == "accepted"


async def test_a_messaging_service_is_asked_for_as_twilio_describes(
    carrier: Carrier, sqlite_url: str
) -> None:
    async with staged(carrier, sqlite_url, sender=SERVICE) as house:
        await house.post.messages.post(LETTER)
        [held] = await house.held_for(DORA)
        assert (held["messaging_service_sid"], held["from"]) == (SERVICE, NUMBER)
        assert house.faults.against == []


async def test_a_name_as_sender_is_none_that_twilio_describes_otherwise(
    carrier: Carrier, sqlite_url: str
) -> None:
    """Emulate itself knows numbers only."""
    async with staged(carrier, sqlite_url, sender="BELVALLEE") as house:
        with pytest.raises(CarrierRefused) as refused:
            await house.post.messages.post(LETTER)
        assert refused.value.their_code == 21603
        assert house.faults.against == []


@pytest.mark.parametrize("address", ["0639980041", "+0639980041", "dora"])
async def test_what_is_against_the_description_would_be_found(
    carrier: Carrier, sqlite_url: str, address: str
) -> None:
    async with staged(carrier, sqlite_url) as house:
        with pytest.raises(CarrierRefused):
            await house.post.messages.post(replace(LETTER, address=address))
        assert len(house.faults.against) == 1


async def test_a_call_is_asked_for_as_twilio_describes_and_told_of_before_the_answer(
    house: CarrierHouse,
) -> None:
    state, dora = await house.casework.open(), browser_at(house)
    await dora.post(await house.reception.link(state, "dora"))
    page = await dora.get(f"/cases/{state.case_id}")
    await dora.send(page.form("/call"))

    [call] = await house.carrier.desk.calls()
    async with house.casework.database.read() as session:
        kept = (await session.exec(select(CallRow))).one()
    assert (call["to"], call["from"], call["sid"]) == (DORA, VOICE, kept.sid)
    assert house.carrier.gate.answered == [204]
