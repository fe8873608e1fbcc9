"""A survey system's API on this machine: real HTTP, and the moods that such systems have."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

TOKEN = "the-token-of-today"

Query: TypeAlias = Mapping[str, str]
Answer: TypeAlias = Callable[[Query], object]


@dataclass(slots=True)
class Vendor:
    """`answers` are by path. `moods` are used up one a call: a status, and what it says of Retry-After.

    A path that it does not know is not readable yet.
    """

    host: str = ""
    token: str = TOKEN
    answers: dict[str, object] = field(default_factory=dict)
    moods: list[tuple[int, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """Method and target."""
    sent: list[object] = field(default_factory=list)
    told: Callable[[], None] = lambda: None
    """Called before each answer."""

    def answer(self, method: str, target: str, headers: Query, body: bytes) -> tuple[int, str, str]:
        self.calls.append(f"{method} {target}")
        self.told()
        if body:
            self.sent.append(json.loads(body))
        if self.token not in (
            headers.get("x-api-token"),
            headers.get("authorization", "").removeprefix("Bearer "),
        ):
            return 401, "", '{"error": "expired"}'
        if self.moods:
            status, retry_after = self.moods.pop(0)
            return status, retry_after, "<html>no JSON</html>"
        split = urlsplit(target)
        found = self.answers.get(split.path)
        if callable(found):
            found = found(dict(parse_qsl(split.query)))
        return (404, "", "{}") if found is None else (200, "", json.dumps(found))


@asynccontextmanager
async def vendor_at_work() -> AsyncIterator[Vendor]:
    vendor = Vendor()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status, retry_after, said = vendor.answer(method, target, headers, body)
        more = f"Retry-After: {retry_after}\r\n" if retry_after else ""
        head = (
            f"HTTP/1.1 {status} X\r\n{more}Connection: close\r\nContent-Length: {len(said)}\r\n\r\n"
        )
        writer.write(head.encode() + said.encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        vendor.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield vendor
