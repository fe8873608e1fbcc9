"""Calls as Twilio signs them, by its description and not by its library."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

Pairs = Sequence[tuple[str, str]]
INSIDE = "http://10.0.0.7:8080"
"""As the proxy calls us: neither its scheme nor its host are what Twilio was told."""


def sign(token: str, url: str, pairs: Pairs) -> str:
    """The address, then each field's name and value in order, each pair once."""
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


async def call_signed(
    app: FastAPI, public_url: str, target: str, pairs: Pairs, *, token: str
) -> Response:
    signature = sign(token, f"{public_url}{target}", pairs)
    return await call(app, target, urlencode(pairs), signature)


async def call(app: FastAPI, target: str, body: str, signature: str | None) -> Response:
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    if signature is not None:
        headers["x-twilio-signature"] = signature
    transport = ASGITransport(app=app, client=("10.0.0.1", 50_000))
    async with AsyncClient(transport=transport, base_url=INSIDE) as client:
        return await client.post(target, content=body, headers=headers)
