"""A company's provider that says where its doors are, and opens none."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"


@asynccontextmanager
async def issuing() -> AsyncIterator[str]:
    """Its address."""
    async with await asyncio.start_server(_describe, "127.0.0.1", 0) as server:
        yield _address(*server.sockets[0].getsockname())


async def _describe(reader: StreamReader, writer: StreamWriter) -> None:
    """Whatever is asked."""
    await reader.readuntil(b"\r\n\r\n")
    here = _address(*writer.get_extra_info("sockname"))
    told = json.dumps({"issuer": here, "authorization_endpoint": f"{here}/authorize"})
    writer.write(f"{HEAD}Content-Length: {len(told)}\r\n\r\n{told}".encode())
    await writer.drain()
    writer.close()


def _address(host: str, port: int) -> str:
    return f"http://{host}:{port}"
