"""Twilio's REST API over HTTP: time-outs that hold, and no POST that is ever repeated by itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from httpx2 import (
    AsyncClient,
    ConnectError,
    ConnectTimeout,
    HTTPError,
    InvalidURL,
    Limits,
    PoolTimeout,
    Request,
    Response,
    Timeout,
)
from pydantic_core import from_json

from models.errors import CarrierBusy, CarrierUnclear, Misconfigured
from models.twilio_account import TwilioAccount

MESSAGES, CALLS = "Messages", "Calls"
LARGEST = 4 * 1024 * 1024
"""Bytes of one answer."""
LONGEST_WAIT = timedelta(minutes=15)
NOTHING_LEFT = (ConnectError, ConnectTimeout, PoolTimeout)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for the connection, and for all of it. Far less than the post office has: it would take an
    early silence for a late one.
    """

    connecting: float
    whole: float


USUAL = Patience(connecting=5, whole=15)


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` is Twilio's error, 0 where it tells none; `wait` for how long it wants to be left alone.

    `said` quotes numbers and words: it goes nowhere but to who asked.
    """

    status: int
    wait: timedelta | None
    said: Mapping[str, object] = field(repr=False)

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> int:
        code = self.said.get("code")
        return code if isinstance(code, int) and not self.good else 0

    @property
    def sid(self) -> str | None:
        """Twilio's own name of what it tells of."""
        sid = self.said.get("sid")
        return sid if isinstance(sid, str) and sid else None


class TwilioClient:
    """To be closed at the end. No connection is used twice: one that the other side closes just as we write
    would leave open whether the message has left.
    """

    def __init__(self, account: TwilioAccount, *, patience: Patience = USUAL) -> None:
        self._base = f"{account.api_base}/2010-04-01/Accounts/{account.account_sid}"
        self._patience = patience
        self._client = AsyncClient(
            auth=account.credentials,
            timeout=Timeout(patience.whole, connect=patience.connecting),
            limits=Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def post(self, resource: str, form: Mapping[str, str | Sequence[str]]) -> Answer:
        """Once. Raises CarrierBusy where nothing has left, CarrierUnclear where nobody can say."""
        request = self._client.build_request("POST", self._url(resource), data=dict(form))
        return await self._ask(request)

    async def get(self, resource: str, query: Mapping[str, str] | None = None) -> Answer:
        """Raises CarrierBusy or CarrierUnclear: to have read nothing is the same."""
        return await self._ask(self._client.build_request("GET", self._url(resource), params=query))

    def _url(self, resource: str) -> str:
        """Below the account, whatever Twilio's answers name: no other host gets the credentials."""
        if not resource.isascii() or not resource.replace("/", "").isalnum() or "//" in resource:
            raise Misconfigured("This is no resource of the account.")
        return f"{self._base}/{resource}.json"

    async def _ask(self, request: Request) -> Answer:
        """Its errors without the library's words, which may quote an address."""
        try:
            async with asyncio.timeout(self._patience.whole):
                response = await self._client.send(request, stream=True)
                try:
                    said = await _read(response)
                finally:
                    await response.aclose()
        except NOTHING_LEFT as fault:
            raise CarrierBusy(f"Twilio is not reached ({type(fault).__name__}).") from None
        except TimeoutError:
            raise CarrierUnclear("Twilio did not answer in time.", reason="timeout") from None
        except (HTTPError, InvalidURL) as fault:
            reason = type(fault).__name__
            raise CarrierUnclear("Twilio's answer was lost.", reason=reason) from None
        return Answer(response.status_code, _wait(response), said)


async def _read(response: Response) -> Mapping[str, object]:
    """Empty for what is no JSON object: an error page of whoever stands in between."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            return {}
    try:
        said = from_json(bytes(body))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _wait(response: Response) -> timedelta | None:
    told = response.headers.get("retry-after", "")
    if not (told.isascii() and told.isdigit()):
        return None
    return min(timedelta(seconds=int(told[:9])), LONGEST_WAIT)
