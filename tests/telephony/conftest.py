from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import col, select

from models.bridge import Call
from models.call_tables import CallEventRow, CallRow
from models.case import CaseState
from models.store.bridges import CallView, latest_call
from models.store.database import Database
from models.twilio_account import SenderKind, TwilioAccount
from tests.casework import UNHAPPY, Casework
from tests.telephony.calls_resource import CallsResource, listening
from tests.telephony.exchange import VOICE, Exchange
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception, settings_for
from web.twilio.caller import TwilioCaller

ABROAD = "https://rappel.example"
ACCOUNT = TwilioAccount(
    "AC" + "a" * 32, "an-invented-token", "Rappel", SenderKind.ALPHA, voice_number=VOICE
)
DEPUTY = "denis"
"""He acts for the director, and reads English."""
DIRECTOR, CUSTOMER = "+33639980042", UNHAPPY.customer.phone


@dataclass(slots=True)
class Line:
    """A case, its director before its page, and the telephone network round them."""

    reception: Reception
    exchange: Exchange
    resource: CallsResource
    state: CaseState
    director: Browser
    expected: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/cases/{self.state.case_id}"

    async def look(self) -> Page:
        return await self.director.get(self.path)

    async def tap(self) -> Page:
        page = await self.look()
        return await self.director.send(page.form("/call"))

    async def call(self) -> CallView:
        """Tapped, played to its end, and as it is kept."""
        await self.tap()
        await self.exchange.play(self.exchange.placed[-1])
        return await self.kept()

    async def kept(self) -> CallView:
        async with self.reception.casework.database.read() as session:
            now = self.reception.clock()
            found = await latest_call(session, self.state.case_id, DEPUTY, now=now)
        assert found is not None
        return found

    async def rows(self) -> tuple[list[CallRow], list[CallEventRow]]:
        async with self.reception.casework.database.read() as session:
            calls = (await session.exec(select(CallRow).order_by(col(CallRow.id)))).all()
            events = (await session.exec(select(CallEventRow))).all()
        return list(calls), list(events)

    def without_voice(self) -> None:
        state = self.reception.app.state
        state.house = replace(state.house, caller=None)

    @asynccontextmanager
    async def database_away(self) -> AsyncIterator[None]:
        state, here = self.reception.app.state, self.reception.app.state.house
        vault = here.database.vault
        nowhere = Database("sqlite+aiosqlite:////nowhere/rappel.db", vault)
        state.house = replace(here, database=nowhere)
        yield
        state.house = here
        await nowhere.close()

    def hurry(self) -> None:
        """Nobody waits long for an answer."""
        state = self.reception.app.state
        state.house = replace(state.house, speaks_within=0.2)

    def expect(self, *, placed: int = 1, dialled: int) -> None:
        """So many calls to the director, and so many to the customer: the test fails on any other."""
        self.expected = [DIRECTOR] * placed + [CUSTOMER or ""] * dialled


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def line(casework: Casework, database_url: str) -> AsyncIterator[Line]:
    reception = Reception(casework, settings_for(database_url, ABROAD))
    app = reception.app
    async with AsyncClient(transport=ASGITransport(app=app), base_url=ABROAD) as http:
        exchange = Exchange(ACCOUNT, http)

        def make(address: str) -> CallsResource:
            account = replace(ACCOUNT, api_base=address)
            caller = TwilioCaller(account, ABROAD)
            app.state.house = replace(app.state.house, caller=caller)
            return CallsResource(exchange, account)

        async with listening(make) as resource:
            state = await casework.open()
            director = Browser(app, ABROAD)
            await director.post(await reception.link(state, DEPUTY))
            line = Line(reception, exchange, resource, state, director)
            yield line
            rung = [placed.told("To") for placed in exchange.placed]
            assert rung + [each["number"] for each in exchange.dialled] == line.expected
            assert resource.faults == []
    await app.state.house.database.close()


def over(call: CallView) -> Call:
    assert call.call.over
    return call.call
