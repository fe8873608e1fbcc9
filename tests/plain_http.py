"""HTTP on this machine, plain enough that an answer may break off: for what tests put in Twilio's place."""

import asyncio
import json
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

Answer = tuple[int, str, object]
"""Status, Retry-After, and what is said: text as it stands, all else as JSON."""


@dataclass(frozen=True, slots=True)
class Ask:
    """`headers` by their small names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str


Answering = Callable[[Ask], Awaitable[Answer | None]]


@asynccontextmanager
async def listening(answering: Answering, *, port: int = 0) -> AsyncIterator[str]:
    """Host and port. Where the answer is None, the connection is cut."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(IncompleteReadError, ConnectionError):  # who asks may die meanwhile
            answer = await answering(await _read(reader))
            if answer is not None:
                writer.write(_written(answer))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _read(reader: StreamReader) -> Ask:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Ask(method, target, headers, body.decode())


def _written(answer: Answer) -> bytes:
    status, retry_after, said = answer
    body = (said if isinstance(said, str) else json.dumps(said)).encode()
    more = f"Retry-After: {retry_after}\r\n" if retry_after else ""
    more += "Location: https://elsewhere.example/\r\n" if status == 302 else ""
    more += f"Content-Length: {len(body)}\r\n" if status != 204 else ""
    if not isinstance(said, str):
        more += "Content-Type: application/json\r\n"
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{more}"
    return f"{head}Connection: close\r\n\r\n".encode() + body
