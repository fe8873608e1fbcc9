"""Rappel between people and Twilio's stand-ins: the real post, the real web process, and a way for faults.

our post → faults → Prism → habits → emulate → gate → our web process
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient, Limits

from models.store.second_look import SecondLook
from models.twilio_account import TwilioAccount
from tests.activities.sms_house import DORA, ODILE, PostHouse, post_house
from tests.activities.twilio_server import SID, TOKEN, account_at
from tests.carrier.packages import emulate, prism
from tests.carrier.passages import PREFIX, Desk, Faults, Gate, Habits
from tests.carrier.spec import mended
from tests.casework import MONDAY_MORNING, Casework
from tests.plain_http import listening
from tests.stories.household import free_port
from tests.web.pages.reception import Clock, Reception, settings_for
from twilio_client import Patience

NUMBER, VOICE, SERVICE = "+33937000001", "+33937000002", f"MG{'0b' * 16}"
SEED: Mapping[str, object] = {
    "twilio": {
        "account": {"sid": SID, "auth_token": TOKEN},
        "phone_numbers": [{"phone_number": NUMBER}, {"phone_number": VOICE}],
        "messaging_services": [
            {"sid": SERVICE, "friendly_name": "Ours", "phone_numbers": [NUMBER]}
        ],
    }
}
UNHURRIED = Patience(connecting=5, whole=15)
FRESH = Limits(max_keepalive_connections=0)
"""Node closes a connection that rests for some seconds, perhaps as it is used again."""
HURRIED = Patience(connecting=2, whole=2)
"""Where an answer never comes."""


@dataclass(slots=True)
class Carrier:
    """What stands in Twilio's place, for many houses one after the other."""

    prism: str
    habits: Habits
    desk: Desk
    gate: Gate
    public_url: str
    http: AsyncClient


@asynccontextmanager
async def carrier_in(folder: Path) -> AsyncIterator[Carrier]:
    """It has answered once: the first answers take much longer."""
    async with AsyncExitStack() as stack:
        http = AsyncClient(trust_env=False, timeout=60, auth=(SID, TOKEN), limits=FRESH)
        await stack.enter_async_context(http)
        enter, gate = stack.enter_async_context, Gate()
        public = await enter(listening(gate.answer))
        emulated = await enter(emulate(SEED, folder, free_port()))
        habits = Habits(emulated, http)
        upstream = f"http://{await enter(listening(habits.answer))}"
        checked = await enter(prism(mended(), upstream, folder, free_port()))
        desk = Desk(emulated, SID, http)
        first = await http.get(f"{checked}/2010-04-01/Accounts/{SID}/Messages.json")
        assert first.status_code == 200, first.text
        yield Carrier(checked, habits, desk, gate, f"http://{public}{PREFIX}", http)


@dataclass(slots=True)
class CarrierHouse:
    carrier: Carrier
    casework: Casework
    post: PostHouse
    faults: Faults
    reception: Reception
    before: frozenset[str]
    """The messages of houses before this one."""

    async def held_for(self, number: str) -> Sequence[Mapping[str, Any]]:
        """At Twilio, newest first."""
        held = await self.carrier.desk.held()
        return [each for each in held if each["to"] == number and each["sid"] not in self.before]

    async def deliver_all(self) -> None:
        for number in (DORA, ODILE):
            for each in await self.held_for(number):
                if each["status"] != "delivered":
                    await self.carrier.desk.move(each["sid"], "delivered")


@asynccontextmanager
async def house_at(
    carrier: Carrier,
    casework: Casework,
    database_url: str,
    *,
    patience: Patience = UNHURRIED,
    **account: str,
) -> AsyncIterator[CarrierHouse]:
    faults = Faults(carrier.prism, carrier.http)
    clock = Clock(MONDAY_MORNING)
    carrier.habits.clock = clock
    before = frozenset(each["sid"] for each in await carrier.desk.held())
    async with listening(faults.answer) as host:
        known = account_at(host, **{"sender": NUMBER, "voice_number": VOICE} | account)
        reception = _reception(casework, database_url, carrier.public_url, known, clock)
        carrier.gate.app, carrier.gate.shut = reception.app, False
        carrier.gate.heard.clear()
        carrier.gate.answered.clear()
        look = SecondLook(casework.book, casework.database.vault)
        public_url = carrier.public_url
        async with post_house(
            casework.database,
            known,
            clock,
            public_url=public_url,
            patience=patience,
            second_look=look,
        ) as post:
            try:
                yield CarrierHouse(carrier, casework, post, faults, reception, before)
            finally:
                faults.closing.set()
                await reception.app.state.house.database.close()


def _reception(
    casework: Casework, database_url: str, public_url: str, account: TwilioAccount, clock: Clock
) -> Reception:
    settings = settings_for(database_url, public_url).model_copy(update={"twilio": account})
    return Reception(casework, settings, clock)
