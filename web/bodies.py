"""Reading what was sent, up to a limit."""

from fastapi import Request

from models.errors import TooLarge


async def read_body(request: Request, *, largest: int, what: str) -> bytes:
    """Stops at `largest` bytes, whatever the sender said about the length, and raises TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLarge(f"A {what} may have {largest} bytes at most.")
    return bytes(body)
