"""The survey systems' APIs: whom to ask where with which token, within what each source may ask."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog
from httpx2 import AsyncClient, HTTPError, Response

from models.clock import Clock, real_clock
from models.errors import NotFetched, NotKnown, NotUnderstood, Refused
from models.fetching import REFUSED_PAUSE, Trouble, rest_of
from models.loopback import host_of, is_loopback
from models.mappings import Source
from models.store.database import Database
from models.store.gates import count_call, note_answer, rest
from surveys.apis import APIS
from surveys.asking import Api, Ask, Document
from surveys.json_body import read_object

PATIENCE = 20.0
"""Seconds."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one answer."""

log = structlog.get_logger()


class Vendors:
    """`tokens` are by source. To be closed at the end."""

    def __init__(
        self, database: Database, tokens: Mapping[str, str], *, clock: Clock = real_clock
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._clock = clock
        self._client = AsyncClient(timeout=PATIENCE, follow_redirects=False)

    async def aclose(self) -> None:
        await self._client.aclose()

    def can_ask(self, source: Source) -> bool:
        return source.kind in APIS and source.id in self._tokens

    async def ask(self, source: Source, api: Api, ask: Ask) -> Document:
        """Raises NotFetched where it may do later, NotKnown where the vendor does not know it, Refused where
        it never will, NotUnderstood where the answer is none.
        """
        token, host = self._tokens.get(source.id), source.fetching.host or api.host
        if token is None or host is None:
            raise await self._resting(source, Trouble.NO_TOKEN, REFUSED_PAUSE)
        await self._count(source)
        response, body = await self._send(host, ask, api.headers(token))
        match response.status_code:
            case 200:
                await self._database.write_again(
                    partial(note_answer, source=source.id, now=self._clock())
                )
                return read_object(body)
            case 401:
                raise await self._resting(source, Trouble.REFUSED, REFUSED_PAUSE)
            case 403:  # of one survey perhaps: the others need not wait
                log.error("source_forbids", source=source.id)
                detail = "The survey system forbids it to our token."
                raise NotFetched(detail, problem=Trouble.FORBIDDEN, wait=REFUSED_PAUSE)
            case 429:
                wait = rest_of(response.headers.get("retry-after", ""))
                raise await self._resting(source, Trouble.BUSY, wait)
            case 404 | 410:
                raise NotKnown("The survey system does not know it.")
            case status if 400 <= status < 500 and status != 408:
                raise Refused(f"The survey system refuses the request ({status}).")
            case status:
                raise NotFetched(
                    f"The survey system does not answer ({status}).", problem=Trouble.AWAY
                )

    async def _count(self, source: Source) -> None:
        now = self._clock()
        held = await self._database.write_again(partial(count_call, source=source, now=now))
        if held is not None:
            again, why = held
            detail = "The survey system must not be asked yet."
            raise NotFetched(detail, problem=why, wait=again - now)

    async def _resting(self, source: Source, trouble: Trouble, wait: timedelta) -> NotFetched:
        """The others that want to ask for the same source wait too. The log tells who must act."""
        now = self._clock()
        await self._database.write_again(
            partial(rest, source=source.id, until=now + wait, trouble=trouble, now=now)
        )
        tell = log.warning if trouble is Trouble.BUSY else log.error
        tell("source_rests", source=source.id, trouble=trouble, seconds=wait.total_seconds())
        return NotFetched("The survey system rests.", problem=trouble, wait=wait)

    async def _send(
        self, host: str, ask: Ask, headers: Mapping[str, str]
    ) -> tuple[Response, bytes]:
        """On this machine nobody has a certificate; everywhere else it is HTTPS."""
        scheme = "http" if is_loopback(host_of(f"//{host}")) else "https"
        method = "GET" if ask.sends is None else "POST"
        request = self._client.build_request(
            method,
            f"{scheme}://{host}{ask.path}",
            params=dict(ask.query),
            json=ask.sends,
            headers=dict(headers),
        )
        try:
            async with asyncio.timeout(PATIENCE * 2):
                response = await self._client.send(request, stream=True)
                try:
                    return response, await _read(response)
                finally:
                    await response.aclose()
        except (HTTPError, TimeoutError):
            raise NotFetched("The survey system does not answer.", problem=Trouble.AWAY) from None


async def _read(response: Response) -> bytes:
    """Raises NotUnderstood."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise NotUnderstood("The answer is too large.")
    return bytes(body)
