"""A local server that behaves like Twilio's Calls: it checks who asks, keeps what is asked for, answers
as it was told to, and says what became of a call.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from models.twilio_account import TwilioAccount
from tests.telephony.exchange import Exchange

OK = 201


@dataclass(slots=True)
class CallsResource:
    """`status` is what it answers; `hangs_up` keeps the call and says nothing."""

    exchange: Exchange
    account: TwilioAccount
    status: int = OK
    hangs_up: bool = False
    asked: int = 0
    messages: int = 0
    faults: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        form = parse_qs(body.decode(), strict_parsing=True) if body else {}
        answer = self._answer(first, headers, form)
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    def _answer(
        self, first: str, headers: dict[str, str], form: dict[str, list[str]]
    ) -> bytes | None:
        sid = self.account.account_sid
        method, _, path = first.removesuffix(" HTTP/1.1").partition(" ")
        resource = path.removeprefix(f"/2010-04-01/Accounts/{sid}/")
        if headers.get("authorization") != _basic(self.account):
            self.faults.append("authorization")
            return _http(401, {"code": 20003, "status": 401})
        if method == "GET":
            return self._tell(resource)
        if resource == "Messages.json":
            self.messages += 1
            return _http(201, {"sid": f"SM{self.messages:032x}", "status": "queued"})
        if resource != "Calls.json":
            self.faults.append(first)
            return _http(404, {"code": 20404, "status": 404})
        self.asked += 1
        if self.status >= 400 and self.status != 500:
            return _http(self.status, {"code": 21211, "status": self.status})
        placed = self.exchange.place(form)
        if self.hangs_up:
            return None
        return _http(self.status, {"sid": placed.sid, "status": "queued", "account_sid": sid})

    def _tell(self, resource: str) -> bytes:
        self.looked_at.append(resource)
        name, _, query = resource.partition("?")
        if name == "Calls.json":
            [parent] = parse_qs(query)["ParentCallSid"]
            legs = self.exchange.calls.values()
            return _http(200, {"calls": [leg for leg in legs if leg["parent_call_sid"] == parent]})
        leg = self.exchange.calls.get(name.removeprefix("Calls/").removesuffix(".json"))
        return _http(200, dict(leg)) if leg else _http(404, {"code": 20404, "status": 404})


@asynccontextmanager
async def listening(make: Callable[[str], CallsResource]) -> AsyncIterator[CallsResource]:
    """`make` gets the address under which the server will be found."""
    resource: list[CallsResource] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await resource[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    resource.append(make(f"http://{host}:{port}"))
    async with server:
        yield resource[0]


def _basic(account: TwilioAccount) -> str:
    return "Basic " + base64.b64encode(":".join(account.credentials).encode()).decode()


def _http(status: int, told: dict[str, object]) -> bytes:
    body = json.dumps(told).encode()
    head = f"HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
