"""Click to call in a real browser, with our own exchange in the place of Twilio."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Browser, expect

from models.twilio_account import SenderKind, TwilioAccount
from scripts.chromium import chromium
from tests.stories.asking import asked, link
from tests.stories.callers import unhappy
from tests.stories.household import CALM, Household, quick
from tests.stories.inspection import faults_of
from tests.stories.test_a_thumb import thumb
from tests.telephony.calls_resource import CallsResource, listening
from tests.telephony.exchange import VOICE, Exchange

pytestmark = pytest.mark.story

ACCOUNT = TwilioAccount(
    "AC" + "b" * 32, "an-invented-token", "Rappel", SenderKind.ALPHA, voice_number=VOICE
)
DIRECTOR, CUSTOMER = "+33639980014", "+33639981234"
AROUND_THE_CLOCK = """
calls:
  windows: {mon-sun: "00:00-24:00"}
"""


@dataclass(frozen=True, slots=True)
class Telephony:
    household: Household
    exchange: Exchange


@pytest.fixture
def organisation() -> str:
    """Customers are called at any hour, whenever this is run."""
    return quick(CALM).replace("unreachable_after: 3\n", AROUND_THE_CLOCK)


@pytest.fixture
async def telephony(household: Household) -> AsyncIterator[Telephony]:
    exchange = Exchange(ACCOUNT, household.http)
    async with _resource(exchange) as resource:
        for name, value in _settings(resource.account).items():
            household.tell(name, value)
        await household.up()
        yield Telephony(household, exchange)
        assert resource.faults == []


async def test_the_page_follows_the_call_and_asks_only_to_confirm_it(
    telephony: Telephony, browser: Browser
) -> None:
    household, exchange = telephony.household, telephony.exchange
    case = await asked(household, unhappy("lambert"))
    async with thumb(browser, await link(household, case, "ask")) as director:
        await director.sign_in()
        await director.tap(director.page.locator("button.call"))
        await director.see("Votre téléphone va sonner.")
        barriers = await faults_of(director.page, scripts=True)
        await exchange.play(exchange.placed[0])
        confirm = director.page.get_by_role("button", name="Confirmer : Joint")
        await expect(confirm).to_be_visible()
        await director.tap(confirm)
        await director.see("Noté : Joint")

        assert barriers == []
        assert [placed.told("To") for placed in exchange.placed] == [DIRECTOR]
        assert [each["number"] for each in exchange.dialled] == [CUSTOMER]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def _resource(exchange: Exchange) -> AsyncIterator[CallsResource]:
    def make(address: str) -> CallsResource:
        return CallsResource(exchange, replace(ACCOUNT, api_base=address))

    async with listening(make) as resource:
        yield resource


def _settings(account: TwilioAccount) -> dict[str, str]:
    return {
        "RAPPEL_TWILIO_ACCOUNT_SID": account.account_sid,
        "RAPPEL_TWILIO_AUTH_TOKEN": account.auth_token,
        "RAPPEL_TWILIO_SENDER": account.sender,
        "RAPPEL_TWILIO_VOICE_NUMBER": VOICE,
        "RAPPEL_TWILIO_API_BASE": account.api_base,
    }
