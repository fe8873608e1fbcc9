"""Signing in by the company's OpenID provider: a real one, in a process of its own."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient, Response, TransportError

from tests.casework import Casework
from tests.web.pages.browser import HERE, Browser
from tests.web.pages.reception import Reception, settings_for, with_provider

pytestmark = pytest.mark.story

DORA = {"email": "Dora@Small.example", "email_verified": True}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    """It demands a nonce."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"),
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    async with AsyncClient() as http:
        while not await _answers(http, issuer):
            await asyncio.sleep(0.05)
    yield issuer
    process.terminate()
    await process.wait()


async def _answers(http: AsyncClient, issuer: str) -> bool:
    try:
        return (await http.get(f"{issuer}/.well-known/openid-configuration")).is_success
    except TransportError:
        return False


@pytest.fixture
async def company(casework: Casework, database_url: str, issuer: str) -> AsyncIterator[Reception]:
    reception = Reception(casework, with_provider(settings_for(database_url), issuer))
    yield reception
    await reception.app.state.house.database.close()


async def _signed_in_there(browser: Browser, issuer: str, **claims: object) -> Response:
    """Where the provider sends somebody with these claims back to."""
    left = await browser.get("/sign-in/provider")
    there = left.answered.headers["location"]
    assert there.startswith(issuer)
    async with AsyncClient() as provider:
        await provider.put(f"{issuer}/users/somebody", json=claims)
        return await provider.post(there, data={"sub": "somebody"})


def _way_back(response: Response) -> str:
    return str(response.headers["location"]).removeprefix(HERE)


async def test_a_verified_e_mail_opens_the_first_room(company: Reception, issuer: str) -> None:
    browser = Browser(company.app)
    back = await browser.get(_way_back(await _signed_in_there(browser, issuer, **DORA)))

    assert (back.status, back.answered.headers["location"]) == (303, "/inbox")
    assert "Dora Director" in (await browser.get("/account")).words


async def test_he_lands_where_he_was_going(company: Reception, issuer: str) -> None:
    browser = Browser(company.app)
    await browser.get("/account?and=more")
    back = await browser.get(_way_back(await _signed_in_there(browser, issuer, **DORA)))

    assert back.answered.headers["location"] == "/account?and=more"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "dora@small.example"},
        {"email": "dora@small.example", "email_verified": False},
        {"email": "dora@small.example", "email_verified": "false"},
        {"email": "somebody@small.example", "email_verified": True},
        {"email_verified": True},
    ],
    ids=["silent", "unverified", "a word", "unknown", "none"],
)
async def test_anything_else_opens_nothing(
    company: Reception, issuer: str, claims: dict[str, object]
) -> None:
    browser = Browser(company.app)
    back = await browser.get(_way_back(await _signed_in_there(browser, issuer, **claims)))

    assert back.status == 403
    assert "did not confirm" in back.words
    assert (await browser.get("/account")).status == 401


async def test_the_handshake_binds_code_and_browser(company: Reception, issuer: str) -> None:
    """Somebody else's way back would sign a victim in as the attacker."""
    attacker, victim = Browser(company.app), Browser(company.app)
    way_back = _way_back(await _signed_in_there(attacker, issuer, **DORA))

    assert (await victim.get(way_back)).status == 403
    assert (await victim.get("/account")).status == 401


async def test_a_way_back_opens_once(company: Reception, issuer: str) -> None:
    browser = Browser(company.app)
    way_back = _way_back(await _signed_in_there(browser, issuer, **DORA))
    await browser.get(way_back)

    assert (await browser.get(way_back)).status == 403


async def test_code_challenge_state_and_nonce_travel_there(company: Reception) -> None:
    left = (await Browser(company.app).get("/sign-in/provider")).answered
    asked = parse_qs(urlsplit(left.headers["location"]).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked.keys() >= {"state", "nonce", "code_challenge"}
    assert asked["redirect_uri"] == [f"{HERE}/sign-in/provider/return"]
    assert "path=/sign-in/provider" in left.headers["set-cookie"].lower()


async def test_a_refusal_there_is_a_page_here(company: Reception) -> None:
    page = await Browser(company.app).get("/sign-in/provider/return?error=access_denied&state=x")

    assert page.status == 403


async def test_the_page_offers_it(company: Reception) -> None:
    assert 'href="/sign-in/provider"' in (await Browser(company.app).get("/sign-in")).answered.text


async def test_a_provider_that_is_away_is_said(casework: Casework, database_url: str) -> None:
    settings = with_provider(settings_for(database_url), f"http://127.0.0.1:{_free_port()}")
    reception = Reception(casework, settings)
    page = await Browser(reception.app).get("/sign-in/provider")
    await reception.app.state.house.database.close()

    assert page.status == 503
    assert "company" in page.words
